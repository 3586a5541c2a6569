"""A door of a test's own: it keeps what it is sent, and answers as it is told."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import orjson

from services.client.receipt_and_errors import Receipt, WaitingEvent


@dataclass
class MemoryIntake:
    """Accepts each id once, as intake does; `faults` are raised by the next calls, after they took what they say."""

    most: int = 5
    got: list[tuple[str, bytes]] = field(default_factory=list)
    faults: list[tuple[int, Exception | None]] = field(default_factory=list)
    refuses: set[str] = field(default_factory=set)
    closed: bool = False

    def send(self, events: Sequence[WaitingEvent], seconds: float) -> dict[int, Receipt]:
        """Take the events in, in their order."""
        assert seconds > 0
        taken, fault = (len(events), None) if not self.faults else self.faults.pop(0)
        receipts = {event.seq: self._receipt(event) for event in events[:taken]}
        if fault is not None:
            raise fault
        return receipts

    def close(self) -> None:
        self.closed = True

    def _receipt(self, event: WaitingEvent) -> Receipt:
        known = [n for n, (event_id, _) in enumerate(self.got, 1) if event_id == event.id]
        self.got.append((event.id, event.value))
        if event.id in self.refuses:
            return Receipt("refused", event.id, len(self.got), 1, "unknown_code", "/data/status")
        if known:
            return Receipt("duplicate", event.id, known[0], 1)
        return Receipt("accepted", event.id, len(self.got), 1)


def ids(door: MemoryIntake) -> list[str]:
    """Give the ids in the order in which they first came."""
    return list(dict.fromkeys(orjson.loads(value)["id"] for _, value in door.got))
