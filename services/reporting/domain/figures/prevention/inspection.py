"""Part of an activity: a labour inspection, or a batch of inspections that an office reports as one number."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from msgspec import Struct

from schemas.agencies import agency_of
from schemas.codebook.prevention import InspectionFocus
from schemas.codebook.shared import CountBasis, YesNo
from schemas.ids import Kind
from schemas.prevention import LabourInspectionCompletedV1
from schemas.times import Interval
from services.reporting.domain.declaration.batch_and_item_totals import scope
from services.reporting.domain.declaration.entity_state_part import Part, code, codes, possible_days, speaker, values
from services.reporting.domain.declaration.figure import (
    EVERY_COMMITTEE,
    SCOPE,
    VERSION_2_FROM,
    Area,
    Counted,
    Figure,
    Reader,
    Unit,
)


class Inspection(Struct, frozen=True):
    """A labour inspection or a batch of them, as last published. All fields hold for each inspection of a batch.

    `inspections_n` is None where nobody counted.
    """

    happened: Interval | None
    agency: str
    batch: bool
    inspections_n: int | None
    focus: tuple[str, ...]
    district: str | None
    sector: str | None
    trigger: str | None
    announced: str | None
    violations_n: int | None
    tip_indicators: str | None

    def dims(self) -> dict[str, tuple[str, ...]]:
        """Return the dimensions of the inspection or of each inspection of the batch."""
        said = {
            "district": values(self.district),
            "sector": values(self.sector),
            "trigger": values(self.trigger),
            "announced": values(self.announced),
            "tip_indicators": values(self.tip_indicators),
        }
        return {**said, SCOPE: scope(self.happened, self.agency, {**said, "focus": self.focus}, batch=self.batch)}


def _inspection_completed(
    activity: str, inspection: Inspection | None, event: LabourInspectionCompletedV1
) -> Inspection | None:
    data = event.data
    if data.inspection != activity:
        return inspection
    counted = data.count if data.count_basis is CountBasis.INSPECTIONS else None
    return Inspection(
        happened=event.occurred,
        agency=agency_of(speaker(event)),
        batch=data.count is not None,
        inspections_n=counted if data.count is not None else 1,
        focus=codes(data.focus),
        district=code(data.district),
        sector=code(data.sector),
        trigger=code(data.trigger),
        announced=code(data.announced),
        violations_n=data.violations_n,
        tip_indicators=code(data.tip_indicators),
    )


def inspections(inspection: Inspection | None) -> Iterator[Counted]:
    """Yield the number of inspections: 1, or the number of a batch, None if nobody counted it."""
    if inspection is not None:
        yield Counted(possible_days(inspection.happened), inspection.inspections_n, inspection.dims())


def _chosen(chosen: Callable[[Inspection], bool]) -> Callable[[Inspection | None], Iterator[Counted]]:
    def counted(inspection: Inspection | None) -> Iterator[Counted]:
        if inspection is not None and chosen(inspection):
            yield from inspections(inspection)

    return counted


def on_child_labour(inspection: Inspection) -> bool:
    """Whether the inspection looked for child labour."""
    return InspectionFocus.CHILD_LABOUR in inspection.focus


def unannounced(inspection: Inspection) -> bool:
    """Whether the employer was not informed before the inspection."""
    return inspection.announced == YesNo.NO


def with_violations(inspection: Inspection) -> bool:
    """Whether the inspection found a violation."""
    return bool(inspection.violations_n)


def with_indicators(inspection: Inspection) -> bool:
    """Whether the inspection found indicators of trafficking."""
    return inspection.tip_indicators == YesNo.YES


def violations(inspection: Inspection | None) -> Iterator[Counted]:
    """Yield the number of violations found.

    For a batch, it is the violations in each inspection times the inspections, None if one of these is unknown.
    """
    if inspection is None:
        return
    each, many = inspection.violations_n, inspection.inspections_n
    found = None if each is None or many is None else each * many
    yield Counted(possible_days(inspection.happened), found, inspection.dims())


_BREAKDOWNS: Final = ((), ("district",), ("sector",), ("trigger",), ("announced",))

# Arguments that all figures of inspections share.
_figure = partial(
    Figure,
    entity=Kind.ACTIVITY,
    unit=Unit.INSPECTIONS,
    reader=Reader.TOTALS,
    area=Area.PREVENTION,
    seen_by=EVERY_COMMITTEE,
    breakdowns=_BREAKDOWNS,
    over=SCOPE,
    valid_from=VERSION_2_FROM,
)

FIGURES: Final[tuple[Figure[Inspection | None], ...]] = (
    _figure(
        number="O27a",
        name="labour_inspections",
        en="Labour inspections completed in the period, told one by one or as a batch. Of a batch and the inspections "
        "that lie within it, by agency, days and what it says of them, the larger number counts, never both.",
        es="Inspecciones laborales realizadas en el período, informadas una por una o en lote. De un lote y las "
        "inspecciones comprendidas en él, por institución, días y lo que dice de ellas, cuenta el número mayor, nunca "
        "ambos.",
        counted=inspections,
        version=2,
    ),
    _figure(
        number="O27b",
        name="labour_inspections_on_child_labour",
        en="Labour inspections that looked for child labour, completed in the period. Child labour is not by "
        "itself trafficking.",
        es="Inspecciones laborales que buscaron trabajo infantil, realizadas en el período. El trabajo infantil "
        "no es por sí solo trata.",
        counted=_chosen(on_child_labour),
        part_of="O27a",
        version=2,
    ),
    _figure(
        number="O27c",
        name="labour_inspections_unannounced",
        en="Of the labour inspections of the period, those of which nobody was told before.",
        es="De las inspecciones laborales del período, las realizadas sin aviso previo.",
        counted=_chosen(unannounced),
        part_of="O27a",
    ),
    _figure(
        number="O27d",
        name="labour_inspections_with_violations",
        en="Of the labour inspections of the period, those that found that a rule was broken; whether they were "
        "announced can be told apart.",
        es="De las inspecciones laborales del período, las que hallaron alguna infracción; se puede distinguir si se "
        "avisaron.",
        counted=_chosen(with_violations),
        part_of="O27a",
    ),
    _figure(
        number="O27e",
        name="labour_inspections_with_indicators",
        en="Of the labour inspections of the period, those that found indicators of trafficking; whether they were "
        "announced can be told apart.",
        es="De las inspecciones laborales del período, las que hallaron indicios de trata; se puede distinguir si se "
        "avisaron.",
        counted=_chosen(with_indicators),
        part_of="O27a",
    ),
    _figure(
        number="O27f",
        name="violations_found",
        en="Violations that the labour inspections of the period found; an inspection of which nobody counted them "
        "stands beside the number, not in it as 0.",
        es="Infracciones halladas por las inspecciones laborales del período; la inspección cuyas infracciones nadie "
        "contó se indica junto al número, no dentro de él como cero.",
        unit=Unit.VIOLATIONS,
        counted=violations,
    ),
)

PART: Final[Part[Inspection | None]] = Part(
    name="inspection",
    kind=Kind.ACTIVITY,
    empty=None,
    folds={"bz.atips.labour.inspection_completed.v1": _inspection_completed},
    figures=FIGURES,
)
