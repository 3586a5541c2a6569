"""Check for a position that does not move although there are records to read.

A record that a handler never finishes delays all records after it, and no other check may show that. A Kafka client
that does not bring the records ends the process, because a new client brings them.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import suppress
from typing import Final, TypeAlias

from services.runtime import metrics
from services.runtime.errors import Halt, Retryable
from services.runtime.fenced_positions import TopicPart

LOOKS: Final = 6
"""Number of comparisons within the time for which a position may stay unmoved."""
_WAITED: Final = 3
"""Number of comparisons at which the reader waits for records, after which a client that brings none is given up."""
_ENDS: Final = 256
"""Number of ends of a partition that are remembered. If there are more, every second one is forgotten."""

PartOffsets: TypeAlias = Mapping[TopicPart, int]


class Standstill:
    """Compares stored positions (`positions`) with the ends of their partitions, for which `ends` asks the broker.

    `seconds`: how long a position may stay unmoved. `held_back`: returns the seconds for which a partition is not read
    on purpose, which is no fault. `aside`: returns the partitions that are left aside for a fault of their sender.
    Metrics show those. The service stays ready, as otherwise one sender could make it refuse all requests. `waits`:
    returns whether the reader waits for the client and has no record in hand.
    """

    def __init__(
        self,
        positions: Callable[[], PartOffsets],
        ends: Callable[[Collection[TopicPart]], Awaitable[PartOffsets]],
        seconds: float,
        *,
        held_back: Callable[[TopicPart], float] = lambda _: 0.0,
        aside: Callable[[], Collection[TopicPart]] = frozenset,
        waits: Callable[[], bool] = lambda: False,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._aside = aside
        self._waits = waits
        self._positions = positions
        self._held_back = held_back
        self._ends = ends
        self._seconds = seconds
        self._now = now
        self._since: dict[TopicPart, tuple[int, float]] = {}
        self._waited: Counter[TopicPart] = Counter()
        self._ends_seen: dict[TopicPart, list[tuple[int, float]]] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Compare positions with ends until `stop` is set, `LOOKS` times in each `seconds`.

        `Retryable` errors are ignored here: another check reports a broker that does not answer. Raises `Halt` if the
        Kafka client does not bring records that there are. It can stay outside of its group after its coordinator was
        lost several times, with partitions that it no longer reads.
        """
        while not stop.is_set():
            with suppress(Retryable):
                await self.compare_positions()
                self._refuse_a_client_that_brings_nothing()
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), self._seconds / LOOKS)

    async def compare_positions(self) -> None:
        """Compare once: note since when each position with records to read has not moved, and set the metrics."""
        ends = await self._ends(frozenset(self._positions()))
        now, positions = self._now(), self._positions()
        standing = {place: offset for place, offset in positions.items() if ends.get(place, 0) > offset}
        unread = Counter[str]()
        for (topic, part), offset in standing.items():
            unread[topic] += ends[topic, part] - offset
        metrics.replace(metrics.UNREAD, {(topic,): records for topic, records in unread.items()})
        held = {place: seconds for place in standing if (seconds := self._held_back(place)) > 0}
        self._since = {
            place: known if (known := self._since.get(place)) is not None and known[0] == offset else (offset, now)
            for place, offset in standing.items()
            if place not in held
        }
        metrics.replace(metrics.HELD_BACK, {(topic,): seconds for (topic, _), seconds in held.items()})
        self._tell_seconds(ends, positions, now)

    def _refuse_a_client_that_brings_nothing(self) -> None:
        waits = self._waits()
        self._waited = Counter({place: self._waited[place] + waits for place in self._standing_for_long()})
        for (topic, part), times in self._waited.items():
            if times >= _WAITED:
                msg = f"the Kafka client does not bring the records that {topic}[{part}] has"
                raise Halt(msg)

    async def check(self) -> str | None:
        """Readiness check: return a text about the partition that stands longest, if that is too long; else None."""
        stands = self._standing_for_long()
        if not stands:
            return None
        seconds, (topic, part), offset = max((seconds, place, offset) for place, (offset, seconds) in stands.items())
        return f"{topic}[{part}] stands at offset {offset} for {seconds:.0f} s, and there is more to read"

    def _standing_for_long(self) -> dict[TopicPart, tuple[int, float]]:
        """Return (offset, seconds) of each position that stands for too long, except those that do so on purpose."""
        positions, now, aside = self._positions(), self._now(), self._aside()
        return {
            place: (offset, now - since)
            for place, (offset, since) in self._since.items()
            if positions.get(place) == offset
            and now - since >= self._seconds
            and not self._held_back(place)
            and place not in aside
        }

    def _tell_seconds(self, ends: PartOffsets, positions: PartOffsets, now: float) -> None:
        """Set the gauges of lag and standstill of each topic, to the value of its worst partition."""
        lags: dict[tuple[str, ...], float] = dict.fromkeys(((topic,) for topic, _ in positions), 0.0)
        stands = dict(lags)
        self._ends_seen = {place: seen for place, seen in self._ends_seen.items() if place in positions}
        for place, offset in positions.items():
            seen = _unread_ends(self._ends_seen.get(place, []), offset, ends.get(place, 0), now)
            self._ends_seen[place] = seen
            topic = (place[0],)
            lags[topic] = max(lags[topic], now - seen[0][1] if seen else 0.0)
            stands[topic] = max(stands[topic], now - self._since[place][1] if place in self._since else 0.0)
        metrics.replace(metrics.LAG, lags)
        metrics.replace(metrics.STANDING, stands)


def _unread_ends(seen: list[tuple[int, float]], offset: int, end: int, now: float) -> list[tuple[int, float]]:
    """Return the (end, time) pairs at which a partition ended after `offset`, oldest first, including (`end`, `now`).

    The record at `offset` was there at the oldest of these times.
    """
    if not seen or end > seen[-1][0]:
        seen = [*seen, (end, now)]
    kept = [each for each in seen if each[0] > offset]
    return kept if len(kept) <= _ENDS else [kept[0], *kept[2::2]]
