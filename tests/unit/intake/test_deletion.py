"""Deletion of judged records: never beyond what is committed and on the log, never of another topic."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

import pytest

from services.intake.deletion import InboundDeletion
from services.runtime.errors import Retryable
from services.runtime.transaction import TopicPart
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
    assert await InboundDeletion(database.pool, broker).round() == 0
    assert broker.deleted == []


async def test_what_is_judged_goes_once_the_relay_has_written_it(database: Database) -> None:
    broker = Broker()
    deletion = InboundDeletion(database.pool, broker)
    await judged(database, 1, 10)
    assert await deletion.round() == 0
    await relayed(database, 1)
    assert await deletion.round() == 1
    assert await deletion.round() == 0  # there is nothing new
    assert broker.deleted == [{(TOPIC, 0): 10}]


async def test_what_is_judged_meanwhile_waits_for_its_own_turn(database: Database) -> None:
    broker = Broker()
    deletion = InboundDeletion(database.pool, broker)
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
    await InboundDeletion(database.pool, broker).round()
    assert not any(broker.deleted)


async def test_what_the_broker_did_not_delete_is_deleted_later(database: Database) -> None:
    broker = Broker()
    broker.away = True
    deletion = InboundDeletion(database.pool, broker)
    await judged(database, 1, 10)
    await relayed(database, 1)
    with pytest.raises(Retryable):
        await deletion.round()
    broker.away = False
    await deletion.round()
    assert broker.deleted == [{(TOPIC, 0): 10}]
