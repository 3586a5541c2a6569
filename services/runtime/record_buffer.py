"""Queues of records that were read and are not handled yet. Batches have limits of records and bytes."""

from collections import deque
from collections.abc import Collection, Sequence
from typing import Final

from typing_extensions import override

from services.runtime.fenced_positions import TopicPart
from services.runtime.record import Record

_BESIDE: Final = 512
"""Bytes that a record needs in addition to its content: the object, its topic, its list of headers."""

AMONG: Final = 500
"""Records of a batch at most, while several partitions wait. That is some tens of milliseconds of work, by which a
sender of many records delays the others at most.
"""

OF_ONE: Final = 50
"""Records of a sender beyond its share in one batch, at most: others wait for some milliseconds of work."""


def size_of(record: Record) -> int:
    """Return about how much memory a record needs, in bytes."""
    headers = sum(len(name) + len(value or b"") + _BESIDE // 4 for name, value in record.headers)
    return len(record.key or b"") + len(record.value or b"") + headers + _BESIDE


class RecordQueue:
    """Queue of records in the order in which they were read. Further ones are read only when it is empty.

    `records` and `size`: number of the waiting records, and their bytes.
    """

    def __init__(self) -> None:
        self._records: dict[TopicPart, deque[Record]] = {}
        self.records = 0
        self.size = 0

    def room(self, most: int, size: int) -> int:  # noqa: ARG002 - bytes do not matter where nothing waits
        """Return how many records may be read now: `most` if none waits, else 0. `size` is not used."""
        return 0 if self.records else most

    def add(self, records: Sequence[Record]) -> None:
        """Add records that were just read."""
        for record in records:
            self._records.setdefault(self._queue_of(record), deque()).append(record)
            self.size += size_of(record)
        self.records += len(records)

    def take(self, most: int, size: int) -> list[Record]:
        """Remove and return the next records, at most `most` and `size` bytes. The first one may be larger."""
        return [taken for place in tuple(self._records) for taken in self._taken(place, most, size)]

    def drop(self, places: Collection[TopicPart]) -> None:
        """Remove the records of partitions that another worker reads, or that are read from another offset."""
        kept = [
            each for queue in self._records.values() for each in queue if (each.topic, each.partition) not in places
        ]
        self.clear()
        self.add(kept)

    def clear(self) -> None:
        """Remove all records, because they are read again from the stored positions."""
        self._records.clear()
        self.records = self.size = 0

    def _queue_of(self, _: Record) -> TopicPart:
        return "", 0

    def _taken(self, place: TopicPart, most: int, size: int) -> list[Record]:
        """Remove and return the next records of one queue, as `take` does."""
        queue, taken = self._records[place], list[Record]()
        while queue and len(taken) < most:
            needed = size_of(queue[0])
            if taken and needed > size:
                break
            size -= needed
            self.size -= needed
            taken.append(queue.popleft())
        self.records -= len(taken)
        if not queue:
            del self._records[place]
        return taken


class FairRecordQueue(RecordQueue):
    """Queue for partitions that each have a sender of their own: a sender of many records does not delay the others.

    While several partitions wait, a batch takes an equal share of each. An unused share goes to the others.
    """

    def __init__(self) -> None:
        super().__init__()
        self.in_pieces: Collection[TopicPart] = ()
        """Partitions that give at most `OF_ONE` records to a batch."""

    def has(self, place: TopicPart) -> bool:
        """Whether records of this partition wait."""
        return place in self._records

    @override
    def room(self, most: int, size: int) -> int:
        """Return how many further records may be read, up to `most` in all; 0 while `size` bytes or more wait."""
        return max(most - self.records, 0) if self.size < size else 0

    @override
    def take(self, most: int, size: int) -> list[Record]:
        """Remove and return the next records: at most `most`, and about `size` bytes.

        The first record of a partition is returned whatever its size. While several wait, `AMONG` is a limit too.
        """
        if len(self._records) > 1:
            most = min(most, AMONG)
        taken: list[Record] = []
        # Partitions with few records first, because they need less than their share.
        left = sorted(self._records, key=lambda place: len(self._records[place]))
        for number, place in enumerate(left):
            if len(taken) >= most:
                break
            others = len(left) - number
            share = max((most - len(taken)) // others, 1)
            some = self._taken(place, min(share, OF_ONE) if place in self.in_pieces else share, max(size // others, 1))
            size -= sum(map(size_of, some))
            taken += some
        return taken

    @override
    def _queue_of(self, record: Record) -> TopicPart:
        return record.topic, record.partition
