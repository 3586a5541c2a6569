"""Deletion of judged records from the inbound topics, and closing of the Kafka segment files that hold them.

A refused submission may name a person, and its inbound topic holds it unencrypted. A record is deleted once its outcome
is committed and relayed to Kafka. Before that, a lost database could only be filled from the record. Kafka removes a
segment file only after a newer file began. Therefore a quiet topic gets an empty record, which begins a new file.
"""

import asyncio
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from typing import Final, Protocol, TypeAlias
from uuid import UUID

import asyncpg
import structlog

from services.intake.domain.submission import CLOSING, InboundHeaders
from services.intake.store import inbound_progress
from services.intake.store.inbound_progress import JudgedTo
from services.runtime import metrics
from services.runtime.errors import Halt, Retryable
from services.runtime.fenced_positions import TopicPart
from services.runtime.postgres import borrow_connection

log = structlog.get_logger()

_ROUND_SECONDS: Final = 60.0
_QUIET_SECONDS: Final = 1200.0


class Records(Protocol):
    """Port to the broker, for the deletion of records."""

    async def topic_ids(self, topics: frozenset[str]) -> Mapping[str, UUID]:
        """Return the id of each of `topics` that exists."""
        ...

    async def delete_before(self, offsets: Mapping[TopicPart, int]) -> None:
        """Delete the records of each partition below the given offset."""
        ...


Partition: TypeAlias = tuple[TopicPart, UUID]
"""A partition, and the id of its topic. A topic that is deleted and created again gets another id."""


class FileCloser(Protocol):
    """Port to a producer, for the empty records that close segment files."""

    def send(
        self, topic: str, key: bytes | None, value: bytes | None, headers: InboundHeaders = ()
    ) -> "asyncio.Future[tuple[int, int]]":
        """Append a record. The future's result is its (partition, offset)."""
        ...


class InboundDeletion:
    """Background task that deletes judged records every `seconds`. Several processes may run it at once.

    A topic whose stored position has not moved for `quiet_seconds` gets one empty record. It gets another one only
    after a further record was read from it, or after a restart of the process.
    """

    def __init__(
        self,
        pool: asyncpg.Pool,
        records: Records,
        closing: FileCloser,
        *,
        seconds: float = _ROUND_SECONDS,
        quiet_seconds: float = _QUIET_SECONDS,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pool = pool
        self._records = records
        self._closing = closing
        self._seconds = seconds
        self._quiet_seconds = quiet_seconds
        self._now = now
        self._waiting: JudgedTo | None = None
        self._deleted: dict[Partition, int] = {}
        self._stands: dict[Partition, tuple[int, float]] = {}
        self._closed: dict[Partition, int] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Delete until `stop` is set. A failed round is logged, and its work is done in the next round."""
        while not stop.is_set():
            try:
                await self.round()
            except (Retryable, Halt) as error:  # such as a missing right: intake keeps running and logs it each round
                metrics.RETRIES.inc()
                log.warning("inbound deletion failed", error=type(error).__name__, reason=str(error))
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), self._seconds)

    async def round(self) -> int:
        """Delete records that are judged and whose outcomes are on the log; close the segment files of quiet topics.

        Returns the number of partitions from which records were deleted. Raises `Retryable` or `Halt`.
        """
        async with borrow_connection(self._pool) as connection:
            now = await inbound_progress.read_judging_progress(connection)
        if now is None:
            return 0
        done = self._done(now)
        deleted = await self._delete(done) if done is not None else 0
        await self._close(self._quiet(now))
        return deleted

    def _done(self, now: JudgedTo) -> JudgedTo | None:
        """Return the newest known progress of judging of which the relay has sent every outcome to the log.

        This is `now` or the progress of an earlier round; None if the relay has not sent all outcomes of either.
        """
        if now.is_on_log(now.relayed):
            self._waiting = None
            return now
        if self._waiting is None or not self._waiting.is_on_log(now.relayed):
            self._waiting = self._waiting or now
            return None
        done, self._waiting = self._waiting, now
        return done

    async def _delete(self, judged: JudgedTo) -> int:
        new = {place: offset for place, offset in judged.positions.items() if offset > self._deleted.get(place, 0)}
        if not new:
            return 0
        present = await self._present(new)
        offsets = {place: new[place, topic_id] for place, topic_id in present}
        await self._records.delete_before(offsets)
        self._deleted |= new
        return len(offsets)

    def _quiet(self, now: JudgedTo) -> list[Partition]:
        """Return partitions whose position has not moved for `quiet_seconds`, except those that end with `CLOSING`."""
        at = self._now()
        for place, offset in now.positions.items():
            if place not in self._stands or self._stands[place][0] != offset:
                self._stands[place] = offset, at
        return [
            place
            for place, offset in now.positions.items()
            if offset > self._closed.get(place, 0) and at - self._stands[place][1] >= self._quiet_seconds
        ]

    async def _close(self, quiet: Sequence[Partition]) -> None:
        """Append the empty record to each topic. After all topics were tried, the first error is raised."""
        present = await self._present(quiet)
        sent = [self._closing.send(topic, None, None, CLOSING) for (topic, _), _ in present]
        written = await asyncio.gather(*sent, return_exceptions=True)
        for place, result in zip(present, written, strict=True):
            if not isinstance(result, BaseException):
                self._closed[place] = result[1] + 1
        for result in written:
            if isinstance(result, BaseException):
                raise result

    async def _present(self, places: Collection[Partition]) -> list[Partition]:
        """Return the partitions whose topic still has its id. In a topic that was created again nothing was judged."""
        if not places:
            return []
        ids = await self._records.topic_ids(frozenset(topic for (topic, _), _ in places))
        return [(place, topic_id) for place, topic_id in places if ids.get(place[0]) == topic_id]
