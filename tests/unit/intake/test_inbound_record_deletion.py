"""Deletion of judged records: never beyond what is committed and on the log, never of another topic."""

import asyncio
from collections.abc import Mapping
from typing import Final
from uuid import UUID

import pytest

from services.intake.domain.submission import CLOSING, InboundHeaders
from services.intake.inbound_record_deletion import InboundDeletion
from services.runtime.errors import Retryable
from services.runtime.fenced_positions import TopicPart
from tests.unit.intake.conftest import Database
from tests.unit.intake.samples import DEPLOYMENT, victim

TOPIC: Final = DEPLOYMENT.inbound("bpd")
ID: Final = UUID(int=7)


class Broker:
    """Notes what is to be deleted; the topic has the id that it is given."""

    def __init__(self, topic_id: UUID = ID) -> None:
        self.topic_id = topic_id
        self.deleted: list[Mapping[TopicPart, int]] = []
        self.away = False

    async def topic_ids(self, topics: frozenset[str]) -> Mapping[str, UUID]:
        return dict.fromkeys(topics, self.topic_id)

    async def delete_before(self, offsets: Mapping[TopicPart, int]) -> None:
        if self.away:
            msg = "_TRANSPORT"
            raise Retryable(msg)
        self.deleted.append(offsets)


class Topics:
    """Takes records and gives them offsets; those of a topic that is away fail."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, object, object, InboundHeaders]] = []
        self.next_offset = 10
        self.away = False

    def send(
        self, topic: str, key: bytes | None, value: bytes | None, headers: InboundHeaders = ()
    ) -> "asyncio.Future[tuple[int, int]]":
        future: asyncio.Future[tuple[int, int]] = asyncio.get_running_loop().create_future()
        if self.away:
            future.set_exception(Retryable("_TRANSPORT"))
        else:
            future.set_result((0, self.next_offset))
            self.sent.append((topic, key, value, headers))
        return future


def made(database: Database, broker: Broker, topics: Topics | None = None) -> tuple[InboundDeletion, list[float]]:
    """Give a deletion that finds a topic quiet after 100 seconds, and the clock that it reads."""
    clock = [0.0]
    deletion = InboundDeletion(database.pool, broker, topics or Topics(), quiet_seconds=100.0, now=lambda: clock[0])
    return deletion, clock


async def judged(database: Database, number: int, next_offset: int) -> None:
    """Give another submission its number, and have the position stand behind it."""
    await database.submit([victim(number)])
    await database.administer(
        "INSERT INTO position VALUES ($1, 0, $2, $3, 1) ON CONFLICT (topic_id, part) DO UPDATE SET next_offset = $3",
        ID,
        TOPIC,
        next_offset,
    )


async def relayed(database: Database, last_n: int) -> None:
    await database.administer("UPDATE relay SET last_n = $1", last_n)


async def test_nothing_is_deleted_before_anything_is_judged(database: Database) -> None:
    broker = Broker()
    assert await made(database, broker)[0].round() == 0
    assert broker.deleted == []


async def test_what_is_judged_goes_once_the_relay_has_written_it(database: Database) -> None:
    broker = Broker()
    deletion = made(database, broker)[0]
    await judged(database, 1, 10)
    assert await deletion.round() == 0
    await relayed(database, 1)
    assert await deletion.round() == 1
    assert await deletion.round() == 0  # there is nothing new
    assert broker.deleted == [{(TOPIC, 0): 10}]


async def test_what_is_judged_meanwhile_waits_for_its_own_turn(database: Database) -> None:
    broker = Broker()
    deletion = made(database, broker)[0]
    await judged(database, 1, 10)
    await deletion.round()
    await judged(database, 2, 20)
    await relayed(database, 1)
    await deletion.round()
    assert broker.deleted == [{(TOPIC, 0): 10}]
    await relayed(database, 2)
    await deletion.round()
    assert broker.deleted[1:] == [{(TOPIC, 0): 20}]


async def test_nothing_of_a_topic_that_was_made_again_is_deleted(database: Database) -> None:
    broker = Broker(UUID(int=8))
    await judged(database, 1, 10)
    await relayed(database, 1)
    await made(database, broker)[0].round()
    assert not any(broker.deleted)


async def test_what_the_broker_did_not_delete_is_deleted_later(database: Database) -> None:
    broker = Broker()
    broker.away = True
    deletion = made(database, broker)[0]
    await judged(database, 1, 10)
    await relayed(database, 1)
    with pytest.raises(Retryable):
        await deletion.round()
    broker.away = False
    await deletion.round()
    assert broker.deleted == [{(TOPIC, 0): 10}]


async def test_a_quiet_topic_gets_one_empty_record_until_something_else_is_read(database: Database) -> None:
    topics = Topics()
    deletion, clock = made(database, Broker(), topics)
    await judged(database, 1, 10)
    await deletion.round()
    clock[0] = 99.0
    await deletion.round()
    assert topics.sent == []
    clock[0] = 100.0
    await deletion.round()
    assert topics.sent == [(TOPIC, None, None, CLOSING)]
    for clock[0] in (101.0, 500.0):  # not read yet
        await deletion.round()
    await judged(database, 2, 11)  # read
    for clock[0] in (501.0, 900.0):
        await deletion.round()
    assert len(topics.sent) == 1
    topics.next_offset = 12
    await judged(database, 3, 12)  # something else was
    for clock[0] in (901.0, 1000.0):
        await deletion.round()
    assert len(topics.sent) == 1
    clock[0] = 1001.0
    await deletion.round()
    assert len(topics.sent) == 2


async def test_a_topic_that_took_no_record_is_closed_later(database: Database) -> None:
    topics = Topics()
    deletion, clock = made(database, Broker(), topics)
    await judged(database, 1, 10)
    await deletion.round()
    clock[0], topics.away = 100.0, True
    with pytest.raises(Retryable):
        await deletion.round()
    topics.away = False
    await deletion.round()
    assert len(topics.sent) == 1


async def test_a_topic_that_was_made_again_is_left_alone(database: Database) -> None:
    topics = Topics()
    deletion, clock = made(database, Broker(UUID(int=8)), topics)
    await judged(database, 1, 10)
    await deletion.round()
    clock[0] = 100.0
    await deletion.round()
    assert topics.sent == []
