"""The routing audit: from the primary copies alone, which copies must be on the log, and which must not.

Most events stand under what they concern and nothing else: those are judged as they pass by, in the order of n. Events
that a correction or a merge may lead elsewhere are noted in a table, and judged by `schemas.routing` when all have
been heard. Nothing but what joins entities and links events is held meanwhile.
"""

from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from schemas.codec import decode
from schemas.envelope import Event
from schemas.errors import BadMessage
from schemas.ids import ENTITY_KINDS, bits, from_bits, kind_of
from schemas.routing import Routes
from services.reporting.domain.row import Place
from services.reporting.replay.report import Audit, Fault, Wrong
from services.runtime.postgres import Connection

_PREFETCH: Final = 1_000

_CHANGES: Final = """
SELECT DISTINCT ON (n) payload FROM replay_row WHERE changes AND n BETWEEN 1 AND $1
ORDER BY n, primary_copy DESC, topic, part, off
"""
# An event is what its primary copy says, which comes first; without one, any of the others says which is missing.
_COPIES: Final = """
SELECT n, topic, ent, part, off, primary_copy, sha256(payload) AS hash,
    CASE WHEN row_number() OVER (PARTITION BY n ORDER BY primary_copy DESC, topic, part, off) = 1 THEN payload END
FROM replay_row WHERE n > 0 AND n % $1 = $2 ORDER BY n, primary_copy DESC, topic, part, off
"""
_LED: Final = _COPIES.replace("n > 0 AND n % $1 = $2", "n <= $1 AND n IN (SELECT n FROM replay_led)")
_LAST_LED: Final = "SELECT max(n) FROM replay_led"
_FOREIGN: Final = "SELECT n, topic, ent, part, off FROM replay_row WHERE n < 1"


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy of an event on the log; the first of an event's copies has its `payload`."""

    n: int
    topic: int
    ent: UUID
    part: int
    off: int
    primary: bool
    hash: bytes
    payload: bytes | None

    @property
    def entity(self) -> str:
        """The entity under which it stands."""
        return from_bits(ENTITY_KINDS[self.topic], self.ent)


class Led:
    """Which events are led elsewhere: the changes themselves, what they name, and whatever concerns a merged entity."""

    def __init__(self) -> None:
        self._refs: set[str] = set()
        self._merged: set[str] = set()

    def note(self, change: Event) -> None:
        """Take in one of the corrections, retractions and merges."""
        self._refs.add(change.ref)
        if change.supersedes is not None:
            self._refs.add(change.supersedes)
        self._merged.update(change.joins())

    def includes(self, event: Event) -> bool:
        """Whether the event must be judged together with the others, once every change is noted."""
        return event.ref in self._refs or not self._merged.isdisjoint(event.concerns())


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of an event's copies: faults, or that it waits for the others that are led elsewhere."""

    n: int
    copies: int
    faults: Sequence[Fault] = ()
    led: bool = False


async def audit(connection: Connection, share: tuple[int, int], complete_to: int) -> AsyncIterator[Judged]:
    """Judge one process's share, (which, of how many), of all events, one after the other.

    Call it in a transaction, when everything is read.
    """
    led = Led()
    async for change in _changes(connection):
        led.note(change)
    which, of = share
    async for copies in _grouped(connection, _COPIES, of, which):
        n, event = copies[0].n, _event(copies)
        if event is None:
            yield Judged(n, len(copies), [_fault(Wrong.UNREADABLE, copy) for copy in copies])
        elif led.includes(event):
            yield Judged(n, len(copies), led=True)
        else:
            entities = frozenset(event.concerns())
            yield Judged(n, len(copies), judged(event, copies, entities if n <= complete_to else (), entities))
    for row in await connection.fetch(_FOREIGN) if which == 0 else ():
        yield Judged(row["n"], 1, [Fault(Audit.ROUTING, Wrong.FOREIGN, *row)])


async def audit_led(connection: Connection, complete_to: int) -> AsyncIterator[Judged]:
    """Judge the events that are led elsewhere, all together; in a transaction, after every share."""
    last = await connection.fetchval(_LAST_LED)
    if last is None:
        return
    # What causes a copy may be on the log before it counts as whole: then it may be there, but need not.
    allowed = await _required(connection, last)
    wanted = allowed if last <= complete_to else await _required(connection, complete_to)
    async for copies in _grouped(connection, _LED, last):
        n, event = copies[0].n, _event(copies)
        if event is not None:
            demanded = wanted(event) if n <= complete_to else ()
            yield Judged(n, len(copies), judged(event, copies, demanded, allowed(event)))


async def _required(connection: Connection, upto: int) -> Callable[[Event], frozenset[str]]:
    """Where each of the events that are led elsewhere must stand once those up to a number are accepted."""
    routes = Routes()
    async for change in _changes(connection, upto):
        routes.join(change)
    async for copies in _grouped(connection, _LED, upto):
        event = _event(copies)
        if event is not None:
            routes.hear(event)
    return routes.settled()


def judged(event: Event, copies: Sequence[Copy], wanted: Collection[str], allowed: Collection[str]) -> list[Fault]:
    """The faults of one event's copies, of which the first says what the event is."""
    n, primary = copies[0].n, event.concerns()[0]
    there = {copy.entity for copy in copies}
    found = [
        Fault(Audit.ROUTING, Wrong.MISSING, n, ENTITY_KINDS.index(kind_of(entity)), bits(entity))
        for entity in sorted(set(wanted) - there)
    ]
    for copy in copies:
        if copy.hash != copies[0].hash:
            found.append(_fault(Wrong.ALTERED, copy))
        elif copy.entity not in allowed:
            found.append(_fault(Wrong.SURPLUS, copy))
        elif copy.primary != (copy.entity == primary):
            found.append(_fault(Wrong.ROLE, copy))
    return found


def settled(faults: Iterable[Fault], offsets: Mapping[Place, int], *, goes_on: bool) -> tuple[tuple[Fault, ...], int]:
    """The faults that stand, and how many copies are not judged.

    Where the log goes on, a copy that lies behind what is known to be whole may have its cause beyond the stop.
    """
    kept, unsettled = [], 0
    for fault in faults:
        behind = fault.off is not None and fault.off > offsets.get((fault.topic, fault.part or 0), -1)
        if goes_on and behind and fault.audit is Audit.ROUTING and fault.wrong is Wrong.SURPLUS:
            unsettled += 1
        else:
            kept.append(fault)
    return tuple(kept), unsettled


async def _changes(connection: Connection, upto: int = 2**63 - 1) -> AsyncIterator[Event]:
    async for row in connection.cursor(_CHANGES, upto, prefetch=_PREFETCH):
        event = _decoded(row["payload"])
        if event is not None:
            yield event


async def _grouped(connection: Connection, query: str, *arguments: int) -> AsyncIterator[list[Copy]]:
    copies: list[Copy] = []
    async for record in connection.cursor(query, *arguments, prefetch=_PREFETCH):
        copy = Copy(*record)
        if copies and copies[0].n != copy.n:
            yield copies
            copies = []
        copies.append(copy)
    if copies:
        yield copies


def _event(copies: Sequence[Copy]) -> Event | None:
    return _decoded(copies[0].payload or b"")


def _decoded(payload: bytes) -> Event | None:
    try:
        return decode(payload)
    except BadMessage:
        return None


def _fault(wrong: Wrong, copy: Copy) -> Fault:
    return Fault(Audit.ROUTING, wrong, copy.n, copy.topic, copy.ent, copy.part, copy.off)
