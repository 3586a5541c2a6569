"""Part of an activity: reports on the strategy's areas, objectives and indicators. A level holds until the next report.

Reports name a strategy by its first year. Areas, objectives and indicators each count by the latest strategy on which
one of them was reported. Money planned and spent is in Belize cents, and is added up over strategies. An amount of a
whole area, or of a whole year, holds the amounts of its objectives and months.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Final, TypeAlias, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from schemas.coordination import ObjectiveProgressReportedV1
from schemas.ids import Kind
from schemas.times import Interval
from services.reporting.domain.declaration.entity_state_part import (
    Part,
    possible_days,
    primary_entity_of,
    until_next,
    values,
    with_entry,
)
from services.reporting.domain.declaration.figure import (
    EVERY_COMMITTEE,
    NEVER,
    VERSION_2_FROM,
    Area,
    Counted,
    Days,
    Figure,
    Nature,
    Reader,
    Unit,
)
from services.reporting.domain.declaration.values_over_time import values_during

V = TypeVar("V")

_FIRST_YEAR: Final = "first_year"
"""Dimension that orders strategies: the later one replaces the earlier one."""

AreaReports: TypeAlias = tuple[tuple[Interval | None, str], ...]


class Level(Struct, frozen=True):
    """One report on an indicator: level, baseline and target, each None if not stated."""

    level: int | None
    baseline: int | None
    target: int | None

    @property
    def standing(self) -> str:
        """`reached`, `short` or `no_target`. A target below the baseline is reached by a level at or below it."""
        if self.level is None or self.target is None:
            return "no_target"
        falling = self.baseline is not None and self.target < self.baseline
        reached = self.level <= self.target if falling else self.level >= self.target
        return "reached" if reached else "short"


LevelReports: TypeAlias = tuple[tuple[Interval | None, tuple[str | None, Level]], ...]
"""Reports on one indicator: when, and (objective, level)."""


class StrategyBudget(Struct, frozen=True):
    """Planned and spent amounts for a span of time, in Belize cents. None: not stated."""

    planned: int | None
    spent: int | None


class StrategyProgress(Struct, frozen=True):
    """Reports by (area, id of the objective). None in place of the objective means the whole area.

    `first_year`: that of the strategy. `levels`: (objective, level) by (area, indicator), since the plan numbers its
    indicators; a report without an objective keeps the one before. `budgets`: by the span of time as well; a later
    report replaces what it states.
    """

    first_year: int = 0
    reports: Mapping[tuple[str, str | None], AreaReports] = field(default_factory=dict)
    levels: Mapping[tuple[str, str], LevelReports] = field(default_factory=dict)
    budgets: Mapping[tuple[str, str | None, Interval | None], StrategyBudget] = field(default_factory=dict)


def _progress(activity: str, progress: StrategyProgress, event: ObjectiveProgressReportedV1) -> StrategyProgress:
    data = event.data
    if primary_entity_of(event) != activity:
        return progress
    number = None if data.objective is None else str(data.objective)
    of = str(data.area), data.objective_id or number
    after = replace(progress, first_year=data.first_year)
    if data.indicator is None or of[1] is not None:
        reports = (*progress.reports.get(of, ()), (event.occurred, str(data.progress)))
        after = replace(after, reports=with_entry(progress.reports, of, reports))
    if data.indicator is not None:
        key = str(data.area), data.indicator
        before_it = progress.levels.get(key, ())
        objective = of[1] or (before_it[-1][1][0] if before_it else None)
        level = Level(data.level, data.baseline, data.target)
        levels = (*before_it, (event.occurred, (objective, level)))
        after = replace(after, levels=with_entry(progress.levels, key, levels))
    if data.planned_cents is not None or data.spent_cents is not None:
        span = (*of, event.occurred)
        before = progress.budgets.get(span, StrategyBudget(None, None))
        planned = before.planned if data.planned_cents is None else data.planned_cents
        spent = before.spent if data.spent_cents is None else data.spent_cents
        after = replace(after, budgets=with_entry(progress.budgets, span, StrategyBudget(planned, spent)))
    return after


def indicators(progress: StrategyProgress) -> Iterator[Counted]:
    """Yield each indicator with its level, baseline and target as dimensions, from one report to the next."""
    for (area, indicator), reports in progress.levels.items():
        for when, (objective, level) in _turns(progress, reports):
            numbers = {"level": level.level, "baseline": level.baseline, "target": level.target}
            dims = {name: values(None if number is None else str(number)) for name, number in numbers.items()}
            of = {"area": (area,), "objective": values(objective), "indicator": (indicator,)}
            yield Counted(when, dims={**of, **dims, "standing": (level.standing,), **_of_strategy(progress)})


BudgetKey: TypeAlias = tuple[str, str | None, Interval | None]
"""Area, id of the objective (None: the whole area), and span of time that an amount is for."""


def _budgets(*, spent: bool) -> Callable[[StrategyProgress], Iterator[Counted]]:
    def counted(progress: StrategyProgress) -> Iterator[Counted]:
        amounts = {of: each.spent if spent else each.planned for of, each in progress.budgets.items()}
        known = {of: amount for of, amount in amounts.items() if amount is not None}
        beyond = _beyond_their_parts(known)
        for of in amounts:
            area, objective, when = of
            dims = {"area": (area,), "objective": values(objective)}
            if of not in known or beyond[of]:
                yield Counted(possible_days(when), beyond.get(of), dims)

    return counted


def _beyond_their_parts(amounts: Mapping[BudgetKey, int]) -> dict[BudgetKey, int]:
    """Return for each amount what it has beyond the amounts within it, at least 0.

    So of an amount and those within it the larger counts. Each lies within one other at most: the narrowest.
    """
    inside: dict[BudgetKey, int] = defaultdict(int)
    beyond: dict[BudgetKey, int] = {}
    order = sorted(amounts, key=_widest_last)
    for position, of in enumerate(order):
        beyond[of] = max(amounts[of] - inside[of], 0)
        holder = next((each for each in order[position + 1 :] if _lies_within(of, each)), None)
        if holder is not None:
            inside[holder] += inside[of] + beyond[of]
    return beyond


def _lies_within(part: BudgetKey, whole: BudgetKey) -> bool:
    """Whether one amount is for a part of what another is for: a part of the time, or an objective of the area."""
    (area, objective, when), (of_area, of_objective, over) = part, whole
    if when is None or over is None or area != of_area:
        return False
    return of_objective in {None, objective} and over.start <= when.start and when.end <= over.end


def _widest_last(of: BudgetKey) -> tuple[timedelta, bool, str]:
    area, objective, when = of
    length = timedelta.max if when is None else when.end - when.start
    return length, objective is None, f"{area} {objective} {when}"


def progress_of_areas(progress: StrategyProgress) -> Iterator[Counted]:
    """Yield each area as a whole by its progress, from one report to the next."""
    for (area, objective), reports in progress.reports.items():
        if objective is None:
            yield from _levels(progress, area, reports)


def progress_of_objectives(progress: StrategyProgress) -> Iterator[Counted]:
    """Yield each objective of an area by its progress, from one report to the next."""
    for (area, objective), reports in progress.reports.items():
        if objective is not None:
            yield from _levels(progress, area, reports)


def _levels(progress: StrategyProgress, area: str, reports: AreaReports) -> Iterator[Counted]:
    for when, level in _turns(progress, reports):
        yield Counted(when, dims={"area": (area,), "progress": (level,), **_of_strategy(progress)})


def _of_strategy(progress: StrategyProgress) -> Mapping[str, tuple[str, ...]]:
    return {_FIRST_YEAR: (str(progress.first_year),)}


def _turns(progress: StrategyProgress, reports: Sequence[tuple[Interval | None, V]]) -> Iterator[tuple[Days | None, V]]:
    """Yield (days, value) for reports, each until the next. None holds before the first year of the strategy."""
    planned = Days(date(progress.first_year, 1, 1), NEVER)
    for days, value in until_next(reports):
        if days is None:
            yield None, value
        else:
            yield from values_during(planned, [(days, value)])


# Arguments that all figures of progress share.
_figure = partial(
    Figure,
    entity=Kind.ACTIVITY,
    nature=Nature.STOCK,
    reader=Reader.LATEST,
    over=_FIRST_YEAR,
    area=Area.PARTNERSHIP,
    seen_by=EVERY_COMMITTEE,
    version=2,
    valid_from=VERSION_2_FROM,
)

EACH: Final = ("area", "baseline", "indicator", "level", "objective", "target")
"""Breakdown with one row for each indicator and its numbers."""

_budget = partial(
    Figure,
    entity=Kind.ACTIVITY,
    unit=Unit.MONEY,
    area=Area.PARTNERSHIP,
    seen_by=EVERY_COMMITTEE,
    breakdowns=((), ("area",), ("objective",), ("area", "objective")),
    valid_from=VERSION_2_FROM,
)

FIGURES: Final[tuple[Figure[StrategyProgress], ...]] = (
    _figure(
        number="P1e",
        name="areas_by_progress",
        en="Areas of the strategy by how far they had come at the period’s end, as last reported of the whole area. "
        "Of several strategies, the latest reported on counts.",
        es="Áreas de la estrategia según su avance al final del período, conforme al último informe del área completa. "
        "De varias estrategias, cuenta la última sobre la que se informó.",
        unit=Unit.AREAS,
        counted=progress_of_areas,
        breakdowns=((), ("progress",), ("area",), ("area", "progress")),
    ),
    _figure(
        number="P1f",
        name="objectives_by_progress",
        en="Objectives of the strategy by how far they had come at the period’s end, as last reported; by area. "
        "Of several strategies, the latest reported on counts.",
        es="Objetivos de la estrategia según su avance al final del período, conforme al último informe; por área. "
        "De varias estrategias, cuenta la última sobre la que se informó.",
        unit=Unit.OBJECTIVES,
        counted=progress_of_objectives,
        breakdowns=((), ("progress",), ("area",), ("area", "progress")),
    ),
    _figure(
        number="P11a",
        name="strategy_indicators",
        en="Indicators of the strategy at the period’s end, by the plan’s own numbering. Each has its objective, "
        "baseline, target and last reported level, and says whether the target is reached. Of several strategies, the "
        "latest reported on counts.",
        es="Indicadores de la estrategia al final del período, según la numeración del plan. Cada uno tiene su "
        "objetivo, línea de base, meta y el último nivel informado, y dice si se alcanzó la meta. De varias "
        "estrategias, cuenta la última sobre la que se informó.",
        unit=Unit.INDICATORS,
        counted=indicators,
        breakdowns=((), ("area",), ("objective",), ("standing",), EACH),
    ),
    _budget(
        number="P11b",
        name="budget_planned",
        en="Money planned for the strategy in the period, by area and objective. Of several reports on one time the "
        "last counts. Of an amount and those within it, by time or as objectives of the area, the larger counts. "
        "Amounts of two strategies are added up.",
        es="Dinero previsto para la estrategia en el período, por área y objetivo. De varios informes sobre un mismo "
        "tiempo cuenta el último. De un monto y los comprendidos en él, por el tiempo o como objetivos del área, "
        "cuenta el mayor. Los montos de dos estrategias se suman.",
        counted=_budgets(spent=False),
    ),
    _budget(
        number="P11c",
        name="budget_spent",
        en="Money spent on the strategy in the period, by area and objective. Of several reports on one time the last "
        "counts. Of an amount and those within it, by time or as objectives of the area, the larger counts. Amounts "
        "of two strategies are added up.",
        es="Dinero gastado en la estrategia en el período, por área y objetivo. De varios informes sobre un mismo "
        "tiempo cuenta el último. De un monto y los comprendidos en él, por el tiempo o como objetivos del área, "
        "cuenta el mayor. Los montos de dos estrategias se suman.",
        counted=_budgets(spent=True),
    ),
)

PART: Final[Part[StrategyProgress]] = Part(
    name="strategy_progress",
    kind=Kind.ACTIVITY,
    empty=StrategyProgress(),
    folds={"bz.atips.objective.progress_reported.v1": _progress},
    figures=FIGURES,
)
