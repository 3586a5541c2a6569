"""Routing audit: find missing and surplus copies on the log, from the primary copies alone.

Most events have copies only under entities that they concern. For these, one sum for each bucket of n is stored:
digests of the copies on the log minus digests of the required ones. In the end `schemas.required_copies` judges copy by
copy. It takes the events of buckets whose sum is not 0, and those that a correction or merge may redirect.
"""

import hashlib
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from schemas.codec import decode
from schemas.envelope import Event
from schemas.errors import BadMessage
from schemas.ids import ENTITY_KINDS, bits, kind_of
from schemas.required_copies import Routes
from services.reporting.domain.ledger.event_row import LedgerRow, LogPartition, UnreadableRow, decode_event
from services.reporting.replay.digest import from_bytes, to_bytes, total
from services.reporting.replay.partition_fold import id_of
from services.reporting.replay.report import Audit, CopyFault, Fault, PlacedCopy
from services.runtime.postgres import Connection

_PREFETCH: Final = 1_000
BUCKETS: Final = 1_024
"""Number of buckets of event numbers (n modulo BUCKETS). A wrong copy has all events of its bucket judged."""

_CHANGES: Final = """
SELECT DISTINCT ON (n) payload FROM replay_row WHERE changes AND n BETWEEN 1 AND $1
ORDER BY n, primary_copy DESC, topic, part, off
"""
# The primary copy comes first and its payload is taken as the event; without a primary copy, another copy's is.
_COPIES: Final = """
SELECT n, topic, ent, part, off, primary_copy, sha256(payload) AS hash,
    CASE WHEN row_number() OVER (PARTITION BY n ORDER BY primary_copy DESC, topic, part, off) = 1 THEN payload END
FROM replay_row WHERE n <= $1 AND n IN (SELECT n FROM replay_led) ORDER BY n, primary_copy DESC, topic, part, off
"""
# Adds the other events to judge copy by copy: those above $1, of buckets not 0, and without exactly one primary copy.
_MORE: Final = """
INSERT INTO replay_led SELECT n FROM replay_row WHERE n > 0
GROUP BY n HAVING n > $1 OR n % $2 = ANY($3::bigint[]) OR count(*) FILTER (WHERE primary_copy) <> 1
"""
_SUMS: Final = "SELECT routing FROM replay_part"
_LAST: Final = "SELECT max(n) FROM replay_led"
_FOREIGN: Final = "SELECT n, topic, ent, part, off FROM replay_row WHERE n < 1"


@dataclass(frozen=True, slots=True)
class LogCopy(PlacedCopy):
    """One copy of an event on the log. Only the first of an event's copies has a `payload`."""

    primary: bool
    hash: bytes
    payload: bytes | None


class RedirectedEvents:
    """Events that may have copies under other entities: corrections, retractions, merges, and events they change."""

    def __init__(self) -> None:
        self._refs: set[str] = set()
        self._merged: set[str] = set()

    def note(self, change: Event) -> None:
        """Add a correction, retraction or merge, with the event and the entities that it changes."""
        self._refs.add(change.ref)
        if change.supersedes is not None:
            self._refs.add(change.supersedes)
        self._merged.update(change.joins())

    def includes(self, event: Event, concerns: Iterable[str]) -> bool:
        """Whether an event, which concerns these entities, must be judged copy by copy.

        Call it after `note` was called for all changes.
        """
        return event.ref in self._refs or not self._merged.isdisjoint(concerns)


class CopyDigests:
    """Sums for one partition by buckets of n: digests of the existing copies minus those of the required copies.

    `read_redirected_events`: numbers of events to judge copy by copy; the worker writes and clears them.
    """

    def __init__(self, led: RedirectedEvents, complete_to: int) -> None:
        self._led, self._complete_to = led, complete_to
        self._sums = [0] * BUCKETS
        self.led: list[int] = []

    def take(self, rows: Sequence[LedgerRow]) -> None:
        """Add the topic's rows of one entity. A repeated record counts once."""
        entity = id_of(rows[0].topic, rows[0].entity) if rows else ""
        for row in {(row.n, row.primary_copy, row.payload): row for row in rows}.values():
            if 0 < row.n <= self._complete_to:
                self._take(row, entity)

    def _take(self, row: LedgerRow, entity: str) -> None:
        try:
            said = decode_event(row)
        except UnreadableRow:
            self.led.append(row.n)
            return
        if self._led.includes(said.event, said.concerns):
            self.led.append(row.n)
        elif not row.primary_copy:
            self._sums[row.n % BUCKETS] += sum(_digests(row, (entity,)))
        elif entity == said.event.concerns()[0]:
            self._sums[row.n % BUCKETS] -= sum(_digests(row, said.concerns - {entity}))
        else:
            self.led.append(row.n)

    def __bytes__(self) -> bytes:
        """Encode the sums for the column `replay_part.routing`: 32 bytes each, by bucket."""
        return b"".join(to_bytes(total((each,))) for each in self._sums)


def _digests(row: LedgerRow, entities: Collection[str]) -> Iterator[int]:
    """Yield the digest of the copy of a row's event under each of these entities."""
    if not entities:
        return
    event = hashlib.sha256(b"%d %b" % (row.n, row.payload))
    for entity in entities:
        copied = event.copy()
        copied.update(entity.encode())  # ids have a fixed length, so the end of the payload is known
        yield from_bytes(copied.digest())


def unbalanced(partitions: Sequence[bytes]) -> list[int]:
    """Return the buckets whose sums over all partitions are not 0."""
    size = len(to_bytes(0))
    return [
        bucket
        for bucket in range(BUCKETS)
        if total(from_bytes(sums[bucket * size : (bucket + 1) * size]) for sums in partitions)
    ]


async def read_redirected_events(connection: Connection) -> RedirectedEvents:
    """Return the redirected events of the whole log. Call it in a transaction, after all partitions are read."""
    found = RedirectedEvents()
    async for change in _changes(connection):
        found.note(change)
    return found


async def audit(connection: Connection, complete_to: int) -> AsyncIterator[list[Fault]]:
    """Yield lists of faults, event by event. Call it in a transaction, after all partitions are folded."""
    partitions = [row["routing"] for row in await connection.fetch(_SUMS)]
    await connection.execute(_MORE, complete_to, BUCKETS, unbalanced(partitions))
    upto = await _last(connection)
    if upto is not None:
        # The cause of a copy may be on the log above `complete_to`: then the copy is allowed but not required.
        allowed = await _required(connection, upto)
        wanted = allowed if upto <= complete_to else await _required(connection, complete_to)
        async for copies in _grouped(connection, upto):
            event = _event(copies)
            if event is None:
                yield [_fault(CopyFault.UNREADABLE, copy) for copy in copies]
            else:
                demanded = wanted(event) if copies[0].n <= complete_to else ()
                yield faults_of_event(event, copies, demanded, allowed(event))
    yield [Fault(Audit.ROUTING, CopyFault.FOREIGN, *row) for row in await connection.fetch(_FOREIGN)]


async def _last(connection: Connection) -> int | None:
    """Return the highest number of the events to judge copy by copy; None without any."""
    found: int | None = await connection.fetchval(_LAST)
    return found


async def _required(connection: Connection, upto: int) -> Callable[[Event], frozenset[str]]:
    """Return a function that takes an event and returns the ids of the entities that must have a copy of it.

    Corrections, retractions and merges up to event number `upto` are taken into account.
    """
    routes = Routes()
    async for change in _changes(connection, upto):
        routes.join(change)
    async for copies in _grouped(connection, upto):
        event = _event(copies)
        if event is not None:
            routes.add_entities(event)
    return routes.settled()


def faults_of_event(
    event: Event, copies: Sequence[LogCopy], wanted: Collection[str], allowed: Collection[str]
) -> list[Fault]:
    """Return the faults of one event's copies. `event` comes from the first copy.

    `wanted`: entities that must have a copy. `allowed`: entities that may have one.
    """
    n, primary = copies[0].n, event.concerns()[0]
    there = {copy.entity for copy in copies}
    found = [
        Fault(Audit.ROUTING, CopyFault.MISSING, n, ENTITY_KINDS.index(kind_of(entity)), bits(entity))
        for entity in sorted(set(wanted) - there)
    ]
    for copy in copies:
        if copy.hash != copies[0].hash:
            found.append(_fault(CopyFault.ALTERED, copy))
        elif copy.entity not in allowed:
            found.append(_fault(CopyFault.SURPLUS, copy))
        elif copy.primary != (copy.entity == primary):
            found.append(_fault(CopyFault.ROLE, copy))
    return found


def faults_to_report(
    faults: Iterable[Fault], offsets: Mapping[LogPartition, int], *, goes_on: bool
) -> tuple[tuple[Fault, ...], int]:
    """Return (faults to report, number of surplus copies that are not judged).

    `offsets`: last offsets up to which the log is complete. `goes_on`: the log goes on after the replay's end. Then a
    surplus copy above these offsets is not judged, because its cause may be there.
    """
    kept, unsettled = [], 0
    for fault in faults:
        behind = fault.off is not None and fault.off > offsets.get((fault.topic, fault.part or 0), -1)
        if goes_on and behind and fault.audit is Audit.ROUTING and fault.wrong is CopyFault.SURPLUS:
            unsettled += 1
        else:
            kept.append(fault)
    return tuple(kept), unsettled


async def _changes(connection: Connection, upto: int = 2**63 - 1) -> AsyncIterator[Event]:
    async for row in connection.cursor(_CHANGES, upto, prefetch=_PREFETCH):
        event = _decoded(row["payload"])
        if event is not None:
            yield event


async def _grouped(connection: Connection, upto: int) -> AsyncIterator[list[LogCopy]]:
    copies: list[LogCopy] = []
    async for record in connection.cursor(_COPIES, upto, prefetch=_PREFETCH):
        copy = LogCopy(*record)
        if copies and copies[0].n != copy.n:
            yield copies
            copies = []
        copies.append(copy)
    if copies:
        yield copies


def _event(copies: Sequence[LogCopy]) -> Event | None:
    return _decoded(copies[0].payload or b"")


def _decoded(payload: bytes) -> Event | None:
    try:
        return decode(payload)
    except BadMessage:
        return None


def _fault(wrong: CopyFault, copy: LogCopy) -> Fault:
    return Fault(Audit.ROUTING, wrong, copy.n, copy.topic, copy.ent, copy.part, copy.off)
