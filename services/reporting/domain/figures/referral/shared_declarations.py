"""Functions that declare figures of referrals, which count by the dimensions of their sending."""

from collections.abc import Callable, Iterable
from typing import Final

from schemas.ids import Kind
from services.reporting.domain.declaration.figure import Area, Counted, Figure, Unit
from services.reporting.domain.figures.referral.state import ReferralRecord

AS_SENT: Final[tuple[tuple[str, ...], ...]] = (
    (),
    ("to_agency",),
    ("from_agency",),
    ("urgency",),
    ("service_type",),
    ("to_agency", "urgency"),
)


def flow(
    *,
    number: str,
    name: str,
    en: str,
    es: str,
    counted: Callable[[ReferralRecord], Iterable[Counted]],
    unit: Unit = Unit.REFERRALS,
    breakdowns: tuple[tuple[str, ...], ...] = AS_SENT,
    part_of: str | None = None,
) -> Figure[ReferralRecord]:
    """Declare a flow figure. With the unit PERSONS, a person counts once in a period; else every item counts."""
    return Figure(
        number=number,
        name=name,
        en=en,
        es=es,
        entity=Kind.PERSON,
        unit=unit,
        counted=counted,
        area=Area.PROTECTION,
        breakdowns=breakdowns,
        distinct=unit is Unit.PERSONS,
        part_of=part_of,
    )
