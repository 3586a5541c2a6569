"""The routing audit: from the primary copies alone, which copies must be on the log, and which must not.

Most events stand under what they concern and nothing else. Of those one sum is kept: digests of the copies that are
there, less those of the copies that primary ones demand. Where it is not nought, and of events that a correction or a
merge may lead elsewhere, `schemas.routing` judges each copy when all have been heard.
"""

import hashlib
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from schemas.codec import decode
from schemas.envelope import Event
from schemas.errors import BadMessage
from schemas.ids import ENTITY_KINDS, bits, kind_of
from schemas.routing import Routes
from services.reporting.domain.ledger.row import LedgerRow, LogPartition, UnreadableRow, read
from services.reporting.replay.digest import from_bytes, to_bytes, total
from services.reporting.replay.partition_fold import id_of
from services.reporting.replay.report import Audit, CopyFault, Fault, PlacedCopy
from services.runtime.postgres import Connection

_PREFETCH: Final = 1_000
BUCKETS: Final = 1_024
"""Of the numbers of events: as many sums, so that one fault has few other events judged with it."""

_CHANGES: Final = """
SELECT DISTINCT ON (n) payload FROM replay_row WHERE changes AND n BETWEEN 1 AND $1
ORDER BY n, primary_copy DESC, topic, part, off
"""
# An event is what its primary copy says, which comes first; without one, any of the others says which is missing.
_COPIES: Final = """
SELECT n, topic, ent, part, off, primary_copy, sha256(payload) AS hash,
    CASE WHEN row_number() OVER (PARTITION BY n ORDER BY primary_copy DESC, topic, part, off) = 1 THEN payload END
FROM replay_row WHERE n <= $1 AND n IN (SELECT n FROM replay_led) ORDER BY n, primary_copy DESC, topic, part, off
"""
# What else is judged copy by copy: what may not be whole, where the sum is not nought, and what has not one primary.
_MORE: Final = """
INSERT INTO replay_led SELECT n FROM replay_row WHERE n > 0
GROUP BY n HAVING n > $1 OR n % $2 = ANY($3::bigint[]) OR count(*) FILTER (WHERE primary_copy) <> 1
"""
_SUMS: Final = "SELECT routing FROM replay_part"
_LAST: Final = "SELECT max(n) FROM replay_led"
_FOREIGN: Final = "SELECT n, topic, ent, part, off FROM replay_row WHERE n < 1"


@dataclass(frozen=True, slots=True)
class LogCopy(PlacedCopy):
    """One copy of an event on the log; the first of an event's copies has its `payload`."""

    primary: bool
    hash: bytes
    payload: bytes | None


class RedirectedEvents:
    """The events that lead to other entities: changes, the events that they name, and events of merged entities."""

    def __init__(self) -> None:
        self._refs: set[str] = set()
        self._merged: set[str] = set()

    def note(self, change: Event) -> None:
        """Take in one of the corrections, retractions and merges."""
        self._refs.add(change.ref)
        if change.supersedes is not None:
            self._refs.add(change.supersedes)
        self._merged.update(change.joins())

    def includes(self, event: Event, concerns: Iterable[str]) -> bool:
        """Whether the event, which concerns these, must be judged together with the others; when all is noted."""
        return event.ref in self._refs or not self._merged.isdisjoint(concerns)


class CopyDigests:
    """Digests of one partition by buckets of n: of the existing copies less those of the demanded copies.

    `led`: the numbers of events that have to be judged copy by copy, until they are written and forgotten.
    """

    def __init__(self, led: RedirectedEvents, complete_to: int) -> None:
        self._led, self._complete_to = led, complete_to
        self._sums = [0] * BUCKETS
        self.led: list[int] = []

    def take(self, rows: Sequence[LedgerRow]) -> None:
        """Take in what the topic holds under an entity; a record that came twice counts once."""
        entity = id_of(rows[0].topic, rows[0].entity) if rows else ""
        for row in {(row.n, row.primary_copy, row.payload): row for row in rows}.values():
            if 0 < row.n <= self._complete_to:
                self._take(row, entity)

    def _take(self, row: LedgerRow, entity: str) -> None:
        try:
            said = read(row)
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
        """Write the digests in their stored form."""
        return b"".join(to_bytes(total((each,))) for each in self._sums)


def _digests(row: LedgerRow, entities: Collection[str]) -> Iterator[int]:
    """Give the digests of the copies of a row's event under these entities."""
    if not entities:
        return
    event = hashlib.sha256(b"%d %b" % (row.n, row.payload))
    for entity in entities:
        copied = event.copy()
        copied.update(entity.encode())  # ids have one length: where the payload ends is no question
        yield from_bytes(copied.digest())


def unbalanced(partitions: Sequence[bytes]) -> list[int]:
    """The buckets whose sums over all partitions are not nought."""
    size = len(to_bytes(0))
    return [
        bucket
        for bucket in range(BUCKETS)
        if total(from_bytes(sums[bucket * size : (bucket + 1) * size]) for sums in partitions)
    ]


async def led(connection: Connection) -> RedirectedEvents:
    """Find the events that lead to other entities, in a transaction, once everything is read."""
    found = RedirectedEvents()
    async for change in _changes(connection):
        found.note(change)
    return found


async def audit(connection: Connection, complete_to: int) -> AsyncIterator[list[Fault]]:
    """The faults of each event that has any; in a transaction, when every partition is folded."""
    partitions = [row["routing"] for row in await connection.fetch(_SUMS)]
    await connection.execute(_MORE, complete_to, BUCKETS, unbalanced(partitions))
    upto = await _last(connection)
    if upto is not None:
        # What causes a copy may be on the log before it counts as whole: then it may be there, but need not.
        allowed = await _required(connection, upto)
        wanted = allowed if upto <= complete_to else await _required(connection, complete_to)
        async for copies in _grouped(connection, upto):
            event = _event(copies)
            if event is None:
                yield [_fault(CopyFault.UNREADABLE, copy) for copy in copies]
            else:
                demanded = wanted(event) if copies[0].n <= complete_to else ()
                yield judged(event, copies, demanded, allowed(event))
    yield [Fault(Audit.ROUTING, CopyFault.FOREIGN, *row) for row in await connection.fetch(_FOREIGN)]


async def _last(connection: Connection) -> int | None:
    """The highest number of an event that was judged copy by copy: of every one that may not be whole."""
    found: int | None = await connection.fetchval(_LAST)
    return found


async def _required(connection: Connection, upto: int) -> Callable[[Event], frozenset[str]]:
    """Give a function to the entities under which a routed event must lie, once events up to a number are accepted."""
    routes = Routes()
    async for change in _changes(connection, upto):
        routes.join(change)
    async for copies in _grouped(connection, upto):
        event = _event(copies)
        if event is not None:
            routes.hear(event)
    return routes.settled()


def judged(event: Event, copies: Sequence[LogCopy], wanted: Collection[str], allowed: Collection[str]) -> list[Fault]:
    """The faults of one event's copies, of which the first says what the event is."""
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


def settled(
    faults: Iterable[Fault], offsets: Mapping[LogPartition, int], *, goes_on: bool
) -> tuple[tuple[Fault, ...], int]:
    """The faults that stand, and how many copies are not judged.

    Where the log goes on, a copy that lies behind what is known to be whole may have its cause beyond the stop.
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
