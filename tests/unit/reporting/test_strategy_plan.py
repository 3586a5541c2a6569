"""The plan's objectives and indicators, their reported levels, the budget; and sessions by topic and facilitator."""

from datetime import date
from pathlib import Path

import pytest

from schemas.yaml_table import WrongTable
from services.reporting.council_input_tables import plan
from services.reporting.domain.figures.partnership.strategy_progress import Level
from services.reporting.domain.read.strategy_plan import parse_strategy_plan
from services.runtime.errors import Halt
from tests.unit.reporting.figures_of_events import Said, by, reading, readings
from tests.unit.reporting.samples import activity

TABLE = """
objectives:
  - {id: "2.1", area: protection, en: Care, es: Cuidado, valid_from: 2024-01-01, valid_to: 2026-12-31}
  - {id: "2.1", area: prevention, en: Other, es: Otro, valid_from: 2027-01-01}
indicators:
  - {id: "2.1.1", objective: "2.1", unit: persons, en: Served, es: Atendidas, baseline: 5, target: 20,
     valid_from: 2024-01-01, valid_to: 2026-12-31}
  - {id: "2.1.1", objective: "2.1", unit: persons, en: Served, es: Atendidas, baseline: 5, target: 40,
     valid_from: 2027-01-01}
"""


def test_an_edit_of_the_plan_from_a_day_leaves_the_years_before_as_they_are() -> None:
    whole = parse_strategy_plan(TABLE)
    before, after = whole.on(date(2024, 12, 31)), whole.on(date(2027, 1, 1))
    assert [(row.area.value, row.en) for row in before.objectives] == [("protection", "Care")]
    assert [(row.area.value, row.en) for row in after.objectives] == [("prevention", "Other")]
    assert [row.target for each in (before, after) for row in each.indicators] == [20, 40]


@pytest.mark.parametrize(
    ("table", "line"),
    [
        (TABLE.replace("2027-01-01", "2026-06-01"), 4),
        (TABLE.replace('objective: "2.1"', 'objective: "3"'), 6),
        (TABLE.replace('"2.1"', "2.1"), 3),
        (TABLE.replace("es: Otro, valid_from: 2027-01-01", "es: Otro, valid_from: 2027-01-02"), 8),  # a day without it
        (
            TABLE.replace("es: Otro, valid_from: 2027-01-01", "es: Otro, valid_from: 2027-01-01, valid_to: 2030-12-31"),
            8,
        ),
        (TABLE.replace("es: Cuidado, valid_from: 2024-01-01", "es: Cuidado, valid_from: 2024-01-02"), 6),
        (TABLE.replace("2026-12-31", "2023-12-31"), 3),
        (TABLE.replace("area: prevention,", "area: prevention, figures: [M99],"), 4),
        (TABLE.replace("area: prevention,", "area: prevention, figures: [M1, M1],"), 4),
        (TABLE.replace("baseline: 5, target: 40,", "baseline: 5, target: 40, figure: M99,"), 8),
        (
            TABLE.replace("area: protection,", "area: protection, figures: [M1],").replace(
                "indicators:",
                '  - {id: "2.2", area: protection, figures: [M1], en: A, es: B, valid_from: 2026-12-31}\nindicators:',
            ),
            5,
        ),
    ],
)
def test_a_wrong_table_is_refused_with_its_line(table: str, line: int) -> None:
    with pytest.raises(WrongTable) as refused:
        parse_strategy_plan(table)
    assert refused.value.line == line


def test_an_indicator_may_hang_on_an_objective_through_an_edit_of_that() -> None:
    over = TABLE.replace(
        "     valid_from: 2024-01-01, valid_to: 2026-12-31}", "     valid_from: 2024-06-01, valid_to: 2028-05-31}"
    )
    whole = parse_strategy_plan(over.replace("     valid_from: 2027-01-01}", "     valid_from: 2028-06-01}"))
    areas = {
        day: {row.area.value for row in whole.on(day).objectives} for day in (date(2026, 12, 31), date(2027, 1, 1))
    }
    assert list(areas.values()) == [{"protection"}, {"prevention"}]
    assert [len(whole.on(day).indicators) for day in areas] == [1, 1]


def test_a_figure_moves_to_another_objective_on_a_day() -> None:
    whole = parse_strategy_plan(
        TABLE.replace("area: protection,", "area: protection, figures: [M1, M2],").replace(
            "area: prevention,", "area: prevention, figures: [M2],"
        )
    )
    assert [whole.on(day).figures() for day in (date(2026, 12, 31), date(2027, 1, 1))] == [["M1", "M2"], ["M2"]]


def test_ours_invents_no_objective_and_another_file_may_have_some(tmp_path: Path) -> None:
    assert not plan().objectives
    assert not plan().indicators
    file = tmp_path / "plan.yaml"
    file.write_text(TABLE)
    assert len(plan(file).objectives) == 2
    with pytest.raises(Halt):
        plan(tmp_path / "none.yaml")


def reported(when: str, **more: object) -> Said:
    data = {"first_year": 2024, "area": "protection", "progress": "under_way", **more}
    return "objective.progress_reported", data, when, "council"


def test_an_indicator_has_its_last_level_and_stands_by_its_target() -> None:
    events = (
        reported("2024-03-31", objective_id="2.1", indicator="2.1.1", level=8, baseline=5, target=20),
        reported("2024-09-30", objective_id="2.1", indicator="2.1.1", level=21, baseline=5, target=20),
        reported("2024-09-30", indicator="4.2", level=3, baseline=9, target=4),
        reported("2024-09-30", indicator="4.3", level=3),
    )
    assert reading("P11a", "2024", *events).amount == 3
    assert by(readings("P11a", "2024", *events, by=("standing",))) == {("no_target",): 1, ("reached",): 2}
    assert by(readings("P11a", "2024-03", *events, by=("standing",))) == {("short",): 1}
    each = {tuple(row.dimensions.values()) for row in readings("P11a", "2024", *events, by=EACH)}
    assert ("protection", "5", "2.1.1", "21", "2.1", "20") in each
    assert (reading("P1f", "2024", *events).amount, reading("P1e", "2024", *events).amount) == (1, 0)


def test_an_indicator_is_one_by_the_plans_own_number_whatever_objective_a_report_names() -> None:
    events = (
        reported("2024-03-31", objective_id="2.1", indicator="2.1.1", level=8, target=20),
        reported("2024-06-30", indicator="2.1.1", level=12, target=20),
        reported("2024-09-30", objective_id="2.2", indicator="2.1.1", level=20, target=20),
    )
    found = [by(readings("P11a", month, *events, by=("objective",))) for month in ("2024-03", "2024-06", "2024-09")]
    assert found == [{("2.1",): 1}, {("2.1",): 1}, {("2.2",): 1}]
    assert by(readings("P11a", "2024", *events, by=("standing",))) == {("reached",): 1}


def test_indicators_of_a_plan_that_follows_replace_those_of_the_former() -> None:
    former = reported("2024-09-30", objective_id="2.1", indicator="2.1.1", level=8)
    later = reported("2026-09-30", first_year=2026, objective_id="1.1", indicator="1.1.1", level=2)
    found = [by(readings("P11a", year, former, later, by=("objective",))) for year in ("2025", "2026")]
    assert found == [{("2.1",): 1}, {("1.1",): 1}]
    assert reading("P11a", "2026", former, later).amount == 1


EACH = ("area", "baseline", "indicator", "level", "objective", "target")


def test_an_objective_goes_by_the_plans_own_numbering_and_there_may_be_more_than_eleven() -> None:
    events = [reported("2024-03-31", objective_id=f"{number}.1") for number in range(1, 15)]
    assert reading("P1f", "2024", *events).amount == 14


def test_of_one_time_the_last_budget_counts() -> None:
    events = (
        reported("2024", objective_id="2.1", planned_cents=100_000),
        reported("2024", objective_id="2.1", planned_cents=120_000, spent_cents=90_000),
        reported("2024-06", planned_cents=5_000),
        reported("2025", objective_id="2.1", planned_cents=7),
    )
    assert [reading(number, "2024", *events).amount for number in ("P11b", "P11c")] == [125_000, 90_000]
    assert by(readings("P11b", "2024", *events, by=("objective",))) == {("2.1",): 120_000, ("absent",): 5_000}


def test_money_of_an_area_holds_that_of_its_objectives_and_a_year_that_of_its_months() -> None:
    """The plan of an area was added to the plans of its objectives, and what a year cost to what its quarters did."""

    def planned(when: str, cents: int, objective: str | None = None, **more: object) -> Said:
        return reported(when, planned_cents=cents, **more, **({} if objective is None else {"objective_id": objective}))

    area, objectives = planned("2024", 100), (planned("2024", 60, "2.1"), planned("2024", 30, "2.2"))
    assert reading("P11b", "2024", area, *objectives).amount == 100
    rows = by(readings("P11b", "2024", area, *objectives, by=("objective",)))
    assert rows == {("2.1",): 60, ("2.2",): 30, ("absent",): 10}
    assert reading("P11b", "2024", area, *objectives, planned("2024", 50, "2.3")).amount == 140, "the larger"
    months = planned("2024-02", 40, "2.1"), planned("2024-09", 30, "2.1")
    assert [reading("P11b", each, *objectives, *months).amount for each in ("2024-02", "2024")] == [40, 100]
    assert reading("P11b", "2024", area, *objectives, *months).amount == 100, "a month lies in one of the two"
    edges = planned("2024-01", 40), planned("2024-12", 30)
    assert reading("P11b", "2024", area, *edges).amount == 100, "the first and the last month lie in the year"
    others = planned("2025", 7), planned("2024", 5, area="prevention"), planned("2024", 3, first_year=2023)
    assert reading("P11b", "2024", area, *objectives, *others).amount == 108
    assert reading("P11b", "2024..2025", area, *objectives, *others).amount == 115
    undated = planned("", 9, "2.1"), planned("", 8)
    found = reading("P11b", "2024", area, *undated)
    assert (found.amount, found.undated) == (100, 17)


def test_a_report_of_what_was_spent_leaves_what_was_planned() -> None:
    planned = reported("2024", planned_cents=100_000)
    spent = reported("2024", spent_cents=60_000), reported("2024", spent_cents=90_000)
    for events in ((planned, *spent), (*spent, planned)):
        found = [reading(number, "2024", *events) for number in ("P11b", "P11c")]
        assert [(each.amount, each.unknown) for each in found] == [(100_000, 0), (90_000, 0)]
    nobody_said = reading("P11b", "2024", spent[0])
    assert (nobody_said.amount, nobody_said.unknown) == (0, 1)


def test_sessions_by_topic_and_by_who_led_them() -> None:
    def session(number: int, topic: str, *facilitators: str) -> Said:
        data = {"session": activity(number), "programmes": ["iec_plan"], "topic": topic, "participants_n": 10}
        return "training.session_delivered", {**data, "facilitators": list(facilitators)}, "2024-05-02", "council"

    events = session(1, "ht101", "police_officer", "social_worker"), session(2, "mandatory_reporting", "ngo")
    assert by(readings("M12a", "2024", *events, by=("topic",))) == {("ht101",): 1, ("mandatory_reporting",): 1}
    led = by(readings("M12a", "2024", *events, by=("facilitator",)))
    assert led == {("ngo",): 1, ("police_officer",): 1, ("social_worker",): 1}
    assert reading("M12a", "2024", *events).amount == 2
    assert by(readings("M1", "2024", *events, by=("topic",))) == {("ht101",): 10, ("mandatory_reporting",): 10}


@pytest.mark.parametrize(
    ("baseline", "target", "reached", "short"), [(5, 20, 20, 19), (20, 5, 5, 6), (5, 5, 5, 4), (5, 5, 7, 4)]
)
def test_a_target_is_reached_from_the_side_of_its_baseline(
    baseline: int, target: int, reached: int, short: int
) -> None:
    """One that equals its baseline is to be kept: more is no shortfall."""
    found = [Level(level, baseline, target).standing for level in (reached, short)]
    assert found == ["reached", "short"]
