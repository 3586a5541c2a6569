"""The port between a service and the runtime: it handles records of the log, whichever transport brings them."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime
from itertools import islice
from typing import Final, Protocol, TypeVar, runtime_checkable

from services.runtime.fenced_positions import TopicPart
from services.runtime.postgres import Connection
from services.runtime.record import Record

# After so many things to do the loop is somebody else's for a moment: some milliseconds of work.
_TURN: Final = 32

P = TypeVar("P")
T = TypeVar("T")


class Handler(Protocol[P]):
    """A service's handling of records in batches. One batch may be landing while the next is prepared."""

    async def reset(self, assigned: frozenset[TopicPart]) -> None:
        """Forget every cached state: the assignment changed, or something but a known commit happened."""
        ...

    async def take_over(self, connection: Connection, partitions: frozenset[TopicPart]) -> None:
        """Do the work of a new owner of these partitions, in the transaction that raises their epochs."""
        ...

    async def prepare(self, records: Sequence[Record], now: datetime) -> P:
        """Decode, load and decide; writes nothing. May change cached states: `reset` follows if it is not committed.

        The batch before may not be committed yet; `in_turns` lets it go on. If it never is, nobody lands this one.
        """
        ...

    async def apply(self, prepared: P, connection: Connection) -> None:
        """Write the consequences inside the fenced transaction; must not commit."""
        ...

    async def committed(self, prepared: P) -> None:
        """Hear that the batch is known to be committed."""
        ...


@runtime_checkable
class SetsAside(Protocol):
    """A handler that can go past a record with which its transaction never ends."""

    def set_aside(self, at: tuple[str, int, int] | None) -> None:
        """Spare the record at this topic, partition and offset the work that takes too long; None takes that back."""
        ...


async def in_turns(items: Iterable[T]) -> AsyncIterator[Sequence[T]]:
    """The items, some at a time; before, everything else on the loop has a turn, first the transaction in flight."""
    rest = iter(items)
    while some := list(islice(rest, _TURN)):
        await asyncio.sleep(0)
        yield some
