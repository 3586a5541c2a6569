"""G7: what services found waits until it is closed, and again once it is opened anew."""

from services.reporting.domain.figures.records import finding as part
from tests.unit.reporting.figures_of_events import Event, by, holds_only_by, reading, readings
from tests.unit.reporting.samples import activity

YEARS_END = "2024"


def opened(number: int, on: str, code: str = "victim_unprotected", severity: str = "critical") -> Event:
    return "finding.opened", {"finding": activity(number), "code": code, "severity": severity}, on


def closed(number: int, on: str) -> Event:
    return "finding.closed", {"finding": activity(number), "reason": "later_event"}, on


def test_what_is_closed_waits_no_longer_and_what_is_opened_again_does() -> None:
    story = (opened(1, "2024-02-01"), closed(1, "2024-03-05"), opened(1, "2024-11-04"))

    def check() -> None:
        for period, waiting in (("2024-01", 0), ("2024-02", 1), ("2024-03", 0), ("2024-10", 0), ("2024", 1)):
            assert reading("G7a", period, *story).amount == waiting, period

    holds_only_by((part, "turns"), lambda said: [], check)
    assert [reading("G7b", period, *story).amount for period in ("2024", "2024-03", "2024-11")] == [1, 0, 1]


def test_findings_are_told_apart_by_what_they_are_about_and_how_soon_somebody_must_look() -> None:
    story = (
        opened(1, "2024-02-01"),
        opened(2, "2024-02-01"),
        opened(3, "2024-02-02", "out_of_order", "warning"),
        closed(2, "2024-02-20"),
    )
    assert by(readings("G7a", YEARS_END, *story, by=("code",))) == {("victim_unprotected",): 1, ("out_of_order",): 1}
    assert by(readings("G7b", YEARS_END, *story, by=("severity",))) == {("critical",): 2, ("warning",): 1}


def test_a_closing_of_what_nobody_opened_counts_nothing() -> None:
    assert [reading(number, YEARS_END, closed(1, "2024-02-01")).amount for number in ("G7a", "G7b")] == [0, 0]
