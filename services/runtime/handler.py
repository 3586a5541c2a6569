"""Port between a service and the runtime: the service handles records of the log, whichever transport reads them."""

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
    """Port to a service's handling of records in batches. One batch may be committing while the next is prepared."""

    async def reset(self, assigned: frozenset[TopicPart]) -> None:
        """Drop all cached states, because the assignment changed or a batch is not known to be committed.

        `assigned`: all partitions that the process holds from now on.
        """
        ...

    async def take_over(self, connection: Connection, partitions: frozenset[TopicPart]) -> None:
        """Do the work of the new owner of these partitions, in the transaction that raises their epochs."""
        ...

    async def prepare(self, records: Sequence[Record], now: datetime) -> P:
        """Decode records, load and decide, without writing. `now`: the time of the decisions.

        It may change cached states: `reset` follows if the batch is not committed. The batch before may still be in its
        transaction; `slices_with_pauses` lets that continue. If the batch before fails, this batch is dropped.
        """
        ...

    async def apply(self, prepared: P, connection: Connection) -> None:
        """Write the prepared changes in the fenced transaction. Must not commit."""
        ...

    async def committed(self, prepared: P) -> None:
        """Do the work that follows after the batch is known to be committed."""
        ...


@runtime_checkable
class LeavesOutSlowWork(Protocol):
    """Port to a handler that can set aside a record whose transaction never ends in time."""

    def leave_out_slow_work(self, at: tuple[str, int, int] | None) -> None:
        """Leave out the slow work for the record at (topic, partition, offset) from now on. None: for no record."""
        ...


async def slices_with_pauses(items: Iterable[T]) -> AsyncIterator[Sequence[T]]:
    """Yield the items, 32 at a time. Other tasks of the event loop run before each part, such as a batch in flight."""
    rest = iter(items)
    while some := list(islice(rest, _TURN)):
        await asyncio.sleep(0)
        yield some
