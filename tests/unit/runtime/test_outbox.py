"""A service's outbox over a real PostgreSQL: sent in its order until the broker has it, by one relay at a time."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest
from structlog.testing import capture_logs
from typing_extensions import override

from schemas.service_decisions import first_id
from schemas.topics import DELIVERY_DAYS
from services.referral.settings import Settings
from services.runtime import outbox, postgres
from services.runtime.clock import ClocksDiffer, SystemClock
from services.runtime.errors import Halt, Retryable
from services.runtime.outbox import Message, OutboxRelay, Pruner, append, send_again
from services.runtime.postgres import borrow_connection
from tests.support.database import Server
from tests.support.pipeline import awaited
from tests.support.run_in_background import running
from tests.support.stopped_clock import StoppedClock

NOW = datetime(2024, 5, 6, tzinfo=UTC)
HEARD = "atips.delivery.dhs.v1"
AWAY, NEVER = Retryable("_MSG_TIMED_OUT a.topic"), Halt("TOPIC_AUTHORIZATION_FAILED a.topic")


class Ahead(SystemClock):
    """A machine's clock that is a day ahead."""

    @override
    def now(self) -> datetime:
        return super().now() + timedelta(days=1)


class Broker:
    """Takes what it is sent, and answers when it may; `failures` are its next answers, and then that it has it."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.headers: list[Sequence[tuple[str, bytes]]] = []
        self.failures: list[Exception | None] = []
        self.answering = asyncio.Event()
        self.answering.set()

    def send(
        self, topic: str, key: bytes | None, value: bytes, headers: Sequence[tuple[str, bytes]]
    ) -> "asyncio.Future[tuple[int, int]]":
        self.sent.append(topic.encode() + b" " + (key or b"") + value)
        self.headers.append(headers)
        failure = self.failures.pop(0) if self.failures else None

        async def answered() -> tuple[int, int]:
            await self.answering.wait()
            if failure is not None:
                raise failure
            return 0, len(self.sent)

        return asyncio.ensure_future(answered())


@pytest.fixture(autouse=True)
def _fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "_BACKOFF_SECONDS", 0.001)
    monkeypatch.setattr(outbox, "_POLL_SECONDS", 0.01)


@pytest.fixture
async def pools(server: Server, tmp_path: Path) -> AsyncIterator[list[asyncpg.Pool]]:
    """Yield the pools of two services that share a database."""
    async with server.copy() as name, AsyncExitStack() as stack:
        made = []
        for service in ("referral", "case_tracker"):
            (tmp_path / service).write_text(server.dsn(service, name))
            settings = Settings.model_construct(postgres_dsn_file=tmp_path / service)
            made.append(await stack.enter_async_context(await postgres.pool(settings, service)))
        yield made


@pytest.fixture
def pool(pools: list[asyncpg.Pool]) -> asyncpg.Pool:
    return pools[0]


def message(number: int) -> Message:
    return Message(UUID(int=number), "a.topic", "bz.atips.referral.assigned.v1", b"%d" % number)


async def say(pool: asyncpg.Pool, *numbers: int, sent: bool = False) -> None:
    async with borrow_connection(pool) as connection, connection.transaction():
        await append(connection, [message(number) for number in numbers], sent=sent)


async def unsent(pool: asyncpg.Pool) -> list[bytes]:
    return [row["value"] for row in await pool.fetch("SELECT value FROM outbox WHERE NOT sent ORDER BY seq")]


def as_sent(*numbers: int) -> list[bytes]:
    return [b"a.topic %d" % number for number in numbers]


@asynccontextmanager
async def relaying(pool: asyncpg.Pool, broker: Broker) -> AsyncIterator["asyncio.Task[None]"]:
    async with running(OutboxRelay(pool, broker).run) as task:
        try:
            yield task
        finally:
            broker.answering.set()


async def emptied(pool: asyncpg.Pool) -> None:
    async def nothing_left() -> bool:
        return await unsent(pool) == []

    await awaited(nothing_left, "all of it is sent")


async def test_what_was_said_is_sent_once_in_its_order_and_what_is_said_later_too(pool: asyncpg.Pool) -> None:
    broker = Broker()
    await say(pool, 3, 1)
    async with relaying(pool, broker) as task:
        await emptied(pool)
        await say(pool, 2)
        await emptied(pool)
    await task
    assert broker.sent == as_sent(3, 1, 2)
    assert broker.headers[0] == [
        ("content-type", b"application/cloudevents+json"),
        ("ce_id", str(UUID(int=3)).encode()),
        ("ce_type", b"bz.atips.referral.assigned.v1"),
    ]


async def test_what_was_said_before_is_not_said_again_nor_what_was_restored(pool: asyncpg.Pool) -> None:
    broker = Broker()
    await say(pool, 1)
    async with relaying(pool, broker) as task:
        await emptied(pool)
        await say(pool, 5, sent=True)
        await say(pool, 1, 2, 5)
        await emptied(pool)
    await task
    assert broker.sent == as_sent(1, 2)


async def test_what_the_broker_lost_of_a_topic_is_sent_again_and_nothing_else(pool: asyncpg.Pool) -> None:
    await say(pool, 1, 2, 3, sent=True)
    elsewhere = Message(UUID(int=4), "b.topic", "bz.atips.referral.assigned.v1", b"4")
    async with borrow_connection(pool) as connection:
        await append(connection, [elsewhere], sent=True)
        await append(connection, [message(5)])
        await send_again(connection, "a.topic", [UUID(int=1), UUID(int=3)])
    assert await unsent(pool) == [b"2", b"5"]


async def test_what_is_more_than_a_batch_follows_at_once(pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "_ROWS", 2)
    monkeypatch.setattr(outbox, "_POLL_SECONDS", 300.0)
    broker = Broker()
    await say(pool, *range(5))
    async with relaying(pool, broker) as task:
        await emptied(pool)
    await task
    assert broker.sent == as_sent(*range(5))


async def test_a_batch_of_which_one_fails_is_sent_again_whole_and_each_outage_is_complained_of_once(
    pool: asyncpg.Pool,
) -> None:
    broker = Broker()
    with capture_logs() as logs:
        async with relaying(pool, broker) as task:
            for number, failures in ((1, [None, AWAY, None] * 2), (4, [AWAY])):
                broker.failures += failures
                await say(pool, number, number + 1, number + 2)
                await emptied(pool)
    await task
    assert broker.sent == as_sent(1, 2, 3) * 3 + as_sent(4, 5, 6) * 2
    assert [(line["event"], line["reason"]) for line in logs] == [("outbox retrying", str(AWAY))] * 2


async def test_what_no_time_repairs_stops_it_whatever_else_fails_and_nothing_counts_as_sent(
    pool: asyncpg.Pool,
) -> None:
    broker = Broker()
    broker.failures = [AWAY, NEVER]
    await say(pool, 1, 2, 3)
    with pytest.raises(Halt):
        await OutboxRelay(pool, broker).run(asyncio.Event())
    assert await unsent(pool) == [b"1", b"2", b"3"]


async def test_of_two_relays_of_a_service_one_sends_and_no_other_service_waits_for_them(
    pools: list[asyncpg.Pool],
) -> None:
    pool, of_another = pools
    first, second, third = Broker(), Broker(), Broker()
    await say(pool, 1)
    for broker in (first, second):
        broker.answering.clear()
    async with relaying(pool, first), relaying(pool, second):
        await awaited(lambda: some(first.sent + second.sent), "one of them sends")
        for number in range(3):  # the other looks again and again meanwhile
            await say(of_another, number)
            async with relaying(of_another, third):
                await emptied(of_another)
        assert first.sent + second.sent == as_sent(1)
    assert third.sent == as_sent(0, 1, 2)


async def some(sent: list[bytes]) -> bool:
    return bool(sent)


async def test_what_has_expired_is_forgotten_until_none_is_left_and_only_what_was_sent_to_be_heard(
    pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "_PRUNED", 2)
    monkeypatch.setattr(outbox, "_PRUNE_SECONDS", 300.0)
    border = first_id(NOW - timedelta(days=DELIVERY_DAYS)).int
    old = [Message(UUID(int=border - number), HEARD, "a.type", b"%d" % number) for number in range(7)]
    async with borrow_connection(pool) as connection:
        await append(connection, [replace(old[6], topic="decided")], sent=True)
        await append(connection, old[:5], sent=True)
        await append(connection, old)
    stop = asyncio.Event()

    async def forgotten() -> bool:
        return len(await pool.fetch("SELECT FROM outbox")) == 3

    pruning = asyncio.create_task(Pruner(pool, StoppedClock(NOW), [HEARD]).run(stop))
    await awaited(forgotten, "what has expired is forgotten")
    stop.set()
    await pruning
    kept = await pool.fetch("SELECT topic, value FROM outbox ORDER BY value")
    assert [tuple(row) for row in kept] == [(HEARD, b"0"), (HEARD, b"5"), ("decided", b"6")]


async def test_nothing_is_forgotten_by_a_clock_that_is_not_the_database_s(pool: asyncpg.Pool) -> None:
    with pytest.raises(ClocksDiffer):
        await Pruner(pool, Ahead(), ["heard"]).prune()
