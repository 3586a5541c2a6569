"""Merge of one log's partitions by the times of their records, so that copies of one event are handled together.

Fetched records of a partition that is ahead of the others wait in memory. Kafka gives a reader that is far behind
equally many bytes of each partition. Without the merge it would be months ahead in a partition with few records. The
order within a partition never changes.
"""

import time
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from math import inf
from typing import TYPE_CHECKING, Final

from confluent_kafka import Consumer, TopicPartition

from services.runtime.errors import Retryable
from services.runtime.fenced_positions import TopicPart

if TYPE_CHECKING:
    from services.runtime.record import Record

HELD: Final = 4_000
"""Number of waiting records of a partition beyond which it is paused. It is resumed at half as many."""

# How long records that are ahead wait for partitions that are behind. A partition is behind while the broker has more
# than `_MUCH` records of it that were not fetched.
_PATIENCE_SECONDS: Final = 0.5
_MUCH: Final = 1_000
_MORE_SECONDS: Final = 0.01
# The copies of one event arrive on one partition after the other. A poll that has a single record waits this long for
# the next one, so that both share a transaction. Most events have two copies: a poll with two records waits no longer.
_NEXT_SECONDS: Final = 0.001

MIXED: Final = "the assignment changed while a batch was read"
"""Message of `Retryable`: a batch has records from before and after a rebalance, and is read again."""


@dataclass(slots=True)
class _Partition:
    """State of one partition: its waiting records, and the next offset to fetch (`following`).

    `times`: time of each waiting record; `reached`: time of the last one added. Both in ms since 1970, and never going
    back. `held`: whether the partition is paused.
    """

    records: list["Record"] = field(default_factory=list)
    times: list[int] = field(default_factory=list)
    reached: int = 0
    following: int = 0
    held: bool = False


class MergeBuffer:
    """Buffer of fetched records by partition. `take` returns them merged by their times."""

    def __init__(self) -> None:
        self._partitions: dict[TopicPart, _Partition] = defaultdict(_Partition)

    @property
    def has_records(self) -> bool:
        """Whether any record is in the buffer."""
        return any(each.records for each in self._partitions.values())

    def next_offsets(self) -> Iterator[tuple[TopicPart, int]]:
        """Yield (partition, offset after the last record that was added of it) for each partition."""
        return ((place, each.following) for place, each in self._partitions.items())

    def pauses_and_resumes(self) -> Iterator[tuple[TopicPart, bool]]:
        """Yield the changes since the last call: (partition, True) must be paused, (partition, False) resumed.

        A partition is paused and resumed by the number of its waiting records (`HELD`).
        """
        for place, each in self._partitions.items():
            held = len(each.records) > (HELD // 2 if each.held else HELD)
            if held is not each.held:
                each.held = held
                yield place, held

    def held(self) -> list[TopicPart]:
        """Return the partitions that are paused."""
        return [place for place, each in self._partitions.items() if each.held]

    def add(self, records: Iterable["Record"]) -> None:
        """Add fetched records. The records of each partition must come in the order of their offsets."""
        for record in records:
            partition = self._partitions[record.topic, record.partition]
            # A clock that was set back must not make a partition's later record the earlier one.
            partition.reached = max(partition.reached, record.timestamp_ms)
            partition.records.append(record)
            partition.times.append(partition.reached)
            partition.following = record.offset + 1

    def take(self, limit: int, behind: Collection[TopicPart] = ()) -> list["Record"]:
        """Remove and return the earliest records: `limit` of them, or more if several have the last one's time.

        `behind`: partitions with more records on the broker. A record stays in the buffer while it is later than the
        last record of one of them. The result is grouped by partition, each in the order of offsets.
        """
        until = min((self._partitions[place].reached for place in behind), default=inf)
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
        """Remove partitions with their records: another worker reads them, or they are read from another offset."""
        for place in places:
            self._partitions.pop(place, None)


class PartitionReader:
    """Polls a consumer and returns its records merged over the partitions. Use it only on the consumer's own thread.

    `fetch(limit, seconds)` polls the consumer once, for at most `limit` records and `seconds`.
    """

    def __init__(self, consumer: Consumer, fetch: Callable[[int, float], list["Record"]]) -> None:
        self._consumer = consumer
        self._fetch = fetch
        self._buffer = MergeBuffer()
        self._changed = False

    def poll(self, limit: int, seconds: float) -> list["Record"]:
        """Return about `limit` records at most; an empty list if none came within `seconds`.

        While a partition is behind, this fetches until the limit is reached, for half a second at most. After a single
        record it waits a millisecond for another copy. Raises `Retryable` if the assignment changes in between.
        """
        records: list[Record] = []
        self._changed, patient = False, time.monotonic() + _PATIENCE_SECONDS
        wait = _MORE_SECONDS if self._buffer.has_records else seconds
        while True:
            before = len(records)
            self._buffer.add(self._fetch(limit, wait))
            if records and self._changed:
                raise Retryable(MIXED)
            behind = self._behind() if time.monotonic() < patient else ()
            records += self._buffer.take(limit - len(records), behind)
            for place, held in self._buffer.pauses_and_resumes():
                (self._consumer.pause if held else self._consumer.resume)([TopicPartition(*place)])
            alone = before == 0 and len(records) == 1
            if len(records) >= limit or not (behind or alone):
                return records
            wait = _MORE_SECONDS if behind else _NEXT_SECONDS

    def forget(self, places: Iterable[TopicPart]) -> None:
        """Drop the records of partitions whose assignment changes."""
        self._changed = True
        self._buffer.drop(places)

    def begin_again(self) -> None:
        """Drop every waiting record and resume paused partitions: the consumer is about to read from other offsets."""
        held = self._buffer.held()
        if held:
            self._consumer.resume([TopicPartition(*place) for place in held])
        self._buffer = MergeBuffer()

    def _behind(self) -> list[TopicPart]:
        """Return the partitions of which the broker has more than `_MUCH` records that were not fetched."""
        found = []
        for place, following in self._buffer.next_offsets():
            _, high = self._consumer.get_watermark_offsets(TopicPartition(*place), cached=True)
            if high - following > _MUCH:
                found.append(place)
        return found
