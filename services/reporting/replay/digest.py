"""Digests that do not depend on any order: of states, of cells, and of all of them together.

Each item is written in one canonical form and hashed; a set's digest is the sum of its items', modulo 2^256.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Final

from msgspec import Struct
from msgspec.msgpack import Encoder, Ext

_MODULUS: Final = 1 << 256
_BYTES: Final = 32
# What MessagePack has no form or no order for is written out in extensions of it, which are told apart by these codes.
_NUMBER: Final = 1
_ITEMS: Final = 2
_SET: Final = 3
_ENTRIES: Final = 4


def digest(value: object) -> int:
    """SHA-256 of a value's canonical form, as a number."""
    return int.from_bytes(hashlib.sha256(canonical(value)).digest(), "big")


def total(digests: Iterable[int]) -> int:
    """Give the digest of a set from those of its items; 0 for an empty set."""
    return sum(digests) % _MODULUS


def to_bytes(value: int) -> bytes:
    """Write a digest in its stored form."""
    return value.to_bytes(_BYTES, "big")


def from_bytes(value: bytes) -> int:
    """A stored digest; nothing stored is an empty set."""
    return int.from_bytes(value, "big")


def canonical(value: object) -> bytes:
    """Bytes that two values of one static type have in common if and only if they are equal; TypeError where none are.

    MessagePack, with texts' mappings and sets in order. It does not tell a set from a tuple or a date from its text,
    nor two structs of the same fields: no field of a state, and no part of a name, may hold the one and the other.
    """
    try:
        return _ENCODER.encode(value)
    except (TypeError, OverflowError):  # somewhere in it is a key that is no text, a set without an order, a big number
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
