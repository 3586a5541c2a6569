"""A refused id is told with its form and where to get one."""

from typing import Any

import pytest
from pydantic import TypeAdapter

from schemas.catalogue import CATALOGUE
from schemas.envelope import Event
from schemas.errors import Reason
from schemas.fields import EventRef, RegisterNumber
from schemas.pydantic_errors import data_class_of
from schemas.times import Timestamp
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


def names(pattern: str) -> set[str]:
    """Give the names of all fields of the contract whose values have this form."""
    found: set[str] = set()

    def look(schema: object, name: str = "") -> None:
        if isinstance(schema, list):
            for each in schema:
                look(each, name)
        if isinstance(schema, dict):
            if schema.get("pattern") == pattern:
                found.add(name)
            for key, each in schema.items():
                for inner, held in each.items() if key in {"properties", "$defs"} else ():
                    look(held, inner)
                if key not in {"properties", "$defs"}:
                    look(each, name)

    for event_type in CATALOGUE.values():
        look(TypeAdapter(event_type.model).json_schema())
    return found


@pytest.mark.parametrize(
    ("form", "example", "left_out"),
    [
        (TypeAdapter(Timestamp), "2024-03-08T14:30:00-06:00", set()),
        (TypeAdapter(EventRef), "bpd/register/0190", {"by"}),  # also a service's own word
        (TypeAdapter(RegisterNumber), "2024/118", set()),
    ],
)
def test_times_events_and_own_numbers_are_told_by_an_example(
    form: TypeAdapter[Any], example: str, left_out: set[str]
) -> None:
    pattern = form.json_schema()["pattern"]
    found = names(pattern) - left_out
    assert found
    for name in found:
        told = how_written(Reason.WRONG_FORM, f"/data/{name}")
        assert told is not None, name
        assert all(example in text for text in told), name


@pytest.mark.parametrize("reason", [Reason.WRONG_FORM, Reason.OUT_OF_RANGE])
def test_a_day_is_told_with_its_form_its_years_and_what_stands_for_no_day(reason: Reason) -> None:
    found = {name for event_type in CATALOGUE.values() for name in days_of(event_type.model)}
    assert {"next_on", "expires_on", "ends_on"} < found
    for name in found:
        told = how_written(reason, f"/data/{name}")
        assert told is not None, name
        assert all("2024-03-08" in text and "2199" in text for text in told)
    assert how_written(Reason.OUT_OF_RANGE, "/data/count") is None


def days_of(model: type[Event]) -> set[str]:
    """Give the names of the fields of a type's data that hold a day."""
    fields = TypeAdapter(data_class_of(model)).json_schema()["properties"]
    return {
        name
        for name, field in fields.items()
        if any(each.get("format") == "date" for each in (field, *field.get("anyOf", ())))
    }


def test_other_refusals_speak_for_themselves() -> None:
    assert how_written(Reason.WRONG_FORM, "/data/note") is None
    assert how_written(Reason.MISSING_FIELD, "/id") is None


@pytest.mark.parametrize("pointer", ["/consentref", "/data/consent", "/supersedes"])
def test_a_bare_id_is_told_that_an_event_is_named_with_its_source(pointer: str) -> None:
    """Found by a new user: the id that a receipt shows was given as the consent of a referral."""
    told = how_written(Reason.WRONG_FORM, pointer)
    assert told is not None
    assert "The id alone is not enough" in told.en
    assert "El id solo no basta" in told.es
    assert all("/sheet" in text and "/console" in text for text in told)
