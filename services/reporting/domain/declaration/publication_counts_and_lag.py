"""Figures of published facts by agency and type, and of the days from fact to record. Each fact in force counts once.

The counts show which expected reports are missing, and are compared with the control totals of agencies. The days from
a fact to its record are the agency's publishing lag.
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
from services.reporting.domain.declaration.entity_state_part import (
    Part,
    possible_days,
    primary_entity_of,
    speaker,
    values,
)
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


class PublishedFact(NamedTuple):
    """A published fact: agency, event type, days that it may lie on, day of its record, and lag in days.

    `lag` is None if the fact is not known to the day, or was recorded before the day on which it happened.
    """

    agency: str
    type: str
    days: Days | None
    recorded: Days
    lag: int | None


PublishedFacts: TypeAlias = tuple[PublishedFact, ...]
"""Published facts of one entity, one item for each fact."""

CLOSING: Final = "bz.atips.period.closed.v1"
"""Event type of a period's closing. It states how much was published, so it does not count as a published fact."""

_NOTHING: Final[PublishedFacts] = ()


def _published(entity_id: str, published: PublishedFacts, event: Event) -> PublishedFacts:
    if primary_entity_of(event) != entity_id:
        return published
    return *published, _said(speaker(event), event.type, possible_days(event.occurred), belize_day(event.recordedtime))


# Most facts of a day have the same agency, type and days.
@lru_cache(maxsize=4_096)
def _said(agency: str, type_string: str, days: Days | None, recorded: date) -> PublishedFact:
    lag = None if days is None or days.first != days.last else (recorded - days.first).days
    return PublishedFact(agency, type_string, days, Days(recorded, recorded), lag if lag is None or lag >= 0 else None)


def facts_published(published: PublishedFacts) -> Iterator[Counted]:
    """Yield one item for each agency, event type and span of days; its amount is the number of such facts."""
    return starmap(_fact, Counter(published).items())


@lru_cache(maxsize=16_384)
def _fact(said: PublishedFact, number: int) -> Counted:
    return Counted(said.days, number, {"agency": (said.agency,), "type": (said.type,)})


def publishing_lag(published: PublishedFacts) -> Iterator[Counted]:
    """Yield one item for each fact: the days from the fact to its record, on the day of the record."""
    return map(_lag, published)


@lru_cache(maxsize=16_384)
def _lag(said: PublishedFact) -> Counted:
    dims = {"agency": (said.agency,), DURATION: values(None if said.lag is None else str(said.lag))}
    return Counted(said.recorded, None if said.lag is None else 1, dims)


def part_of(kind: Kind, *, name: str, letter: str, en: str, es: str) -> Part[PublishedFacts]:
    """Declare the part, with figures `G2<letter>` and `G5<letter>`, that counts the facts of one kind of entity."""
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
    return Part(
        f"published_{name}", kind, _NOTHING, dict.fromkeys(types, _published), (facts, lag), whatever_is_said=True
    )
