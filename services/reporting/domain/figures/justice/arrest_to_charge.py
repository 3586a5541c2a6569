"""Part of a person: the time in minutes from each arrest to the first charge after it. The law limits this time."""

from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from schemas.ids import Kind
from schemas.justice.charges import ChargeFiledV1, ChargeWithdrawnV1, VerdictReturnedV1
from schemas.justice.police import ArrestMadeV1
from schemas.times import Interval
from services.reporting.domain.declaration.durations import duration, duration_items, starts_with_stops
from services.reporting.domain.declaration.entity_state_part import Part, owners_statement, with_entry
from services.reporting.domain.declaration.figure import Area, Counted, Figure, Unit
from services.reporting.domain.facts.charges_filed_again import EndedCharges, is_filed_again, with_end, with_former
from services.reporting.domain.facts.fact_owner import WitnessedFact, charge_by_witness


class ArrestsAndCharges(Struct, frozen=True):
    """The times of a person's arrests and charges, by the ids of the arrests and charges.

    `ended`: charges that may be filed again.
    """

    arrests: Mapping[str, Interval | None] = field(default_factory=dict)
    charges: Mapping[str, WitnessedFact] = field(default_factory=dict)
    ended: EndedCharges = field(default_factory=dict)


def _arrest_made(person: str, custody: ArrestsAndCharges, event: ArrestMadeV1) -> ArrestsAndCharges:
    if event.data.person != person:
        return custody
    return replace(custody, arrests=with_entry(custody.arrests, event.data.arrest, event.occurred))


def _charge_filed(person: str, custody: ArrestsAndCharges, event: ChargeFiledV1) -> ArrestsAndCharges:
    if event.data.person != person:
        return custody
    charge, charges, ended = event.data.charge, custody.charges, custody.ended
    if is_filed_again(ended, event):
        charges, ended = with_former(charges, ended, charge)
    told = owners_statement(charges.get(charge), WitnessedFact(event.occurred, charge_by_witness(event)))
    return replace(custody, charges=with_entry(charges, charge, told), ended=ended)


def _charge_ended(
    person: str, custody: ArrestsAndCharges, event: ChargeWithdrawnV1 | VerdictReturnedV1
) -> ArrestsAndCharges:
    return custody if event.data.person != person else replace(custody, ended=with_end(custody.ended, event))


def arrest_to_charge(custody: ArrestsAndCharges) -> Iterator[Counted]:
    """Yield for each arrest the minutes to the first charge after it. A charge after the next arrest is not used."""
    charges = (each.happened for each in custody.charges.values())
    for arrested, charged in starts_with_stops(custody.arrests.values(), charges):
        yield from duration_items(arrested, charged, Unit.MINUTES)


FIGURES: Final[tuple[Figure[ArrestsAndCharges], ...]] = (
    duration(
        number="T11",
        name="arrest_to_charge",
        en="Minutes from an arrest to the first charge after it, by the day of the charge: the median; "
        "arrests without a charge so far are beside it.",
        es="Minutos desde una detención hasta el primer cargo posterior, según el día del cargo: la mediana; "
        "las detenciones aún sin cargo figuran aparte.",
        entity=Kind.PERSON,
        unit=Unit.MINUTES,
        counted=arrest_to_charge,
        area=Area.PROSECUTION,
    ),
)

PART: Final = Part(
    name="arrest_to_charge",
    kind=Kind.PERSON,
    empty=ArrestsAndCharges(),
    folds={
        "bz.atips.arrest.made.v1": _arrest_made,
        "bz.atips.charge.filed.v1": _charge_filed,
        "bz.atips.charge.withdrawn.v1": _charge_ended,
        "bz.atips.verdict.returned.v1": _charge_ended,
    },
    figures=FIGURES,
)
