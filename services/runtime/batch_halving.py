"""The search for a record that makes its batch too slow: batches are halved until it stands alone, then grow again.

A batch of 5,000 records finds it in 13 attempts. What lies before it and behind it in that batch lands meanwhile.
"""

from collections.abc import Mapping, Sequence

from services.runtime.fenced_positions import PositionMove, TopicPart


class BatchSize:
    """The limit of the next batch.

    `most`: records at most, None while no batch was too slow. `alone`: how often a batch of one record was too slow
    since the last commit.
    """

    def __init__(self) -> None:
        self.most: int | None = None
        self._until: dict[TopicPart, int] = {}
        self.alone = 0

    def note(self, moves: Sequence[tuple[TopicPart, PositionMove]], records: int) -> None:
        """Note a batch that was too slow."""
        self.most = max(records // 2, 1)
        self._until = {place: move.next_offset for place, move in moves}
        self.alone = self.alone + 1 if records == 1 else 0

    def landed(self, next_offsets: Mapping[TopicPart, int]) -> None:
        """Note the committed offsets. The limit ends once all of the batch that was too slow is committed."""
        self.alone = 0
        if all(next_offsets.get(place, until) >= until for place, until in self._until.items()):
            self.most, self._until = None, {}

    def forget(self, place: TopicPart) -> None:
        """Note that a partition is no longer ours: another worker finds what is slow in it."""
        self._until.pop(place, None)
