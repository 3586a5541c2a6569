"""The plan's indicators and money beside what was reported of them."""

from datetime import date

import pytest

from services.reporting.domain.read.progress_against_plan import (
    BY_INDICATOR,
    BY_OBJECTIVE,
    Money,
    Note,
    PlannedIndicator,
    budgets,
    indicators,
)
from services.reporting.domain.read.strategy_plan import StrategyPlan, parse_strategy_plan
from tests.unit.reporting.figures_of_events import Said, readings
from tests.unit.reporting.test_strategy_plan import TABLE, reported

NONE = StrategyPlan(objectives=(), indicators=())
SERVED = {"objective_id": "2.1", "indicator": "2.1.1"}


COUNTED = TABLE.replace("baseline: 5,", "baseline: 5, figure: M1,")


def told(period: str, *events: Said, plan: str = TABLE, **counted: int | None) -> list[PlannedIndicator]:
    rows = readings("P11a", period, *events, by=BY_INDICATOR)
    return indicators(
        parse_strategy_plan(plan), rows[0].period.last if rows else date(int(period[:4]), 12, 31), rows, counted
    )


def test_baseline_and_target_are_the_plans_and_the_level_is_the_last_reported() -> None:
    events = reported("2024-06-30", **SERVED, level=9), reported("2024-12-31", **SERVED, level=21)
    (line,) = told("2024", *events)
    assert (line.indicator, line.objective, line.area) == ("2.1.1", "2.1", "protection")
    assert (line.baseline, line.target, line.level, line.standing) == (5, 20, 21, "reached")
    assert line.notes == ()
    (half,) = told("2024-01..2024-06", *events)
    assert (half.level, half.standing) == (9, "short")


def test_an_edit_of_the_plan_changes_no_year_before_it() -> None:
    events = (reported("2024-12-31", **SERVED, level=21),)
    (before,), (after,) = told("2026", *events), told("2027", *events)
    assert (before.target, before.standing) == (20, "reached")
    assert (after.target, after.standing) == (40, "short")


def test_what_nobody_reported_is_shown_without_a_level() -> None:
    (line,) = told("2024")
    assert (line.level, line.standing, line.notes) == (None, "no_target", (Note.NOT_REPORTED,))
    assert (line.baseline, line.target, line.area) == (5, 20, "protection")


def test_what_the_plan_does_not_have_is_shown_by_what_was_reported() -> None:
    rows = readings(
        "P11a", "2024", reported("2024-03-31", indicator="4.10", level=3, baseline=1, target=2), by=BY_INDICATOR
    )
    (line,) = indicators(NONE, date(2024, 12, 31), rows, {"M1": 3})
    assert line.counted is None
    assert (line.objective, line.baseline, line.target, line.level) == (None, 1, 2, 3)
    assert line.notes == (Note.NOT_IN_PLAN,)


@pytest.mark.parametrize(
    ("said", "notes"),
    [
        ({"baseline": 5, "target": 20}, ()),
        ({"baseline": 6}, (Note.OTHER_BASELINE,)),
        ({"target": 21}, (Note.OTHER_TARGET,)),
        ({"objective_id": "2.2"}, (Note.OTHER_OBJECTIVE,)),
    ],
)
def test_a_report_that_says_otherwise_than_the_plan_has_a_note(
    said: dict[str, object], notes: tuple[Note, ...]
) -> None:
    (line,) = told("2024", reported("2024-12-31", **{**SERVED, "level": 7, **said}))
    assert (line.baseline, line.target, line.objective, line.notes) == (5, 20, "2.1", notes)


def test_an_indicator_that_a_figure_counts_needs_no_report() -> None:
    (line,) = told("2024", plan=COUNTED, M1=20)
    assert (line.level, line.counted, line.standing, line.notes) == (None, 20, "reached", (Note.NOT_REPORTED,))
    (unknown,) = told("2024", plan=COUNTED, M1=None)
    assert (unknown.counted, unknown.standing) == (None, "no_target")


@pytest.mark.parametrize(("counted", "notes"), [(7, ()), (8, (Note.OTHER_LEVEL,)), (None, ())])
def test_a_report_of_another_level_than_its_figure_has_a_note(counted: int | None, notes: tuple[Note, ...]) -> None:
    (line,) = told("2024", reported("2024-12-31", **SERVED, level=7), plan=COUNTED, M1=counted)
    assert (line.level, line.counted, line.standing, line.notes) == (7, counted, "short", notes)


def test_indicators_stand_in_the_order_of_the_plans_numbers() -> None:
    events = [reported("2024-03-31", indicator=number, level=1) for number in ("2.10", "10.1", "2.9", "2.9b", "2.9a")]
    assert [line.indicator for line in told("2024", *events)][:5] == ["2.1.1", "2.9", "2.9a", "2.9b", "2.10"]


def test_one_number_of_two_areas_stands_in_the_order_of_the_areas() -> None:
    areas = "prosecution", "prevention", "protection"
    events = [reported("2024-03-31", indicator="4.10", level=1, area=area) for area in areas]
    assert [line.area for line in told("2024", *events) if line.indicator == "4.10"] == sorted(areas)


def test_money_is_by_area_and_objective_and_nobody_said_is_no_nought() -> None:
    events = (
        reported("2024", objective_id="2.1", planned_cents=120_000, spent_cents=90_000),
        reported("2024-06", planned_cents=5_000),
        reported("2024", area="prevention", progress="under_way"),
    )
    planned, spent = (readings(number, "2024", *events, by=BY_OBJECTIVE) for number in ("P11b", "P11c"))
    assert budgets(planned, spent) == [
        Money("protection", "2.1", 120_000, 90_000),
        Money("protection", None, 5_000, None),
    ]
