"""Editions: cells that count the events up to a given number. A job makes an edition once, and it is stored.

All events up to the number must be counted, so that an edition never changes. One scan of the ledger makes several
editions. A job skips the partitions that an interrupted or parallel job has made.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Final, TypeAlias
from uuid import UUID

import asyncpg

from schemas.ids import from_bits
from schemas.topics import Deployment
from services.reporting.domain.cells.cells_from_items import CellKey, add_changes
from services.reporting.domain.cells.counted_items import NOTHING, Tally
from services.reporting.domain.ledger.entity import Parking, known_at_each
from services.reporting.domain.ledger.event_row import LogPartition
from services.reporting.ledger_by_entity import group_by_entity
from services.reporting.read.queries import Edition
from services.reporting.store import Store
from services.runtime.postgres import Connection, borrow_connection

KnownAt: TypeAlias = int | datetime
"""Moment up to which events count: an event's number, or a time. A time means the last event accepted by then."""

Advanced: TypeAlias = Callable[[int, int], None]
"""Callback that shows a job's progress: called with the rows done and the rows in all."""

_Parkings: TypeAlias = dict[tuple[LogPartition, UUID], Parking | None]

# Rows without a number (n = 0) were not accepted by intake: their time does not bound the events that may still come.
_AROUND: Final = """
SELECT coalesce(max(n) FILTER (WHERE accepted_at <= $1), 0) AS last, min(n) FILTER (WHERE accepted_at > $1) AS following
FROM ledger WHERE n > 0
"""
_WRITTEN: Final = "SELECT coalesce(max(n), 0) FROM progress"
_ACCEPTED_AT: Final = "SELECT coalesce(max(accepted_at), 0) FROM ledger WHERE n BETWEEN 1 AND $1"
_COMPLETE_TO: Final = "SELECT complete_to FROM figure_status"
_MADE: Final = "SELECT true FROM edition WHERE hash = $1 AND known_at = $2"
_PLACES: Final = """
SELECT topic, part, count(ledger.n) AS rows_n
FROM figure_version LEFT JOIN ledger USING (topic, part)
WHERE version = (SELECT version FROM served)
GROUP BY topic, part ORDER BY topic, part
"""


class NotComplete(ValueError):
    """Raised if the figures are not complete to event `n`, but only to `complete_to`; 0 if nothing is counted."""

    def __init__(self, n: int, complete_to: int) -> None:
        self.n = n
        self.complete_to = complete_to
        super().__init__(f"the figures are complete to event {complete_to} only, not to {n}")


async def number_of(connection: Connection, moment: KnownAt) -> int:
    """Return the event number that a moment stands for. Raises `NotComplete` if events up to it may not be counted yet.

    For a time, every event that may have been accepted by then must be counted: all events before the first one that
    was accepted later. If no later one is known, all events up to the relay's stored progress must be counted.
    """
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        complete_to = await connection.fetchval(_COMPLETE_TO)
        n, reached = await _last_by(connection, moment) if isinstance(moment, datetime) else (moment, moment)
    if complete_to is None or reached > complete_to:
        raise NotComplete(reached, complete_to or 0)
    return n


async def _last_by(connection: Connection, moment: datetime) -> tuple[int, int]:
    """Return (the last event accepted by `moment`, the number up to which the figures must be complete to know it)."""
    [(last, following)] = await connection.fetch(_AROUND, int(moment.timestamp() * 1000))
    known = await connection.fetchval(_WRITTEN) if following is None else following - 1
    return last, max(last, known)


async def accepted_at(connection: Connection, n: int) -> datetime:
    """Return the time at which the last of the first `n` events was accepted; 1970-01-01 UTC if there is none."""
    return datetime.fromtimestamp(await connection.fetchval(_ACCEPTED_AT, n) / 1000, UTC)


async def ensure(pool: asyncpg.Pool, deployment: Deployment, editions: Iterable[Edition], advanced: Advanced) -> None:
    """Make the editions that do not exist yet. The caller must have got each `known_at` from `number_of`."""
    async with borrow_connection(pool) as connection:
        lacking = {each for each in editions if not await connection.fetchval(_MADE, each.hash, each.known_at)}
    if lacking:
        await _Job(pool, deployment, lacking, advanced).run()


class _Job:
    """Makes several editions, partition by partition: a transaction each, so that finished partitions are kept."""

    def __init__(
        self, pool: asyncpg.Pool, deployment: Deployment, editions: Iterable[Edition], advanced: Advanced
    ) -> None:
        self._pool = pool
        self._kinds = tuple(deployment.logs.values())
        # Always in the same order, so that two jobs cannot deadlock.
        ordered = sorted(editions, key=lambda each: (each.known_at, each.hash))
        self._stores = {each: Store(pool, each.hash, each.known_at) for each in ordered}
        self._advanced = advanced
        self._done = 0
        self._total = 0

    async def run(self) -> None:
        async with borrow_connection(self._pool) as connection:
            places = [((row["topic"], row["part"]), row["rows_n"]) for row in await connection.fetch(_PLACES)]
        self._total = sum(rows_n for _, rows_n in places)
        for place, rows_n in places:
            begun = self._done
            async with borrow_connection(self._pool) as connection, connection.transaction():
                mine = {each: store for each, store in self._stores.items() if await store.take_up(connection, place)}
                if mine:
                    await self._make(connection, place, mine)
            self._done = begun + rows_n
            self._advanced(self._done, self._total)

    async def _make(self, connection: Connection, place: LogPartition, mine: Mapping[Edition, Store]) -> None:
        numbers = [each.known_at for each in mine]
        # A tally holds an edition's difference from the one before: most entities do not change between two numbers.
        tallies = [Tally() for _ in mine]
        parkings: list[_Parkings] = [{} for _ in mine]
        async for rows in group_by_entity(next(iter(mine.values())).partition(connection, place)):
            entity, before = rows[0].entity, NOTHING
            each_found = known_at_each(from_bits(self._kinds[place[0]], entity), rows, numbers)
            for found, tally, its_parkings in zip(each_found, tallies, parkings, strict=True):
                tally.add(before, found.counts)
                before = found.counts
                if found.parked is not None:
                    its_parkings[place, entity] = found.parked
            self._done += len(rows)
            self._advanced(self._done, self._total)
        cells: dict[CellKey, int] = {}
        for store, tally, its_parkings in zip(mine.values(), tallies, parkings, strict=True):
            add_changes(cells, tally.cells())
            await store.count(connection, {place: cells})
            await store.park(connection, its_parkings)
