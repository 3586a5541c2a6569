"""Summaries of events for an auditor: publisher, times, and number, without the event's data."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from schemas.codec import decode
from schemas.correction_events import EventCorrectedV1
from schemas.envelope import Event
from schemas.errors import BadMessage
from schemas.times import BELIZE
from services.reporting.domain.ledger.event_row import LedgerRow


@dataclass(frozen=True, slots=True)
class LedgerEvent:
    """An event of the ledger, with its number and time of acceptance. `event` is None if this code cannot decode it."""

    n: int
    source: str
    id: str
    accepted_at: datetime
    event: Event | None

    @property
    def ref(self) -> str:
        """Return the reference by which other events name this one."""
        return f"{self.source}/{self.id}"

    def plain(self) -> dict[str, Any]:
        """Return the summary as a dict for JSON. Of the event's data it has only the codes of reason and ruling."""
        event = self.event
        return {
            "n": self.n,
            "type": None if event is None else event.type,
            "agency": self.source.partition("/")[0],
            "source": self.source,
            "id": self.id,
            "register_number": None if event is None else event.sourcerecord,
            **event_time_fields(event),
            "recorded": None if event is None else event.recordedtime.isoformat(),
            "accepted": self.accepted_at.astimezone(BELIZE).isoformat(),
            "reason": None if event is None else getattr(event.data, "reason", None),
            "states": event.data.type if isinstance(event, EventCorrectedV1) else None,
            "ruling": None if event is None else getattr(event.data, "ruling", None),
            "supersedes": None if event is None else event.supersedes,
        }


def summarise_event(row: LedgerRow) -> LedgerEvent:
    """Return the summary of a ledger row's event."""
    try:
        event = decode(row.payload)
    except BadMessage:
        event = None
    return LedgerEvent(row.n, row.source, str(row.id), datetime.fromtimestamp(row.accepted_at / 1000, UTC), event)


def event_time_fields(event: Event | None) -> dict[str, str | None]:
    """Return the event's time as a dict: `happened`, `happened_to` and its `precision`; None for each unknown value."""
    if event is None:
        return dict.fromkeys(("happened", "happened_to", "precision"))
    return {
        "happened": None if event.time is None else event.time.isoformat(),
        "happened_to": None if event.occurredto is None else event.occurredto.isoformat(),
        "precision": str(event.occurredprecision),
    }
