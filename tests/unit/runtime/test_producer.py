"""A sent record is reported by its place. A failed one is reported by what must be done about it."""

import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import pytest
from confluent_kafka import Consumer, KafkaError, TopicPartition

from schemas.topics import LARGEST
from services.runtime.errors import Halt, Retryable
from services.runtime.partitioner import partition_of
from services.runtime.producer import Producer, TooLarge, _failure, _Sending, _Single
from tests.support.mock_broker import MockBroker

TOPIC, CANARY = "atips.person.v1", b"canaryxq"


@pytest.fixture
async def producer(mock_broker: MockBroker) -> AsyncIterator[Producer]:
    made = Producer(mock_broker.config)
    yield made
    made.close()


def record(number: int) -> _Single:
    return _Single(TOPIC, b"key %d" % number, b"%d" % number, [("n", b"%d" % number)])


def stands(broker: MockBroker, part: int, offset: int) -> tuple[bytes | None, bytes | None, object]:
    """Give what lies there: key, value, headers."""
    consumer = Consumer({**broker.config, "group.id": "nobody", "auto.offset.reset": "error"})
    try:
        consumer.assign([TopicPartition(TOPIC, part, offset)])
        found = consumer.poll(10)
        assert found is not None
        assert found.error() is None
        return found.key(), found.value(), found.headers()
    finally:
        consumer.close()


async def test_each_record_s_place_is_its_own_whatever_is_acknowledged_first(
    producer: Producer, mock_broker: MockBroker
) -> None:
    records = [record(number) for number in range(12)]
    places = await producer.send_all(records)
    assert len({part for part, _ in places}) > 1
    for each, (part, offset) in zip(records, places, strict=True):
        assert stands(mock_broker, part, offset) == (each.key, each.value, each.headers)
    assert await producer.send_all([]) == []
    one = await producer.send(TOPIC, None, None)
    assert stands(mock_broker, *one) == (None, None, None)


async def test_keys_keep_their_partitions_when_somebody_gives_the_topic_more(mock_broker: MockBroker) -> None:
    producer = Producer(mock_broker.config, {TOPIC: 2})  # the topic has four
    records = [record(number) for number in range(12)]
    try:
        places = await producer.send_all(records)
        one, _ = await producer.send(TOPIC, b"key 1", None)
        others = {(await producer.send("atips.delivery.bpd.v1", b"%d" % number, None))[0] for number in range(12)}
    finally:
        producer.close()
    assert [part for part, _ in places] == [partition_of(each.key or b"", 2) for each in records]
    assert one == partition_of(b"key 1", 2)
    assert max(others) > 1


async def test_what_is_larger_than_any_record_is_said_without_it_and_takes_nothing_along(
    producer: Producer, mock_broker: MockBroker
) -> None:
    with pytest.raises(TooLarge) as caught:
        await producer.send(TOPIC, CANARY, CANARY * LARGEST)
    assert str(caught.value) == f"MSG_SIZE_TOO_LARGE {TOPIC}"
    sent = producer.send_all([_Single(TOPIC, b"key", each, ()) for each in (b"1", CANARY * LARGEST, b"2")])
    with pytest.raises(TooLarge):
        await sent
    part, offset = await producer.send(TOPIC, b"key", b"3")
    assert [stands(mock_broker, part, offset - back)[1] for back in (2, 1, 0)] == [b"1", b"2", b"3"]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (KafkaError._MSG_TIMED_OUT, Retryable),
        (KafkaError._TRANSPORT, Retryable),
        (KafkaError._ALL_BROKERS_DOWN, Retryable),
        (KafkaError._UNKNOWN_PARTITION, Retryable),
        (KafkaError.MSG_SIZE_TOO_LARGE, TooLarge),
        (KafkaError.TOPIC_AUTHORIZATION_FAILED, Halt),
        (KafkaError.UNKNOWN_TOPIC_OR_PART, Halt),
    ],
)
def test_a_failure_is_what_must_be_done_about_it(code: int, kind: type[Exception]) -> None:
    error = KafkaError(code)
    failure = _failure(error, TOPIC)
    assert type(failure) is kind
    assert str(failure) == f"{error.name()} {TOPIC}"
    assert isinstance(_failure(KafkaError(KafkaError.NOT_ENOUGH_REPLICAS, retriable=True), TOPIC), Retryable)


@pytest.mark.parametrize("order", [1, -1])
async def test_of_many_the_gravest_is_raised_and_only_when_all_are_answered(order: int) -> None:
    told: asyncio.Future[Exception | None] = asyncio.get_running_loop().create_future()
    sending = _Sending(3, lambda sent: told.set_result(sent.failure), asyncio.get_running_loop())
    failures = [Retryable("again"), Halt("never"), Retryable("again")][::order]
    for failure in failures[:2]:
        sending._done(failure)
    await asyncio.sleep(0.01)
    assert not told.done()
    sending._done(failures[2])
    assert str(await told) == "never"


@pytest.mark.parametrize("offset", [None, 0])
async def test_what_the_broker_has_at_no_known_place_is_sent_again(offset: int | None) -> None:
    """Else a reader would pass for complete without it: progress says up to which offsets the log is whole."""
    told: asyncio.Future[_Sending] = asyncio.get_running_loop().create_future()
    sending = _Sending(1, told.set_result, asyncio.get_running_loop())
    answer: Any = SimpleNamespace(partition=lambda: 3, offset=lambda: offset, topic=lambda: TOPIC)
    sending._delivered(0, None, answer)
    found = await told
    if offset is None:
        assert isinstance(found.failure, Retryable)
    else:
        assert (found.failure, found.written) == (None, [(3, 0)])
