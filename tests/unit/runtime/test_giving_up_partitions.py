"""A process that cannot write for long leaves the group, so that another copy reads, until it can write again."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import asyncpg
import pytest

from services.runtime import batch, fenced_positions
from services.runtime.clock import ClocksDiffer, SystemClock
from services.runtime.consumer_loop import Stream
from services.runtime.errors import Retryable
from services.runtime.fenced_positions import TopicPart
from services.runtime.postgres import Connection, borrow_connection
from tests.support.pipeline import awaited
from tests.support.run_in_background import running
from tests.unit.runtime.test_consumer_loop import AWAY, PLACES, TOPICS, Log, Notes, noted, read, reading

if TYPE_CHECKING:
    from services.runtime.threaded_consumer import Transport


@pytest.mark.parametrize("clock_is_wrong", [False, True])
async def test_a_process_that_cannot_write_for_long_leaves_the_group_until_it_can(
    pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch, clock_is_wrong: bool
) -> None:
    log, notes = Log(), Notes(pool)
    away = ClocksDiffer("") if clock_is_wrong else Retryable(AWAY)
    can_write = False
    monkeypatch.setattr(batch, "_GIVE_UP_SECONDS", 0.1)

    async def failing(*_: object) -> None:
        if not can_write:
            raise away

    async with reading(log, pool, notes) as task:
        log.ends = dict.fromkeys(PLACES, 5)
        await read(pool, log, task)
        monkeypatch.setattr(notes, "apply", failing)
        # The database answers a process with a wrong clock.
        monkeypatch.setattr(batch, "check_database_clock", failing)
        if not clock_is_wrong:
            monkeypatch.setattr(fenced_positions, "reread_positions", failing)
            monkeypatch.setattr(batch, "borrow_connection", partial(_borrowed, failing, borrow_connection))
        log.ends = dict.fromkeys(PLACES, 9)

        async def left() -> bool:
            return log.left > 0

        await awaited(left, "the group is left")
        assert log.next == {}
        await asyncio.sleep(0.05)
        assert log.subscribed == [], "it waits until it can write"
        can_write = True
        monkeypatch.undo()
        await read(pool, log, task)
    assert await noted(pool) == [list(range(9))] * 2
    assert log.left == 1


@asynccontextmanager
async def _borrowed(failing: Any, borrow: Any, pool: asyncpg.Pool) -> AsyncIterator[Connection]:  # noqa: ANN401
    await failing()
    async with borrow(pool) as connection:
        yield connection


async def test_the_loop_says_that_it_waits_for_the_client_only_while_it_has_nothing_to_do(
    pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, notes = Log(), Notes(pool)
    stream = Stream(
        transport=cast("Transport", log), topics=TOPICS, pool=pool, handler=notes, clock=SystemClock(), batch=5
    )

    async def waits() -> bool:
        return stream.waits()

    async def away(*_: object) -> None:
        raise Retryable(AWAY)

    async with running(stream.run) as task:
        log.ends = dict.fromkeys(PLACES, 5)
        await read(pool, log, task)
        await awaited(waits, "it waits for more")
        monkeypatch.setattr(fenced_positions, "reread_positions", away)
        monkeypatch.setattr(notes, "apply", away)
        met = asyncio.Event()
        monkeypatch.setattr(notes, "reset", partial(_noted_reset, met, notes.reset))
        log.ends = dict.fromkeys(PLACES, 9)
        await asyncio.wait_for(met.wait(), 10)
        for _ in range(20):
            assert not stream.waits()
            await asyncio.sleep(0.01)


async def _noted_reset(met: asyncio.Event, reset: Callable[..., Awaitable[None]], places: frozenset[TopicPart]) -> None:
    await reset(places)
    met.set()
