"""A record reaches the stream's buffer without a task where there is room, and else waits as Faust has it."""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from inspect import CORO_CLOSED, getcoroutinestate
from typing import Any, cast

import pytest

from services.runtime.faust_transport import DeliversAtOnce


class Reader(DeliversAtOnce):
    """A consumer of nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.suspend_flow = asyncio.Event()

    async def delivered(self, delivery: Coroutine[Any, Any, str]) -> list[Any]:
        """Wait for a delivery as Faust's consumer does."""
        return list((await self.wait_first(delivery, self.suspend_flow.wait())).results)


@contextmanager
def tasks() -> Iterator[list[asyncio.Task[Any]]]:
    """Give each task that the loop makes within."""
    made: list[asyncio.Task[Any]] = []

    def noted(loop: asyncio.AbstractEventLoop, coroutine: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        made.append(asyncio.Task(coroutine, loop=loop))
        return made[-1]

    loop = asyncio.get_running_loop()
    loop.set_task_factory(cast("Any", noted))
    try:
        yield made
    finally:
        loop.set_task_factory(None)


async def at_once() -> str:
    return "there"


async def after(room: asyncio.Event) -> str:
    await room.wait()
    await asyncio.sleep(0)
    return "there"


async def failing() -> str:
    raise LookupError


async def test_a_delivery_that_need_not_wait_makes_no_task() -> None:
    with tasks() as made:
        assert await Reader().delivered(at_once()) == ["there"]
    assert made == []


async def test_a_delivery_that_must_wait_goes_on_where_it_was() -> None:
    room = asyncio.Event()
    asyncio.get_running_loop().call_soon(room.set)
    assert await Reader().delivered(after(room)) == ["there"]


async def test_a_delivery_that_waits_is_given_up_when_reading_is_suspended() -> None:
    reader, room = Reader(), asyncio.Event()
    waiting = after(room)
    asyncio.get_running_loop().call_soon(reader.suspend_flow.set)
    assert await reader.delivered(waiting) == [True]
    await asyncio.sleep(0)
    assert getcoroutinestate(waiting) == CORO_CLOSED


async def test_a_delivery_to_a_reader_that_is_suspended_is_left_to_faust() -> None:
    reader = Reader()
    reader.suspend_flow.set()
    with tasks() as made:
        assert "there" in await reader.delivered(at_once())
    assert made


async def test_a_delivery_that_fails_says_so() -> None:
    with pytest.raises(LookupError):
        await Reader().delivered(failing())
