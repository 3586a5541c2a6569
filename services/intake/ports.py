"""Ports of the submission handler to the tables, to encryption and to the relay."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeAlias

from services.intake.domain.acceptance_line import (
    LineEnd,
    LineState,
    NumberedBatch,
)
from services.intake.domain.entity_copy_routing import Addition, Index, Routed
from services.intake.domain.merge_and_correction_limits import RelatedEvents
from services.intake.domain.outbox_rows import SealedRefusal
from services.intake.domain.refusal_attempts import (
    AgencyKey,
    Bytes,
    EarlierEntries,
    RefusalFingerprint,
    StoredAttempt,
)
from services.intake.domain.submission import AcceptedSubmission, Inbound, Key
from services.runtime.postgres import Connection


class Inbox(Protocol):
    """Port to the acceptance line and its tables. Each method runs in the caller's transaction on `connection`."""

    async def lock(self, connection: Connection) -> datetime:
        """Wait for the line's lock, which is held until the transaction ends. Return the database's time with its zone.

        Raises `Halt` if later reads of the transaction could be older than the lock.
        """
        ...

    async def read(self, connection: Connection, keys: Collection[Key], entities: Collection[str]) -> LineState:
        """Return the line's end, (n, digest) of each of `keys` that was accepted, and `touched`.

        `touched`: whether a merge, correction or retraction named one of `keys` or `entities`.
        """
        ...

    async def read_earlier_entries(
        self, connection: Connection, keys: Collection[AgencyKey], said: Collection[Bytes]
    ) -> EarlierEntries:
        """Return the entries of earlier refusals with these keys or bytes, and the bytes kept of each agency in `said`.

        The second is in `EarlierEntries.kept`.
        """
        ...

    async def write(
        self, connection: Connection, before: LineEnd, decision: NumberedBatch, stored: Mapping[int, StoredAttempt]
    ) -> None:
        """Append the outcomes, move the line's end and wake the relay. `before`: the end of the line before the batch.

        `stored`: the attempt of each refusal, by its number.
        """
        ...


class Routes(Protocol):
    """Port to the routing index. Each method runs in the transaction that holds the line's lock."""

    async def related(self, connection: Connection, events: Sequence[AcceptedSubmission]) -> RelatedEvents:
        """Return the stored merges and links that count towards the limits of `events`, which are not accepted yet."""
        ...

    async def load(self, connection: Connection, events: Sequence[Routed]) -> Index:
        """Return the part of the index that is needed to route `events`, the next to be accepted."""
        ...

    async def save(
        self, connection: Connection, index: Index, events: Sequence[Routed], added: Sequence[Addition]
    ) -> None:
        """Append the copies `added` by `events`, and store the groups that the events joined."""
        ...


class RefusalEncryptor(Protocol):
    """Port to the encryption of refused submissions."""

    def fingerprint_of(self, inbound: Inbound) -> RefusalFingerprint:
        """Return a submission's fingerprint and encrypted size in bytes."""
        ...

    def sealed_without_bytes(self, fingerprint: bytes) -> SealedRefusal:
        """Return a `SealedRefusal` without bytes: they are not kept, or another attempt keeps them."""
        ...

    def close(self, inbound: Inbound, n: int) -> SealedRefusal:
        """Encrypt the key, headers and value of the submission with number `n`."""
        ...


NewerContract: TypeAlias = Callable[[], bool]
"""Returns whether another copy of intake runs that reads a newer contract."""

OnCommitted: TypeAlias = Callable[[LineEnd, NumberedBatch], None]
"""Called with each committed batch that added no copies: the line's end before it, and the numbered batch."""
