"""A refused id is told with its form and where to get one."""

import pytest

from schemas.errors import Reason
from schemas.writing_hints import how_written


def test_an_events_id_is_a_uuid_of_version_7() -> None:
    told = how_written(Reason.WRONG_FORM, "/id")
    assert told is not None
    assert all("7" in text and "uuid6" in text for text in told)


@pytest.mark.parametrize(
    ("pointer", "form"),
    [("/subject", "per-…, cas-…, act-…"), ("/data/arrest", "arr-…"), ("/data/person", "per-…"), ("", "per-…")],
)
def test_a_shared_id_is_told_with_its_kind_its_length_and_who_gives_it(pointer: str, form: str) -> None:
    told = how_written(Reason.BAD_ID, pointer)
    assert told is not None
    assert all(form in text and "27" in text and "/v1/identities" in text for text in told)
    assert "The last one is a check character" in told.en
    assert "El último es un carácter de control" in told.es


def test_other_refusals_speak_for_themselves() -> None:
    assert how_written(Reason.WRONG_FORM, "/data/note") is None
    assert how_written(Reason.MISSING_FIELD, "/id") is None
