"""The national strategy: what it consists of, which of its years it is in, how far its areas have come."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from types import MappingProxyType
from typing import Final, TypeAlias

from schemas.coordination import ObjectiveProgressReportedV1, StrategyAdoptedV1, area_of
from schemas.ids import Kind
from schemas.times import Interval
from services.reporting.domain.figure import (
    EVERY_COMMITTEE,
    FIRST_REPORT,
    Area,
    Counted,
    DateRole,
    Days,
    Figure,
    Nature,
    Reader,
    Unit,
)
from services.reporting.domain.part import Part, having, until_next


@dataclass(frozen=True, slots=True)
class Strategy:
    """As last said."""

    adopted: Interval | None
    first_year: int
    last_year: int
    areas_n: int | None
    objectives_n: int | None

    def in_force(self) -> Days | None:
        """From the last day on which it may have been launched to the end of its last year; None: nobody knows."""
        return None if self.adopted is None else Days(self.adopted.last_day, date(self.last_year, 12, 31))


Reports: TypeAlias = tuple[tuple[Interval | None, str], ...]

Progress: TypeAlias = Mapping[tuple[str, int | None], Reports]
"""What was reported of an area and each of its objectives, or of the area as a whole (None)."""


def _adopted(activity: str, strategy: Strategy | None, event: StrategyAdoptedV1) -> Strategy | None:
    data = event.data
    if data.strategy != activity:
        return strategy
    return Strategy(event.occurred, data.first_year, data.last_year, data.areas_n, data.objectives_n)


def _progress(activity: str, progress: Progress, event: ObjectiveProgressReportedV1) -> Progress:
    data = event.data
    if area_of(data.first_year, data.area) != activity:
        return progress
    of = str(data.area), data.objective
    return having(progress, of, (*progress.get(of, ()), (event.occurred, str(data.progress))))


def areas(strategy: Strategy | None) -> Iterator[Counted]:
    """The areas of a strategy in force."""
    if strategy is not None:
        yield Counted(strategy.in_force(), strategy.areas_n)


def objectives(strategy: Strategy | None) -> Iterator[Counted]:
    """The objectives of a strategy in force."""
    if strategy is not None:
        yield Counted(strategy.in_force(), strategy.objectives_n)


def years_planned(strategy: Strategy | None) -> Iterator[Counted]:
    """The years that a strategy in force was made for."""
    if strategy is not None:
        yield Counted(strategy.in_force(), strategy.last_year - strategy.first_year + 1)


def year_reached(strategy: Strategy | None) -> Iterator[Counted]:
    """Which year of the strategy each of its calendar years is, once it is in force."""
    if strategy is None:
        return
    in_force = strategy.in_force()
    if in_force is None:
        yield Counted(None)
        return
    for number, year in enumerate(range(strategy.first_year, strategy.last_year + 1), start=1):
        first, last = max(in_force.first, date(year, 1, 1)), date(year, 12, 31)
        if first <= last:
            yield Counted(Days(first, last), number)


def progress_of_areas(progress: Progress) -> Iterator[Counted]:
    """An area as a whole, by how far it had come, from one report to the next."""
    for (area, objective), reports in progress.items():
        if objective is None:
            yield from _levels(area, reports)


def progress_of_objectives(progress: Progress) -> Iterator[Counted]:
    """Each objective of an area, by how far it had come, from one report to the next."""
    for (area, objective), reports in progress.items():
        if objective is not None:
            yield from _levels(area, reports)


def _levels(area: str, reports: Reports) -> Iterator[Counted]:
    for when, level in until_next(reports):
        yield Counted(when, dims={"area": (area,), "progress": (level,)})


# What the figures of the strategy have in common.
_figure = partial(
    Figure,
    entity=Kind.ACTIVITY,
    nature=Nature.STOCK,
    date_role=DateRole.OCCURRED,
    reader=Reader.RUNNING_SUM,
    area=Area.PARTNERSHIP,
    seen_by=EVERY_COMMITTEE,
    valid_from=FIRST_REPORT,
)

_OF_STRATEGY: Final[tuple[Figure[Strategy | None], ...]] = (
    _figure(
        number="P1a",
        name="areas_of_the_strategy",
        en="Priority areas of the national strategy in force at the period’s end.",
        es="Áreas prioritarias de la estrategia nacional vigente al final del período.",
        unit=Unit.AREAS,
        counted=areas,
    ),
    _figure(
        number="P1b",
        name="objectives_of_the_strategy",
        en="Objectives of the national strategy in force at the period’s end.",
        es="Objetivos de la estrategia nacional vigente al final del período.",
        unit=Unit.OBJECTIVES,
        counted=objectives,
    ),
    _figure(
        number="P1c",
        name="year_of_the_strategy",
        en="Which year of the national strategy the period ends in: the first is 1.",
        es="En qué año de la estrategia nacional termina el período: el primero es 1.",
        unit=Unit.YEARS,
        nature=Nature.GAUGE,
        counted=year_reached,
    ),
    _figure(
        number="P1d",
        name="years_of_the_strategy",
        en="Years that the national strategy in force at the period’s end was made for.",
        es="Años para los que se elaboró la estrategia nacional vigente al final del período.",
        unit=Unit.YEARS,
        nature=Nature.GAUGE,
        counted=years_planned,
    ),
)

_OF_PROGRESS: Final[tuple[Figure[Progress], ...]] = (
    _figure(
        number="P1e",
        name="areas_by_progress",
        en="Areas of the strategy by how far they had come at the period’s end, as last reported of the whole area.",
        es="Áreas de la estrategia según su avance al final del período, conforme al último informe del área completa.",
        unit=Unit.AREAS,
        counted=progress_of_areas,
        breakdowns=((), ("progress",), ("area",), ("area", "progress")),
    ),
    _figure(
        number="P1f",
        name="objectives_by_progress",
        en="Objectives of the strategy by how far they had come at the period’s end, as last reported; by area.",
        es="Objetivos de la estrategia según su avance al final del período, conforme al último informe; por área.",
        unit=Unit.OBJECTIVES,
        counted=progress_of_objectives,
        breakdowns=((), ("progress",), ("area",), ("area", "progress")),
    ),
)

PART: Final[Part[Strategy | None]] = Part(
    name="strategy",
    kind=Kind.ACTIVITY,
    empty=None,
    folds={"bz.atips.strategy.adopted.v1": _adopted},
    figures=_OF_STRATEGY,
)

PROGRESS: Final[Part[Progress]] = Part(
    name="progress",
    kind=Kind.ACTIVITY,
    empty=MappingProxyType({}),
    folds={"bz.atips.objective.progress_reported.v1": _progress},
    figures=_OF_PROGRESS,
)
