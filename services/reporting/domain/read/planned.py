"""The plan's indicators beside what was reported of them: objective, baseline, target, level, and the money."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from services.reporting.domain.declaration.figure import ABSENT
from services.reporting.domain.figures.partnership.progress import EACH, Level
from services.reporting.domain.read.plan import Indicator, StrategyPlan
from services.reporting.domain.read.reading import Reading

INDICATORS: Final = "P11a"
PLANNED: Final = "P11b"
SPENT: Final = "P11c"
BY_INDICATOR: Final = EACH
"""The breakdown of P11a that `indicators` takes."""
BY_OBJECTIVE: Final = ("area", "objective")
"""The breakdown of P11b and P11c that `budgets` takes."""


class Note(StrEnum):
    """The way in which the plan and a report of one indicator differ."""

    NOT_REPORTED = "not_reported"
    NOT_IN_PLAN = "not_in_plan"
    OTHER_OBJECTIVE = "other_objective"
    OTHER_BASELINE = "other_baseline"
    OTHER_TARGET = "other_target"
    OTHER_LEVEL = "other_level"


@dataclass(frozen=True, slots=True)
class PlannedIndicator:
    """An indicator under its number in the plan.

    Baseline and target are the plan's; a report's where the plan does not have the indicator. `level` is the last that
    was reported by the period's end, None if none was. `counted` is the period's value of the figure that the plan
    names for the indicator, None if it names none or the value is unknown or protected.
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
        """`reached`, `short` or `no_target`, by the level; by the amount counted where no level is reported."""
        return Level(self.counted if self.level is None else self.level, self.baseline, self.target).standing


@dataclass(frozen=True, slots=True)
class Money:
    """Belize cents planned and spent in the period for an objective, or for a whole area; None where nobody said."""

    area: str
    objective: str | None
    planned: int | None
    spent: int | None


def indicators(
    plan: StrategyPlan, day: date, reported: Iterable[Reading], counted: Mapping[str, int | None]
) -> list[PlannedIndicator]:
    """Give every indicator of the plan that holds on a day, and those that were only reported, by their numbers.

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
    """Give the money of each area and objective of which any was told."""
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
    """Give what sorts 2.10 after 2.9 and 3.2.1a after 3.2.1."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    return tuple((int(part.rstrip(letters)), part.lstrip("0123456789")) for part in number.split("."))
