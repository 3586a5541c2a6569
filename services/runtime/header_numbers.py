"""The numbers in the headers of the log's records. A number that no table or calendar can hold is read as None."""

from functools import lru_cache
from typing import Final

_DIGITS: Final = 18
"""Most digits of a number. PostgreSQL's bigint holds every number of so many digits."""
_MILLISECONDS: Final = 14
"""Most digits of a time in milliseconds: until the year 5138, which calendars hold."""


def number(value: bytes | None) -> int | None:
    """Read the header `n`, a sequence number from 1; None where it is missing or no such number."""
    return _positive(value, _DIGITS)


def instant(value: bytes | None) -> int | None:
    """Read the header `accepted_at`, in milliseconds since 1970; None where it is missing or no such number."""
    return _positive(value, _MILLISECONDS)


# An event's copies come one after the other.
@lru_cache(maxsize=16_384)
def _positive(value: bytes | None, digits: int) -> int | None:
    return (int(value) or None) if value is not None and len(value) <= digits and value.isdigit() else None
