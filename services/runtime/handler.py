"""The port between a service and the runtime: it handles records of the log, whichever transport brings them."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime
from itertools import islice
from typing import Final, Protocol, TypeVar, runtime_checkable

from services.runtime.fenced_positions import TopicPart
from services.runtime.postgres import Connection
from services.runtime.record import Record

# After this many items other tasks of the event loop may run: some milliseconds of work.
_TURN: Final = 32

P = TypeVar("P")
T = TypeVar("T")


class Handler(Protocol[P]):
    """A service's handling of records in batches. One batch may be landing while the next is prepared."""

    async def reset(self, assigned: frozenset[TopicPart]) -> None:
        """Drop all cached states: the assignment changed, or a batch is not known to be committed.

        `assigned`: the partitions that are held from now on.
        """
        ...

    async def take_over(self, connection: Connection, partitions: frozenset[TopicPart]) -> None:
        """Do the work of a new owner of these partitions, in the transaction that raises their epochs."""
        ...

    async def prepare(self, records: Sequence[Record], now: datetime) -> P:
        """Decode, load and decide; write nothing. May change cached states: `reset` follows if it is not committed.

        The batch before may be in its transaction still; `in_turns` lets it go on. If it fails, this batch is dropped.
        """
        ...

    async def apply(self, prepared: P, connection: Connection) -> None:
        """Write the prepared changes inside the fenced transaction; must not commit."""
        ...

    async def committed(self, prepared: P) -> None:
        """Do the work that follows a batch which is known to be committed."""
        ...


@runtime_checkable
class SetsAside(Protocol):
    """A handler that can set aside a record whose transaction never ends."""

    def set_aside(self, at: tuple[str, int, int] | None) -> None:
        """Leave out the slow work for the record at (topic, partition, offset) from now on; None takes that back."""
        ...


async def in_turns(items: Iterable[T]) -> AsyncIterator[Sequence[T]]:
    """Yield the items, 32 at a time. Before each part other tasks of the loop run, such as the batch in flight."""
    rest = iter(items)
    while some := list(islice(rest, _TURN)):
        await asyncio.sleep(0)
        yield some
