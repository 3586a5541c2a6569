"""Indicators of the plan compared with the reports on them, and money planned and spent by objective."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from services.reporting.domain.declaration.figure import ABSENT
from services.reporting.domain.figures.partnership.strategy_progress import EACH, Level
from services.reporting.domain.read.reading import Reading
from services.reporting.domain.read.strategy_plan import Indicator, StrategyPlan

INDICATORS: Final = "P11a"
PLANNED: Final = "P11b"
SPENT: Final = "P11c"
BY_INDICATOR: Final = EACH
"""Breakdown in which P11a must be read for `indicators`."""
BY_OBJECTIVE: Final = ("area", "objective")
"""Breakdown in which P11b and P11c must be read for `budgets`."""


class Note(StrEnum):
    """A difference between the plan and a report on one indicator."""

    NOT_REPORTED = "not_reported"
    NOT_IN_PLAN = "not_in_plan"
    OTHER_OBJECTIVE = "other_objective"
    OTHER_BASELINE = "other_baseline"
    OTHER_TARGET = "other_target"
    OTHER_LEVEL = "other_level"


@dataclass(frozen=True, slots=True)
class PlannedIndicator:
    """A row for an indicator: the plan compared with one report on it. `indicator`: its number in the plan.

    `baseline` and `target` are the plan's; if the plan does not have the indicator, the report's. `level`: the last one
    reported by the period's end, None if none was. `counted`: the period's value of the figure that the plan names for
    the indicator. None if it names none, or the value is unknown or protected. `planned`: None if not in the plan.
    """

    indicator: str
    objective: str | None
    area: str | None
    baseline: int | None
    target: int | None
    level: int | None
    planned: Indicator | None
    notes: tuple[Note, ...]
    counted: int | None = None

    @property
    def standing(self) -> str:
        """`reached`, `short` or `no_target`, by the reported level, or by `counted` if no level is reported."""
        return Level(self.counted if self.level is None else self.level, self.baseline, self.target).standing


@dataclass(frozen=True, slots=True)
class Money:
    """Belize cents planned and spent in the period for an objective, or (objective None) for an area beyond these.

    An amount is None if nobody stated it.
    """

    area: str
    objective: str | None
    planned: int | None
    spent: int | None


def indicators(
    plan: StrategyPlan, day: date, reported: Iterable[Reading], counted: Mapping[str, int | None]
) -> list[PlannedIndicator]:
    """Return rows of all indicators in the plan on a day and of those that were only reported, sorted by number.

    An indicator has one row for each reported row, or one row if nothing was reported. `reported`: readings of P11a.
    `counted`: the period's values of the figures that indicators name, by the figure's number.
    """
    of_plan = {row.id: row for row in plan.on(day).indicators}
    areas = {row.id: row.area.value for row in plan.on(day).objectives}
    told: dict[str, list[Mapping[str, str]]] = {}
    for row in reported:
        if row.amount:
            told.setdefault(row.dimensions["indicator"], []).append(row.dimensions)
    found = [
        line
        for number in {**of_plan, **told}
        for line in _lines(number, of_plan.get(number), areas, told.get(number, ()), counted)
    ]
    return sorted(found, key=lambda line: (_parts(line.indicator), line.area or ""))


def _lines(
    number: str,
    planned: Indicator | None,
    areas: Mapping[str, str],
    told: Sequence[Mapping[str, str]],
    counted: Mapping[str, int | None],
) -> Iterator[PlannedIndicator]:
    value = None if planned is None or planned.figure is None else counted.get(planned.figure)
    if planned is not None and not told:
        area = areas.get(planned.objective)
        nothing = (Note.NOT_REPORTED,)
        yield PlannedIndicator(
            number, planned.objective, area, planned.baseline, planned.target, None, planned, nothing, value
        )
    for row in told:
        objective = None if row["objective"] == ABSENT else row["objective"]
        baseline, target, level = (_number(row[name]) for name in ("baseline", "target", "level"))
        if planned is None:
            yield PlannedIndicator(number, objective, row["area"], baseline, target, level, None, (Note.NOT_IN_PLAN,))
            continue
        differing = (
            (objective, planned.objective, Note.OTHER_OBJECTIVE),
            (baseline, planned.baseline, Note.OTHER_BASELINE),
            (target, planned.target, Note.OTHER_TARGET),
            (level if value is not None else None, value, Note.OTHER_LEVEL),
        )
        notes = tuple(note for said, holds, note in differing if said is not None and said != holds)
        yield PlannedIndicator(
            number, planned.objective, row["area"], planned.baseline, planned.target, level, planned, notes, value
        )


def budgets(planned: Iterable[Reading], spent: Iterable[Reading]) -> list[Money]:
    """Return the money of each area and objective for which an amount was stated, sorted.

    `planned`: readings of P11b, `spent`: readings of P11c, both by `BY_OBJECTIVE`.
    """
    found: dict[tuple[str, str], list[int | None]] = {}
    for place, rows in enumerate((planned, spent)):
        for row in rows:
            of = row.dimensions["area"], row.dimensions["objective"]
            found.setdefault(of, [None, None])[place] = row.value if row.amount or row.unknown else None
    return [
        Money(area, None if objective == ABSENT else objective, *amounts)
        for (area, objective), amounts in sorted(found.items())
        if any(each is not None for each in amounts)
    ]


def _number(said: str) -> int | None:
    return None if said == ABSENT else int(said)


def _parts(number: str) -> tuple[tuple[int, str], ...]:
    """Return the sort key of an indicator's number. It sorts 2.10 after 2.9 and 3.2.1a after 3.2.1."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    return tuple((int(part.rstrip(letters)), part.lstrip("0123456789")) for part in number.split("."))
