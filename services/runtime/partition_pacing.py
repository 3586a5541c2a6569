"""Partitions whose sender is beyond its share: for how long they are left alone, and how little a batch has of them."""

from collections.abc import Callable, Collection, Sequence
from typing import Final, TypeAlias

from services.runtime.fenced_positions import TopicPart
from services.runtime.record import Record
from services.runtime.record_buffer import Turns

_LONGEST_SECONDS: Final = 20.0
"""A partition is left alone for so long at most before its sender's share is looked at again."""

_REMEMBERED_SECONDS: Final = 60.0
"""For so long after it was beyond its share a sender's records come in small pieces."""

Pace: TypeAlias = Callable[[TopicPart], float]
"""Gives for how many seconds a partition is to be left alone, since its sender is beyond its share."""


class Pacing:
    """Decides which partitions to hold and to release. Times are in seconds of the loop's clock.

    What a sender beyond its share has brought comes in small pieces, between which others get their turn; it is read on
    when that is done. Without this a batch of thousands of its records stands before everybody each time that it is
    within its share again.
    """

    def __init__(self, pace: Pace, waiting: Turns) -> None:
        self._pace = pace
        self._waiting = waiting
        self._held: dict[TopicPart, float] = {}
        self._beyond: dict[TopicPart, float] = {}
        waiting.in_pieces = self._beyond.keys()

    @property
    def held(self) -> list[TopicPart]:
        """The partitions that are held."""
        return list(self._held)

    def due(self, now: float) -> list[TopicPart]:
        """Give the partitions to release: they had to wait long enough, nothing of them waits to be handled."""
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
        """Give the partitions to hold, of which these records were read."""
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
        """Forget partitions that somebody else reads, or that are read anew."""
        for place in places:
            self._held.pop(place, None)

    def _later(self, place: TopicPart, now: float, wait: float) -> None:
        self._held[place] = now + min(wait, _LONGEST_SECONDS)
        if wait > 0:
            self._beyond[place] = now + _REMEMBERED_SECONDS
