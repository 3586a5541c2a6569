"""Ports of the submission handler: what it needs of tables, of encryption and of the relay."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeAlias

from services.intake.domain.acceptance_line import (
    LineEnd,
    LineState,
    NumberedBatch,
)
from services.intake.domain.attempts import (
    AgencyKey,
    Bytes,
    EarlierEntries,
    RefusalFingerprint,
    StoredAttempt,
)
from services.intake.domain.backlog import Sealed
from services.intake.domain.copy_routing import Addition, Index, Routed
from services.intake.domain.related import RelatedEvents
from services.intake.domain.submission import AcceptedSubmission, Inbound, Key
from services.runtime.postgres import Connection


class Inbox(Protocol):
    """The line and its rows, within the transaction of the connection that is handed in."""

    async def lock(self, connection: Connection) -> datetime:
        """Wait for the line and hold it until the transaction ends; gives the database's time.

        Halt when its reads would be older than that.
        """
        ...

    async def read(self, connection: Connection, keys: Collection[Key], entities: Collection[str]) -> LineState:
        """Give the end of the line, which of those keys were accepted, and whether routing knows any of it."""
        ...

    async def earlier(
        self, connection: Connection, keys: Collection[AgencyKey], said: Collection[Bytes]
    ) -> EarlierEntries:
        """Give the entries that refusals with these keys and bytes belong to, and what is kept of their agencies."""
        ...

    async def write(
        self, connection: Connection, before: LineEnd, decision: NumberedBatch, stored: Mapping[int, StoredAttempt]
    ) -> None:
        """Append the outcomes, move the line's end and wake the relay; `stored` holds each refusal's attempt by n."""
        ...


class Routes(Protocol):
    """Routing's index, within the transaction that holds the line."""

    async def related(self, connection: Connection, events: Sequence[AcceptedSubmission]) -> RelatedEvents:
        """Give what limits the merges and the changes among these events, which are not accepted yet."""
        ...

    async def load(self, connection: Connection, events: Sequence[Routed]) -> Index:
        """Give the part of the index that accepting these events, the next ones, may need."""
        ...

    async def save(
        self, connection: Connection, index: Index, events: Sequence[Routed], added: Sequence[Addition]
    ) -> None:
        """Append the copies that these events added, and bring the groups that they joined up to date."""
        ...


class RefusalEncryptor(Protocol):
    """Encrypts what was refused."""

    def mark(self, inbound: Inbound) -> RefusalFingerprint:
        """Give the fingerprint of a submission, and how large it is once it is encrypted."""
        ...

    def without(self, fingerprint: bytes) -> Sealed:
        """Give what stands for a submission whose bytes are not kept, or kept elsewhere."""
        ...

    def close(self, inbound: Inbound, n: int) -> Sealed:
        """Encrypt the key, headers and value of the submission with this number."""
        ...


NewerContract: TypeAlias = Callable[[], bool]
"""Says whether a copy runs that reads a newer contract."""

Hand: TypeAlias = Callable[[LineEnd, NumberedBatch], None]
"""Takes a batch that is committed and added no copies to others' entities: where the line ended, and what it said."""
