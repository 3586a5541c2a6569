"""The strength of the police unit: a level, its leader included, and of no other unit."""

from collections.abc import Iterator

import pytest

from schemas.catalogue import CATALOGUE
from schemas.codec import decode_strict
from schemas.errors import BadMessage, Reason
from services.reporting.domain.declaration.figure import NEVER, Days
from services.reporting.domain.figures.partnership import staffing
from services.reporting.domain.read.reading import NotAdditive, total
from tests.unit.reporting.figures_of_events import Event, by, holds_only_by, reading, readings
from tests.unit.reporting.samples import raw


def strength(rank: str, headcount: int, when: str, unit: str = "atips_pu") -> Event:
    return "unit.staffing_reported", {"unit": unit, "rank": rank, "headcount": headcount}, when


LEADER = strength("assistant_superintendent", 1, "2023-02-01")
EARLIER = strength("officers_of_varying_rank", 6, "2023-02-01")
EIGHT = strength("officers_of_varying_rank", 8, "2024-03-01")


def for_ever(reports: staffing.StaffingReports) -> Iterator[tuple[Days, int]]:
    """Each report holds whatever is reported after it."""
    return ((Days(when.last_day, NEVER), headcount) for when, headcount in reports if when is not None)


def test_the_support_of_eight_is_nine_with_its_leader() -> None:
    def check() -> None:
        assert reading("O8", "2024", LEADER, EARLIER, EIGHT).amount == 9

    check()
    assert by(readings("O8", "2024", LEADER, EARLIER, EIGHT, by=("rank",))) == {
        ("assistant_superintendent",): 1,
        ("officers_of_varying_rank",): 8,
    }
    holds_only_by((staffing, "until_next"), for_ever, check)


@pytest.mark.parametrize(
    ("period", "amount"), [("2022", 0), ("2023", 7), ("2024-02", 7), ("2024-03", 9), ("2024", 9), ("2030", 9)]
)
def test_what_was_reported_last_holds_until_the_next_report(period: str, amount: int) -> None:
    assert reading("O8", period, EIGHT, LEADER, EARLIER).amount == amount


def test_of_reports_that_overlap_one_holds_on_any_day() -> None:
    """A report of a span of days is overtaken by one that begins later, before its own last day."""
    span = {"time": "2024-03-06T00:00:00-06:00", "occurredto": "2024-04-06T00:00:00-06:00", "occurredprecision": "day"}
    name, data, _ = strength("officers_of_varying_rank", 7, "2024-03-06")
    events = strength("officers_of_varying_rank", 6, "2024-03-05"), (name, data, span)
    ten = strength("officers_of_varying_rank", 10, "2024-03-10")
    days = ("2024-03-09", "2024-03-20", "2024-04-06")
    assert [reading("O8", day, *events, ten).amount for day in days] == [6, 10, 10]


def test_months_of_the_same_strength_are_never_summed() -> None:
    july, august = (reading("O8", month, LEADER, EIGHT) for month in ("2024-07", "2024-08"))
    assert july.amount == august.amount == 9
    with pytest.raises(NotAdditive):
        total(july, august)


def test_another_unit_is_not_added() -> None:
    assert reading("O8", "2024", LEADER, strength("constable", 5, "2024-01-01", "pitcu")).amount == 1


def test_a_report_of_nought_ends_a_rank_and_one_of_a_month_holds_from_its_end() -> None:
    gone = strength("officers_of_varying_rank", 0, "2024-06")
    assert [reading("O8", period, EIGHT, gone).amount for period in ("2024-05", "2024-06-29", "2024-06-30")] == [
        8,
        8,
        0,
    ]


def test_a_report_overtaken_before_it_surely_holds_is_never_in_force() -> None:
    events = strength("constable", 4, "2024-06"), strength("constable", 5, "2024-06-10")
    assert [reading("O8", period, *events).amount for period in ("2024-06-09", "2024-06-10", "2024")] == [0, 5, 5]


def test_a_report_without_a_date_is_listed_beside() -> None:
    found = reading("O8", "2024", LEADER, strength("constable", 5, ""))
    assert (found.amount, found.undated) == (1, 5)


def test_the_council_may_report_of_any_unit() -> None:
    name, data, when = LEADER
    event = decode_strict(raw(name, 1, data, when, agency="council")).event
    assert event.agency in CATALOGUE[event.type].authors


@pytest.mark.parametrize(
    ("agency", "unit"), [("dhs", LEADER[1]["unit"]), ("labour", LEADER[1]["unit"]), ("bpd", "labour")]
)
def test_an_agency_reports_its_own_units_alone(agency: str, unit: str) -> None:
    name, data, when = LEADER
    with pytest.raises(BadMessage) as refused:
        decode_strict(raw(name, 1, {**data, "unit": unit}, when, agency=agency))
    assert (refused.value.reason, refused.value.pointer) == (Reason.AGENCY_MISMATCH, "/data/unit")
