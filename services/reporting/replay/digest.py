"""Digests that do not depend on any order: of states, of cells, and of all of them together.

Each item is written in one canonical form and hashed; a set's digest is the sum of its items', modulo 2^256.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from msgspec import Struct

_MODULUS: Final = 1 << 256
_BYTES: Final = 32
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def digest(value: object) -> int:
    """SHA-256 of a value's canonical form, as a number."""
    return int.from_bytes(hashlib.sha256(canonical(value)).digest(), "big")


def total(digests: Iterable[int]) -> int:
    """The digest of a set from those of its items; 0 for an empty one."""
    return sum(digests) % _MODULUS


def to_bytes(value: int) -> bytes:
    """A digest as it is stored."""
    return value.to_bytes(_BYTES, "big")


def from_bytes(value: bytes) -> int:
    """A stored digest; nothing stored is an empty set."""
    return int.from_bytes(value, "big")


def canonical(value: object) -> bytes:
    """Bytes that two values have in common if and only if they are equal; TypeError for what has no such form."""
    return _KNOWN[type(value)](value)


def _text(value: str) -> bytes:
    written = value.encode()
    return b"s%d:%b" % (len(written), written)


def _sequence(value: Iterable[object]) -> bytes:
    return b"[" + b"".join(map(canonical, value)) + b"]"


def _set(value: Iterable[object]) -> bytes:
    return b"(" + b"".join(sorted(map(canonical, value))) + b")"


def _mapping(value: Mapping[object, object]) -> bytes:
    return b"{" + b"".join(sorted([canonical(key) + canonical(each) for key, each in value.items()])) + b"}"


# The first that fits: a truth value is an int too, a time is a date too, a code is a text, and a text a sequence.
_WRITERS: Final[tuple[tuple[type | tuple[type, ...], Callable[[Any], bytes]], ...]] = (
    (str, _text),
    (type(None), lambda _: b"n"),
    (bool, lambda value: b"t" if value else b"f"),
    (int, lambda value: b"i%d;" % value),
    (datetime, lambda value: b"z%d;" % ((value - _EPOCH) // _MICROSECOND)),
    (date, lambda value: b"d%d;" % value.toordinal()),
    (UUID, lambda value: b"u" + value.bytes),
    (bytes, lambda value: b"b%d:" % len(value) + value),
    ((tuple, list), _sequence),
    ((set, frozenset), _set),
    (Mapping, _mapping),
)


class _Known(dict[type, Callable[[Any], bytes]]):
    """How each type is written, found once: states hold millions of values of a few types."""

    def __missing__(self, kind: type) -> Callable[[Any], bytes]:
        self[kind] = _writer(kind)
        return self[kind]


_KNOWN: Final = _Known()


def _writer(kind: type) -> Callable[[Any], bytes]:
    for kinds, written in _WRITERS:
        if issubclass(kind, kinds):
            return written
    begin, names = b"<" + kind.__name__.encode() + b":", _fields(kind)
    return lambda value: begin + b"".join([canonical(getattr(value, name)) for name in names]) + b">"


def _fields(kind: type) -> tuple[str, ...]:
    if issubclass(kind, Struct):
        return kind.__struct_fields__
    if is_dataclass(kind):
        return tuple(each.name for each in fields(kind))
    msg = f"{kind.__name__} has no canonical form"
    raise TypeError(msg)
