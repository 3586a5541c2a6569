"""Values that change with time: cells give, for any period, the value at its end. The laws notice if not."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from schemas.codec import decode
from schemas.times import Interval, Period
from services.reporting.domain.cells import cells_from_items
from services.reporting.domain.cells.cells_from_items import cells_of
from services.reporting.domain.declaration import entity_state_part
from services.reporting.domain.declaration.figure import ALWAYS, NEVER, Counted, Days
from services.reporting.domain.declaration.values_over_time import turns, values_during
from services.reporting.domain.facts import victim_status_decisions
from services.reporting.domain.figures.all_figures import FIGURES, counted
from services.reporting.domain.figures.cases import parties
from services.reporting.domain.figures.cases.investigation import state
from services.reporting.domain.figures.protection.identified import figures as identified
from services.reporting.domain.read.amounts_from_cells import read
from tests.unit.reporting.figures_of_events import unweighed
from tests.unit.reporting.folds_and_oracle import agrees
from tests.unit.reporting.samples import histories, periods
from tests.unit.reporting.test_cells_from_items import asked, on, spans
from tests.unit.reporting.test_fold import states, total

V = TypeVar("V")

SEARCH = settings(max_examples=400, derandomize=True, report_multiple_bugs=False, phases=[Phase.generate])
NAMES = (
    *("investigation.opened", "investigation.opened", "investigation.status_changed", "investigation.closed"),
    *("case.closed", "victim.identified", "victim.identified", "victim.status_changed"),
)
NUMBERS = ("O1b", "O2", "O7", "O32a", "O32b", "R7b")
COMPARED = [FIGURES[number] for number in NUMBERS]
cuts = st.lists(st.integers(0, 6).map(on), unique=True, max_size=3).map(sorted)


def parts(days: Sequence[object]) -> Iterator[Days]:
    """All days, cut at some."""
    edges = [ALWAYS, *days, NEVER]
    for position, first in enumerate(edges[:-1]):
        last = edges[position + 1]
        yield Days(first, last if last == NEVER else last - timedelta(days=1))  # type: ignore[operator, arg-type]


def check(facts: Sequence[Days], asof: Sequence[Days], period: Period) -> None:
    items = [Counted(fact, asof=days) for fact in facts for days in asof]
    (found,) = read(FIGURES["O2"], cells_of(FIGURES["O2"], items), period)
    within = any(period.first <= fact.first and fact.last <= period.last for fact in facts)
    assert found.amount == int(within and any(days.first <= period.last <= days.last for days in asof))


@given(st.lists(spans, max_size=4), cuts, st.integers(0, 7), asked)
def test_a_fact_counts_in_the_periods_that_hold_it_and_end_on_one_of_the_days(
    facts: list[Days], at: list[object], chosen: int, period: Period
) -> None:
    check(facts, [days for position, days in enumerate(parts(at)) if chosen >> position & 1], period)


@pytest.mark.parametrize(
    "bug",
    [
        lambda span, _: iter([(span, 1, False)]),
        lambda span, asof: iter([(Days(span.first, max(span.last, asof.first)), 1, False)]),
        lambda span, asof: iter([(span, 1, False), (Days(span.first, asof.last), -1, True)]),
    ],
    ids=["whatever became of it", "for ever", "a day too early"],
)
def test_the_law_catches(bug: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells_from_items, "as_of", bug)

    @SEARCH
    @given(st.lists(spans, min_size=1, max_size=3), cuts, st.integers(1, 7), asked)
    def law(facts: list[Days], at: list[object], chosen: int, period: Period) -> None:
        check(facts, [days for position, days in enumerate(parts(at)) if chosen >> position & 1], period)

    with pytest.raises(AssertionError):
        law()


def check_at_some_time(first: Days, last: Days, period: Period) -> None:
    """Whenever it began and ended: every way in which that may have been, one by one."""
    ways = [(begins, ends) for begins in days_of(first) for ends in days_of(last) if begins <= ends]
    found = entity_state_part.at_some_time(first, last)
    cells = cells_of(FIGURES["O24a"], [Counted(found)] if found else [])
    surely = bool(ways) and all(begins <= period.last and ends >= period.first for begins, ends in ways)
    assert read(FIGURES["O24a"], cells, period)[0].amount == int(surely)
    assert (found is None) == (not ways)


def days_of(days: Days) -> list[date]:
    return [days.first + timedelta(days=n) for n in range((days.last - days.first).days + 1)]


@given(spans, spans, asked)
def test_what_went_on_counts_in_the_periods_that_it_cannot_have_missed(first: Days, last: Days, period: Period) -> None:
    check_at_some_time(first, last, period)


@pytest.mark.parametrize(
    "bug",
    [
        lambda first, last: Days(first.last, last.first) if first.last <= last.first else None,
        lambda first, last: Days(first.last, last.first) if first.first <= last.last else None,
        lambda first, last: Days(first.first, last.last) if first.first <= last.last else None,
    ],
    ids=["only on sure days", "only where both are known to be", "wherever it may have been"],
)
def test_the_law_of_what_went_on_catches(bug: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entity_state_part, "at_some_time", bug)

    @SEARCH
    @given(spans, spans, asked)
    def law(first: Days, last: Days, period: Period) -> None:
        check_at_some_time(first, last, period)

    with pytest.raises(AssertionError):
        law()


def check_rows(history: Sequence[bytes], period: Period) -> None:
    events = [decode(payload) for payload in history]
    kept = total(cells_of(figure, counted(figure, state)) for state in states(events).values() for figure in COMPARED)
    agrees(events, kept, period, NUMBERS)
    for number in ("O2", "O7", "O32a", "O32b"):
        rows = read(FIGURES[number], kept, period, ("status" if number.startswith("O32") else "outcome",))
        assert sum(each.amount for each in rows) == read(FIGURES[number], kept, period)[0].amount, number


@settings(max_examples=150)
@given(histories(most=10, names=NAMES), periods())
def test_rows_that_change_with_time_are_those_of_the_periods_end(history: list[bytes], period: Period) -> None:
    check_rows(history, period)


def by_last_day(
    said: Iterable[tuple[Interval | None, V]], before: tuple[date, V] | None = None
) -> list[tuple[Days, V]]:
    return turns(sorted(said, key=lambda each: each[0].last_day if each[0] else ALWAYS), before)


_CASES = ("investigation.opened", "investigation.status_changed", "investigation.status_changed")
_VICTIMS = ("victim.identified", "victim.status_changed", "victim.status_changed")


@pytest.mark.parametrize(
    ("rule", "without", "names"),
    [
        ((state, "turns"), by_last_day, _CASES),
        ((victim_status_decisions, "turns"), by_last_day, _VICTIMS),
        ((identified, "counting"), unweighed, _VICTIMS),
        ((parties, "speaker_weight"), lambda _: 0, ("investigation.opened", *_VICTIMS)),
        ((victim_status_decisions, "_COURT"), 2, _VICTIMS),
        ((victim_status_decisions, "_HUMAN_SERVICES"), 0, _VICTIMS),
    ],
)
def test_the_law_of_rows_catches_the_loss_of_any_rule(
    monkeypatch: pytest.MonkeyPatch, rule: tuple[object, str], without: object, names: Sequence[str]
) -> None:
    monkeypatch.setattr(*rule, without)

    @SEARCH
    @given(histories(names=names), periods())
    def law(history: list[bytes], period: Period) -> None:
        check_rows(history, period)

    with pytest.raises(AssertionError):
        law()


Said = Sequence[tuple[Interval | None, int]]
Before = tuple[date, int] | None


def between(days: Days) -> Interval:
    """Some time from noon of the first day to noon of the last."""
    first, last = (datetime(day.year, day.month, day.day, 18, tzinfo=UTC) for day in days)
    return Interval(first, last + timedelta(seconds=1))


statements = st.lists(st.tuples(st.none() | spans.map(between), st.integers()), max_size=5)
befores = st.none() | st.tuples(st.integers(0, 6).map(on), st.integers())


def check_turns(turning: Callable[[Said, Before], list[tuple[Days, int]]], said: Said, before: Before) -> None:
    held = turning(said, before)
    for day in (*map(on, range(8)), NEVER):
        first = [before[1]] if before is not None and before[0] <= day else []
        come = [value for since, value in said if since is not None and since.last_day <= day]
        assert [value for days, value in held if days.first <= day <= days.last] == [*first, *come][-1:]


@given(statements, befores)
def test_on_each_day_the_last_statement_holds_whose_last_day_has_come(said: Said, before: Before) -> None:
    check_turns(turns, said, before)


@pytest.mark.parametrize(
    "bug",
    [
        by_last_day,
        lambda said, before: turns([*said][-1:], before),
        lambda said, _: turns(said),
        lambda said, before: [(Days(days.first, NEVER), value) for days, value in turns(said, before)],
    ],
    ids=["by their last days", "the last alone", "nothing before", "for ever"],
)
def test_the_law_of_turns_catches(bug: Callable[[Said, Before], list[tuple[Days, int]]]) -> None:
    @SEARCH
    @given(statements, befores)
    def law(said: Said, before: Before) -> None:
        check_turns(bug, said, before)

    with pytest.raises(AssertionError):
        law()


def test_turns_have_no_gaps_and_lie_where_they_are_asked_for() -> None:
    assert turns([]) == []
    assert turns([], before=(ALWAYS, "open")) == [(Days(ALWAYS, NEVER), "open")]
    assert turns([(None, "charged")], before=(ALWAYS, "open")) == [(Days(ALWAYS, NEVER), "open")]
    held = [(Days(on(0), on(3)), "one"), (Days(on(4), NEVER), "other")]
    assert values_during(Days(on(2), on(4)), held) == [(Days(on(2), on(3)), "one"), (Days(on(4), on(4)), "other")]
    assert values_during(Days(on(4), NEVER), held) == [(Days(on(4), NEVER), "other")]
