"""Rebuilds intake's inbox, quarantine, line, relay and positions from event copies, quarantine records and receipts.

Not restored: operators' acts on refused events, and numbers that were not sent (their submissions are judged again).
Nor are unsent receipts of repetitions (a sender that sends again gets one). The inbound place of an event is lost once
its receipt was deleted, after thirty days.
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID

import asyncpg

from schemas.errors import BadMessage
from services.intake.domain.rebuilt_rows import (
    OWN,
    AnsweredSubmissions,
    ContentsByNumber,
    PrimaryCopy,
    lost_number_row,
    lost_tail,
    missing_numbers,
    missing_or_doubled,
    parse_primary_copy,
    parse_quarantine_record,
    parse_related_copy,
    quarantine_row_of,
)
from services.intake.domain.submission import Inbound
from services.intake.quarantine_encryption import Seal
from services.intake.store.restore import Restore, is_line_empty
from services.intake.stream import topics as inbound_topics
from services.runtime import range_reader
from services.runtime.errors import Halt
from services.runtime.postgres import Connection, translate_driver_errors
from services.runtime.record import Record
from services.runtime.settings import Settings
from services.runtime.threaded_consumer import Transport

if TYPE_CHECKING:
    from schemas.topics import Deployment
    from services.runtime.fenced_positions import TopicPart

_BATCH: Final = 2_000


@dataclass(frozen=True, slots=True)
class RestoreOutcome:
    """Counts of a restoration. `accepted` and `refused`: submissions. `last_n`: end of the line.

    `lost`: the numbers that were given up.
    """

    accepted: int
    refused: int
    last_n: int
    lost: tuple[int, ...] = ()


class IntakeRestoration:
    """One restoration of intake's tables. It uses the administrator's Kafka credentials; intake may not read receipts.

    Records that the relay sent after its last progress record may be on the topics only in part. A related copy has all
    that the primary copy has, and replaces a missing one. If no topic has a number, `Halt` names it and nothing is
    restored. With `seal`, such a number after that progress record is given up. It is stored in quarantine as lost. The
    submission that was answered with it is judged again.
    """

    def __init__(self, settings: Settings, seal: Seal | None = None, *, catch_up: bool = False) -> None:
        """Prepare a restoration. `seal`: if given, numbers lost after the last progress record are given up.

        It encrypts their quarantine rows. `catch_up`: the tables are those of an older database, and the restoration
        adds what the topics have beyond it.
        """
        self._settings = settings
        self._catch_up = catch_up
        self._stands = 0
        self._seal = seal
        self._deployment: Deployment = settings.deployment()
        self._answers = AnsweredSubmissions()
        self._contents = ContentsByNumber()
        self._accepted: dict[int, int] = {}
        self._refused: dict[int, int] = {}
        self._related: dict[int, PrimaryCopy] = {}
        self._lost: tuple[int, ...] = ()

    async def run(self) -> RestoreOutcome | None:
        """Restore in one transaction and return the counts. None, without a change, if the tables are not empty.

        With `catch_up` the tables need not be empty. Raises `Halt` unless the topics have every number exactly once.
        """
        async with _connected(self._settings.postgres_dsn()) as connection:
            if not (self._catch_up or await is_line_empty(connection)):
                return None
            async with connection.transaction():
                await self._restore(connection)
        accepted, refused = len(self._accepted), len(self._refused)
        return RestoreOutcome(accepted, refused - len(self._lost), accepted + refused, self._lost)

    async def _restore(self, connection: Connection) -> None:
        restore = Restore(connection)
        self._stands, repeated = await restore.begin(catch_up=self._catch_up)
        read_to = await restore.next_offsets()
        inbound = inbound_topics(self._deployment)
        bounds = await self._bounds(inbound)
        relayed, reached = await asyncio.to_thread(
            range_reader.progress, self._settings.kafka(), self._group, self._deployment.progress
        )
        self._answers.relayed = relayed
        last_repeat = max(await self._read_receipts(), repeated)
        await self._read_quarantine(restore)
        await self._read_log(restore)
        said = {relayed, self._answers.last_n}
        if self._seal is not None:
            await self._give_up(restore, self._seal, said)
        async for n, content in restore.contents():
            if n <= self._stands:
                self._contents.note(n, content)
        if 0 < max((*self._accepted, *self._refused, 0)) <= self._stands and not self._contents.several:
            return  # the topics have no number beyond this database, whose relay sends the rest
        fault = missing_or_doubled(self._accepted.keys(), self._refused.keys(), said, self._contents.several)
        if fault is not None:
            msg = f"intake cannot be restored: {fault}"
            raise Halt(msg)
        last_n = len(self._accepted) + len(self._refused)
        if last_n == 0:  # a new deployment: nothing to restore
            return
        await restore.volumes()
        await restore.index()
        await restore.line(last_n, last_repeat)
        # The relay starts after its last progress record: of what it sent later, copies or receipts may be missing.
        await restore.relay(relayed, last_repeat, reached)
        begins = {place: max(begin, read_to.get(place, 0)) for place, (begin, _) in bounds.items()}
        offsets = {place: self._answers.next_offset(place, begin) for place, begin in begins.items()}
        await restore.positions(await self._described(list(inbound)), offsets)

    async def _read_receipts(self) -> int:
        """Read all receipts into `_answers`. Return a number that no repetition exceeds."""
        topics = {self._deployment.delivery(sender): 1 for sender in self._deployment.senders}
        async for records in self._records(topics):
            for record in records:
                self._answers.note(record.value or b"")
        return self._answers.repeated((await self._bounds(topics)).values())

    async def _read_quarantine(self, restore: Restore) -> None:
        async for records in self._records({self._deployment.quarantine: 1}):
            rows = []
            for record in records:
                said = parse_quarantine_record(record.value or b"")
                if said is None:
                    continue
                self._answers.note_refused(said["inbound"])
                self._contents.note(said["n"], said["nonce"].encode())
                if said["n"] not in self._refused:
                    self._refused[said["n"]] = said["accepted_at"]
                    rows.append((said["n"], quarantine_row_of(said)))
            await restore.refused([row for n, row in rows if n > self._stands])

    async def _read_log(self, restore: Restore) -> None:
        async for records in self._records(dict.fromkeys(self._deployment.logs, self._deployment.partitions)):
            found = []
            for record in records:
                copy, other = (
                    parse_primary_copy(record.headers, record.value),
                    parse_related_copy(record.headers, record.value),
                )
                if (either := copy or other) is not None:
                    self._contents.note(either.n, either.payload)
                if copy is not None and copy.n not in self._accepted:
                    self._accepted[copy.n] = copy.accepted_at
                    found.append(copy)
                elif other is not None and other.n > self._answers.relayed:
                    self._related[other.n] = other
            await restore.accepted([self._row(copy) for copy in found if copy.n > self._stands])
        whole = [copy for n, copy in self._related.items() if n not in self._accepted]
        self._accepted |= {copy.n: copy.accepted_at for copy in whole}
        await restore.accepted([self._row(copy) for copy in whole if copy.n > self._stands])

    async def _give_up(self, restore: Restore, seal: Seal, said: Collection[int]) -> None:
        """Store numbers that were lost after the relay's last progress in quarantine. Earlier ones stay missing."""
        lost = lost_tail(missing_numbers(self._accepted.keys(), self._refused.keys(), said), self._answers.relayed)
        times = self._accepted | self._refused
        for n in lost:
            times[n] = times.get(n - 1, 0)
            self._answers.forget(n)
            sealed = seal.close(Inbound(OWN, None, None, None, ()), n)
            await restore.refused([lost_number_row(n, times[n], sealed)])
        self._refused |= {n: times[n] for n in lost}
        self._lost = tuple(lost)

    def _row(self, copy: PrimaryCopy) -> tuple[object, ...]:
        try:
            return copy.row(self._answers.places.get(copy.n))
        except BadMessage as bad:
            msg = f"the primary copy of n {copy.n} cannot be read: {bad}"
            raise Halt(msg) from None

    async def _bounds(self, topics: Mapping[str, int]) -> "dict[TopicPart, tuple[int, int]]":
        """Return (begin, end) offsets of each partition of `topics` as they are now. `topics`: partitions by name."""
        places = [(topic, part) for topic, parts in topics.items() for part in range(parts)]
        return await asyncio.to_thread(range_reader.bounds, self._settings.kafka(), self._group, places)

    async def _records(self, topics: Mapping[str, int]) -> AsyncIterator[Sequence[Record]]:
        """Yield all records that the topics hold now, in batches. `topics`: number of partitions by name."""
        log = range_reader.Log(self._settings.kafka(), self._group, await self._bounds(topics))
        await asyncio.to_thread(log.__enter__)
        try:
            while not log.done:
                yield await asyncio.to_thread(log.batch, _BATCH)
        finally:
            log.__exit__()

    async def _described(self, topics: Sequence[str]) -> dict[str, tuple[UUID, int]]:
        transport = Transport(self._settings.kafka(), self._group)
        try:
            return await transport.describe(topics)
        finally:
            await transport.close()

    @property
    def _group(self) -> str:
        return self._deployment.group("intake")


@asynccontextmanager
async def _connected(dsn: str) -> AsyncIterator[Connection]:
    """Open a connection without the services' time limits: one transaction holds the whole restoration."""
    with translate_driver_errors():
        connection = await asyncpg.connect(dsn, server_settings={"search_path": "intake", "synchronous_commit": "on"})
        try:
            yield connection
        finally:
            await connection.close()
