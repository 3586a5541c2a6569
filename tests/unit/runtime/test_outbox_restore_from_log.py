"""A deciding service reads its own decisions back from the log, whatever else lies there."""

import asyncio
from uuid import UUID

import asyncpg
import pytest
from confluent_kafka import Consumer, TopicPartition

from services.runtime import broker_queries
from services.runtime.deciding.outbox_restore_from_log import (
    DecisionsPlace,
    read_published_decisions,
    restore_decisions,
)
from services.runtime.outbox import Message
from tests.support.mock_broker import MockBroker

TOPIC = "atips.person.v1"
OURS = DecisionsPlace("atips.referral", {TOPIC: 2}, "referral/main", "atips.inbound.referral.v1")
ID = UUID("0190163d-8694-739b-aea5-966c26f8ad90")
TYPE = "bz.atips.referral.assigned.v1"
DECISION = b'{"id": "%s", "source": "referral/main", "type": "%s"}' % (str(ID).encode(), TYPE.encode())
ANOTHERS = DECISION.replace(b"referral/main", b"bpd/register").replace(b"0190163d", b"0190163e")
UNREADABLE = (b"garbage", b"", b"[]", b"{}", b"\xff", b'{"id": "1", "source": "referral/main"}')


def test_what_cannot_be_read_is_passed_over_and_what_is_ours_is_found(mock_broker: MockBroker) -> None:
    """As the live path goes on behind it: one such record would keep the service from ever starting again."""
    of_a_copy = [("n", b"1"), ("accepted_at", b"1")]
    mock_broker.write(TOPIC, *UNREADABLE, ANOTHERS, DECISION, DECISION, *UNREADABLE, headers=of_a_copy)
    mock_broker.write(TOPIC, *UNREADABLE)
    assert read_published_decisions(mock_broker.config, OURS) == [Message(ID, OURS.inbound, TYPE, DECISION)]


def read(mock_broker: MockBroker, *written: bytes) -> None:
    """Have these lie on the log, and the group say that it has read one record, and none of the other partition."""
    mock_broker.write(TOPIC, *written, headers=[("n", b"1"), ("accepted_at", b"1")])
    consumer = Consumer({**mock_broker.config, "group.id": OURS.group})
    consumer.commit(offsets=[TopicPartition(TOPIC, 0, 1), TopicPartition(TOPIC, 1, 0)], asynchronous=False)
    consumer.close()


async def begun(pool: asyncpg.Pool, mock_broker: MockBroker) -> tuple[list[tuple[UUID, str, bytes, bool]], int]:
    """Return the outbox's content once a service has begun, and the position of its group."""
    await restore_decisions(pool, mock_broker.config, OURS, asyncio.Event())
    rows = await pool.fetch("SELECT id, topic, value, sent FROM outbox ORDER BY seq")
    stands = await broker_queries.committed_offsets(mock_broker.config, OURS.group, OURS.places)
    return [tuple(row) for row in rows], stands[TOPIC, 0]


async def test_who_has_lost_everything_knows_again_what_was_said_and_reads_from_the_beginning(
    pool: asyncpg.Pool, mock_broker: MockBroker
) -> None:
    read(mock_broker, ANOTHERS, DECISION)
    known = [(ID, OURS.inbound, DECISION, True)]
    assert await begun(pool, mock_broker) == (known, 0)
    assert await begun(pool, mock_broker) == (known, 0)


async def test_who_had_decided_nothing_reads_from_the_beginning_too(
    pool: asyncpg.Pool, mock_broker: MockBroker
) -> None:
    read(mock_broker, ANOTHERS)
    assert await begun(pool, mock_broker) == ([], 0)


@pytest.mark.parametrize(
    "held",
    [
        "SELECT take_over_positions(ARRAY[gen_random_uuid()], ARRAY[0], ARRAY['log'])",
        "INSERT INTO outbox (id, topic, type, value) VALUES (gen_random_uuid(), 'topic', 'type', '')",
    ],
)
async def test_who_has_lost_nothing_begins_where_it_stands(
    pool: asyncpg.Pool, mock_broker: MockBroker, held: str
) -> None:
    """Its next decision may lie on the log before it has made it."""
    await pool.execute(held)
    read(mock_broker, ANOTHERS, DECISION)
    kept, stands = await begun(pool, mock_broker)
    assert (len(kept), stands) == (held.count("outbox"), 1)
