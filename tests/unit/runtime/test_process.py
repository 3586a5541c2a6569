"""Tasks of one process end together, and the first that failed is what the process says."""

import asyncio
import gc
import subprocess
import sys
import time
import weakref
from contextlib import suppress

import psutil
import pytest

from services.runtime import process
from services.runtime.errors import Halt, Retryable
from services.runtime.process import return_freed_memory, run_tasks_together
from tests.support.pipeline import awaited


class Task:
    """Runs until it is told to stop; with `fails` it raises at once, or as it stops."""

    def __init__(self, stop: asyncio.Event, fails: Exception | None = None, *, first: bool = False) -> None:
        self._stop = stop
        self._fails = fails
        self._first = first
        self.ended = False

    async def run(self) -> None:
        if not self._first:
            await self._stop.wait()
            await asyncio.sleep(0.01)
        self.ended = True
        if self._fails is not None:
            raise self._fails


async def test_when_one_ends_all_are_told_to_and_waited_for() -> None:
    stop = asyncio.Event()
    first, other = Task(stop, first=True), Task(stop)
    await run_tasks_together(stop, other.run(), first.run())
    assert (stop.is_set(), other.ended) == (True, True)


@pytest.mark.parametrize("order", [1, -1])
async def test_the_failure_that_came_first_is_raised_whatever_fails_after_it(order: int) -> None:
    stop = asyncio.Event()
    tasks = [Task(stop, Halt("first"), first=True), Task(stop, Retryable("later")), Task(stop)][::order]
    with pytest.raises(Halt, match="first"):
        await run_tasks_together(stop, *(each.run() for each in tasks))
    assert all(each.ended for each in tasks)


async def test_what_fails_only_as_it_stops_is_raised_too() -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().call_soon(stop.set)
    with pytest.raises(Halt, match="as it stops"):
        await run_tasks_together(stop, Task(stop).run(), Task(stop, Halt("as it stops")).run())


async def test_what_has_to_be_cancelled_is_a_failure_and_one_that_has_a_reason_says_it() -> None:
    async def deaf(stop: asyncio.Event) -> None:
        await stop.wait()
        await asyncio.Event().wait()

    stop = asyncio.Event()
    with pytest.raises(Halt, match=r"^1 of 2 tasks had not stopped after 0 s$"):
        await run_tasks_together(stop, deaf(stop), Task(stop, first=True).run(), patience=0.05)
    stop = asyncio.Event()
    with pytest.raises(Retryable, match="away"):
        await run_tasks_together(stop, deaf(stop), Task(stop, Retryable("away"), first=True).run(), patience=0.05)


_STUCK = """
import asyncio, sys, threading
from concurrent.futures import ThreadPoolExecutor
from services.runtime import process
from services.runtime.errors import Halt
from services.runtime.settings import ProcessSettings

async def main(settings, stop):
    asyncio.get_running_loop().run_in_executor(ThreadPoolExecutor(1), threading.Event().wait)
    await asyncio.sleep(0.1)
    raise Halt("the client brings nothing")

process._EXIT_SECONDS = 0.2
sys.exit(process.run("intake", ProcessSettings.model_construct(log_level="info"), main))
"""


def test_a_process_ends_with_its_code_although_a_thread_never_returns() -> None:
    """A Kafka client that has lost its coordinator may not return from `close`, and Python waits for its thread."""
    done = subprocess.run([sys.executable, "-c", _STUCK], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "halted" in done.stdout + done.stderr
    assert "threads did not end" in done.stdout + done.stderr


class Cycle:
    """Something that refers to itself."""

    def __init__(self) -> None:
        self.itself = self


async def test_a_cycle_that_outlived_several_looks_is_garbage_when_it_is_let_go(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looks = list[int]()
    collect = gc.collect

    def looked(generation: int = 2) -> int:
        looks.append(generation)
        return collect(generation)

    async def looked_at_all(times: int) -> bool:
        return looks.count(2) >= times

    monkeypatch.setattr(process, "_COLLECT_SECONDS", 0.001)
    monkeypatch.setattr(process, "_COLLECT_ALL_SHARE", 1)
    monkeypatch.setattr(gc, "collect", looked)
    task = asyncio.create_task(process.collect_garbage_regularly())
    try:
        cycle: Cycle | None = Cycle()
        found = weakref.ref(cycle)
        await awaited(lambda: looked_at_all(3), "it outlives looks")
        assert found() is not None
        cycle, further = None, looks.count(2) + 2
        await awaited(lambda: looked_at_all(further), "all is looked at again")
        assert found() is None
        assert not gc.isenabled()
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    assert gc.isenabled()


async def test_everything_is_looked_at_for_a_thousandth_of_the_time_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = list[int]()
    fifty = asyncio.Event()

    def looked(generation: int = 2) -> int:
        looks.append(generation)
        if generation == 2:
            time.sleep(0.01)
        if len(looks) == 50:
            fifty.set()
        return 0

    monkeypatch.setattr(process, "_COLLECT_SECONDS", 0.0001)
    monkeypatch.setattr(gc, "collect", looked)
    task = asyncio.create_task(process.collect_garbage_regularly())
    await asyncio.wait_for(fifty.wait(), 10)
    task.cancel()
    assert looks[:50] == [2, *[1] * 49]


def test_what_lies_free_between_blocks_in_use_is_given_back() -> None:
    """As after a flood: 60 MB in small blocks, of which every twentieth is still in use."""
    blocks = [bytes(1500) for _ in range(40_000)]
    kept = blocks[::20]
    del blocks
    before = psutil.Process().memory_info().rss
    return_freed_memory()
    assert before - psutil.Process().memory_info().rss > 20_000_000
    assert len(kept) == 2_000
