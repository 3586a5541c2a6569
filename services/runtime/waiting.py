"""Records that were read and are not handled yet, given out in batches of so many records and so many bytes."""

from collections import deque
from collections.abc import Sequence
from typing import Final

from services.runtime.transport import Record

_BESIDE: Final = 512
"""Bytes that a record needs beside its own: the object, its topic, its headers' list."""


def size_of(record: Record) -> int:
    """Give about how much memory a record needs, in bytes."""
    headers = sum(len(name) + len(value or b"") + _BESIDE // 4 for name, value in record.headers)
    return len(record.key or b"") + len(record.value or b"") + headers + _BESIDE


class Waiting:
    """Records in the order in which they were read."""

    def __init__(self) -> None:
        self._records: deque[Record] = deque()

    def __bool__(self) -> bool:
        return bool(self._records)

    def add(self, records: Sequence[Record]) -> None:
        """Add what was read."""
        self._records.extend(records)

    def take(self, most: int, size: int) -> list[Record]:
        """Give the next records: at most so many, and so many bytes unless the first alone has more."""
        taken: list[Record] = []
        while self._records and len(taken) < most:
            size -= size_of(self._records[0])
            if taken and size < 0:
                break
            taken.append(self._records.popleft())
        return taken

    def clear(self) -> None:
        """Forget all of it: it is read again from elsewhere."""
        self._records.clear()
