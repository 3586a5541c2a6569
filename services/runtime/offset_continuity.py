"""Check of offsets in topics that others write: a partition whose offsets have gaps is left aside.

In a batch that is not compressed, the broker takes the offsets from the sender, unchecked. So a sender can make records
come with gaps, twice, or from after the end of the topic. Then it is unknown where to read next. Records of a partition
left aside are dropped until it is assigned again; other partitions are not delayed.
"""

from collections.abc import Collection, Mapping, Sequence

from services.runtime.fenced_positions import TopicPart
from services.runtime.record import Record


class SenderOffsets:
    """Next offset of each partition, and the partitions that are left aside until they are assigned again."""

    def __init__(self) -> None:
        self._next: dict[TopicPart, int] = {}
        self._aside: set[TopicPart] = set()

    @property
    def aside(self) -> frozenset[TopicPart]:
        """Partitions that are left aside."""
        return frozenset(self._aside)

    def begin(self, offsets: Mapping[TopicPart, int]) -> None:
        """Set the expected next offset of each of these partitions."""
        self._next.update(offsets)

    def leave_aside(self, place: TopicPart) -> bool:
        """Leave a partition aside and return True; return False if it was left aside already."""
        known = place in self._aside
        self._aside.add(place)
        return not known

    def forget(self, places: Collection[TopicPart]) -> None:
        """Forget partitions that another worker reads now, or that are assigned again."""
        for place in places:
            self._next.pop(place, None)
            self._aside.discard(place)

    def following(self, records: Sequence[Record]) -> tuple[list[Record], dict[TopicPart, tuple[int, int]]]:
        """Return the records to handle, and the partitions that are left aside from now on.

        The second is (expected offset, found offset) by partition. Records of partitions left aside are dropped.
        """
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
