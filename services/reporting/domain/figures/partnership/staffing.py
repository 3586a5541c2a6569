"""Part of an activity: reported numbers of staff of units. A number holds until the next report."""

from collections.abc import Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import Final, TypeAlias

from schemas.agencies import AGENCIES
from schemas.codebook.coordination import Rank
from schemas.coordination import UnitStaffingReportedV1
from schemas.ids import Kind
from schemas.times import Interval
from services.reporting.domain.declaration.entity_state_part import Part, primary_entity_of, until_next, with_entry
from services.reporting.domain.declaration.figure import Area, Counted, Figure, Nature, Reader, Unit

StaffingReports: TypeAlias = tuple[tuple[Interval | None, int], ...]

Strength: TypeAlias = Mapping[tuple[str, str], StaffingReports]
"""Reports by (unit, rank), in the order of the times that they are about."""

_A_TIPS: Final = "atips_pu"
_HUMAN_SERVICES: Final = "dhs"


def _reported(activity: str, strength: Strength, event: UnitStaffingReportedV1) -> Strength:
    data = event.data
    if primary_entity_of(event) != activity:
        return strength
    of = data.unit, str(data.rank)
    return with_entry(strength, of, (*strength.get(of, ()), (event.occurred, data.headcount)))


def officers(strength: Strength, unit: str) -> Iterator[Counted]:
    """Yield the number of a unit's officers of each rank, from one report to the next."""
    for (of, rank), reports in strength.items():
        if of == unit:
            for when, headcount in until_next(reports):
                yield Counted(when, headcount, {"rank": (rank,)})


def social_workers(strength: Strength) -> Iterator[Counted]:
    """Yield the number of social workers of each unit of Human Services, from one report to the next."""
    for (of, rank), reports in strength.items():
        if rank == Rank.SOCIAL_WORKER and AGENCIES[of].parent == _HUMAN_SERVICES:
            for when, headcount in until_next(reports):
                yield Counted(when, headcount, {"unit": (of,)})


FIGURES: Final[tuple[Figure[Strength], ...]] = (
    Figure(
        number="O8",
        name="officers_of_the_police_unit",
        en="Officers of the A-TIPs Police Unit at the period’s end, its leader included, as last reported; by rank. "
        "Never a sum over months. The number of a rank holds until it is reported anew, also as 0.",
        es="Oficiales de la Unidad Policial contra la Trata al final del período, incluido quien la dirige, según el "
        "último informe; por rango. Nunca una suma de meses. El número de un rango vale hasta que se informa de nuevo, "
        "aunque sea cero.",
        entity=Kind.ACTIVITY,
        unit=Unit.PERSONS,
        nature=Nature.GAUGE,
        reader=Reader.RUNNING_SUM,
        counted=partial(officers, unit=_A_TIPS),
        area=Area.PROSECUTION,
        breakdowns=((), ("rank",)),
    ),
    Figure(
        number="R6c",
        name="social_workers",
        en="Social workers of the units of human services at the period’s end, as last reported. Never a sum over "
        "months.",
        es="Trabajadores sociales de las unidades de servicios humanos al final del período, según el último informe. "
        "Nunca una suma de meses.",
        entity=Kind.ACTIVITY,
        unit=Unit.PERSONS,
        nature=Nature.GAUGE,
        reader=Reader.RUNNING_SUM,
        counted=social_workers,
        area=Area.PROTECTION,
        breakdowns=((), ("unit",)),
    ),
)

PART: Final[Part[Strength]] = Part(
    name="staffing",
    kind=Kind.ACTIVITY,
    empty=MappingProxyType({}),
    folds={"bz.atips.unit.staffing_reported.v1": _reported},
    figures=FIGURES,
)
