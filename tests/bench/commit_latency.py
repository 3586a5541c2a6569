"""How long it takes from producing an event to the commit of its last copy's cells, at a steady rate."""

import asyncio
import time
from collections.abc import Sequence
from typing import Final

from confluent_kafka import Producer

from infra.local import connection_settings
from schemas.topics import Deployment
from services.runtime.postgres import Connection
from tests.bench.measure import COPIES, STALLED_SECONDS
from tests.bench.workload import Sent
from tests.support.pipeline import Expired, Pipeline, awaited

_SECONDS: Final = 10
"""How long a limit is looked at."""

_LANDED: Final = "SELECT done FROM bench.fence"
_LANDING: Final = "SELECT to_regclass('bench.fence') IS NOT NULL"
_OWNED: Final = "SELECT (SELECT count(*) FROM intake.position) + (SELECT count(*) FROM reporting.position)"


async def first(pipeline: Pipeline, sent: Sequence[Sent]) -> list[float]:
    """Start everything, and measure the very first events, at 50 a second."""
    for name in ("intake", "reporting"):
        pipeline.start(name)
    connection = await pipeline.connect()
    await awaited(lambda: assigned(connection, pipeline.deployment), "the services have their partitions")
    await connection.close()
    return await latency(pipeline, sent, 50)


async def latency(pipeline: Pipeline, sent: Sequence[Sent], rate: float) -> list[float]:
    """Milliseconds from producing each event to the commit of its last copy's cells, at so many events a second."""
    topics = [(pipeline.deployment.inbound(each.agency), each.raw, each.copies) for each in sent]
    return await _waits(pipeline, topics, rate, COPIES)


async def limits(pipeline: Pipeline, sent: Sequence[Sent], rates: Sequence[float]) -> dict[str, list[float]]:
    """Return the waits of a program that lands bytes as they come, at each rate, on a warm broker."""
    landing = pipeline.start("postgres", form="tests.bench.consume_and_commit")
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
    connection = await pipeline.connect()
    base, wanted = int(await connection.fetchval(counted)), sum(adds for _, _, adds in sent)
    await connection.execute("CREATE TEMPORARY TABLE seen (at double precision, there bigint)")
    watching = asyncio.create_task(connection.execute(_watch(counted, base + wanted)))
    produced = await _produced(pipeline, sent, rate, watching)
    await watching
    seen = await connection.fetch("SELECT at, there - $1 AS there FROM seen ORDER BY at", base)
    await connection.close()
    if not seen or seen[-1]["there"] < wanted:
        msg = f"an event is not counted after {STALLED_SECONDS:.0f} s"
        raise Expired(msg)
    waits, looks, copies = list[float](), iter(seen), 0
    look = next(looks)
    for at, (_, _, adds) in zip(produced, sent, strict=True):
        copies += adds
        while look["there"] < copies:
            look = next(looks)
        if adds:  # what was sent before is not counted again
            waits.append((look["at"] - at) * 1e3)
    return sorted(waits)


async def _produced(
    pipeline: Pipeline, sent: Sequence[tuple[str, bytes, int]], rate: float, watching: "asyncio.Task[str]"
) -> list[float]:
    """Produce at so many a second, or in no time where nobody watches any more; gives when each was."""
    # An idempotent producer's first record waits for its id, which a system that runs has: it is left out.
    config = connection_settings.admin(pipeline.cluster.data_dir)
    producer = Producer({**config, "acks": "all", "linger.ms": 0, "socket.nagle.disable": True})
    producer.list_topics(timeout=10)
    begun, produced = time.time(), list[float]()
    for number, (topic, raw, _) in enumerate(sent):
        await asyncio.wait([watching], timeout=max(0.0, begun + number / rate - time.time()))
        produced.append(time.time())
        producer.produce(topic, raw)
        producer.poll(0)
    assert producer.flush(STALLED_SECONDS) == 0
    return produced


def _watch(counted: str, until: int) -> str:
    """Have the database itself note each change of the query's answer, and when it saw it: it runs on this clock.

    Each look is a snapshot of its own, a millisecond after the one before, by which each wait may be too long. Asked
    from here as often it would be kept from what is measured.
    """
    return f"""
    DO $$
    DECLARE
        there bigint;
        last bigint;
        since timestamptz := clock_timestamp();
    BEGIN
        LOOP
            there := ({counted});
            IF there IS DISTINCT FROM last THEN
                since := clock_timestamp();
                INSERT INTO seen VALUES (extract(epoch FROM since), there);
                last := there;
            END IF;
            COMMIT;
            EXIT WHEN there >= {until} OR clock_timestamp() - since > interval '{STALLED_SECONDS} s';
            PERFORM pg_sleep(0.001);
        END LOOP;
    END $$
    """


async def assigned(connection: Connection, deployment: Deployment) -> bool:
    """Whether both services own every partition that they read."""
    wanted = len(deployment.publishers) + len(deployment.logs) * deployment.partitions
    return int(await connection.fetchval(_OWNED)) >= wanted
