"""A reader that is far behind reads the log's partitions abreast, on the real broker."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient

from infra.local import connection_settings
from infra.local.cluster import Cluster
from services.runtime import partition_merge as reading
from services.runtime.errors import Retryable
from services.runtime.fenced_positions import TopicPart
from services.runtime.record import Record
from services.runtime.threaded_consumer import Transport
from tests.support.pipeline import Pipeline

FULL, THIN, OF_THIN = 24_000, 6_000, 4
"""Records of a full partition, one a millisecond, and of a thin one, one every four."""
BATCH = 2_000
EVERY = 12
"""Partitions of the log, where each of its three topics has four."""


async def read(transport: Transport, following: dict[TopicPart, int], records: int) -> list[list[Record]]:
    """Batch after batch, until so many have come; as a service does, also where something is tried again."""
    batches: list[list[Record]] = []
    async with asyncio.timeout(60):
        while sum(map(len, batches)) < records:
            try:
                batches.append(await transport.poll(BATCH))
            except Retryable:  # the second topic's partitions came while a batch was read
                await transport.seek(following)
            else:
                following |= {(each.topic, each.partition): each.offset + 1 for each in batches[-1]}
    return batches


async def lead(pipeline: Pipeline, *, merge_partitions: bool) -> int:
    """How far, in milliseconds, the thin partition was ahead at the end of a batch, at most, until it had no more."""
    full, thin = ((topic, 0) for topic in list(pipeline.deployment.logs)[:2])

    following: dict[TopicPart, int] = {}

    async def assigned(partitions: frozenset[TopicPart]) -> Mapping[TopicPart, int]:
        following.update(dict.fromkeys(partitions, 0))
        return dict.fromkeys(partitions, 0)

    async def revoked(_: frozenset[TopicPart]) -> None:
        pass

    config = connection_settings.admin(pipeline.cluster.data_dir)
    transport = Transport(config, pipeline.deployment.group("reporting"), merge_partitions=merge_partitions)
    transport.subscribe([full[0], thin[0]], assigned, revoked)
    try:
        batches = await read(transport, following, FULL + THIN)
        following |= {full: FULL - 10, thin: 0}
        await transport.seek(following)
        again = await read(transport, following, 10 + THIN)
    finally:
        await transport.close()
    assert offsets(batches) == {full: list(range(FULL)), thin: list(range(THIN))}
    assert offsets(again) == {full: list(range(FULL - 10, FULL)), thin: list(range(THIN))}
    return leads(batches, full, thin)


def leads(batches: list[list[Record]], full: TopicPart, thin: TopicPart) -> int:
    """Give the greatest lead of the thin partition, once the full one has come as far as what was read without it.

    The first batches may be of one alone, since of the other nothing is known yet; at the end nobody waits.
    """
    reached = {full: 0, thin: 0}
    unknown = OF_THIN * BATCH
    found = []
    for batch in batches:
        for each in batch:
            reached[each.topic, each.partition] = each.timestamp_ms
        if not reached[full]:
            unknown = max(unknown, reached[thin])
        elif unknown < reached[full] < FULL - BATCH:
            found.append(reached[thin] - reached[full])
    return max(found, default=FULL)


class Worker:
    """One of two that read the whole log, and what it was given of it."""

    def __init__(self, pipeline: Pipeline, *, merge_partitions: bool) -> None:
        self.given: set[TopicPart] = set()
        self._topics = list(pipeline.deployment.logs)
        config = connection_settings.admin(pipeline.cluster.data_dir)
        self.transport = Transport(config, pipeline.deployment.group("reporting"), merge_partitions=merge_partitions)
        self.transport.subscribe(self._topics, self._assigned, self._revoked)

    @property
    def of_each(self) -> list[int]:
        """How many partitions of each topic it holds."""
        return [sum(1 for topic, _ in self.given if topic == each) for each in self._topics]

    async def turn(self) -> None:
        """Let it hear what it is given and what is taken from it."""
        await self.transport.poll(1)

    async def _assigned(self, partitions: frozenset[TopicPart]) -> Mapping[TopicPart, int]:
        self.given |= partitions
        return dict.fromkeys(partitions, 0)

    async def _revoked(self, partitions: frozenset[TopicPart]) -> None:
        self.given -= partitions


@asynccontextmanager
async def worker(pipeline: Pipeline, *, merge_partitions: bool) -> AsyncIterator[Worker]:
    """Begin one, which leaves when the block ends."""
    begun = Worker(pipeline, merge_partitions=merge_partitions)
    try:
        yield begun
    finally:
        await begun.transport.close()


def offsets(batches: list[list[Record]]) -> dict[TopicPart, list[int]]:
    found = defaultdict(list)
    for batch in batches:
        for each in batch:
            found[each.topic, each.partition].append(each.offset)
    return dict(found)


@pytest.mark.parametrize("merge_partitions", [True, False])
async def test_a_thin_partition_is_not_read_ahead(
    cluster: Cluster, admin: AdminClient, tmp_path: Path, merge_partitions: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_PATIENCE_SECONDS", 30.0)  # a busy machine's broker may take more than half a second
    pipeline = await Pipeline.make(cluster, admin, tmp_path)
    try:
        full, thin = list(pipeline.deployment.logs)[:2]
        producer = Producer(
            {**connection_settings.admin(cluster.data_dir), "acks": "all", "queue.buffering.max.messages": 100_000}
        )
        for number in range(FULL):
            producer.produce(full, b"x" * 500, partition=0, timestamp=1 + number)
        for number in range(THIN):
            producer.produce(thin, b"x" * 500, partition=0, timestamp=1 + OF_THIN * number)
        assert producer.flush(30) == 0
        found = await lead(pipeline, merge_partitions=merge_partitions)
        assert (found < BATCH) == merge_partitions  # a guard that fails where nobody waits
    finally:
        pipeline.close()


@pytest.mark.parametrize("merge_partitions", [True, False])
async def test_each_of_two_workers_is_given_half_of_every_topic(
    cluster: Cluster, admin: AdminClient, tmp_path: Path, merge_partitions: bool
) -> None:
    pipeline = await Pipeline.make(cluster, admin, tmp_path, partitions=4)
    try:
        async with asyncio.timeout(60), AsyncExitStack() as ending:
            first = await ending.enter_async_context(worker(pipeline, merge_partitions=merge_partitions))
            while len(first.given) < EVERY:
                await first.turn()
            second = await ending.enter_async_context(worker(pipeline, merge_partitions=merge_partitions))
            while not second.given or len(first.given) + len(second.given) < EVERY:
                await asyncio.gather(first.turn(), second.turn())
            given = [first.of_each, second.of_each]
        assert (given == [[2, 2, 2]] * 2) == merge_partitions  # a guard that fails where nobody asks for it
    finally:
        pipeline.close()
