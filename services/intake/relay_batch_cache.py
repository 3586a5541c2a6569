"""Batches that this process has committed, kept in memory so that its own relay need not read them from the database.

A batch with refusals, repetitions or added copies, or beyond the cache's size, is read from the database instead.
"""

from typing import Final

from services.intake.domain.acceptance_line import AcceptedEvent, LineEnd, NumberedBatch, Reach
from services.intake.domain.outbox_rows import AcceptedRow, Backlog
from services.intake.domain.submission import InboundPlace

# If another process is the relay, nothing removes the batches here: all are dropped when they exceed this size.
_ROWS: Final = 2_000
_BYTES: Final = 8 * 1024 * 1024


class CommittedBatches:
    """Accepted batches, keyed by the end of the acceptance line before each batch. Emptied when it grows too large."""

    def __init__(self) -> None:
        self._batches: dict[Reach, Backlog] = {}
        self._rows = 0
        self._bytes = 0

    def put(self, before: LineEnd, decision: NumberedBatch) -> None:
        """Keep a committed batch for the relay. It is ignored unless all its outcomes are accepted events.

        `before`: the end of the acceptance line before the batch. The caller must not pass a batch that added
        copies under other entities than the events' own.
        """
        entries = [outcome for outcome in decision.outcomes if isinstance(outcome, AcceptedEvent)]
        if not entries or len(entries) < len(decision.outcomes):
            return
        self._rows += len(entries)
        self._bytes += sum(len(entry.accepted.payload) for entry in entries)
        if self._rows > _ROWS or self._bytes > _BYTES:
            self._clear()
            return
        self._batches[before.reach] = Backlog(*decision.tip.reach, tuple(map(_row, entries)), (), (), ())

    def after(self, reach: Reach) -> Backlog | None:
        """Remove the batches that follow `reach` without a gap, and return them as one backlog; None if there is none.

        Batches that cannot be used any more are dropped.
        """
        at, rows = reach, list[AcceptedRow]()
        while (batch := self._batches.pop(at, None)) is not None:
            at = batch.reach
            rows += batch.accepted
        if not (rows and self._batches):  # the rest was sent, or comes after a batch that the relay must read
            self._clear()
        return Backlog(*at, tuple(rows), (), (), ()) if rows else None

    def _clear(self) -> None:
        self._batches.clear()
        self._rows = self._bytes = 0


def _row(entry: AcceptedEvent) -> AcceptedRow:
    """Return the row of the table `inbox` for an accepted event."""
    accepted, place = entry.accepted, entry.accepted.inbound.place
    return AcceptedRow(
        n=entry.n,
        accepted_at=entry.accepted_at,
        key=accepted.key,
        digest=accepted.digest,
        type=accepted.type,
        agency=accepted.inbound.agency,
        payload=accepted.payload,
        entities=accepted.entities,
        # The inbox does not store the broker's time.
        place=place and InboundPlace(place.topic, place.partition, place.offset, 0),
    )
