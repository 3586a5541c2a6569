"""Cost of a cluster on which nothing happens: CPU of each service, of the database and of the broker."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from typing import Final

from services.runtime.postgres import Connection
from tests.bench.commit_latency import assigned
from tests.bench.measure import SESSION_SECONDS, Meter
from tests.soak.processes import Usage
from tests.support.pipeline import awaited

SERVICES: Final = ("intake", "referral", "case_tracker", "reporting")
_SETTLES_SECONDS: Final = 45.0
"""A broker that has just started compiles itself for about as long."""
_SECONDS: Final = 30.0


async def idle(meter: Meter) -> Mapping[str, float]:
    """Percent of one core that each process needs while it waits for events."""
    pipeline = meter.pipeline
    running = {name: pipeline.start(name, session_seconds=str(SESSION_SECONDS)) for name in SERVICES}
    connection = await pipeline.connect()
    await awaited(lambda: assigned(connection, pipeline.deployment), "intake and reporting have their partitions")
    for service in ("referral", "case_tracker"):
        await awaited(partial(_reads, connection, service), f"{service} has its partitions")
    await connection.close()
    meter.say(f"nothing happens for {_SETTLES_SECONDS + _SECONDS:.0f} s")
    await _pass(_SETTLES_SECONDS)
    before, servers = {name: _used(each.process.pid) for name, each in running.items()}, meter.servers()
    await _pass(_SECONDS)
    used = {name: _used(each.process.pid) - before[name] for name, each in running.items()}
    used |= {name: seconds - servers[name] for name, seconds in meter.servers().items()}
    for each in running.values():
        each.stop()
    return {name: seconds / _SECONDS * 100 for name, seconds in used.items()}


async def _reads(connection: Connection, service: str) -> bool:
    return bool(await connection.fetchval(f"SELECT count(*) FROM {service}.position"))


async def _pass(seconds: float) -> None:
    """Let time pass: nothing is waited for."""
    with suppress(TimeoutError):
        await asyncio.wait_for(asyncio.Event().wait(), seconds)


def _used(pid: int) -> float:
    usage = Usage()
    usage.look(pid)
    return usage.cpu_seconds
