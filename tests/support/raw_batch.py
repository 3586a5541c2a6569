"""Batches of records as a program of anybody's may write them, with any offsets within."""

import struct
import time
from collections.abc import Mapping, Sequence
from typing import Any

from aiokafka.client import AIOKafkaClient
from aiokafka.protocol.produce import ProduceRequest
from aiokafka.record.util import calc_crc32c
from aiokafka.structs import TopicPartition

from infra.kafka.quotas import as_aiokafka


def batch(values: Sequence[bytes], offsets: Sequence[int]) -> bytes:
    """Give the bytes of a valid batch whose records say these offsets, counted from its beginning."""
    records = b"".join(map(_record, values, offsets))
    now = int(time.time() * 1000)
    head = struct.pack(">hiqqqhii", 0, len(values) - 1, now, now, -1, -1, -1, len(values))
    crc = calc_crc32c(head + records)
    return struct.pack(">qiibI", 0, 9 + len(head) + len(records), -1, 2, crc) + head + records


async def append(settings: Mapping[str, Any], topic: str, *batches: bytes) -> list[int]:
    """Append batches to the first partition of a topic, each with a request of its own; gives the broker's codes."""
    client: Any = AIOKafkaClient(**as_aiokafka(settings))
    await client.bootstrap()
    try:
        await client.set_topics([topic])
        node = client.cluster.leader_for_partition(TopicPartition(topic, 0))
        answers = [await client.send(node, _produced(topic, each)) for each in batches]
        return [int(answer.topics[0][1][0][1]) for answer in answers]
    finally:
        await client.close()


def _produced(topic: str, octets: bytes) -> ProduceRequest:
    return ProduceRequest(None, 1, 10_000, [(topic, [(0, octets)])])


def _record(value: bytes, offset: int) -> bytes:
    said = b"\0" + _varint(0) + _varint(offset) + _varint(-1) + _varint(len(value)) + value + _varint(0)
    return _varint(len(said)) + said


def _varint(number: int) -> bytes:
    left, octets = (number << 1) ^ (number >> 63), bytearray()
    while left > 0x7F:
        octets.append(left & 0x7F | 0x80)
        left >>= 7
    return bytes([*octets, left])
