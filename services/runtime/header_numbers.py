"""Numbers in the headers of the log's records. A number that no table or calendar can hold is read as None."""

from functools import lru_cache
from typing import Final

_DIGITS: Final = 18
"""Digits of a number at most. PostgreSQL's bigint holds every number with so many digits."""
_MILLISECONDS: Final = 14
"""Digits of a time in milliseconds at most: times until the year 5138, which Python's dates hold."""


def parse_sequence_number(value: bytes | None) -> int | None:
    """Return the value of the header `n`, a sequence number from 1 on; None if it is missing or not valid."""
    return _positive(value, _DIGITS)


def parse_accepted_at(value: bytes | None) -> int | None:
    """Return the value of the header `accepted_at`, in ms since 1970 (UTC); None if it is missing or not valid."""
    return _positive(value, _MILLISECONDS)


# Copies of one event come one after the other, with equal numbers.
@lru_cache(maxsize=16_384)
def _positive(value: bytes | None, digits: int) -> int | None:
    return (int(value) or None) if value is not None and len(value) <= digits and value.isdigit() else None
