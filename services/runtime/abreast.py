"""Partitions of one log read abreast: what is ahead of the others waits, so that copies of one event come together.

A reader that is far behind is given as many bytes of a thin partition as of a full one, and would be months further in
the one. Order within a partition is never changed.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from math import inf
from typing import TYPE_CHECKING, Final

from services.runtime.transaction import TopicPart

if TYPE_CHECKING:
    from services.runtime.transport import Record

HELD: Final = 4_000
"""Records of a partition that wait before no more of it is fetched."""


@dataclass(slots=True)
class _Partition:
    """What waits of one, each with its time, and the time of the last that came."""

    records: list["Record"] = field(default_factory=list)
    times: list[int] = field(default_factory=list)
    reached: int = 0


class Abreast:
    """What was fetched and is not given yet, by partition, in the order of the log's own times."""

    def __init__(self) -> None:
        self._partitions: dict[TopicPart, _Partition] = defaultdict(_Partition)

    def waiting(self) -> Iterator[tuple[TopicPart, int]]:
        """How many records of each partition wait."""
        return ((place, len(each.records)) for place, each in self._partitions.items())

    def add(self, records: Iterable["Record"]) -> None:
        """Add what was fetched; of each partition, what follows the last of it."""
        for record in records:
            partition = self._partitions[record.topic, record.partition]
            # A clock that was set back must not make a partition's later record the earlier one.
            partition.reached = max(partition.reached, record.timestamp_ms)
            partition.records.append(record)
            partition.times.append(partition.reached)

    def take(self, limit: int, behind: Collection[TopicPart] = ()) -> list["Record"]:
        """Give about so many of the earliest, none later than what is known of the partitions that have much more."""
        until = min((self._partitions[place].reached for place in behind if place in self._partitions), default=inf)
        found = [each.times[: bisect_right(each.times, until)] for each in self._partitions.values()]
        times = sorted(chain.from_iterable(found))
        if len(times) > limit:
            until = times[limit - 1]
        taken: list[Record] = []
        for each in self._partitions.values():
            to = bisect_right(each.times, until)
            taken += each.records[:to]
            del each.records[:to], each.times[:to]
        return taken

    def drop(self, places: Iterable[TopicPart]) -> None:
        """Forget partitions: they are somebody else's, or are read again from elsewhere."""
        for place in places:
            self._partitions.pop(place, None)
