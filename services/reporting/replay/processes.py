"""The processes of a replay: started, listened to, and none left when the coordinator ends, however it does."""

import asyncio
import json
import sys
from collections.abc import Callable, Mapping

from services.reporting.replay.report import Stage
from services.runtime.errors import Halt


async def work(environment: Mapping[str, str], claim: int, processes: int, tell: Callable[[Stage, int], None]) -> None:
    """Have the run done in as many processes; `Halt` when one fails, and what is done stays done."""
    started = [await _start(environment, claim, which, processes) for which in range(processes)]
    tasks = [asyncio.create_task(_follow(process, tell)) for process in started]
    try:
        await asyncio.gather(*tasks)
    finally:
        for process in started:
            if process.returncode is None:
                process.kill()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _start(environment: Mapping[str, str], claim: int, which: int, of: int) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "services.reporting.replay",
        str(claim),
        str(which),
        str(of),
        env=dict(environment),
        stdin=asyncio.subprocess.PIPE,  # its end is how a process learns of ours
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,
    )


async def _follow(process: asyncio.subprocess.Process, tell: Callable[[Stage, int], None]) -> None:
    if process.stdout is not None:
        async for line in process.stdout:
            said = json.loads(line)
            tell(said["stage"], int(said["more"]))
    code = await process.wait()
    if code:
        msg = f"a process of the replay ended with {code}; the same command goes on where it was"
        raise Halt(msg)
