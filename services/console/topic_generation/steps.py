"""The steps to a new generation of the log: check, create topics, copy records, move readers, commit group offsets."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import asyncpg
from confluent_kafka import Consumer, TopicPartition
from confluent_kafka.admin import AdminClient

from infra.kafka.topics import make_topics
from schemas.topics import Deployment
from services.console.topic_generation import copy_to_new_topics, move_readers_to_new_topics
from services.console.topic_generation.copy_to_new_topics import Moved
from services.console.topic_generation.move_readers_to_new_topics import READERS, GenerationMove
from services.reporting.figure_version import figure_version
from services.reporting.store import Store
from services.runtime import broker_queries, range_reader
from services.runtime.broker_queries import Config
from services.runtime.errors import Halt
from services.runtime.fenced_positions import TopicPart
from services.runtime.migrate import SERVICES
from services.runtime.postgres import Connection, borrow_connection
from services.runtime.startup_retry import retry_until_ready

_ASK_SECONDS: Final = 15.0
_LED_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class AdministeredServers:
    """Administrator's settings of the Kafka client, DSN of the tables' owner, and the replication factor of topics."""

    config: Config
    dsn: str
    replication: int = 1


@dataclass(frozen=True, slots=True)
class MadeGeneration:
    """Result of `more_partitions`: the deployment with the new generation, and the number of copied records."""

    deployment: Deployment
    records: int


async def more_partitions(
    servers: AdministeredServers, old: Deployment, partitions: int, progress: Callable[[str], None]
) -> MadeGeneration:
    """Give a deployment's log more partitions. No service may run.

    A run that is interrupted before the readers are moved changes nothing. If an earlier run has moved the readers, the
    new deployment is returned with 0 records. Raises `Halt` when a check fails, `Retryable` when a server does not
    answer.
    """
    config = servers.config
    if partitions <= old.partitions or partitions % old.partitions:
        msg = f"the log has {old.partitions} partitions: choose a larger multiple of that"
        raise Halt(msg)
    admin = AdminClient({**config})
    new = replace(old, partitions=partitions, generation=_free(admin, old))
    settings = {"search_path": "reporting"}
    async with (
        asyncpg.create_pool(servers.dsn, min_size=0, max_size=1, server_settings=settings) as pool,
        borrow_connection(pool) as connection,
    ):
        if (moved := await move_readers_to_new_topics.moved_to(connection, old)) is not None:
            return MadeGeneration(moved, 0)
        progress("checking")
        ends = await asyncio.to_thread(_ends, config, old)
        last_n = await move_readers_to_new_topics.check_readers_settled(connection, SERVICES, ends)
        progress("topics")
        wanted = {*new.logs, new.progress}
        make_topics(admin, [spec for spec in new.specs(servers.replication) if spec.name in wanted])
        await _await_led(config, new)
        progress("records")
        await move_readers_to_new_topics.begin(connection)
        filled = await _filled(config, old, new, connection, last_n)
        progress("readers")
        described = await broker_queries.describe_topics(config, list(new.logs))
        ids = {topic: topic_id for topic, (topic_id, _) in described.items()}
        made = GenerationMove(old, new, ids, filled.ends, last_n)
        await move_readers_to_new_topics.move(connection, Store(pool, figure_version()), made)
    await asyncio.to_thread(_commit, config, new, filled.ends)
    return MadeGeneration(new, filled.records)


async def _filled(
    config: Config, old: Deployment, new: Deployment, connection: Connection, last_n: int
) -> copy_to_new_topics.FilledGeneration:
    """Copy the records on a thread, and store the places of each batch over this loop's connection."""
    loop = asyncio.get_running_loop()

    def note(moved: Sequence[Moved]) -> None:
        asyncio.run_coroutine_threadsafe(
            move_readers_to_new_topics.insert_moved_places(connection, moved), loop
        ).result()

    return await asyncio.to_thread(copy_to_new_topics.fill, config, old, new, note, last_n)


async def _await_led(config: Config, new: Deployment) -> None:
    """Wait until the leader of each new partition answers. Raises `Halt` after 60 seconds."""

    async def ask() -> None:
        await asyncio.to_thread(_ends, config, new)

    try:
        async with asyncio.timeout(_LED_SECONDS):
            await retry_until_ready(ask, asyncio.Event())
    except TimeoutError:
        msg = f"the topics of generation {new.generation} are not ready after {_LED_SECONDS:.0f} s"
        raise Halt(msg) from None


def _free(admin: AdminClient, old: Deployment) -> int:
    """Return the next generation number for which no topic exists: an interrupted run may have left some."""
    there = admin.list_topics(timeout=_ASK_SECONDS).topics
    generation = old.generation + 1
    while not there.keys().isdisjoint({*(new := replace(old, generation=generation)).logs, new.progress}):
        generation += 1
    return generation


def _ends(config: Config, old: Deployment) -> dict[TopicPart, int]:
    places = [(topic, part) for topic in old.logs for part in range(old.partitions)]
    return {place: end for place, (_, end) in range_reader.bounds(config, old.group("intake"), places).items()}


def _commit(config: Config, new: Deployment, ends: dict[TopicPart, int]) -> None:
    """Commit the ends as offsets of the referral and case services' groups, so that they read no record twice."""
    for service in ("referral", "case_tracker"):
        topics = [list(new.logs)[number] for number in READERS[service]]
        consumer = Consumer({**config, "group.id": new.group(service), "enable.auto.commit": False})
        try:
            offsets = [TopicPartition(*place, end) for place, end in ends.items() if place[0] in topics and end]
            if offsets:
                consumer.commit(offsets=offsets, asynchronous=False)
        finally:
            consumer.close()
