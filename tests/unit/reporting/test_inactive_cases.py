"""Active cases in which nothing happens: silent after ninety days, until something does or the case ends."""

from datetime import timedelta

from schemas.ids import Kind
from services.reporting.domain.declaration.figure import ALWAYS
from services.reporting.domain.figures.cases import inactive_cases
from tests.unit.reporting.figures_of_events import Said, holds_only_by, reading
from tests.unit.reporting.samples import an_id, case, person

OPENED: Said = ("investigation.opened", {"case": case(1)}, "2024-01-01", "bpd")


def met(when: str, of: int = 1) -> Said:
    """A service to a victim of the case, by another agency."""
    data = {"person": person(1), "case": case(of), "service": an_id(Kind.SERVICE, 1), "service_type": "medical"}
    return "service.provided", {**data, "provider": "hti"}, when, "hti"


def ended(name: str, when: str, agency: str = "bpd", **said: object) -> Said:
    return name, {"case": case(1), **said}, when, agency


def silent(day: str, *events: Said) -> int:
    return reading("T19", f"{day}..{day}", *events).amount


def test_a_case_is_silent_from_the_ninety_first_day_on() -> None:
    def check() -> None:
        assert [silent(day, OPENED) for day in ("2024-03-31", "2024-04-01", "2030-01-01")] == [0, 1, 1]

    holds_only_by((inactive_cases, "LONG"), timedelta(days=89), check)


def test_whatever_names_the_case_breaks_the_silence_whoever_says_it() -> None:
    events = OPENED, met("2024-06-10"), met("2024-06-12", of=2)
    assert [silent(day, *events) for day in ("2024-06-09", "2024-06-10", "2024-09-08", "2024-09-09")] == [1, 0, 0, 1]
    undated = OPENED, met("")
    assert silent("2024-06-09", *undated) == 1


def test_what_is_known_to_the_month_surely_happened_at_its_end() -> None:
    events = OPENED, met("2024-06")
    assert [silent(day, *events) for day in ("2024-06-29", "2024-06-30", "2024-09-28", "2024-09-29")] == [1, 0, 0, 1]


def test_a_case_that_is_over_is_not_asked_about() -> None:
    def check() -> None:
        events = OPENED, ended("investigation.closed", "2024-06-10", outcome="closed_unfounded")
        assert [silent(day, *events) for day in ("2024-06-09", "2024-06-10", "2025-01-01")] == [1, 0, 0]
        again = *events, ended("case.reopened", "2024-07-01")
        assert [silent(day, *again) for day in ("2024-09-29", "2024-09-30")] == [0, 1]

    holds_only_by((inactive_cases, "NEVER"), ALWAYS, check)


def test_a_case_before_a_court_still_is_and_without_an_investigation_is_in_none() -> None:
    charged = OPENED, ended("investigation.closed", "2024-02-01", outcome="charged")
    assert silent("2024-06-01", *charged) == 1
    assert silent("2024-12-31", ended("case.opened", "2024-01-01", "dhs")) == 0
