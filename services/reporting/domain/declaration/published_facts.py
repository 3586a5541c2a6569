"""Published facts by agency and type, with the lag from fact to record. Each fact in force counts once.

Silence is judged by these counts, an agency's control total is held against them, and the time from a fact to its
record is the agency's publishing lag.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from itertools import starmap
from typing import Final, NamedTuple, TypeAlias

from schemas.envelope import Event
from schemas.ids import Kind
from schemas.times import belize_day
from schemas.type_table import FACTS
from services.reporting.domain.declaration.durations import DURATION
from services.reporting.domain.declaration.figure import (
    EVERY_COMMITTEE,
    Area,
    Counted,
    DateRole,
    Days,
    Figure,
    Reader,
    Unit,
)
from services.reporting.domain.declaration.part import Part, about, possible_days, speaker, values


class PublishedFact(NamedTuple):
    """A published fact: agency, type, days, day of the record, and lag in days.

    `lag` is None where what happened is known less exactly than to the day, or was recorded before it.
    """

    agency: str
    type: str
    days: Days | None
    recorded: Days
    lag: int | None


PublishedFacts: TypeAlias = tuple[PublishedFact, ...]
"""One for each fact."""

CLOSING: Final = "bz.atips.period.closed.v1"
"""Speaks of what was published, and is none of it."""

_NOTHING: Final[PublishedFacts] = ()


def _published(entity_id: str, published: PublishedFacts, event: Event) -> PublishedFacts:
    if about(event) != entity_id:
        return published
    return *published, _said(speaker(event), event.type, possible_days(event.occurred), belize_day(event.recordedtime))


# Of one sort are most facts of a day.
@lru_cache(maxsize=4_096)
def _said(agency: str, type_string: str, days: Days | None, recorded: date) -> PublishedFact:
    lag = None if days is None or days.first != days.last else (recorded - days.first).days
    return PublishedFact(agency, type_string, days, Days(recorded, recorded), lag if lag is None or lag >= 0 else None)


def facts_published(published: PublishedFacts) -> Iterator[Counted]:
    """The facts of each agency, type and day."""
    return starmap(_fact, Counter(published).items())


@lru_cache(maxsize=16_384)
def _fact(said: PublishedFact, number: int) -> Counted:
    return Counted(said.days, number, {"agency": (said.agency,), "type": (said.type,)})


def publishing_lag(published: PublishedFacts) -> Iterator[Counted]:
    """The days from each fact to its record, on the day of the record."""
    return map(_lag, published)


@lru_cache(maxsize=16_384)
def _lag(said: PublishedFact) -> Counted:
    dims = {"agency": (said.agency,), DURATION: values(None if said.lag is None else str(said.lag))}
    return Counted(said.recorded, None if said.lag is None else 1, dims)


def part_of(kind: Kind, *, name: str, letter: str, en: str, es: str) -> Part[PublishedFacts]:
    """The part that counts the facts of one kind of entity."""
    facts: Figure[PublishedFacts] = Figure(
        number=f"G2{letter}",
        name=name,
        en=f"Facts about {en} that happened in the period and were published, as they stand after corrections.",
        es=f"Hechos sobre {es} ocurridos en el período y publicados, tal como quedan tras las correcciones.",
        entity=kind,
        unit=Unit.FACTS,
        counted=facts_published,
        area=Area.PARTNERSHIP,
        seen_by=EVERY_COMMITTEE,
        breakdowns=((), ("agency", "type")),
    )
    lag: Figure[PublishedFacts] = Figure(
        number=f"G5{letter}",
        name=f"publishing_lag_{kind.name.lower()}",
        en=f"Days from the day on which something about {en} happened to the day on which the agency recorded it, for "
        "what was recorded in the period: the median. What was corrected counts from its correction.",
        es=f"Días desde que ocurrió un hecho sobre {es} hasta que la institución lo registró, para lo registrado "
        "en el período: la mediana. Lo corregido cuenta desde su corrección.",
        entity=kind,
        unit=Unit.DAYS,
        date_role=DateRole.RECORDED,
        reader=Reader.QUANTILE,
        counted=publishing_lag,
        area=Area.PARTNERSHIP,
        seen_by=EVERY_COMMITTEE,
        breakdowns=((), ("agency",)),
        over=DURATION,
    )
    types = [each for each, row in FACTS.items() if row.primary is kind and each != CLOSING]
    return Part(name, kind, _NOTHING, dict.fromkeys(types, _published), (facts, lag), whatever_is_said=True)
