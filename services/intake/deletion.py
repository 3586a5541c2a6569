"""Deletion of judged records from the inbound topics.

What was refused may name somebody, and lies in clear on its inbound topic. A record goes once nothing needs it: its
verdict is committed, and the relay has written that verdict to the log. Until then a lost database could only be filled
again from the record itself. Whatever ends this task in between only leaves records to the next round.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Final, Protocol
from uuid import UUID

import asyncpg
import structlog

from services.intake.store import inbound
from services.intake.store.inbound import JudgedTo
from services.runtime import metrics
from services.runtime.errors import Halt, Retryable
from services.runtime.postgres import acquired
from services.runtime.transaction import TopicPart

log = structlog.get_logger()

_ROUND_SECONDS: Final = 60.0


class Records(Protocol):
    """The deletion's port to the broker."""

    async def topic_ids(self, topics: frozenset[str]) -> Mapping[str, UUID]:
        """Give the id of each topic."""
        ...

    async def delete_before(self, offsets: Mapping[TopicPart, int]) -> None:
        """Delete the records of each partition that lie before its offset."""
        ...


class InboundDeletion:
    """Deletes judged records, a round every so many seconds; any number of processes may do it."""

    def __init__(self, pool: asyncpg.Pool, records: Records, *, seconds: float = _ROUND_SECONDS) -> None:
        self._pool = pool
        self._records = records
        self._seconds = seconds
        self._waiting: JudgedTo | None = None
        self._deleted: dict[tuple[TopicPart, UUID], int] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Delete until `stop` is set. A failed round is logged and tried again with the next one."""
        while not stop.is_set():
            try:
                await self.round()
            except (Retryable, Halt) as error:  # without the right, say; intake goes on, and says so each round
                metrics.RETRIES.inc()
                log.warning("inbound deletion failed", error=type(error).__name__, reason=str(error))
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), self._seconds)

    async def round(self) -> int:
        """Delete what is judged and on the log; gives how many partitions lost records."""
        async with acquired(self._pool) as connection:
            now = await inbound.judged_to(connection)
        if now is None:
            return 0
        if now.is_on_log(now.relayed):
            done, self._waiting = now, None
        elif self._waiting is None or not self._waiting.is_on_log(now.relayed):
            self._waiting = self._waiting or now
            return 0
        else:
            done, self._waiting = self._waiting, now
        return await self._delete(done)

    async def _delete(self, judged: JudgedTo) -> int:
        new = {place: offset for place, offset in judged.positions.items() if offset > self._deleted.get(place, 0)}
        if not new:
            return 0
        # A topic that was made again has another id: nothing of it was judged.
        ids = await self._records.topic_ids(frozenset(topic for (topic, _), _ in new))
        offsets = {place: offset for (place, topic_id), offset in new.items() if ids.get(place[0]) == topic_id}
        await self._records.delete_before(offsets)
        self._deleted |= new
        return len(offsets)
