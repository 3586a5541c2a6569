"""A group commits our own offsets, none older than the last one, and tries again until they are taken."""

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from confluent_kafka import KafkaError, KafkaException, TopicPartition

from services.runtime import threaded_consumer
from services.runtime.errors import Halt
from services.runtime.fenced_positions import TopicPart
from services.runtime.threaded_consumer import Transport

A, B = ("a.topic", 0), ("a.topic", 1)


@dataclass
class Client:
    """Hears what it is told; some of it the group does not take."""

    mine: Sequence[TopicPart]
    heard: list[dict[TopicPart, int]] = field(default_factory=list)
    away: bool = False

    def assignment(self) -> list[TopicPartition]:
        return [TopicPartition(*place) for place in self.mine]

    def commit(self, offsets: Sequence[TopicPartition], *, asynchronous: bool) -> None:
        assert asynchronous
        if self.away:
            raise KafkaException(KafkaError(KafkaError._STATE))
        self.heard.append({(each.topic, each.partition): each.offset for each in offsets})


@pytest.fixture
async def told(monkeypatch: pytest.MonkeyPatch) -> tuple[Transport, Client]:
    monkeypatch.setattr(threaded_consumer, "_ACKNOWLEDGE_SECONDS", 0.0)
    client = Client([A, B])
    made = Transport({"bootstrap.servers": "127.0.0.1:9"}, "a-group")
    made._consumer.close()
    monkeypatch.setattr(made, "_consumer", client)
    return made, client


def answered(place: TopicPart, offset: int, *, error: bool) -> list[Any]:
    return [SimpleNamespace(topic=place[0], partition=place[1], offset=offset, error=object() if error else None)]


async def test_it_is_told_once_and_of_what_is_ours(told: tuple[Transport, Client]) -> None:
    made, client = told
    client.mine = [B]
    made.acknowledge({A: 3, B: 4})
    made._tell()
    made._tell()
    client.mine = [A, B]
    made._tell()
    assert client.heard == [{B: 4}]


async def test_what_was_not_taken_is_told_again_unless_more_is_known(told: tuple[Transport, Client]) -> None:
    made, client = told
    made.acknowledge({A: 3, B: 4})
    made._tell()
    made._on_commit(None, answered(A, 3, error=True))
    made._on_commit(None, answered(B, 4, error=False))
    await asyncio.sleep(0)
    made._tell()
    made.acknowledge({A: 5})
    made._on_commit(KafkaError(KafkaError._TIMED_OUT), answered(A, 3, error=False) + answered(B, 4, error=False))
    await asyncio.sleep(0)
    made._tell()
    assert client.heard == [{A: 3, B: 4}, {A: 3}, {A: 5, B: 4}]


async def test_what_could_not_be_said_is_said_later(told: tuple[Transport, Client]) -> None:
    made, client = told
    made.acknowledge({A: 3})
    client.away = True
    made._tell()
    client.away = False
    made._tell()
    assert client.heard == [{A: 3}]


@dataclass
class LostClient:
    """Has lost its coordinator: neither call returns until the test ends."""

    ended: threading.Event = field(default_factory=threading.Event)

    def unsubscribe(self) -> None:
        self.ended.wait(60)

    def close(self) -> None:
        self.ended.wait(60)


async def test_a_client_that_does_not_leave_its_group_is_given_up(
    told: tuple[Transport, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threaded_consumer, "_LEAVE_SECONDS", 0.1)
    made, _ = told
    client = LostClient()
    monkeypatch.setattr(made, "_consumer", client)
    try:
        with pytest.raises(Halt, match="does not leave its group"):
            await asyncio.wait_for(made.leave(), 10)
        await asyncio.wait_for(made.close(), 10)
    finally:
        client.ended.set()
