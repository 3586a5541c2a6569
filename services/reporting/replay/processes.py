"""Child processes of a replay: start them and read their messages. They end when the coordinator ends."""

import asyncio
import json
import os
import sys
import threading
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

from services.reporting.replay.report import Stage
from services.runtime.errors import Halt, ServiceError


async def run_workers(
    environment: Mapping[str, str], claim: int, processes: int, tell: Callable[[Stage, int], None]
) -> None:
    """Run the workers of a replay in `processes` processes until all have ended.

    `claim`: the coordinator's claim on the run. `tell`: function that is called with a stage and the number of copies
    that were newly done in it. Raises `Halt` if a process fails; finished work stays stored.
    """

    def heard(said: Mapping[str, Any]) -> None:
        tell(said["stage"], int(said["more"]))

    await run_in_processes("services.reporting.replay", [str(claim)], environment, processes, heard)


async def run_in_processes(
    module: str,
    arguments: Sequence[str],
    environment: Mapping[str, str],
    processes: int,
    heard: Callable[[Any], None],
) -> None:
    """Run `python -m module *arguments WHICH OF` in `processes` processes until all have ended.

    WHICH counts from 0; OF is the number of processes. `heard` is called with each JSON line that a process writes.
    Raises `Halt` if a process fails.
    """
    started = [
        await _start((module, *arguments, str(which), str(processes)), environment) for which in range(processes)
    ]
    tasks = [asyncio.create_task(_follow(process, heard)) for process in started]
    try:
        await asyncio.gather(*tasks)
    finally:
        for process in started:
            if process.returncode is None:
                process.kill()
        await asyncio.gather(*tasks, return_exceptions=True)


def send_to_coordinator(what: Mapping[str, Any]) -> None:
    """Send a message to the coordinator from a child process: one JSON line on standard output."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def run(work: Coroutine[Any, Any, None]) -> int:
    """Run a child process's work and return the exit code: 0, or 1 after a `ServiceError`.

    The error is sent to the coordinator. The process exits when its standard input closes, so that it ends together
    with its coordinator.
    """
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        asyncio.run(work)
    except ServiceError as error:  # the coordinator shows it to the user
        send_to_coordinator({"ended": str(error)})
        return 1
    return 0


def _end_with_parent() -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    os._exit(1)


async def _start(arguments: Sequence[str], environment: Mapping[str, str]) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        *arguments,
        env=dict(environment),
        stdin=asyncio.subprocess.PIPE,  # it closes when this process ends, which ends the child
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,
    )


async def _follow(process: asyncio.subprocess.Process, heard: Callable[[Any], None]) -> None:
    why = None
    if process.stdout is not None:
        async for line in process.stdout:
            said = json.loads(line)
            if "ended" in said:
                why = said["ended"]
            else:
                heard(said)
    code = await process.wait()
    if code:
        msg = f"a process of the replay ended: {why or f'with {code}'}; the same command goes on where it was"
        raise Halt(msg)
