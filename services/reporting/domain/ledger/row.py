"""A row of the ledger, and the event in it as every entity that it is copied under asks of it."""

from enum import StrEnum
from functools import lru_cache
from typing import TypeAlias
from uuid import UUID

from msgspec import Struct

from schemas.catalogue import order_key
from schemas.codec import decode
from schemas.envelope import Event
from schemas.errors import BadMessage, Reason
from services.reporting.domain.ledger.facts_in_force import amends

LogPartition: TypeAlias = tuple[int, int]
"""A partition of the log: the topic's number (0 person, 1 case, 2 activity) and the partition."""


class ParkingCause(StrEnum):
    """Why an entity is parked."""

    FOREIGN = "foreign"
    """The row has no number: intake did not write it, or not there."""
    MISROUTED = "misrouted"
    """The event does not concern the entity under which it stands."""
    UNKNOWN_TYPE = "unknown_type"
    UNREADABLE = "unreadable"
    FOLD_FAILED = "fold_failed"


class LedgerRow(Struct, frozen=True, gc=False):
    """One event under one entity, as the ledger keeps it; the payload is the log's bytes unchanged."""

    n: int
    topic: int
    part: int
    off: int
    entity: UUID
    source: str
    id: UUID
    primary_copy: bool
    accepted_at: int
    payload: bytes

    @property
    def place(self) -> LogPartition:
        """The partition of the row."""
        return self.topic, self.part

    @property
    def key(self) -> tuple[str, UUID]:
        """Give the idempotency key."""
        return self.source, self.id


OrderKey = tuple[int, int, int, str, str]


class ReadEvent(Struct, frozen=True):
    """An event, with the facts that every entity under which it is copied needs of it."""

    event: Event
    key: OrderKey
    concerns: frozenset[str]
    amends: bool


# Copies of one event follow each other, and an entity is folded again mostly from what was read a moment ago. More than
# a batch: else its rows would push each other out before they are folded. One needs 4 KB.
@lru_cache(maxsize=16_384)
def event_of(payload: bytes) -> ReadEvent:
    """The event that the bytes are; `BadMessage` for what is none that this code knows."""
    event = decode(payload)
    return ReadEvent(event, order_key(event), frozenset(event.concerns()), amends(event))


class UnreadableRow(Exception):
    """A row that this version cannot read, and the reason."""

    def __init__(self, cause: ParkingCause) -> None:
        self.cause = cause


def read(row: LedgerRow) -> ReadEvent:
    """Give the event of a row, if intake wrote the row and this code knows its type."""
    if row.n < 1:
        raise UnreadableRow(ParkingCause.FOREIGN)
    try:
        return event_of(row.payload)
    except BadMessage as error:
        cause = ParkingCause.UNKNOWN_TYPE if error.reason is Reason.UNKNOWN_TYPE else ParkingCause.UNREADABLE
        raise UnreadableRow(cause) from None
