"""The routing audit: from the primary copies alone, which copies must be on the log, and which must not.

Most events stand under what they concern and nothing else: those are judged as they pass by, in the order of n. Events
that a correction or a merge may lead elsewhere are noted, and judged together by `schemas.routing`.
"""

from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from schemas.codec import decode
from schemas.envelope import Event
from schemas.errors import BadMessage
from schemas.ids import ENTITY_KINDS, bits, from_bits, kind_of
from schemas.routing import required
from services.reporting.domain.entity import Place
from services.reporting.replay.report import Audit, Fault, Wrong
from services.runtime.postgres import Connection

_PREFETCH: Final = 2_000

_CHANGES: Final = (
    "SELECT DISTINCT ON (n) n, payload FROM replay_row WHERE changes AND n > 0 ORDER BY n, primary_copy DESC"
)
_COPIES: Final = """
SELECT n, topic, ent, part, off, primary_copy, sha256(payload) AS hash,
    CASE WHEN primary_copy THEN payload END AS payload
FROM replay_row WHERE n > 0 AND n % $1 = $2 ORDER BY n, primary_copy DESC, off
"""
_LED: Final = """
SELECT n, topic, ent, part, off, primary_copy, sha256(payload) AS hash,
    CASE WHEN primary_copy THEN payload END AS payload
FROM replay_row JOIN (SELECT DISTINCT n FROM replay_led) AS led USING (n) ORDER BY n, primary_copy DESC, off
"""
_ANY: Final = "SELECT payload FROM replay_row WHERE n = $1 ORDER BY topic, part, off LIMIT 1"
_FOREIGN: Final = "SELECT n, topic, ent, part, off FROM replay_row WHERE n < 1"


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy of an event on the log; `payload` only where it was asked for."""

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

    def __init__(self, changes: Iterable[Event]) -> None:
        self._refs: set[str] = set()
        self._merged: set[str] = set()
        for event in changes:
            self._refs.add(event.ref)
            if event.supersedes is not None:
                self._refs.add(event.supersedes)
            self._merged.update(event.joins())

    def includes(self, event: Event) -> bool:
        """Whether the event must be judged together with the others."""
        return event.ref in self._refs or not self._merged.isdisjoint(event.concerns())


async def audit(
    connection: Connection, share: tuple[int, int], complete_to: int, told: Callable[[int], None]
) -> tuple[list[Fault], list[int]]:
    """Judge one process's share, (which, of how many), of all copies; gives faults, and the n of events led elsewhere.

    Call it in a transaction, when everything is read.
    """
    led = Led([event async for _, event in _changes(connection)])
    found: list[Fault] = []
    led_elsewhere: list[int] = []
    which, of = share
    async for copies in _grouped(connection, _COPIES, of, which):
        told(len(copies))
        event = await _event(connection, copies)
        if event is None:
            found += [_fault(Wrong.UNREADABLE, copy) for copy in copies]
        elif led.includes(event):
            led_elsewhere.append(copies[0].n)
        else:
            entities = frozenset(event.concerns())
            wanted = entities if copies[0].n <= complete_to else frozenset()
            found += judged(event, copies, wanted, entities)
    if which == 0:
        found += [
            Fault(Audit.ROUTING, Wrong.FOREIGN, row["n"], row["topic"], row["ent"], row["part"], row["off"])
            for row in await connection.fetch(_FOREIGN)
        ]
    return found, led_elsewhere


async def audit_led(connection: Connection, complete_to: int) -> list[Fault]:
    """Judge the events that are led elsewhere, all together; in a transaction, after every share."""
    events: dict[int, Event] = {}
    standing: dict[int, list[Copy]] = {}
    async for copies in _grouped(connection, _LED):
        event = await _event(connection, copies)
        if event is not None:
            events[copies[0].n] = event
            standing[copies[0].n] = copies
    # What causes a copy may be on the log before it counts as whole: then it may be there, but need not.
    allowed = required(events)
    wanted = required({n: event for n, event in events.items() if n <= complete_to})
    return [
        fault
        for n, event in events.items()
        for fault in judged(event, standing[n], wanted.get(n, frozenset()), allowed[n])
    ]


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


async def _changes(connection: Connection) -> AsyncIterator[tuple[int, Event]]:
    async for row in connection.cursor(_CHANGES, prefetch=_PREFETCH):
        event = _decoded(row["payload"])
        if event is not None:
            yield row["n"], event


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


async def _event(connection: Connection, copies: Sequence[Copy]) -> Event | None:
    """The event of some copies; without a primary copy any of them says which one is missing."""
    payload = copies[0].payload
    if payload is None:
        payload = await connection.fetchval(_ANY, copies[0].n)
    return _decoded(payload or b"")


def _decoded(payload: bytes) -> Event | None:
    try:
        return decode(payload)
    except BadMessage:
        return None


def _fault(wrong: Wrong, copy: Copy) -> Fault:
    return Fault(Audit.ROUTING, wrong, copy.n, copy.topic, copy.ent, copy.part, copy.off)
