"""Partitions whose sender is beyond its share: how long they are not read, and how small their batches are then."""

from collections.abc import Callable, Collection, Sequence
from typing import Final, TypeAlias

from services.runtime.fenced_positions import TopicPart
from services.runtime.record import Record
from services.runtime.record_buffer import FairRecordQueue

_LONGEST_SECONDS: Final = 20.0
"""Seconds that a partition is held at most, before its sender's share is checked again."""

_REMEMBERED_SECONDS: Final = 60.0
"""Seconds after a sender was beyond its share for which its batches stay small (`record_buffer.OF_ONE`)."""

Pace: TypeAlias = Callable[[TopicPart], float]
"""Returns the seconds for which a partition must not be read, because its sender is beyond its share; 0 otherwise."""


class Pacing:
    """Decides which partitions to hold and to release. Times are in seconds of the event loop's clock.

    Records of a sender beyond its share are handled in small batches, so that others get their turn in between. More of
    its partition is read only after these are handled. Otherwise thousands of its records would delay the others each
    time that the sender is within its share again.
    """

    def __init__(self, pace: Pace, waiting: FairRecordQueue) -> None:
        self._pace = pace
        self._waiting = waiting
        self._held: dict[TopicPart, float] = {}
        self._beyond: dict[TopicPart, float] = {}
        waiting.in_pieces = self._beyond.keys()

    @property
    def held(self) -> list[TopicPart]:
        """Partitions that are held, that is not read now."""
        return list(self._held)

    def due(self, now: float) -> list[TopicPart]:
        """Return the partitions to release: their time is over, and none of their records waits to be handled."""
        due = []
        for place, until in list(self._held.items()):
            if until > now or self._waiting.has(place):
                continue
            if (wait := self._pace(place)) > 0:
                self._later(place, now, wait)
            else:
                del self._held[place]
                due.append(place)
        return due

    def read(self, records: Sequence[Record], now: float) -> list[TopicPart]:
        """Return the partitions to hold, among those of `records`, which were just read."""
        hold = []
        for place in {(each.topic, each.partition) for each in records}:
            wait = self._pace(place)
            if wait > 0 or self._beyond.get(place, now) > now:
                self._later(place, now, wait)
                hold.append(place)
            else:
                self._beyond.pop(place, None)
        return hold

    def forget(self, places: Collection[TopicPart]) -> None:
        """Forget partitions that another worker reads, or that are read from another offset."""
        for place in places:
            self._held.pop(place, None)

    def _later(self, place: TopicPart, now: float, wait: float) -> None:
        self._held[place] = now + min(wait, _LONGEST_SECONDS)
        if wait > 0:
            self._beyond[place] = now + _REMEMBERED_SECONDS
