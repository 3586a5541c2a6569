"""How far the areas of the strategy and their objectives have come: a level, which holds until the next report."""

from collections.abc import Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import Final, TypeAlias

from schemas.coordination import ObjectiveProgressReportedV1
from schemas.ids import Kind
from schemas.times import Interval
from services.reporting.domain.figure import EVERY_COMMITTEE, Area, Counted, Figure, Nature, Reader, Unit
from services.reporting.domain.part import Part, about, having, until_next

Reports: TypeAlias = tuple[tuple[Interval | None, str], ...]

Progress: TypeAlias = Mapping[tuple[str, int | None], Reports]
"""Reports by area and objective. None as objective means the area as a whole."""


def _progress(activity: str, progress: Progress, event: ObjectiveProgressReportedV1) -> Progress:
    data = event.data
    if about(event) != activity:
        return progress
    of = str(data.area), data.objective
    return having(progress, of, (*progress.get(of, ()), (event.occurred, str(data.progress))))


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


# What the figures of progress have in common.
_figure = partial(
    Figure,
    entity=Kind.ACTIVITY,
    nature=Nature.STOCK,
    reader=Reader.RUNNING_SUM,
    area=Area.PARTNERSHIP,
    seen_by=EVERY_COMMITTEE,
)

FIGURES: Final[tuple[Figure[Progress], ...]] = (
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

PART: Final[Part[Progress]] = Part(
    name="progress",
    kind=Kind.ACTIVITY,
    empty=MappingProxyType({}),
    folds={"bz.atips.objective.progress_reported.v1": _progress},
    figures=FIGURES,
)
