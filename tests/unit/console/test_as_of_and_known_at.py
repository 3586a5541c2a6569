"""The two clocks as they are typed, and what `why` and `diff` print of an event."""

from datetime import UTC, datetime

import pytest
import typer

from schemas.times import Period
from services.console import as_of_and_known_at, diff, progress_bar, typed_times, why
from services.console.progress_bar import ProgressBar
from services.reporting.domain.declaration.figure import Reader
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.read.evidence import Question
from services.reporting.domain.read.reading import Reading
from services.reporting.read.event_summary import LedgerEvent
from services.reporting.read.figure_changes_between_event_numbers import (
    DifferenceQuestion,
    FigureDifference,
    MovedEvent,
)
from services.reporting.read.queries import Edition
from services.reporting.read.why_answer import WhyAnswer

YEAR = Period.parse("2024")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("0", 0),
        ("1204", 1204),
        ("2025-03-31", datetime(2025, 4, 1, 5, 59, 59, 999_999, UTC)),
        ("2025-02", datetime(2025, 3, 1, 5, 59, 59, 999_999, UTC)),
        ("2025-03-31T12:00:00-06:00", datetime(2025, 3, 31, 18, tzinfo=UTC)),
        ("2025-03-31T18:00:00Z", datetime(2025, 3, 31, 18, tzinfo=UTC)),
    ],
)
def test_what_was_known_is_a_number_or_a_time(typed: str, meant: int | datetime) -> None:
    assert as_of_and_known_at.parse_known_at(typed) == meant


NO_YEARS_OF_OURS = ("0001-01-01T00:00:00+10:00", "9999-12-31T23:59:59-06:00")
"""Such a time is one that no other zone can show."""


@pytest.mark.parametrize(
    "typed",
    [
        *("", "-1", "2025-03-31T12:00:00", "2025-02-30", "2025-13", "yesterday", "²", "9" * 19, "9" * 5000),
        *NO_YEARS_OF_OURS,
    ],
)
def test_what_is_neither_is_wrong_use(typed: str) -> None:
    with pytest.raises(typer.Exit) as left:
        as_of_and_known_at.parse_known_at(typed)
    assert left.value.exit_code == 2


@pytest.mark.parametrize("typed", ["", "yesterday", "2025-02-30", *NO_YEARS_OF_OURS])
def test_what_is_no_time_that_we_can_tell_is_wrong_use(typed: str) -> None:
    with pytest.raises(typer.Exit) as left:
        typed_times.instant(typed)
    assert left.value.exit_code == 2


@pytest.mark.parametrize("typed", NO_YEARS_OF_OURS)
def test_which_years_are_ours_is_said(typed: str, capsys: pytest.CaptureFixture[str]) -> None:
    for read in (as_of_and_known_at.parse_known_at, typed_times.instant):
        with pytest.raises(typer.Exit):
            read(typed)
        assert "1900 to 2199" in capsys.readouterr().err


def test_a_time_without_an_offset_is_belize_s() -> None:
    assert typed_times.instant("2024-03-01T18:00:00") == datetime(2024, 3, 2, tzinfo=UTC)
    assert typed_times.instant("2024-03-01T18:00:00Z") == datetime(2024, 3, 1, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    ("as_of", "left"), [("", "2024"), ("2024-03-08", "2024-01-01..2024-03-08"), ("2024-03", "2024-01..2024-03")]
)
def test_as_of_cuts_the_end_of_the_period(as_of: str, left: str) -> None:
    assert str(as_of_and_known_at.cut_period(YEAR, as_of)) == left
    assert as_of_and_known_at.cut_period(YEAR, "2025") == YEAR


def test_as_of_a_day_before_the_period_leaves_nothing() -> None:
    with pytest.raises(typer.Exit) as left:
        as_of_and_known_at.cut_period(YEAR, "2023-12-31")
    assert left.value.exit_code == 2


def an_unreadable(n: int) -> LedgerEvent:
    return LedgerEvent(n, "bpd/register", "0190", datetime(2025, 1, 1, tzinfo=UTC), None)


def test_an_event_that_cannot_be_read_is_shown_as_such() -> None:
    cells = why.cells_of(an_unreadable(7).plain(), "↳ ")
    assert cells == ["7", "unknown", "↳ unreadable", "bpd", "–", "–", "2024-12-31"]


def test_a_time_is_shown_as_the_clock_in_belize_had_it() -> None:
    """Else an event of New Year's Eve would look as if it were in the wrong year."""
    event = an_unreadable(7).plain() | {"happened": "2025-01-01T05:30:00+00:00", "precision": "instant"}
    assert why.cells_of(event | {"recorded": "2025-01-02T03:00:00Z"})[1:6:4] == ["2024-12-31T23:30", "2025-01-01"]


def test_what_took_some_time_is_shown_with_both_of_its_ends() -> None:
    """Else what the period's edge cuts would look as if it lay within."""
    spans = [
        ("2024-12-01T00:00:00-06:00", "2025-02-01T06:00:00Z", "month", "2024-12..2025-02"),
        ("2024-12-31T00:00:00-06:00", "2024-12-31T00:00:00-06:00", "day", "2024-12-31"),
        ("2024-12-31T18:00:00Z", "2025-01-01T05:30:00Z", "instant", "2024-12-31T12:00..2024-12-31T23:30"),
    ]
    for begins, ends, precision, shown in spans:
        event = an_unreadable(7).plain() | {"happened": begins, "happened_to": ends, "precision": precision}
        assert why.cells_of(event)[1] == shown


def test_a_correction_is_shown_below_what_was_told_first() -> None:
    event = an_unreadable(7).plain() | {"type": "bz.atips.charge.filed.v1", "happened": "2024-05-11T00:00:00-06:00"}
    first = {"type": "bz.atips.arrest.made.v1", "happened": "2024-05-10T00:00:00-06:00", "precision": "day"}
    change = event | {"type": "bz.atips.event.corrected.v1", "reason": "entry_error", "precision": "day"}
    changes = [change | {"ruling": "odpp/docket/1", "states": first["type"]}, change | {"states": event["type"]}]
    lines = list(why.lines(event | {"entity": "per-a", "first_told": first, "corrections": changes}, "+1"))
    assert [line for line in lines if "." in line] == [
        "7  2024-05-10  arrest.made.v1  by bpd",
        "  7  2024-05-11  ↳ event.corrected.v1 (entry_error, by a ruling)  by bpd",
        "  7  2024-05-11  ↳ event.corrected.v1 (entry_error) → charge.filed.v1  by bpd",
    ]
    assert "  per-a  +1" in lines


def test_a_difference_says_what_is_beside_the_amount_too(capsys: pytest.CaptureFixture[str]) -> None:
    figure = FIGURES["O9"]
    before, after = Reading(figure, YEAR, {"sex": "male"}, 7, undated=1), Reading(figure, YEAR, {"sex": "male"}, 8)
    found = [FigureDifference(before, after, (MovedEvent(an_unreadable(9), ("per-a", "per-b")),))]
    sides = (Edition("v", 3), Edition("v", 9))
    diff._show(DifferenceQuestion(YEAR), sides, found)
    printed = capsys.readouterr().out
    assert "2024, as known at event 3 and at event 9" in printed
    assert "O9 persons_arrested, sex male: 7 → 8 persons; undated 1 → 0" in printed
    assert "    per-a\n    per-b\n" in printed
    diff._show(DifferenceQuestion(YEAR), sides, [], ("2025-03-31", "9"))
    printed = capsys.readouterr().out
    assert "2024, as known at event 3 (2025-03-31) and at event 9\n" in printed
    assert "no figure differs" in printed
    plain = diff.plain(DifferenceQuestion(YEAR), sides, found)
    assert list(plain) == ["period", "known_at", "different"]
    assert (plain["period"], plain["known_at"]) == ("2024", [3, 9])
    (different,) = plain["different"]
    assert (different["before"], different["after"], different["undated"]) == (7, 8, [1, 0])
    assert different["events"][0]["entities"] == ["per-a", "per-b"]


def test_a_bar_appears_only_to_a_person_and_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    with ProgressBar("quick") as quick:
        quick.advanced(1, 2)
        assert not quick._progress.live.is_started
    monkeypatch.setattr(progress_bar, "PATIENCE_SECONDS", -1.0)
    with ProgressBar("nobody looks") as unseen:
        unseen.advanced(1, 2)
        assert unseen._progress.disable
    monkeypatch.setenv("FORCE_COLOR", "1")
    with ProgressBar("slow") as slow:
        slow.advanced(1, 2)
        assert slow._progress.live.is_started
        assert slow._progress.tasks[0].percentage == 50
    assert not slow._progress.live.is_started


def test_what_nobody_counted_and_what_has_not_ended_is_no_nought_in_a_difference(
    capsys: pytest.CaptureFixture[str],
) -> None:
    counted, lasting = FIGURES["M9a"], next(each for each in FIGURES.values() if each.reader is Reader.QUANTILE)
    found = [
        FigureDifference(Reading(counted, YEAR, {}, 0, unknown=1), Reading(counted, YEAR, {}, 5), ()),
        FigureDifference(Reading(counted, YEAR, {}, 5), Reading(counted, YEAR, {}, 5, twice=1), ()),
        FigureDifference(
            Reading(lasting, YEAR, {}, 0, under_way=1), Reading(lasting, YEAR, {}, 7, durations={7: 1}), ()
        ),
    ]
    diff._show(DifferenceQuestion(YEAR), (Edition("v", 3), Edition("v", 9)), found)
    first, second, third = (line for line in capsys.readouterr().out.splitlines() if " → " in line)
    assert ": ? → 5 " in first
    assert ": 5 → 5 (1 possibly twice) " in second
    assert ": — → 7 " in third
    assert "; ended 0 → 1; under_way 1 → 0; " in third
    plain = [
        (each["before"], each["after"])
        for each in diff.plain(DifferenceQuestion(YEAR), (Edition("v", 3),) * 2, found)["different"]
    ]
    assert plain == [(None, 5), (5, 5), (None, 7)]


def test_what_nobody_counted_and_what_has_not_ended_is_no_nought_among_its_reasons(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lasting = next(each for each in FIGURES.values() if each.reader is Reader.QUANTILE)
    answer = WhyAnswer(Question(lasting, YEAR), [Reading(lasting, YEAR, {}, 0, under_way=2)])
    why._show(answer, None)
    assert f"— {lasting.unit}" in capsys.readouterr().out
    (reading,) = why.plain(answer, None)["readings"]
    assert (reading["amount"], reading["under_way"]) == (None, 2)


def test_further_events_that_say_the_same_are_counted_in_a_sentence() -> None:
    assert why.further_text(1) == "1 further event says again what an event above says:"
    assert why.further_text(2) == "2 further events say again what an event above says:"
