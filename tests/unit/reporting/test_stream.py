"""Reporting's topics, and its use of the relay's progress. The real broker tests the reading itself."""

import asyncio
import logging
from collections.abc import Mapping

import pytest
from confluent_kafka import TopicPartition
from typing_extensions import override

from schemas.topics import Deployment
from services.reporting.domain.ledger.event_row import LogPartition
from services.reporting.store import Store
from services.reporting.stream import Follower, topics
from services.runtime.errors import Halt
from tests.support.mock_broker import MockBroker
from tests.unit.reporting.conftest import Database

DEPLOYMENT = Deployment("here", partitions=3)


def test_it_reads_the_three_topics_of_the_log_by_name() -> None:
    assert topics(DEPLOYMENT) == {"here.person.v1": 3, "here.case.v1": 3, "here.activity.v1": 3}


# Nobody listens there.
AWAY = {"bootstrap.servers": "127.0.0.1:9"}


class Unused:
    async def store_progress(self, progress: Mapping[int, Mapping[LogPartition, int]]) -> None:
        raise NotImplementedError

    async def count_parked_entities(self) -> int:
        raise NotImplementedError


class Kept:
    """Store of the relay's progress; says when there is some."""

    def __init__(self) -> None:
        self.some = asyncio.Event()

    async def store_progress(self, progress: Mapping[int, Mapping[LogPartition, int]]) -> None:
        self.some.set()

    async def count_parked_entities(self) -> int:
        return 0


class Heard(logging.Handler):
    """Says when there is a line, whichever thread it comes from."""

    def __init__(self) -> None:
        super().__init__()
        self.some = asyncio.Event()
        self._loop = asyncio.get_running_loop()

    @override
    def emit(self, record: logging.LogRecord) -> None:
        self._loop.call_soon_threadsafe(self.some.set)


@pytest.fixture
def follower() -> Follower:
    # A client that is never polled connects to nobody.
    return Follower(AWAY, DEPLOYMENT, Unused())


async def test_the_relays_word_is_read_per_partition(follower: Follower) -> None:
    value = b'{"n": 1204, "offsets": {"here.person.v1": {"0": 17, "2": 3}, "here.activity.v1": {"1": 0}}}'
    assert follower._progress(value) == (1204, {(0, 0): 17, (0, 2): 3, (2, 1): 0})


@pytest.mark.parametrize(
    "value",
    [b"", b"[]", b'{"n": 1}', b'{"n": 1, "offsets": {"there.person.v1": {"0": 1}}}', b'{"n": "x", "offsets": {}}'],
)
async def test_a_record_that_is_not_the_relays_stops_the_worker(follower: Follower, value: bytes) -> None:
    with pytest.raises(Halt, match="not the relay's"):
        follower._progress(value)


async def test_while_the_broker_is_away_only_the_log_says_so(capfd: pytest.CaptureFixture[str]) -> None:
    """The lines are JSON, and a repeated event is logged now and then."""
    stop, heard, logger = asyncio.Event(), Heard(), logging.getLogger("librdkafka")
    logger.addHandler(heard)
    running = asyncio.create_task(Follower(AWAY, DEPLOYMENT, Kept()).run(stop))
    await asyncio.wait_for(heard.some.wait(), 30)
    stop.set()
    await running
    logger.removeHandler(heard)
    # The client's own lines are "%3|time|FAIL|name| ...".
    assert not [line for line in capfd.readouterr().err.splitlines() if line.startswith("%")]


async def test_a_topic_that_ends_before_what_was_read_of_it_stops_the_worker(mock_broker: MockBroker) -> None:
    """A worker that went on at the new end would never say again how far the figures are complete."""
    mock_broker.write(DEPLOYMENT.progress, b'{"n": 1, "offsets": {}}')
    kept = Kept()
    follower = Follower(mock_broker.config, DEPLOYMENT, kept)
    running = asyncio.create_task(follower.run(asyncio.Event()))
    await asyncio.wait_for(kept.some.wait(), 30)
    follower._consumer.seek(TopicPartition(DEPLOYMENT.progress, 0, 50))  # as if the broker had lost what lies before
    with pytest.raises(Halt, match=r"outside the log of here\.progress\.v1"):
        await asyncio.wait_for(running, 30)


async def test_how_many_are_withheld_is_counted_for_the_own_version(database: Database) -> None:
    assert await Store(await database.pool(), "v1").count_parked_entities() == 0
