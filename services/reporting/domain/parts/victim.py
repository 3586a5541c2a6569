"""A person as a victim: so far, who was arrested in connection with them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from schemas.ids import Kind
from schemas.justice.police import ArrestMadeV1
from schemas.times import Interval
from services.reporting.domain.figure import (
    FIRST_REPORT,
    JUSTICE,
    NEVER,
    Area,
    Counted,
    DateRole,
    Figure,
    Nature,
    Reader,
    Unit,
)
from services.reporting.domain.part import Part, having, surely

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, slots=True)
class Victim:
    """`named_by`: arrests of others that name this person as a victim: (arrested person, arrest) and when."""

    named_by: Mapping[tuple[str, str], Interval | None] = field(default_factory=dict)


def _arrest_made(person: str, victim: Victim, event: ArrestMadeV1) -> Victim:
    data = event.data
    if data.person == person or person not in data.linked_victims:
        return victim
    return replace(victim, named_by=having(victim.named_by, (data.person, data.arrest), event.occurred))


def suspects_of_victim(victim: Victim) -> Iterator[Counted]:
    """How many arrested persons are linked to this victim, from the day on which the number surely is reached."""
    reached: dict[str, date] = {}
    for (suspect, _), arrested in victim.named_by.items():
        day = NEVER if arrested is None else arrested.last_day
        reached[suspect] = min(day, reached.get(suspect, NEVER))
    days = sorted(day for day in reached.values() if day != NEVER)
    for number, day in enumerate(days, start=1):
        until = surely(day, days[number] if number < len(days) else NEVER)
        if until is not None:
            yield Counted(until, dims={"suspects": (str(number),)})
    if len(days) < len(reached):
        yield Counted(None, len(reached) - len(days), {"suspects": (str(len(reached)),)})


FIGURES: Final[tuple[Figure[Victim], ...]] = (
    Figure(
        number="O12",
        name="suspects_of_one_victim",
        en="The most persons arrested in connection with one and the same victim, by the end of the period.",
        es="El mayor número de personas detenidas en relación con una misma víctima, al final del período.",
        entity=Kind.PERSON,
        unit=Unit.PERSONS,
        nature=Nature.GAUGE,
        date_role=DateRole.OCCURRED,
        reader=Reader.MAXIMUM,
        counted=suspects_of_victim,
        area=Area.PROSECUTION,
        seen_by=JUSTICE,
        over="suspects",
        valid_from=FIRST_REPORT,
    ),
)

PART: Final = Part(
    name="victim",
    kind=Kind.PERSON,
    empty=Victim(),
    folds={"bz.atips.arrest.made.v1": _arrest_made},
    figures=FIGURES,
)
