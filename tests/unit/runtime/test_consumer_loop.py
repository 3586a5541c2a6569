"""The one loop over a real PostgreSQL and a log in memory: once in effect, whatever fails and whoever takes over."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias, cast
from uuid import UUID

import asyncpg
import pytest
from typing_extensions import override

from services.runtime import batch, consumer_loop, fenced_positions, record_buffer, sender_throttling
from services.runtime.clock import SystemClock
from services.runtime.consumer_loop import Stream
from services.runtime.errors import Fenced, Halt, Outside, Retryable, TooSlow
from services.runtime.fenced_positions import TopicPart
from services.runtime.postgres import Connection
from services.runtime.record import Record
from services.runtime.threaded_consumer import Assigned, Revoked, Transport
from tests.support.pipeline import awaited
from tests.support.run_in_background import running
from tests.unit.runtime.conftest import Alter

TOPIC, FURTHER = "a.topic", "another.topic"
TOPICS = {TOPIC: 2}
IDS = {TOPIC: UUID(int=1), FURTHER: UUID(int=2)}
PLACES = [(TOPIC, 0), (TOPIC, 1)]
# Records, and whether they go on where the cache was: else something has failed since, and nobody lands them.
Prepared: TypeAlias = tuple[Sequence[Record], bool]
AWAY, A_KEY = "_TRANSPORT", "a_key"

_NOTE = "INSERT INTO outbox (id, topic, type, value) VALUES ($1, $2, '', '')"


@dataclass
class Log:
    """Partitions, and a reader of them whose assignment changes when it is told to, within a poll as the client's."""

    ends: dict[TopicPart, int] = field(default_factory=lambda: dict.fromkeys(PLACES, 0))
    topics: dict[str, int] = field(default_factory=lambda: dict(TOPICS))
    changes: list[Callable[[], Awaitable[None]]] = field(default_factory=list)
    next: dict[TopicPart, int] = field(default_factory=dict)
    acknowledged: dict[TopicPart, int] = field(default_factory=dict)
    subscribed: list[str] = field(default_factory=list)
    left: int = 0
    closed: bool = False
    held: set[TopicPart] = field(default_factory=set)
    times_held: int = 0
    begins: dict[TopicPart, int] = field(default_factory=dict)
    lies: dict[TopicPart, dict[int, int]] = field(default_factory=dict)
    """Of records by their offset, the offset that their sender gave them."""
    fail: Callable[[], None] = lambda: None

    async def describe(self, topics: Sequence[str]) -> dict[str, tuple[UUID, int]]:
        self.fail()
        return {topic: (IDS[topic], self.topics[topic]) for topic in topics}

    async def existing_topics(self, topics: Mapping[str, int]) -> list[str]:
        self.fail()
        return [topic for topic in topics if topic in self.topics]

    def subscribe(self, topics: Sequence[str], assigned: Assigned, revoked: Revoked) -> None:
        self._assigned, self._revoked = assigned, revoked
        new = [topic for topic in topics if topic not in self.subscribed]
        self.subscribed += new
        self.changes.append(lambda: self.given([place for place in self.ends if place[0] in new]))

    async def given(self, places: Sequence[TopicPart]) -> None:
        self.held -= set(places)
        self.next |= await self._assigned(frozenset(places))

    async def taken(self, places: Sequence[TopicPart]) -> None:
        await self._revoked(frozenset(places))
        for place in places:
            del self.next[place]

    async def hold(self, places: Sequence[TopicPart]) -> None:
        self.held |= set(places)
        self.times_held += 1

    async def release(self, places: Sequence[TopicPart]) -> None:
        self.held -= set(places)

    async def poll(self, limit: int, seconds: float = 0.1) -> list[Record]:
        await asyncio.sleep(0.001)
        while self.changes:
            await self.changes.pop(0)()
        self.fail()
        found: list[Record] = []
        for place, begin in self.next.items():
            if place in self.held:
                continue
            if not self.begins.get(place, 0) <= begin <= self.ends[place]:
                outside = Outside(f"the stored position lies outside the log of {place[0]}")
                outside.place = place
                raise outside
            end = min(self.ends[place], begin + limit - len(found))
            given = [self.lies.get(place, {}).get(offset, offset) for offset in range(begin, end)]
            found += [Record(*place, offset, 0, None, b"", ()) for offset in given if offset >= begin]
            self.next[place] = max([end, *(offset + 1 for offset in given[-1:])])
        return found

    async def bounds(self, place: TopicPart) -> tuple[int, int]:
        return self.begins.get(place, 0), self.ends[place]

    async def seek(self, offsets: Mapping[TopicPart, int]) -> None:
        self.next.update(offsets)

    def acknowledge(self, offsets: Mapping[TopicPart, int]) -> None:
        self.acknowledged.update(offsets)

    async def leave(self) -> None:
        self.left += 1
        self.changes.clear()
        self.subscribed.clear()
        await self.taken(list(self.next))

    async def close(self) -> None:
        self.closed = True


class Notes:
    """Notes each record once, and remembers how far it is as a fold does: what is cached must go on where it was."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self.cached: dict[TopicPart, int] = {}
        self.sizes: list[int] = []
        self.failures: list[Exception | None] = []
        self.holding: asyncio.Event | None = None
        self.landing = 0
        self.preparing = 0
        self.begun: asyncio.Event | None = None

    async def reset(self, assigned: frozenset[TopicPart]) -> None:
        assert (self.landing, self.preparing) == (0, 0)
        self.cached.clear()

    async def take_over(self, connection: Connection, partitions: frozenset[TopicPart]) -> None:
        """Nothing is owed."""

    async def prepare(self, records: Sequence[Record], now: datetime) -> Prepared:
        self.preparing += 1
        try:
            return await self._prepared(records)
        finally:
            self.preparing -= 1

    async def _prepared(self, records: Sequence[Record]) -> Prepared:
        stored = "SELECT topic, part, next_offset FROM position"
        if not self.cached:
            self.cached = {(row["topic"], row["part"]): row["next_offset"] for row in await self._pool.fetch(stored)}
        if self.begun is not None:
            await self.begun.wait()
        sound = True
        for record in records:
            sound &= self.cached[record.topic, record.partition] == record.offset
            self.cached[record.topic, record.partition] = record.offset + 1
        return records, sound

    async def apply(self, prepared: Prepared, connection: Connection) -> None:
        records, sound = prepared
        self.landing += 1
        try:
            assert (self.landing, sound) == (1, True)
            if self.holding is not None:
                await self.holding.wait()
            failure = self.failures.pop(0) if self.failures else None
            if failure is not None:
                raise failure
            for each in records:
                await connection.execute(_NOTE, _id(each), each.topic)
        finally:
            self.landing -= 1

    async def committed(self, prepared: Prepared) -> None:
        self.sizes.append(len(prepared[0]))


def _id(record: Record) -> UUID:
    return UUID(int=IDS[record.topic].int << 64 | record.partition << 32 | record.offset)


@pytest.fixture(autouse=True)
def _fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "_BACKOFF_SECONDS", (0.001,))
    monkeypatch.setattr(consumer_loop, "_LOOK_SECONDS", 0.01)


def reading(
    log: Log,
    pool: asyncpg.Pool,
    notes: Notes,
    *,
    size: int = 5,
    **more: Any,  # noqa: ANN401 - of many kinds
) -> AbstractAsyncContextManager["asyncio.Task[None]"]:
    stream = Stream(
        transport=cast("Transport", log), topics=TOPICS, pool=pool, handler=notes, clock=SystemClock(), batch=size,
        **more,
    )  # fmt: skip
    return running(stream.run)


async def noted(pool: asyncpg.Pool, topic: str = TOPIC) -> list[list[int]]:
    """Give the offsets of each partition, in the order in which they were noted."""
    rows = await pool.fetch("SELECT id FROM outbox WHERE topic = $1 ORDER BY seq", topic)
    numbers = [divmod(row["id"].int & 0xFFFFFFFFFFFFFFFF, 1 << 32) for row in rows]
    return [[offset for found, offset in numbers if found == part] for part in range(2)]


async def stored(pool: asyncpg.Pool) -> dict[TopicPart, int]:
    rows = await pool.fetch("SELECT topic, part, next_offset FROM position")
    return {(row["topic"], row["part"]): row["next_offset"] for row in rows}


async def read(pool: asyncpg.Pool, log: Log, task: "asyncio.Task[None]") -> None:
    """Wait until all of the log is handled, or the loop has ended."""

    async def all_of_it() -> bool:
        return task.done() or await stored(pool) == log.ends

    await awaited(all_of_it, "all of it is handled")


@pytest.mark.parametrize("how", ["one by one", "ahead", "in turns", "giving up"])
@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_each_record_counts_once_and_in_order_whatever_fails(
    pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch, seed: int, how: str
) -> None:
    """Steps fail, outcomes are unknown, partitions go, come again and are held, while batches are in flight."""
    dice, log, notes = random.Random(seed), Log(), Notes(pool)
    monkeypatch.setattr(sender_throttling, "_LONGEST_SECONDS", 0.01)
    if how == "giving up":
        monkeypatch.setattr(batch, "_GIVE_UP_SECONDS", 0.0)
    pace: dict[str, Any] = {"pace": lambda _: float(dice.random() < 0.1)} if how == "in turns" else {}

    def fail(_: str = "") -> None:
        if dice.random() < 0.02:
            raise Retryable(AWAY)

    for module in (batch, fenced_positions, consumer_loop):
        monkeypatch.setattr(module, "failpoint", fail)
    log.fail = fail
    async with reading(log, pool, notes, ahead=how != "one by one", **pace) as task:
        for _ in range(40):
            log.ends[dice.choice(PLACES)] += dice.randrange(30)
            if not dice.randrange(4):
                place = dice.choice(PLACES)
                if place in log.next:
                    log.changes.append(lambda place=place: log.taken([place]))  # type: ignore[misc]
                    log.changes.append(lambda place=place: log.given([place]))  # type: ignore[misc]
            await asyncio.sleep(0.005)
        await read(pool, log, task)
    await task
    assert await noted(pool) == [list(range(log.ends[place])) for place in PLACES]
    assert all(log.acknowledged[place] <= end for place, end in log.ends.items())
    assert max(notes.sizes) <= 5


class Slow(Notes):
    """Never notes the records at some places in time; what is set aside it notes at once, if the database lets it."""

    def __init__(self, pool: asyncpg.Pool, *slow: int) -> None:
        super().__init__(pool)
        self.slow = set(slow)
        self.tried: list[list[int]] = []
        self.hangs = False

    @override
    async def apply(self, prepared: Prepared, connection: Connection) -> None:
        offsets = [each.offset for each in prepared[0]]
        self.tried.append(offsets)
        if self.hangs or self.slow.intersection(offsets):
            raise TooSlow(AWAY)
        await super().apply(prepared, connection)


class SlowAndAside(Slow):
    """Besides, it can go past a record."""

    def leave_out_slow_work(self, at: tuple[str, int, int] | None) -> None:
        if at is None:
            self.hangs = False
        else:
            self.slow.discard(at[2])


async def test_a_batch_that_is_too_slow_is_halved_until_the_record_stands_alone(pool: asyncpg.Pool) -> None:
    log, notes = Log(), SlowAndAside(pool, 37)
    log.ends[PLACES[0]] = 100
    async with reading(log, pool, notes, size=64) as task:
        await read(pool, log, task)
    await task
    assert await noted(pool) == [list(range(100)), []]
    alone = notes.tried.index([37])
    # Each half of what was too slow, and no record twice but in it: 64, 32 that land, then 16, 8, 4, 2, 1.
    assert [len(each) for each in notes.tried[:alone]] == [64, 32, 32, 16, 8, 4, 4, 2, 1]
    assert notes.tried[alone : alone + 4] == [[37]] * 4
    assert max(map(len, notes.tried[alone + 4 :])) > 1
    assert notes.sizes[-1] == 62


async def test_a_record_that_nobody_can_set_aside_holds_its_place_and_is_tried_alone(pool: asyncpg.Pool) -> None:
    log, notes = Log(), Slow(pool, 2)
    log.ends[PLACES[0]] = 5
    async with reading(log, pool, notes) as task:
        await awaited(lambda: _true(notes.tried.count([2]) > 5), "it is tried again")
        notes.slow.clear()
        await read(pool, log, task)
    await task
    assert await noted(pool) == [list(range(5)), []]


async def test_a_database_that_hangs_sets_nothing_aside(pool: asyncpg.Pool) -> None:
    log, notes = Log(), SlowAndAside(pool)
    notes.hangs = True
    log.ends[PLACES[0]] = 5
    async with reading(log, pool, notes) as task:
        await read(pool, log, task)
    await task
    # Alone, three times, then once set aside; that was too slow as well, so it was the database.
    assert notes.tried.count([0]) >= 4
    assert await noted(pool) == [list(range(5)), []]


async def _true(value: bool) -> bool:
    return value


async def test_the_partition_that_brings_much_is_not_read_before_the_one_that_brings_little(
    pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record_buffer, "AMONG", 10)
    log, notes = Log(), Slow(pool)
    log.ends.update({PLACES[0]: 100, PLACES[1]: 3})
    async with reading(log, pool, notes, size=200, ahead=True, pace=lambda _: 0.0) as task:
        await read(pool, log, task)
    await task
    assert notes.tried[0] == [0, 1, 2, *range(7)]
    assert await noted(pool) == [list(range(100)), list(range(3))]


async def test_a_partition_beyond_its_share_is_left_alone_and_the_others_are_read(pool: asyncpg.Pool) -> None:
    log, notes = Log(), Notes(pool)
    beyond = True
    log.ends.update({PLACES[0]: 50, PLACES[1]: 3})

    def pace(place: TopicPart) -> float:
        return 0.5 if beyond and place == PLACES[0] else 0.0

    async with reading(log, pool, notes, ahead=True, pace=pace) as task:
        await awaited(lambda: _true(PLACES[0] in log.held), "it is held")
        log.ends[PLACES[1]] = 20

        async def others() -> bool:
            return (await stored(pool))[PLACES[1]] == 20

        await awaited(others, "the other is read")
        assert (await stored(pool))[PLACES[0]] < 50
        beyond = False
        await read(pool, log, task)
        await awaited(lambda: _true(not log.held), "it is read on")
    await task
    assert await noted(pool) == [list(range(50)), list(range(20))]


async def test_a_partition_that_was_beyond_its_share_comes_in_small_pieces(
    pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record_buffer, "OF_ONE", 4)
    log, notes = Log(), Slow(pool)
    log.ends.update({PLACES[0]: 50, PLACES[1]: 3})
    waits = [0.05]

    def pace(place: TopicPart) -> float:
        return waits.pop() if waits and place == PLACES[0] else 0.0

    async with reading(log, pool, notes, size=20, ahead=True, pace=pace) as task:
        await read(pool, log, task)
        log.ends[PLACES[0]] = 80
        await read(pool, log, task)
    await task
    assert max(map(len, notes.tried)) <= 4 + 3
    assert await noted(pool) == [list(range(80)), list(range(3))]
    assert log.times_held > 2


async def test_a_batch_has_so_many_bytes(pool: asyncpg.Pool) -> None:
    log, notes = Log(), Notes(pool)
    log.ends[PLACES[0]] = 10
    async with reading(log, pool, notes, size=10, batch_bytes=2_000) as task:
        await read(pool, log, task)
    await task
    assert notes.sizes == [3, 3, 3, 1]


async def test_what_the_log_leaves_out_stops_it(pool: asyncpg.Pool) -> None:
    log, notes = Log(), Notes(pool)
    async with reading(log, pool, notes) as task:
        log.ends[PLACES[0]] = 3
        await read(pool, log, task)
        log.next[PLACES[0]], log.ends[PLACES[0]] = 4, 6
        await read(pool, log, task)
    with pytest.raises(Halt, match=r"a\.topic\[0\] gave offset 4, expected 3"):
        await task
    assert await noted(pool) == [[0, 1, 2], []]
    assert log.closed


async def test_the_older_of_two_workers_stops_at_its_next_step(pool: asyncpg.Pool, alter: Alter) -> None:
    log, notes = Log(), Notes(pool)
    async with reading(log, pool, notes) as task:
        log.ends[PLACES[0]] = 3
        await read(pool, log, task)
        await alter("UPDATE position SET epoch = epoch + 1")
        log.ends[PLACES[0]] = 6
        await read(pool, log, task)
    with pytest.raises(Fenced):
        await task
    assert await noted(pool) == [[0, 1, 2], []]


@pytest.mark.parametrize("ahead", [False, True])
async def test_the_transaction_of_few_records_begins_while_they_are_worked_out(
    pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch, *, ahead: bool
) -> None:
    log, notes = Log(), Notes(pool)
    begun = notes.begun = asyncio.Event()

    def passed(name: str) -> None:
        if name == "batch.fenced":
            begun.set()

    monkeypatch.setattr(fenced_positions, "failpoint", passed)
    async with reading(log, pool, notes, size=100, ahead=ahead) as task:
        log.ends[PLACES[0]] = 3
        await read(pool, log, task)
    await task
    assert await noted(pool) == [[0, 1, 2], []]


async def test_what_takes_longer_than_a_transaction_may_wait_is_worked_out_before_it(
    pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also of few records: the database ends the transaction, and would each time that it is tried again."""
    log, notes = Log(), Notes(pool)
    steps: list[str] = []

    def passed(name: str) -> None:
        if name in {"batch.begun", "batch.prepared"}:
            steps.append(name.removeprefix("batch."))
        if (name, steps) == ("batch.begun", ["begun"]):
            raise Retryable(AWAY)

    async def slowly(records: Sequence[Record]) -> Prepared:
        for _ in range(100):
            await pool.fetchval("SELECT 1")
        return await Notes._prepared(notes, records)

    for module in (batch, fenced_positions):
        monkeypatch.setattr(module, "failpoint", passed)
    notes._prepared = slowly  # type: ignore[method-assign]
    async with reading(log, pool, notes, size=1_000) as task:
        for more in (3, 3, batch._FEW + 1):
            log.ends[PLACES[0]] += more
            await read(pool, log, task)
    await task
    assert steps == ["begun", "prepared", "begun", "begun", "prepared", "prepared", "begun"]
