"""Process a batch of the log: append rows, add differences to cells, withhold entities that cannot be folded.

Entities are cached, and folded again from the ledger on a miss. The cache is ahead of the database by the uncommitted
batch only. It is cleared whenever a batch is not known to be committed.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from operator import attrgetter
from typing import Final, Protocol
from uuid import UUID

import structlog

from schemas.ids import Kind, from_bits
from schemas.topics import Deployment
from services.reporting.domain.cells.cells_from_items import CellKey
from services.reporting.domain.cells.counted_items import Tally
from services.reporting.domain.ledger.entity import Entity, Parking, empty_entity, new_rows, with_rows
from services.reporting.domain.ledger.event_row import LedgerRow, LogPartition
from services.reporting.entity_cache import EntityCache, EntityPlace
from services.reporting.rows_from_log import ledger_row_of
from services.reporting.version_catch_up import CountedLedger, count_to_stored_position
from services.runtime import metrics, tracing
from services.runtime.clock import Clock
from services.runtime.failpoints import failpoint
from services.runtime.fenced_positions import TopicPart
from services.runtime.handler import slices_with_pauses
from services.runtime.postgres import Connection
from services.runtime.record import Record

REMEMBERED: Final = 1_000_000_000
"""Default size of the entity cache in bytes, enough for some 30,000 entities with four events each."""

_ACCEPTED_AT: Final = attrgetter("accepted_at")

log = structlog.get_logger()


class Ledger(CountedLedger, Protocol):
    """The handler's port to reporting's tables. Each method but `rows` runs in the given connection's transaction."""

    def forget(self) -> None:
        """Clear cached numbers of versions and sources, because the transaction that read them may have rolled back."""

    async def rows(self, wanted: Iterable[tuple[int, UUID]]) -> list[LedgerRow]:
        """Return every committed row of the wanted entities. `wanted`: pairs of (topic's number, bits of the id)."""
        ...

    async def append(self, connection: Connection, rows: Sequence[LedgerRow]) -> None:
        """Append rows to the ledger. Raises `Conflict` if one of them is in it already."""

    async def advance(
        self, connection: Connection, counted: Mapping[LogPartition, tuple[int, int]], sources: Collection[str]
    ) -> None:
        """Store that this version has counted each partition from its batch's first offset to the next offset.

        `counted`: (first offset of the batch, next offset) by partition. `sources`: sources of the appended rows.
        Raises `Halt` if a partition's cells were not at the first offset.
        """


@dataclass(slots=True)
class Prepared:
    """Changes that one batch will write.

    `changes`: amounts to add to cells. `parkings`: newly withheld entities; None for one that is withheld no longer.
    `counted`: first and next offset of each partition. `members`: entities put into the cache. `oldest_ms`: earliest
    acceptance among the rows, in Unix ms.
    """

    rows: list[LedgerRow] = field(default_factory=list)
    changes: dict[LogPartition, dict[CellKey, int]] = field(default_factory=dict)
    parkings: dict[EntityPlace, Parking | None] = field(default_factory=dict)
    counted: dict[LogPartition, tuple[int, int]] = field(default_factory=dict)
    members: list[EntityPlace] = field(default_factory=list)
    oldest_ms: int | None = None
    began: int = field(default_factory=tracing.begin)
    """Start time of the preparation, for traces."""


class Counter:
    """Handler of the log's topics: it appends rows and counts each event once, also when a batch is repeated."""

    def __init__(self, deployment: Deployment, ledger: Ledger, clock: Clock, remembered: int = REMEMBERED) -> None:
        self._topics = {topic: number for number, topic in enumerate(deployment.logs)}
        self._kinds: tuple[Kind, ...] = tuple(deployment.logs.values())
        self._partitions = deployment.partitions
        self._ledger = ledger
        self._clock = clock
        self._memory = EntityCache(remembered)

    async def reset(self, assigned: Collection[TopicPart]) -> None:
        """Clear the cache, when partitions are assigned anew."""
        del assigned
        self._memory.clear()
        self._ledger.forget()

    async def take_over(self, connection: Connection, partitions: Collection[TopicPart]) -> None:
        """Count the ledger's rows that this version's cells lack, up to the stored position of each partition."""
        self._ledger.forget()  # an earlier try may have been rolled back
        for topic, part in sorted(partitions):
            number = self._topics[topic]
            counted = await count_to_stored_position(
                self._ledger, connection, topic, (number, part), self._kinds[number]
            )
            if counted:
                log.info("counted anew", topic=topic, partition=part, count=counted)

    async def prepare(self, records: Sequence[Record], now: datetime) -> Prepared:
        """Work out the rows, cell changes and parkings of a batch. Nothing is written to the database."""
        del now
        prepared = Prepared()
        arrived: dict[EntityPlace, list[LedgerRow]] = defaultdict(list)
        async for some in slices_with_pauses(records):
            for record in some:
                number = self._topics[record.topic]
                place = number, record.partition
                row = ledger_row_of(record, number, self._kinds[number], self._partitions)
                arrived[place, row.entity].append(row)
                first, _ = prepared.counted.get(place, (record.offset, 0))
                prepared.counted[place] = first, record.offset + 1
        before = await self._known(arrived)
        tallies: dict[LogPartition, Tally] = defaultdict(Tally)
        async for several in slices_with_pauses(arrived.items()):
            for member, rows in several:
                self._change(prepared, tallies[member[0]], member, before[member], rows)
        prepared.changes = {place: tally.cells() for place, tally in tallies.items()}
        prepared.oldest_ms = min(map(_ACCEPTED_AT, prepared.rows), default=None)
        return prepared

    async def apply(self, prepared: Prepared, connection: Connection) -> None:
        """Write a prepared batch, in the fenced transaction."""
        await self._ledger.append(connection, prepared.rows)
        failpoint("reporting.appended")
        await self._ledger.count(connection, prepared.changes)
        await self._ledger.park(connection, prepared.parkings)
        await self._ledger.advance(connection, prepared.counted, {row.source for row in prepared.rows})
        failpoint("reporting.counted")

    async def committed(self, prepared: Prepared) -> None:
        """Release the batch's entities in the cache, and observe the metric of freshness: seconds since acceptance."""
        self._memory.note_committed(prepared.members)
        tracing.done("count", (row.payload for row in prepared.rows if row.primary_copy), prepared.began)
        if prepared.oldest_ms is not None:
            accepted_at = datetime.fromtimestamp(prepared.oldest_ms / 1000, UTC)
            metrics.FRESHNESS.observe((self._clock.now() - accepted_at).total_seconds())

    def _change(
        self, prepared: Prepared, tally: Tally, member: EntityPlace, before: Entity, rows: Sequence[LedgerRow]
    ) -> None:
        after = with_rows(before, rows)
        if after is before:
            return
        prepared.rows += new_rows(before, after)
        tally.add(before.counts, after.counts)
        if after.parked != before.parked:
            prepared.parkings[member] = after.parked
        self._memory.put(member, after)
        prepared.members.append(member)

    async def _known(self, members: Collection[EntityPlace]) -> Mapping[EntityPlace, Entity]:
        """Return each member's entity before this batch, from the cache or folded from the ledger.

        One query reads the ledger for all entities that are not in the cache.
        """
        found: dict[EntityPlace, Entity] = {}
        kept: dict[EntityPlace, list[LedgerRow]] = {}
        for member in members:
            entity = self._memory.get(member)
            if entity is None:
                kept[member] = []
            else:
                found[member] = entity
        for row in await self._ledger.rows((topic, ent) for (topic, _), ent in kept) if kept else ():
            if (row.place, row.entity) in kept:
                kept[row.place, row.entity].append(row)
        found |= {member: self._folded(member, rows) for member, rows in kept.items()}
        return found

    def _folded(self, member: EntityPlace, rows: Sequence[LedgerRow]) -> Entity:
        (topic, _), ent = member
        return with_rows(empty_entity(from_bits(self._kinds[topic], ent)), rows)
