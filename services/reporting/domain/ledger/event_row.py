"""Rows of the ledger, and the events decoded from them, with values that each entity of an event needs."""

from enum import StrEnum
from functools import lru_cache
from typing import TypeAlias
from uuid import UUID

from msgspec import Struct

from schemas.catalogue import order_key
from schemas.codec import decode
from schemas.envelope import Event
from schemas.errors import BadMessage, Reason
from services.reporting.domain.ledger.facts_ever_in_force import amends

LogPartition: TypeAlias = tuple[int, int]
"""A partition of the log: the topic's number (0 person, 1 case, 2 activity) and the partition."""


class ParkingCause(StrEnum):
    """Why an entity is parked, which withholds it from figures."""

    FOREIGN = "foreign"
    """The row has no number: intake did not write it, or not in this place."""
    MISROUTED = "misrouted"
    """The event does not concern the entity under which it is stored."""
    UNKNOWN_TYPE = "unknown_type"
    UNREADABLE = "unreadable"
    FOLD_FAILED = "fold_failed"


class LedgerRow(Struct, frozen=True, gc=False):
    """One event stored under one entity. An event that concerns several entities has a row under each.

    `n`: the number of the event, from 1; 0 if intake did not number it here. `topic`, `part`, `off`: topic, partition
    and offset in the log. `accepted_at`: milliseconds since 1970 in UTC. `payload`: the bytes in the log, unchanged.
    """

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
        """The partition of the log that the row comes from."""
        return self.topic, self.part

    @property
    def key(self) -> tuple[str, UUID]:
        """The idempotency key of the event: (source, event id)."""
        return self.source, self.id


OrderKey = tuple[int, int, int, str, str]


class ReadEvent(Struct, frozen=True):
    """A decoded event with values computed once for all entities under which it is stored.

    `key`: its place in the order of what happened. `concerns`: ids of the entities that it concerns. `amends`: whether
    it corrects or retracts an event, or merges entities.
    """

    event: Event
    key: OrderKey
    concerns: frozenset[str]
    amends: bool


# Copies of one event follow each other, and an entity is mostly folded again from rows that were read a moment ago. The
# cache holds more than a batch: else its rows would evict each other before they are folded. One entry needs 4 KB.
@lru_cache(maxsize=16_384)
def event_of(payload: bytes) -> ReadEvent:
    """Decode an event from the bytes in the log. Raises `BadMessage` if they are no event of a known type."""
    event = decode(payload)
    return ReadEvent(event, order_key(event), frozenset(event.concerns()), amends(event))


class UnreadableRow(Exception):
    """Raised for a row that this version cannot read. `cause`: the reason, with which its entity is parked."""

    def __init__(self, cause: ParkingCause) -> None:
        self.cause = cause


def decode_event(row: LedgerRow) -> ReadEvent:
    """Decode the event of a row. Raises `UnreadableRow` if intake did not write the row or the event is unreadable."""
    if row.n < 1:
        raise UnreadableRow(ParkingCause.FOREIGN)
    try:
        return event_of(row.payload)
    except BadMessage as error:
        cause = ParkingCause.UNKNOWN_TYPE if error.reason is Reason.UNKNOWN_TYPE else ParkingCause.UNREADABLE
        raise UnreadableRow(cause) from None
