"""The check for a position that does not move although there is something to read.

Records that a handler never gets through hold up whoever waits behind them; nothing else of the service may show it.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import suppress
from typing import Final, TypeAlias

from services.runtime import metrics
from services.runtime.errors import Retryable
from services.runtime.fenced_positions import TopicPart

LOOKS: Final = 6
"""How often the positions are looked at within the time for which one may stand."""
_ENDS: Final = 256
"""Ends of a partition that are remembered. Where there are more, every second one is forgotten."""

PartOffsets: TypeAlias = Mapping[TopicPart, int]


class Standstill:
    """Looks at positions now and then. `positions` gives the stored ones, `ends` asks the broker where topics end.

    `held_back` gives the seconds for which a partition is left alone on purpose: it stands, and nothing is wrong.
    `aside` gives partitions that are left aside for a fault of their sender. Metrics tell that they stand. The service
    is ready all the same, or one sender could have everybody's requests turned away.
    """

    def __init__(
        self,
        positions: Callable[[], PartOffsets],
        ends: Callable[[Collection[TopicPart]], Awaitable[PartOffsets]],
        seconds: float,
        *,
        held_back: Callable[[TopicPart], float] = lambda _: 0.0,
        aside: Callable[[], Collection[TopicPart]] = frozenset,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._aside = aside
        self._positions = positions
        self._held_back = held_back
        self._ends = ends
        self._seconds = seconds
        self._now = now
        self._since: dict[TopicPart, tuple[int, float]] = {}
        self._ends_seen: dict[TopicPart, list[tuple[int, float]]] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Look until `stop` is set; a broker that does not answer is another check's to tell."""
        while not stop.is_set():
            with suppress(Retryable):
                await self.look()
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), self._seconds / LOOKS)

    async def look(self) -> None:
        """Note which positions have something to read, and since when each stands where it does."""
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

    async def check(self) -> str | None:
        """Give the place that stands for longest, where one stands for too long."""
        positions, now, aside = self._positions(), self._now(), self._aside()
        stands = [
            (now - since, place, offset)
            for place, (offset, since) in self._since.items()
            if positions.get(place) == offset
            and now - since >= self._seconds
            and not self._held_back(place)
            and place not in aside
        ]
        if not stands:
            return None
        seconds, (topic, part), offset = max(stands)
        return f"{topic}[{part}] stands at offset {offset} for {seconds:.0f} s, and there is more to read"

    def _tell_seconds(self, ends: PartOffsets, positions: PartOffsets, now: float) -> None:
        """Set the gauges of the lag and of the standstill, each for the partition of a topic that is worst."""
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
    """Give the (end, time) pairs at which a partition ended behind `offset`, the oldest first.

    The record at `offset` was there at the oldest of these times.
    """
    if not seen or end > seen[-1][0]:
        seen = [*seen, (end, now)]
    kept = [each for each in seen if each[0] > offset]
    return kept if len(kept) <= _ENDS else [kept[0], *kept[2::2]]
