"""A log in memory and a worker that counts it through the runtime's own fence: what the loop does, without Kafka."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

import asyncpg
import orjson
from typing_extensions import override

from schemas.codec import decode
from schemas.envelope import Event
from schemas.ids import kind_of
from schemas.required_copies import required
from schemas.times import Period
from schemas.topics import Deployment
from services.reporting.domain.cells.cells_from_items import CellKey
from services.reporting.handlers import Counter, Prepared
from services.reporting.store import Store
from services.runtime import fenced_positions
from services.runtime.fenced_positions import Position, PositionMove, TopicPart
from services.runtime.partitioner import partition_of
from services.runtime.postgres import borrow_connection
from services.runtime.record import Record
from tests.support.stopped_clock import StoppedClock

PARTITIONS = 2
DEPLOYMENT = Deployment(partitions=PARTITIONS)
NOW = datetime(2025, 3, 1, tzinfo=UTC)
TOPIC_IDS = {topic: UUID(int=number) for number, topic in enumerate(DEPLOYMENT.logs, start=1)}
EVERY = frozenset((topic, part) for topic in DEPLOYMENT.logs for part in range(PARTITIONS))


def accepted_ms(n: int) -> int:
    """When an event was accepted: one each minute."""
    return 1_740_000_000_000 + 60_000 * n


@dataclass(slots=True)
class Log:
    """The entity topics as intake's relay writes them."""

    records: dict[TopicPart, list[Record]] = field(default_factory=lambda: {key: [] for key in sorted(EVERY)})
    n: int = 0

    def write(self, payload: bytes) -> None:
        """Number an event and write it under each entity that it concerns."""
        self.n += 1
        for position, entity in enumerate(decode(payload).concerns()):
            self.put(
                DEPLOYMENT.log(kind_of(entity)), entity.encode(), payload, role=b"related" if position else b"primary"
            )

    def put(
        self, topic: str, key: bytes, payload: bytes, *, role: bytes = b"primary", number: bytes | None = None
    ) -> None:
        """Write one record as it is."""
        part = partition_of(key, PARTITIONS)
        here = self.records[topic, part]
        headers = [
            ("role", role),
            ("n", number if number is not None else b"%d" % self.n),
            ("accepted_at", b"%d" % accepted_ms(self.n if number is None or not number.isdigit() else int(number))),
        ]
        here.append(Record(topic, part, len(here), 0, key, payload, headers))

    def again(self, index: int) -> None:
        """Write some record a second time, as a relay that timed out does."""
        every = [record for here in self.records.values() for record in here]
        record = every[index % len(every)]
        here = self.records[record.topic, record.partition]
        here.append(Record(record.topic, record.partition, len(here), 0, record.key, record.value, record.headers))

    def elsewhere(self) -> None:
        """Write the last record of the first partition that has one into the other, as no client of ours does."""
        record = next(here[-1] for here in self.records.values() if here)
        part = 1 - record.partition
        here = self.records[record.topic, part]
        here.append(Record(record.topic, part, len(here), 0, record.key, record.value, record.headers))

    def progress(self) -> dict[int, dict[tuple[int, int], int]]:
        """Return the relay's present progress."""
        numbers = {topic: number for number, topic in enumerate(DEPLOYMENT.logs)}
        offsets = {(numbers[topic], part): len(here) - 1 for (topic, part), here in self.records.items() if here}
        return {self.n: offsets}


@dataclass(slots=True)
class RoutedLog(Log):
    """A log with all copies that corrections, retractions and merges bring about, late ones last."""

    events: dict[int, Event] = field(default_factory=dict)
    places: dict[int, frozenset[str]] = field(default_factory=dict)
    payloads: dict[int, bytes] = field(default_factory=dict)

    @override
    def write(self, payload: bytes) -> None:
        self.n += 1
        self.events[self.n], self.payloads[self.n] = decode(payload), payload
        now = required(self.events)
        for n in (self.n, *range(1, self.n)):
            for entity in sorted(now[n] - self.places.get(n, frozenset())):
                role = b"primary" if entity == self.events[n].concerns()[0] else b"related"
                topic = DEPLOYMENT.log(kind_of(entity))
                self.put(topic, entity.encode(), self.payloads[n], role=role, number=b"%d" % n)
        self.places = now


class Worker:
    """One copy of the service on some partitions."""

    def __init__(self, pool: asyncpg.Pool, version: str = "v1", remembered: int = 1_000_000_000) -> None:
        self.pool = pool
        self.store = Store(pool, version)
        self.counter = Counter(DEPLOYMENT, self.store, StoppedClock(NOW), remembered)
        self.positions: dict[TopicPart, Position] = {}

    async def assign(self, partitions: frozenset[TopicPart] = EVERY) -> None:
        await self.counter.reset(partitions)
        async with borrow_connection(self.pool) as connection, connection.transaction():
            for topic, topic_id in TOPIC_IDS.items():
                await fenced_positions.remember_topic(connection, topic, topic_id, PARTITIONS)
            taken = await fenced_positions.take_over(connection, {key: TOPIC_IDS[key[0]] for key in partitions})
            await self.counter.take_over(connection, partitions)
        self.positions |= taken

    def batch(self, log: Log, limit: int = 5_000) -> list[Record]:
        """The next records, at most so many of each partition."""
        return [
            record
            for key, position in self.positions.items()
            for record in log.records[key][position.next_offset : position.next_offset + limit]
        ]

    async def count(self, records: Sequence[Record]) -> Prepared:
        """Do one batch as the loop does it; what it raises leaves everything as it was, but for what is remembered."""
        stood = dict(self.positions)
        try:
            return await self.land(await self.prepare(records))
        except BaseException:
            self.positions = stood
            raise

    async def prepare(self, records: Sequence[Record]) -> tuple[Prepared, list[PositionMove]]:
        """Prepare one batch behind those that are prepared already."""
        ends = {(record.topic, record.partition): record.offset + 1 for record in records}
        prepared = await self.counter.prepare(records, NOW)
        moves = [PositionMove(self.positions[key], key[1], end) for key, end in ends.items()]
        for key, end in ends.items():
            self.positions[key] = Position(self.positions[key].topic_id, end, self.positions[key].epoch)
        return prepared, moves

    async def land(self, batch: tuple[Prepared, list[PositionMove]]) -> Prepared:
        """Land the oldest batch that is prepared."""
        prepared, moves = batch
        async with fenced_positions.fenced_transaction(self.pool, moves) as connection:
            await self.counter.apply(prepared, connection)
        await self.counter.committed(prepared)
        return prepared

    async def go_back(self) -> None:
        await self.counter.reset(frozenset(self.positions))
        async with borrow_connection(self.pool) as connection:
            self.positions = await fenced_positions.reread_positions(connection, self.positions)

    async def drain(self, log: Log, limit: int = 5_000, *, ahead: bool = False) -> None:
        """Count the rest of the log; `ahead`: each batch is prepared while the one before is in flight."""
        landing: asyncio.Task[Prepared] | None = None
        while records := self.batch(log, limit):
            batch = await self.prepare(records)
            if landing is not None:
                await landing
            landing = asyncio.create_task(self.land(batch))
            if not ahead:
                await landing
        if landing is not None:
            await landing


async def cells(
    connection: "asyncpg.Connection[asyncpg.Record]", version: str | None = None, known_at: int | None = None
) -> Mapping[CellKey, int]:
    """The cells of a version over all partitions; without one, those that are served."""
    source = "cell JOIN version USING (version) WHERE hash = $1 AND known_at IS NOT DISTINCT FROM $2"
    asked = (version, known_at)
    if known_at is not None:
        source = "edition_cell WHERE hash = $1 AND known_at = $2"
    if version is None:
        source, asked = "figure_cell WHERE $1::text IS NULL AND $2::bigint IS NULL", (None, None)
    rows = await connection.fetch(f"SELECT figure, on_from, on_to, again, dims, amount FROM {source}", *asked)
    found: dict[CellKey, int] = {}
    for row in rows:
        dims = tuple(sorted(orjson.loads(row["dims"]).items()))
        key = CellKey(row["figure"], row["on_from"], row["on_to"], row["again"], dims)
        found[key] = found.get(key, 0) + row["amount"]
    return {key: amount for key, amount in found.items() if amount}


YEAR = Period.parse("2024")
