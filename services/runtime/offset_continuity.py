"""Offsets of records that others send. They must follow each other, and a partition where they do not is left aside.

A broker gives each batch its offsets. Those within a batch that is not compressed it takes from the sender, unseen. So
a sender can have records come with gaps, twice, or from behind the end of the topic. Nobody can say then where reading
goes on, and nobody else must wait for that.
"""

from collections.abc import Collection, Mapping, Sequence

from services.runtime.fenced_positions import TopicPart
from services.runtime.record import Record


class SenderOffsets:
    """The next offset of each partition, and the partitions that are left aside until they are assigned again."""

    def __init__(self) -> None:
        self._next: dict[TopicPart, int] = {}
        self._aside: set[TopicPart] = set()

    @property
    def aside(self) -> frozenset[TopicPart]:
        """The partitions that are left aside."""
        return frozenset(self._aside)

    def begin(self, offsets: Mapping[TopicPart, int]) -> None:
        """Note where partitions are read from now."""
        self._next.update(offsets)

    def leave(self, place: TopicPart) -> bool:
        """Leave a partition aside; gives whether it was not yet."""
        known = place in self._aside
        self._aside.add(place)
        return not known

    def forget(self, places: Collection[TopicPart]) -> None:
        """Forget partitions that somebody else reads, or that are assigned anew."""
        for place in places:
            self._next.pop(place, None)
            self._aside.discard(place)

    def following(self, records: Sequence[Record]) -> tuple[list[Record], dict[TopicPart, tuple[int, int]]]:
        """Give the records that follow, and of each partition newly left aside the expected and the found offset."""
        kept: list[Record] = []
        wrong: dict[TopicPart, tuple[int, int]] = {}
        for record in records:
            place = (record.topic, record.partition)
            if place in self._aside:
                continue
            expected = self._next.get(place, record.offset)
            if record.offset != expected:
                wrong[place] = expected, record.offset
                self._aside.add(place)
                continue
            self._next[place] = expected + 1
            kept.append(record)
        return kept, wrong
