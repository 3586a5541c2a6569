"""How long it takes from producing an event to the commit of its last copy's cells, at a steady rate."""

import asyncio
import time
from collections.abc import Sequence
from typing import Final

from confluent_kafka import Producer

from infra.local import access
from schemas.topics import Deployment
from services.runtime.postgres import Connection
from tests.bench.measure import COPIES, STALLED_SECONDS
from tests.bench.workload import Sent
from tests.support.pipeline import Expired, Pipeline, awaited

_SECONDS: Final = 10
"""How long a limit is looked at."""

_TRICKLE: Final = 100
"""Events a second, up to which an idle database may be asked twice as often."""

_LANDED: Final = "SELECT done FROM bench.fence"
_LANDING: Final = "SELECT to_regclass('bench.fence') IS NOT NULL"
_OWNED: Final = "SELECT (SELECT count(*) FROM intake.position) + (SELECT count(*) FROM reporting.position)"


async def first(pipeline: Pipeline, sent: Sequence[Sent]) -> list[float]:
    """Start everything, and measure the very first events, at 50 a second."""
    for name in ("intake", "reporting"):
        pipeline.start(name)
    connection = await pipeline.connect()
    await awaited(lambda: _assigned(connection, pipeline.deployment), "the services have their partitions")
    await connection.close()
    return await latency(pipeline, sent, 50)


async def latency(pipeline: Pipeline, sent: Sequence[Sent], rate: float) -> list[float]:
    """Milliseconds from producing each event to the commit of its last copy's cells, at so many events a second."""
    topics = [(pipeline.deployment.inbound(each.agency), each.raw, each.copies) for each in sent]
    return await _waits(pipeline, topics, rate, COPIES)


async def limits(pipeline: Pipeline, sent: Sequence[Sent], rates: Sequence[float]) -> dict[str, list[float]]:
    """The same of a program that lands bytes as they come, at each rate, on a broker that is warm by now."""
    landing = pipeline.start("postgres", form="tests.bench.landing")
    connection = await pipeline.connect()
    await awaited(lambda: connection.fetchval(_LANDING), "the limit reads")
    await connection.close()
    topic = next(iter(pipeline.deployment.logs))
    topics = [(topic, each.raw, 1) for each in sent]
    waits = {f"{rate:g}": await _waits(pipeline, topics[: int(rate * _SECONDS)], rate, _LANDED) for rate in rates}
    landing.kill()
    return waits


async def _waits(pipeline: Pipeline, sent: Sequence[tuple[str, bytes, int]], rate: float, counted: str) -> list[float]:
    """How long each (topic, bytes, how much it adds) waits until the query's answer has grown by all up to it."""
    config = access.admin(pipeline.cluster.data_dir)
    # An idempotent producer's first record waits for its id, which a system that runs has: it is left out.
    producer = Producer({**config, "acks": "all", "linger.ms": 0, "socket.nagle.disable": True})
    producer.list_topics(timeout=10)
    connection = await pipeline.connect()
    question = f"SELECT ({counted}), extract(epoch FROM clock_timestamp())::float8"
    base, _ = await _answer(connection, question)
    due, waits = list[tuple[int, float]](), list[float]()
    begun, copies, next_one = time.time(), base, 0
    while next_one < len(sent) or due:
        now = time.time()
        while next_one < len(sent) and now - begun >= next_one / rate:
            topic, raw, adds = sent[next_one]
            producer.produce(topic, raw)
            copies += adds
            due.append((copies, now))
            next_one += 1
        producer.poll(0)
        there, now = await _answer(connection, question)
        while due and due[0][0] <= there:
            waits.append((now - due.pop(0)[1]) * 1e3)
        if due and now - due[0][1] > STALLED_SECONDS:
            msg = f"an event is not counted after {STALLED_SECONDS:.0f} s"
            raise Expired(msg)
        await _unasked(rate)
    producer.flush(5)
    await connection.close()
    return sorted(waits)


async def _answer(connection: Connection, question: str) -> tuple[int, float]:
    """How much is counted, and when the database looked: what it saw was committed before. It runs on this clock."""
    row = await connection.fetchrow(question)
    return (int(row[0]), row[1]) if row is not None else (0, 0.0)


async def _unasked(rate: float) -> None:
    """Leave the database alone for a moment: asked all the time, it is kept from what is measured.

    Each wait is too long by up to that.
    """
    if rate > _TRICKLE:
        await asyncio.sleep(0.002)
    else:
        await asyncio.sleep(0.001)


async def _assigned(connection: Connection, deployment: Deployment) -> bool:
    """Whether both services own every partition that they read."""
    wanted = len(deployment.publishers) + len(deployment.logs) * deployment.partitions
    return int(await connection.fetchval(_OWNED)) >= wanted
