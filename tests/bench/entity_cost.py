"""Cost of one more event for an entity with many events, and the number of cells that an event moves: the domain alone.

Nothing is read or written; decoding the event is in it.
"""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from statistics import median
from typing import Final
from uuid import UUID

from asyncpg.pgproto import pgproto

from schemas.codec import decode
from schemas.ids import Kind, bits, from_bits, kind_of
from schemas.topics import Deployment
from services.reporting.domain.cells.counted_items import Tally
from services.reporting.domain.ledger.entity import Entity, empty_entity, with_rows
from services.reporting.domain.ledger.event_row import LedgerRow
from tests.bench.workload import Sent, about

SIZES: Final = (10, 100, 1_000)
TYPES: Final = ("service.provided", "victim.identified", "referral.sent")
"""Types of events of which a person has many, and of which another one comes."""
_MORE: Final = 15
_TOPICS: Final = tuple(Deployment().logs.values())
_PERSON: Final = from_bits(Kind.PERSON, UUID(int=1 << 100))


def one_more(name: str, size: int) -> float:
    """Milliseconds of CPU for an event of a type on a person who has so many of it: the median of some."""
    before, more = person_with(name, size)
    found = []
    for row in more:
        begun = time.thread_time()
        count(before, row)
        found.append(time.thread_time() - begun)
    return median(found) * 1e3


def person_with(name: str, size: int) -> tuple[Entity, list[LedgerRow]]:
    """Give a person with so many events of a type, and some rows more of that type."""
    rows = list(_rows(_PERSON, (each.raw for each in about(_PERSON, name, 1, size + _MORE))))
    before = with_rows(empty_entity(_PERSON), rows[:size])
    assert before.parked is None
    return before, rows[size:]


def count(before: Entity, row: LedgerRow) -> None:
    """Count one row more of an entity, as reporting does."""
    tally = Tally()
    tally.add(before.counts, with_rows(before, [row]).counts)
    tally.cells()


def costs() -> Mapping[str, Mapping[int, float]]:
    """Milliseconds for one more event, by its type and by how many there are."""
    return {name: {size: one_more(name, size) for size in SIZES} for name in TYPES}


def moved(sent: Iterable[Sent]) -> float:
    """Cells that a copy of these events moves, on average, where each is counted when it comes."""
    entities: dict[str, Entity] = {}
    copies = cells = 0
    for n, each in enumerate((each for each in sent if each.copies), start=1):
        for entity in decode(each.raw).concerns():
            before = entities.get(entity) or empty_entity(entity)
            entities[entity] = after = with_rows(before, [_row(entity, each.raw, n)])
            tally = Tally()
            tally.add(before.counts, after.counts)
            copies, cells = copies + 1, cells + len(tally.cells())
    return cells / copies


def _rows(entity: str, payloads: Iterable[bytes]) -> Iterator[LedgerRow]:
    return (_row(entity, raw, n) for n, raw in enumerate(payloads, start=1))


def _row(entity: str, raw: bytes, n: int) -> LedgerRow:
    event = decode(raw)
    concerned: Sequence[str] = event.concerns()
    return LedgerRow(
        n=n,
        topic=_TOPICS.index(kind_of(entity)),
        part=0,
        off=n,
        entity=pgproto.UUID(bits(entity).bytes),
        source=event.source,
        id=pgproto.UUID(event.id),
        primary_copy=entity == concerned[0],
        accepted_at=1_740_000_000_000 + n,
        payload=raw,
    )
