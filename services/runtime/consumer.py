"""The one loop: consume, hand the batch on, acknowledge; the transport is confluent-kafka's.

Anything but a known commit makes the handler forget and the reader go back to what is stored.
"""

import asyncio
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Generic, TypeVar

import asyncpg
import structlog

from services.runtime.batch import Batches, Handler
from services.runtime.clock import Clock
from services.runtime.errors import Retryable
from services.runtime.failpoints import failpoint
from services.runtime.transport import Transport

BATCH: Final = 5_000
"""Larger batches amortise the commit; at low rates a batch is whatever is there."""

# How long a topic may be there before it is read, where one may come.
_LOOK_SECONDS: Final = 2.0

P = TypeVar("P")

log = structlog.get_logger()


class Stream(Generic[P]):
    """Reads topics for one handler, exactly once in effect; `further` ones once somebody has made them."""

    def __init__(
        self,
        *,
        transport: Transport,
        topics: Mapping[str, int],
        further: Mapping[str, int] = MappingProxyType({}),
        pool: asyncpg.Pool,
        handler: Handler[P],
        clock: Clock,
        batch: int = BATCH,
    ) -> None:
        self._batch_limit = batch
        self._transport = transport
        self._further = dict(further)
        self._look_at = 0.0
        self._batches = Batches(topics=topics, pool=pool, handler=handler, clock=clock)

    async def run(self, stop: asyncio.Event) -> None:
        """Read until `stop` is set; raises `Halt` (or a bug) when going on could lose or double something."""
        await self._batches.begin(self._transport.describe, stop)
        if stop.is_set():
            return
        self._transport.subscribe(self._batches.topics, self._batches.assigned, self._batches.revoked)
        try:
            while not stop.is_set():
                await self._take_up(stop)
                await self._step()
        finally:
            await self._transport.close()

    async def ready(self) -> str | None:
        """Say why this reader is not ready: it has no assignment (a group without an ACL sits there silently)."""
        return None if self._batches.positions else "no assignment"

    async def _take_up(self, stop: asyncio.Event) -> None:
        """Read a further topic from the moment on that it is there."""
        now = asyncio.get_running_loop().time()
        if not self._further or now < self._look_at:
            return
        self._look_at = now + _LOOK_SECONDS
        try:
            present = await self._transport.present(self._further)
        except Retryable:  # whoever reads finds that out too
            return
        if present:
            self._batches.also({topic: self._further.pop(topic) for topic in present})
            await self._batches.begin(self._transport.describe, stop)
            self._transport.subscribe(self._batches.topics, self._batches.assigned, self._batches.revoked)
            log.info("further topics", count=len(present))

    async def _step(self) -> None:
        try:
            records = await self._transport.poll(self._batch_limit)
            if records:
                # A revocation waits: its callback runs while a poll does, and none does before the batch is through.
                self._transport.acknowledge(await self._batches.run(records))
                failpoint("batch.acknowledged")
        except Retryable as error:
            if await self._batches.go_back(error):
                positions = self._batches.positions
                await self._transport.seek({key: position.next_offset for key, position in positions.items()})
