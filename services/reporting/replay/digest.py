"""Digests of sets of states and cells that do not depend on the items' order.

Each item is encoded in one canonical form and hashed. A set's digest is the sum of its items' digests modulo 2^256.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Final

from msgspec import Struct
from msgspec.msgpack import Encoder, Ext

_MODULUS: Final = 1 << 256
_BYTES: Final = 32
# Codes of MessagePack extension types, for values that MessagePack cannot encode or has no fixed order for.
_NUMBER: Final = 1
_ITEMS: Final = 2
_SET: Final = 3
_ENTRIES: Final = 4


def digest(value: object) -> int:
    """Return the SHA-256 of a value's canonical form as an integer. Raises `TypeError` as `canonical` does."""
    return int.from_bytes(hashlib.sha256(canonical(value)).digest(), "big")


def total(digests: Iterable[int]) -> int:
    """Return the digest of a set from those of its items; 0 for an empty set."""
    return sum(digests) % _MODULUS


def to_bytes(value: int) -> bytes:
    """Encode a digest as 32 bytes, big-endian, as it is stored."""
    return value.to_bytes(_BYTES, "big")


def from_bytes(value: bytes) -> int:
    """Decode a stored digest. Empty bytes give 0, the digest of an empty set."""
    return int.from_bytes(value, "big")


def canonical(value: object) -> bytes:
    """Encode a value: two values of one static type have equal bytes if and only if they are equal.

    The form is MessagePack with sorted mappings and sets. Different types may have equal bytes: a set and a tuple, a
    date and its text, two structs with equal fields. So a field of a state must never hold both. Raises `TypeError` for
    a value without a canonical form.
    """
    try:
        return _ENCODER.encode(value)
    except (TypeError, OverflowError):  # it contains a key that is not text, a set that cannot be sorted, or a big int
        return _ENCODER.encode(_written_out(value))


def _written_out(value: object) -> Ext:
    if isinstance(value, int):
        return Ext(_NUMBER, b"%d" % value)
    if isinstance(value, Struct):
        return Ext(_ITEMS, b"".join([canonical(getattr(value, name)) for name in value.__struct_fields__]))
    if isinstance(value, tuple | list):
        return Ext(_ITEMS, b"".join(map(canonical, value)))
    if isinstance(value, set | frozenset):
        return Ext(_SET, b"".join(sorted(map(canonical, value))))
    if isinstance(value, Mapping):
        return Ext(_ENTRIES, b"".join(sorted(map(canonical, value.items()))))
    return _refuse(value)


def _refuse(value: object) -> Ext:
    msg = f"{type(value).__name__} has no canonical form"
    raise TypeError(msg)


_ENCODER: Final = Encoder(order="deterministic", enc_hook=_refuse)
