"""Partition of a record's key, as Kafka's own clients and librdkafka's `murmur2_random` choose it."""

from struct import unpack_from
from typing import Final

_SEED: Final = 0x9747B28C
_MIX: Final = 0x5BD1E995
_WORD: Final = 0xFFFFFFFF
_POSITIVE: Final = 0x7FFFFFFF


def partition_of(key: bytes, partitions: int) -> int:
    """Return the partition of a key, from 0 to `partitions` - 1."""
    return (_murmur2(key) & _POSITIVE) % partitions


def _murmur2(data: bytes) -> int:
    """Return Austin Appleby's MurmurHash2 with the seed that Kafka uses, from 0 to 2^32 - 1."""
    whole = len(data) // 4
    found = _SEED ^ len(data)
    for word in unpack_from(f"<{whole}I", data):
        mixed = word * _MIX & _WORD
        mixed = (mixed ^ mixed >> 24) * _MIX & _WORD
        found = found * _MIX & _WORD ^ mixed
    if rest := data[4 * whole :]:
        found = (found ^ int.from_bytes(rest, "little")) * _MIX & _WORD
    found = (found ^ found >> 13) * _MIX & _WORD
    return found ^ found >> 15
