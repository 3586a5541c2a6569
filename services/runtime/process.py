"""One service process: its event loop, its concurrent tasks, a clean stop on SIGTERM or SIGINT, and its exit code."""

import asyncio
import ctypes
import gc
import os
import resource
import signal
import threading
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Final, TypeVar

import structlog
import uvloop

from services.runtime import failpoints, open_file_limit, tracing
from services.runtime import json_logging as logs
from services.runtime.errors import Halt, ServiceError
from services.runtime.settings import ProcessSettings

S = TypeVar("S", bound=ProcessSettings)

log = structlog.get_logger()

_COLLECT_SECONDS: Final = 10.0
"""Seconds between two garbage collections of new objects."""
_COLLECT_ALL_SHARE: Final = 1_000
"""Ratio of the time between two collections of all objects to the duration of one."""
_GIVE_BACK_SECONDS: Final = 60.0
_STOP_SECONDS: Final = 30.0
"""Seconds in which the other tasks must end after one has ended. Then they are cancelled, which is a failure."""
_EXIT_SECONDS: Final = 5.0
"""Seconds in which threads must end once all tasks have. A Kafka client may wait for a lost coordinator for ever."""


def run(service: str, settings: S, main: Callable[[S, asyncio.Event], Awaitable[None]]) -> int:
    """Run `main` until it returns or a signal sets its stop event. Return the exit code: 0 stopped, 1 failed.

    The process ends with that code 5 s later at the latest, even if a thread does not return.
    """
    # A core file would hold what agencies sent, in clear.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    logs.configure(service, settings.log_level)
    failpoints.arm(settings.failpoint)
    open_file_limit.raise_limit()
    tracing.start(service, settings.trace_endpoint)
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            code = runner.run(_run(settings, main))
        _end_in_time(code)
        return code
    finally:
        tracing.stop()


def _end_in_time(code: int) -> None:
    """End this process with `code` if its threads have not ended in time: the interpreter waits for each of them."""

    def end() -> None:
        log.warning("threads did not end", seconds=_EXIT_SECONDS)
        os._exit(code)

    timer = threading.Timer(_EXIT_SECONDS, end)
    timer.daemon = True
    timer.start()


async def _run(settings: S, main: Callable[[S, asyncio.Event], Awaitable[None]]) -> int:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    gc.freeze()  # what is loaded by now stays
    beside = [asyncio.create_task(_give_back()), asyncio.create_task(collect_garbage_regularly())]
    log.info("started")
    try:
        await main(settings, stop)
    except ServiceError as error:
        log.error("halted", error=type(error).__name__, reason=str(error))  # noqa: TRY400 - the text is ours, the trace adds nothing
        return 1
    except Exception as error:
        # A bug: class and frames only, never its text.
        log.exception("failed", exc_info=error)
        return 1
    finally:
        for task in beside:
            task.cancel()
    log.info("stopped")
    return 0


async def collect_garbage_regularly() -> None:
    """Background task that collects cyclic garbage at intervals, in place of Python's own thresholds.

    Python's thresholds count new objects. With them a busy worker would spend a tenth of its time on collections. A
    cycle that outlived one collection would be kept until millions of objects were made. New objects are collected
    every 10 s. All objects are collected so often that it takes a thousandth of the time.
    """
    gc.disable()
    loop = asyncio.get_running_loop()
    all_due = loop.time()
    try:
        while True:
            await asyncio.sleep(_COLLECT_SECONDS)
            begun = loop.time()
            if begun < all_due:
                gc.collect(1)
                continue
            gc.collect()
            all_due = begun + _COLLECT_ALL_SHARE * (loop.time() - begun)
    finally:
        gc.enable()


async def _give_back() -> None:
    while True:
        await asyncio.sleep(_GIVE_BACK_SECONDS)
        return_freed_memory()


def return_freed_memory() -> None:
    """Return freed memory to the system, if the C library is glibc; otherwise do nothing.

    Without this call glibc keeps free pages between blocks in use: after a flood intake held 191 MB, of which 64 were
    in use.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


async def run_tasks_together(
    stop: asyncio.Event, *tasks: Coroutine[Any, Any, None], patience: float = _STOP_SECONDS
) -> None:
    """Run tasks concurrently until one ends or raises. Then set `stop`, wait for the others, and raise the first error.

    Tasks that have not ended after `patience` seconds are cancelled; then `Halt` is raised if no task has raised.
    """
    running = [asyncio.create_task(task) for task in tasks]
    try:
        done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stop.set()
    _, late = await asyncio.wait(running, timeout=patience)
    for task in late:
        task.cancel()
    results = await asyncio.gather(*running, return_exceptions=True)
    failed = [task.exception() for task in done if task.exception() is not None]
    failed += [result for result in results if isinstance(result, Exception)]
    for error in failed:
        if error is not None:
            raise error
    if late:
        msg = f"{len(late)} of {len(running)} tasks had not stopped after {patience:.0f} s"
        raise Halt(msg)
