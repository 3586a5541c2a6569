"""Partitions of one log read abreast: what is ahead of the others waits, so that copies of one event come together.

A reader that is far behind is given as many bytes of a thin partition as of a full one, and would be months further in
the one. Order within a partition is never changed.
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
"""Records of a partition that wait before no more of it is fetched."""

# How long what is ahead waits for partitions of which nothing comes although the broker has it, and what is much.
_PATIENCE_SECONDS: Final = 0.5
_MUCH: Final = 1_000
_MORE_SECONDS: Final = 0.01
# Copies of one event come one partition after the other: who has one record looks so long for the next, and spares it a
# transaction of its own. Most events have two, and who has them waits for no others.
_NEXT_SECONDS: Final = 0.001

MIXED: Final = "the assignment changed while a batch was read"
"""Records from before and after a rebalance lie in one batch: all of it is read again."""


@dataclass(slots=True)
class _Partition:
    """One partition's waiting records, their times, the time of the last, the next offset, and whether it is held."""

    records: list["Record"] = field(default_factory=list)
    times: list[int] = field(default_factory=list)
    reached: int = 0
    following: int = 0
    held: bool = False


class Abreast:
    """Fetched records that are not handed on yet. Partitions are merged by the log's own times."""

    def __init__(self) -> None:
        self._partitions: dict[TopicPart, _Partition] = defaultdict(_Partition)

    @property
    def waits(self) -> bool:
        """Whether any record does."""
        return any(each.records for each in self._partitions.values())

    def following(self) -> Iterator[tuple[TopicPart, int]]:
        """The offset after the last record that came of each partition."""
        return ((place, each.following) for place, each in self._partitions.items())

    def turned(self) -> Iterator[tuple[TopicPart, bool]]:
        """Partitions that are held from now on, since much of them waits, and those that no longer are."""
        for place, each in self._partitions.items():
            held = len(each.records) > (HELD // 2 if each.held else HELD)
            if held is not each.held:
                each.held = held
                yield place, held

    def held(self) -> list[TopicPart]:
        """The partitions that are."""
        return [place for place, each in self._partitions.items() if each.held]

    def add(self, records: Iterable["Record"]) -> None:
        """Add fetched records. Of each partition, take those after its last one."""
        for record in records:
            partition = self._partitions[record.topic, record.partition]
            # A clock that was set back must not make a partition's later record the earlier one.
            partition.reached = max(partition.reached, record.timestamp_ms)
            partition.records.append(record)
            partition.times.append(partition.reached)
            partition.following = record.offset + 1

    def take(self, limit: int, behind: Collection[TopicPart] = ()) -> list["Record"]:
        """Give about so many of the earliest, none later than what is known of the partitions that have much more."""
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
        """Forget partitions: they are somebody else's, or are read again from elsewhere."""
        for place in places:
            self._partitions.pop(place, None)


class PartitionReader:
    """Reads a consumer's partitions abreast, on the consumer's own thread; `fetch` gives what the consumer has."""

    def __init__(self, consumer: Consumer, fetch: Callable[[int, float], list["Record"]]) -> None:
        self._consumer = consumer
        self._fetch = fetch
        self._abreast = Abreast()
        self._changed = False

    def poll(self, limit: int, seconds: float) -> list["Record"]:
        """Wait for a first record, and a moment for those beside it; while partitions have much more, until it is full.

        Full is about `limit`.
        """
        records: list[Record] = []
        self._changed, patient = False, time.monotonic() + _PATIENCE_SECONDS
        wait = _MORE_SECONDS if self._abreast.waits else seconds
        while True:
            before = len(records)
            self._abreast.add(self._fetch(limit, wait))
            if records and self._changed:
                raise Retryable(MIXED)
            behind = self._behind() if time.monotonic() < patient else ()
            records += self._abreast.take(limit - len(records), behind)
            for place, held in self._abreast.turned():
                (self._consumer.pause if held else self._consumer.resume)([TopicPartition(*place)])
            alone = before == 0 and len(records) == 1
            if len(records) >= limit or not (behind or alone):
                return records
            wait = _MORE_SECONDS if behind else _NEXT_SECONDS

    def forget(self, places: Iterable[TopicPart]) -> None:
        """Give no more of these: the assignment changes."""
        self._changed = True
        self._abreast.drop(places)

    def begin_again(self) -> None:
        """Give nothing of what waits: all of it is read from elsewhere."""
        held = self._abreast.held()
        if held:
            self._consumer.resume([TopicPartition(*place) for place in held])
        self._abreast = Abreast()

    def _behind(self) -> list[TopicPart]:
        """The partitions of which the broker has much more than was fetched."""
        found = []
        for place, following in self._abreast.following():
            _, high = self._consumer.get_watermark_offsets(TopicPartition(*place), cached=True)
            if high - following > _MUCH:
                found.append(place)
        return found
