"""The door over HTTP: one event a request, and batches; so many clients at once, each waiting for its answer."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

import httpx2
import orjson

from services.client.http import MOST_EVENTS
from tests.bench.measure import Measured, Meter
from tests.bench.workload import Sent
from tests.soak.processes import Usage
from tests.support.intake_http import HttpIntake
from tests.support.pipeline import UNSHARED, awaited

_CLIENTS: Final = 16
_FORM: Final = "application/cloudevents-batch+json"
_DONE: Final = (200, 202)


async def http(meter: Meter, name: str, sent: Sequence[Sent], *, batch: int = MOST_EVENTS) -> None:
    """Post events in batches of at most so many, as every agency; counts what was answered after its commit."""
    door = await HttpIntake.made(meter.pipeline)
    service = meter.pipeline.start("intake", **door.settings, **UNSHARED)
    first, *bodies = _bodies(sent, batch)
    async with httpx2.AsyncClient(base_url=door.url, timeout=60, trust_env=False) as client:

        async def posted(agency: str, body: bytes) -> int:
            headers = {"authorization": f"Bearer {door.keys[agency]}", "content-type": _FORM}
            return (await client.post("/v1/events", content=body, headers=headers)).status_code

        async def is_open() -> bool:
            try:
                return await posted(*first) in _DONE
            except httpx2.TransportError:
                return False

        # It answers before it knows that it may give numbers out.
        await awaited(is_open, "the door is open")
        usage, before = Usage(), meter.servers()
        usage.look(service.process.pid)
        idle, begun, queue = usage.cpu_seconds, time.perf_counter(), iter(bodies)

        async def one() -> None:
            for each in queue:
                status = await posted(*each)
                assert status in _DONE, status

        await asyncio.gather(*[one() for _ in range(_CLIENTS)])
        seconds = time.perf_counter() - begun
    usage.look(service.process.pid)
    events = len(sent) - _size(first[1])
    row = Measured("events", events, seconds, usage.cpu_seconds - idle, memory=usage.largest, whole=events)
    meter.charge(row, before)
    meter.rows[name] = row
    meter.say(f"{name}: {row.rate:,.0f} events/s")
    service.stop()


def _bodies(sent: Sequence[Sent], batch: int) -> Iterator[tuple[str, bytes]]:
    """Each agency's events in batches."""
    for agency, each in groupby(sorted(sent, key=lambda one: one.agency), key=lambda one: one.agency):
        events = [one.raw for one in each]
        for first in range(0, len(events), batch):
            yield agency, b"[" + b",".join(events[first : first + batch]) + b"]"


def _size(body: bytes) -> int:
    return len(orjson.loads(body))
