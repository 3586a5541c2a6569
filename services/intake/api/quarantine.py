"""`GET /v1/quarantine`: refused events of the caller. All attempts at one event are one entry. No payload is shown."""

from typing import Annotated

from fastapi import Query, Request
from pydantic import BaseModel, ConfigDict

from services.intake.api.answer_time_limit import budget_of
from services.intake.api.authentication import Caller
from services.intake.api.dependencies import Of, Parts
from services.intake.api.receipts import readable_by
from services.intake.domain.quarantine_entries import Entry, EntryState
from services.intake.store.quarantine_entries import own_entries

MOST = 500
_LAST_NUMBER = 2**63 - 1


class QuarantineEntry(BaseModel):
    """A refused event: why its last attempt was refused, and whether it is open. It holds nothing that was sent."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    entry: int
    """The number of its first attempt."""
    n: int
    """The number of its last attempt."""
    state: EntryState
    """`superseded`: its event was accepted later. `closed`: an operator said that nothing is missing."""
    type: str | None = None
    source: str | None = None
    """With `id` the event's key, where they could be read and have a known form."""
    id: str | None = None
    reason: str
    pointer: str
    """A JSON Pointer into the submission; empty for the whole of it."""
    not_delivered: bool
    """Whether a receiver still waits for the event: a referral, a consent, an identified victim."""
    attempts: int
    first_at: int
    """When the first attempt was refused, in milliseconds since 1970-01-01T00:00:00Z."""
    last_at: int
    kept: bool
    """Whether its bytes are kept, so that an operator can send them again."""


class Quarantine(BaseModel):
    """Refused events in the order of their entries' numbers."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    entries: list[QuarantineEntry]
    next: int
    """`since` of the next request, which returns the entries after these. It may be sent at once or later."""


async def refused(
    request: Request,
    parts: Of,
    agency: Caller,
    *,
    state: Annotated[EntryState | None, Query(description="Only these.")] = None,
    since: Annotated[int, Query(ge=0, le=_LAST_NUMBER, description="Only entries with a number above.")] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST, description="At most so many.")] = 100,
) -> Quarantine:
    """List the caller's refused events. Repair an open one and send it under the same id, and it is superseded."""
    asked = _own(parts, agency, state, since=since, limit=limit, system=request.state.system)
    found = [_shown(each) for each in await budget_of(request, parts.limits.answer_seconds).within(asked)]
    return Quarantine(entries=found, next=found[-1].entry if found else since)


async def _own(
    parts: Parts, agency: str, state: EntryState | None, *, since: int, limit: int, system: str
) -> tuple[Entry, ...]:
    readable = readable_by(parts, agency, system)
    async with parts.lists.connection(agency) as connection:
        return await own_entries(connection, agency, readable, state=state, since=since, limit=limit)


def _shown(entry: Entry) -> QuarantineEntry:
    source, event_id = entry.key or (None, None)
    return QuarantineEntry(
        entry=entry.number,
        n=entry.last_n,
        state=entry.state,
        type=entry.type,
        source=source,
        id=event_id,
        reason=entry.reason,
        pointer=entry.pointer,
        not_delivered=entry.not_delivered,
        attempts=entry.attempts,
        first_at=entry.first_at,
        last_at=entry.last_at,
        kept=entry.kept_in is not None,
    )
