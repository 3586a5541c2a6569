"""Histories on which the folds and the oracle once differed: both give the answer that was worked out by hand."""

import random
from collections.abc import Sequence
from datetime import date

import orjson
import pytest

from schemas.times import Period
from tests.support.oracle import figures as counted
from tests.unit.history.ledgers import figures, ledger, live, numbered
from tests.unit.history.test_oracle import (
    ANA,
    LATER,
    LATEST,
    OTHER,
    SCREENING,
    Fields,
    changed,
    event_id,
    merged,
    said,
)

SCREENED = said(1, "screening.completed", {"screening": SCREENING, "persons": [ANA]}, "dhs")
CLAIM = {"number": "O9", "period": "2024", "amount": 7, "document": "council_report"}
CLOSING = {"agency": "dhs", "period": "2024-05", "zero_types": ["bz.atips.arrest.made.v1"]}


def instead(target: Fields, name: str, data: Fields) -> Fields:
    """A correction of one fact into another about something else."""
    stated = {"reason": "entry_error", "type": f"bz.atips.{name}.v1", "data": data}
    return changed(2, target, "event.corrected", stated, **LATER)


@pytest.mark.parametrize(
    ("number", "name", "data"), [("G1", "figure.claimed", CLAIM), ("G3", "period.closed", CLOSING)]
)
def test_what_was_corrected_into_a_claim_or_a_closing_is_of_one_activity(number: str, name: str, data: Fields) -> None:
    """Such a correction stands under what it was of before as well, and must count there no second time."""
    for events in ([SCREENED, instead(SCREENED, name, data)], [instead(SCREENED, name, data)]):
        assert both(number, events) == (1, 1)


def test_a_claim_of_something_else_is_another() -> None:
    screened = said(3, "screening.completed", {"screening": OTHER, "persons": [ANA]}, "dhs")
    other = instead(screened, "figure.claimed", CLAIM | {"number": "O12"}) | {"id": event_id(4)}
    assert both("G1", [SCREENED, instead(SCREENED, "figure.claimed", CLAIM), screened, other]) == (2, 2)


def test_what_was_told_at_one_time_of_one_activity_by_its_types_comes_in_the_order_of_its_records() -> None:
    """A screening that says too little to be taken for another's, and a meeting that turned out to be the same."""
    meeting = said(3, "coordination.meeting_held", {"meeting": OTHER, "kind": "consultation"}, "dhs", **LATER)
    screened = said(4, "screening.completed", {"screening": SCREENING, "persons": [ANA]}, "dhs", **LATEST)
    one = merged(5, SCREENING, OTHER, "activity", "dhs")
    assert both("G6", [SCREENED, meeting, one]) == (1, 1)
    assert both("G6", [screened, meeting, one]) == (0, 0)


def both(number: str, events: Sequence[Fields]) -> tuple[int, int]:
    """Return a year's amounts, from the folds' cells and from the oracle."""
    payloads = [orjson.dumps(event) for event in events]
    found = figures(live(ledger(numbered(payloads)), random.Random(1)), Period.parse("2024"))
    return found[number], counted(payloads, date(2024, 1, 1), date(2024, 12, 31))[number]
