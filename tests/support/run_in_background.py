"""Runs a task until a test's block ends, and then tells it to stop."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager

_SECONDS = 10


@asynccontextmanager
async def running(
    run: Callable[[asyncio.Event], Coroutine[object, object, None]],
) -> AsyncIterator["asyncio.Task[None]"]:
    """Run it, and tell it to stop when the block is left; it must end in seconds, however it ends."""
    stop = asyncio.Event()
    task = asyncio.create_task(run(stop))
    try:
        yield task
    finally:
        stop.set()
        async with asyncio.timeout(_SECONDS):
            await asyncio.wait([task])
