"""An offence has dates of its own, each as exact as it is known; a span of them ends after it begins."""

import pytest

from schemas.codec import decode_strict
from schemas.errors import Reason
from services.sheet.cell_kinds import PartDate
from services.sheet.column import columns_of
from services.sheet.own_number_ids import OwnNumbers
from tests.unit.schemas.samples import CASE, CHARGE, PERSON, event, refused, written

CHARGED = {"person": PERSON, "case": CASE, "charge": CHARGE, "offence": "tip_sex"}
OPENED = {"case": CASE}


def charged(**dates: str | None) -> bytes:
    return written(event("charge.filed", CHARGED | dates, PERSON))


@pytest.mark.parametrize(
    ("first", "last"),
    [("2023", None), ("2023-11", "2023-11"), ("2024-02-29", "2024"), ("2024-03", "2024"), ("2023-12-31", "2024-01-01")],
)
def test_a_date_is_as_exact_as_its_text(first: str, last: str | None) -> None:
    for raw in (
        charged(offence_from=first, offence_to=last),
        written(event("investigation.opened", OPENED | {"offence_from": first, "offence_to": last}, CASE)),
    ):
        assert decode_strict(raw).event.data.model_dump(include={"offence_from", "offence_to"}) == {
            "offence_from": first,
            "offence_to": last,
        }


@pytest.mark.parametrize("wrong", ["2023-02-29", "2024-02-30", "2024-13", "24", "1899", "2024-1", "2024-01-01T00:00Z"])
def test_a_date_that_no_calendar_has_is_refused_where_it_stands(wrong: str) -> None:
    assert refused(charged(offence_from=wrong)) == (Reason.WRONG_FORM, "/data/offence_from")


def test_an_end_needs_a_beginning_that_may_be_before_it() -> None:
    assert refused(charged(offence_to="2024")) == (Reason.MISSING_FIELD, "/data/offence_from")
    assert refused(charged(offence_from="2024-03", offence_to="2024-02-28")) == (
        Reason.TIME_SPAN_REVERSED,
        "/data/offence_to",
    )


def test_a_sheet_takes_it_as_clerks_write_dates() -> None:
    cell = columns_of("bz.atips.charge.filed.v1")["offence_from"].cell
    assert isinstance(cell, PartDate)
    own = OwnNumbers("bpd", bytes(32))
    assert [cell.read(text, own) for text in ("31/12/2024", "2024-12", "12/2024", "2024")] == [
        *("2024-12-31", "2024-12", "2024-12", "2024"),
    ]
