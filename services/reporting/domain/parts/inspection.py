"""A labour inspection, or a batch that an office reports as a number."""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from schemas.codebook.prevention import InspectionFocus
from schemas.codebook.shared import CountBasis
from schemas.ids import Kind
from schemas.prevention import LabourInspectionCompletedV1
from schemas.times import Interval
from services.reporting.domain.figure import EVERY_COMMITTEE, Area, Counted, Figure, Unit
from services.reporting.domain.part import Part, code, codes, touched, values


class Inspection(Struct, frozen=True):
    """As last said; `inspections_n` is None where nobody counted."""

    happened: Interval | None
    inspections_n: int | None
    focus: tuple[str, ...]
    district: str | None
    sector: str | None
    trigger: str | None


def _inspection_completed(
    activity: str, inspection: Inspection | None, event: LabourInspectionCompletedV1
) -> Inspection | None:
    data = event.data
    if data.inspection != activity:
        return inspection
    counted = data.count if data.count_basis is CountBasis.INSPECTIONS else None
    return Inspection(
        happened=event.occurred,
        inspections_n=counted if data.count is not None else 1,
        focus=codes(data.focus),
        district=code(data.district),
        sector=code(data.sector),
        trigger=code(data.trigger),
    )


def inspections(inspection: Inspection | None) -> Iterator[Counted]:
    """Labour inspections, one or a batch."""
    if inspection is not None:
        dims = {
            "district": values(inspection.district),
            "sector": values(inspection.sector),
            "trigger": values(inspection.trigger),
        }
        yield Counted(touched(inspection.happened), inspection.inspections_n, dims)


def inspections_on_child_labour(inspection: Inspection | None) -> Iterator[Counted]:
    """Labour inspections that looked for child labour."""
    if inspection is not None and InspectionFocus.CHILD_LABOUR in inspection.focus:
        yield from inspections(inspection)


FIGURES: Final[tuple[Figure[Inspection | None], ...]] = (
    Figure(
        number="O27a",
        name="labour_inspections",
        en="Labour inspections completed in the period.",
        es="Inspecciones laborales realizadas en el período.",
        entity=Kind.ACTIVITY,
        unit=Unit.INSPECTIONS,
        counted=inspections,
        area=Area.PREVENTION,
        seen_by=EVERY_COMMITTEE,
        breakdowns=((), ("district",), ("sector",), ("trigger",)),
    ),
    Figure(
        number="O27b",
        name="labour_inspections_on_child_labour",
        en="Labour inspections that looked for child labour, completed in the period. Child labour is not by "
        "itself trafficking.",
        es="Inspecciones laborales que buscaron trabajo infantil, realizadas en el período. El trabajo infantil "
        "no es por sí solo trata.",
        entity=Kind.ACTIVITY,
        unit=Unit.INSPECTIONS,
        counted=inspections_on_child_labour,
        area=Area.PREVENTION,
        seen_by=EVERY_COMMITTEE,
        breakdowns=((), ("district",), ("sector",), ("trigger",)),
        part_of="O27a",
    ),
)

PART: Final[Part[Inspection | None]] = Part(
    name="inspection",
    kind=Kind.ACTIVITY,
    empty=None,
    folds={"bz.atips.labour.inspection_completed.v1": _inspection_completed},
    figures=FIGURES,
)
