"""Copies of the log as rows: what intake did not write is none, whatever is wrong with it, and stops nobody."""

from typing import Any

import pytest

from services.runtime.deciding.event_copy_rows import copy_row_of, decode_row
from services.runtime.record import Record
from tests.unit.reporting.samples import event_id, person
from tests.unit.reporting.test_changes import an_arrest

HEADERS = {"n": b"7", "accepted_at": b"1740000000000"}


def a_record(**changes: Any) -> Record:  # noqa: ANN401
    given = {"key": person(1).encode(), "value": an_arrest(1, 1), "headers": HEADERS} | changes
    return Record("atips.person.v1", 2, 11, 0, given["key"], given["value"], list(given["headers"].items()))


def test_a_copy_is_a_row_under_its_entity() -> None:
    row = copy_row_of(a_record())
    assert row is not None
    assert (row.entity, row.source, str(row.id), row.part, row.off, row.n, row.accepted_at) == (
        *(person(1), "bpd/register", event_id(1), 2, 11, 7, 1_740_000_000_000),
    )
    assert (row.payload, row.decided) == (an_arrest(1, 1), False)
    assert "arrest" not in repr(row), "what an event says stands in no error"


@pytest.mark.parametrize(
    "foreign",
    [
        {"value": None},
        {"value": b"[]"},
        {"value": b"{}"},
        {"value": b'{"source": "bpd/register", "id": 1}'},
        {"value": b'{"source": "bpd/register", "id": "1"}'},
        {"value": an_arrest(1, 1).replace(b"bpd/", b"bpd/\\u0000")},
        {"value": an_arrest(1, 1).replace(b"bpd/register", b"Somebody")},
        {"value": an_arrest(1, 1).replace(b"bpd/register", b"bpd/" + b"r" * 41)},
        {"key": b"\xff"},
        {"headers": {"n": b"7"}},
        {"headers": {"accepted_at": b"7"}},
        {"headers": HEADERS | {"n": None}},
        {"headers": HEADERS | {"n": b"seven"}},
        {"headers": HEADERS | {"n": b"0"}},
        {"headers": HEADERS | {"n": b"+7"}},
        {"headers": HEADERS | {"n": b"9" * 19}},
        {"headers": HEADERS | {"accepted_at": b"-7"}},
        {"headers": HEADERS | {"accepted_at": b"9" * 15}},
    ],
    ids=str,
)
def test_what_intake_did_not_write_is_no_row(foreign: dict[str, Any]) -> None:
    assert copy_row_of(a_record(**foreign)) is None


def test_the_last_number_and_the_last_time_that_there_can_be_are_a_row_that_is_entered() -> None:
    """Beyond them the database, or the calendar, would refuse it again and again, and stop whoever reads it."""
    row = copy_row_of(a_record(headers={"n": b"9" * 18, "accepted_at": b"9" * 14}))
    assert row is not None
    found = decode_row(row)
    assert found is not None
    assert (found.n, found.accepted_at.year) == (10**18 - 1, 5138)
