"""Search for a record that makes its batch too slow: batches are halved until it is alone, and grow again later.

In a batch of 5,000 records it is found after 13 attempts. The records before it are committed meanwhile.
"""

from collections.abc import Mapping, Sequence

from services.runtime.fenced_positions import PositionMove, TopicPart


class BatchSize:
    """Limit of the size of the next batch.

    `most`: number of records at most; None if no batch was too slow. `alone`: how often, since the last commit, a batch
    of one record was too slow.
    """

    def __init__(self) -> None:
        self.most: int | None = None
        self._until: dict[TopicPart, int] = {}
        self.alone = 0

    def note(self, moves: Sequence[tuple[TopicPart, PositionMove]], records: int) -> None:
        """Halve the limit after a batch of `records` records that was too slow."""
        self.most = max(records // 2, 1)
        self._until = {place: move.next_offset for place, move in moves}
        self.alone = self.alone + 1 if records == 1 else 0

    def note_committed(self, next_offsets: Mapping[TopicPart, int]) -> None:
        """Note that the records before these offsets are committed.

        The limit on the batch size ends when all records of the batch that was too slow are committed. `next_offsets`:
        the next offset of each partition.
        """
        self.alone = 0
        if all(next_offsets.get(place, until) >= until for place, until in self._until.items()):
            self.most, self._until = None, {}

    def forget(self, place: TopicPart) -> None:
        """Note that this process no longer holds a partition. Its new owner searches for a slow record there."""
        self._until.pop(place, None)
