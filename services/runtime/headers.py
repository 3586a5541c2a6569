"""The numbers in the headers of the log's records. A number that no table or calendar can hold is read as none."""

from functools import lru_cache
from typing import Final

_DIGITS: Final = 18
"""A bigint holds every decimal of so many."""
_MILLISECONDS: Final = 14
"""Every decimal of so many is a time that calendars hold: until the year 5138."""


def number(value: bytes | None) -> int | None:
    """The place in the line, from 1, that `n` says."""
    return _positive(value, _DIGITS)


def instant(value: bytes | None) -> int | None:
    """The milliseconds since 1970 that `accepted_at` says."""
    return _positive(value, _MILLISECONDS)


# An event's copies come one after the other.
@lru_cache(maxsize=16_384)
def _positive(value: bytes | None, digits: int) -> int | None:
    return (int(value) or None) if value is not None and len(value) <= digits and value.isdigit() else None
