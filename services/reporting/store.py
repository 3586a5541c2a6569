"""Reporting's tables in PostgreSQL: ledger, cells, parked entities, progress.

Writes run in the transaction of the given connection. Ledger rows are only appended. A row that the unique index
refuses raises `Conflict`, which is not caught here.
"""

from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final
from uuid import UUID

import asyncpg
import orjson

from services.reporting.domain.cells.cells_from_items import CellKey, Dims
from services.reporting.domain.ledger.entity import Parking
from services.reporting.domain.ledger.event_row import LedgerRow, LogPartition
from services.runtime.errors import Halt
from services.runtime.postgres import Connection, allow_full_scans, borrow_connection

_AT_ONCE: Final = 20_000
"""Most cells or entities in one statement. It is more than a batch changes; a whole partition would take gigabytes."""

_SOURCES_REMEMBERED: Final = 10_000
"""Most sources whose numbers are cached. It is limited, because an agency may name any number of systems."""

_WHOLE_SECONDS: Final = 3600.0
"""Limit for a query that sorts a whole partition. The pool's limit is for one batch, and too short for this."""

_COLUMNS: Final = ("n", "off", "accepted_at", "ent", "id", "topic", "part", "src", "primary_copy", "payload")

_ROWS: Final = """
SELECT n, topic, part, off, ent, name, id, primary_copy, accepted_at, payload
FROM ledger JOIN unnest($1::uuid[], $2::smallint[]) AS wanted (ent, topic) USING (ent, topic) JOIN source USING (src)
"""
_ROWS_OF_PARTITION: Final = """
SELECT n, topic, part, off, ent, name, id, primary_copy, accepted_at, payload
FROM ledger JOIN source USING (src) WHERE topic = $1 AND part = $2 ORDER BY ent, n
"""
_ROWS_SINCE: Final = """
SELECT n, topic, part, off, ent, name, id, primary_copy, accepted_at, payload
FROM ledger JOIN source USING (src)
WHERE topic = $1 AND part = $2 AND ent IN (SELECT ent FROM ledger WHERE topic = $1 AND part = $2 AND off >= $3)
ORDER BY ent, off
"""
_NEW_SOURCES: Final = "INSERT INTO source (name) SELECT unnest($1::text[]) ON CONFLICT (name) DO NOTHING"
_SOURCES: Final = "SELECT name, src FROM source WHERE name = ANY($1::text[])"
# OFFSET 0 hides from the planner that all changes have one version. Without statistics it takes a version for rare, and
# would compare every change with each cell of the version.
_COUNT: Final = """
MERGE INTO cell AS c
USING (
    SELECT $1::smallint AS version, given.*
    FROM unnest($2::smallint[], $3::smallint[], $4::text[], $5::date[], $6::date[], $7::boolean[], $8::jsonb[],
        $9::bigint[]) AS given (topic, part, figure, on_from, on_to, again, dims, amount) OFFSET 0
) AS change
ON c.version = change.version AND c.topic = change.topic AND c.part = change.part AND c.figure = change.figure
    AND c.on_from = change.on_from AND c.on_to = change.on_to AND c.again = change.again AND c.dims = change.dims
WHEN MATCHED AND c.amount + change.amount = 0 THEN DELETE
WHEN MATCHED THEN UPDATE SET amount = c.amount + change.amount
WHEN NOT MATCHED THEN INSERT (version, topic, part, figure, on_from, on_to, again, dims, amount)
    VALUES (change.version, change.topic, change.part, change.figure, change.on_from, change.on_to, change.again,
        change.dims, change.amount)
"""
_PARK: Final = """
INSERT INTO parked (version, topic, part, ent, cause, n) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (version, topic, part, ent) DO UPDATE SET cause = excluded.cause, n = excluded.n
"""
_UNPARK: Final = "DELETE FROM parked WHERE version = $1 AND topic = $2 AND part = $3 AND ent = $4"
# Replaces a foreign key check of each row and each cell: all numbers of sources in the appended rows exist.
_ADVANCE: Final = """
UPDATE figure_version AS f SET next_offset = counted.next_offset
FROM unnest($2::smallint[], $3::smallint[], $4::bigint[], $5::bigint[]) AS counted (topic, part, first, next_offset)
WHERE f.version = $1 AND f.topic = counted.topic AND f.part = counted.part AND f.next_offset = counted.first
    AND NOT EXISTS (
        SELECT FROM unnest($6::integer[], $7::text[]) AS named (src, name)
        WHERE NOT EXISTS (SELECT FROM source WHERE source.src = named.src AND source.name = named.name)
    )
"""
_NEW_VERSION: Final = "INSERT INTO version (hash, known_at) VALUES ($1, $2) ON CONFLICT (hash, known_at) DO NOTHING"
_VERSION: Final = "SELECT version FROM version WHERE hash = $1 AND known_at IS NOT DISTINCT FROM $2"
_POSITION: Final = "SELECT next_offset FROM position JOIN topic USING (topic, topic_id) WHERE topic = $1 AND part = $2"
# Lock first, then read the position: the partition's owner writes both in one transaction.
_HELD: Final = """
SELECT next_offset FROM figure_version WHERE version = $1 AND topic = $2 AND part = $3 FOR NO KEY UPDATE
"""
_LAGGING: Final = """
SELECT named.number, named.topic, position.part
FROM unnest($2::smallint[], $3::text[]) AS named (number, topic)
JOIN topic ON topic.topic = named.topic
JOIN position ON position.topic = named.topic AND position.topic_id = topic.topic_id
LEFT JOIN figure_version AS f ON f.version = $1 AND f.topic = named.number AND f.part = position.part
WHERE f.next_offset IS DISTINCT FROM position.next_offset
ORDER BY named.number, position.part
"""
_SERVING: Final = "SELECT version, hash FROM serving JOIN version USING (version)"
_ADOPT: Final = "INSERT INTO serving (version) SELECT version FROM served ON CONFLICT (single) DO NOTHING"
# Only to a version that has counted every partition at least as far as the served one: figures never go back.
_HAND_OVER: Final = """
UPDATE serving SET version = $2
WHERE version = $1
    AND (SELECT count(*) FROM figure_version WHERE version = $2) = (SELECT sum(partitions) FROM topic)
    AND NOT EXISTS (
        SELECT FROM figure_version AS before JOIN figure_version AS after USING (topic, part)
        WHERE before.version = $1 AND after.version = $2 AND after.next_offset < before.next_offset
    )
"""
_COUNT_TO: Final = """
INSERT INTO figure_version (version, topic, part, next_offset) VALUES ($1, $2, $3, $4)
ON CONFLICT (version, topic, part) DO UPDATE SET next_offset = excluded.next_offset
"""
_CLEAR: Final = (
    "DELETE FROM cell WHERE version = $1 AND topic = $2 AND part = $3",
    "DELETE FROM parked WHERE version = $1 AND topic = $2 AND part = $3",
)
_WRITTEN: Final = "INSERT INTO progress (n, offsets) VALUES ($1, $2::jsonb) ON CONFLICT (n) DO NOTHING"
_PASSED: Final = "DELETE FROM progress WHERE n < (SELECT max(n) FROM complete_progress)"
_PARKED_N: Final = "SELECT count(*) FROM parked JOIN version USING (version) WHERE hash = $1 AND known_at IS NULL"
_TAKEN_UP: Final = """
INSERT INTO figure_version (version, topic, part, next_offset) VALUES ($1, $2, $3, 0) ON CONFLICT DO NOTHING
RETURNING part
"""


# Most cells have one of a few combinations of dimensions.
@lru_cache(maxsize=16_384)
def dims_json(dims: Dims) -> str:
    """Encode the dimensions of a cell as JSON for the column `dims`."""
    return orjson.dumps(dict(dims)).decode()


class Store:
    """Reporting's tables, with the cells of one version of the figures.

    `hash`: the hash of the version's code. `known_at`: event number, for the cells of an edition; None for the running
    figures.
    """

    def __init__(self, pool: asyncpg.Pool, hash: str, known_at: int | None = None) -> None:  # noqa: A002 - it is one
        self._pool = pool
        self._hash = hash
        self._known_at = known_at
        self._version: int | None = None
        self._sources: dict[str, int] = {}

    def forget(self) -> None:
        """Clear cached numbers of versions and sources, because the transaction that read them may have rolled back."""
        self._version = None
        self._sources = {}

    async def rows(self, wanted: Iterable[tuple[int, UUID]]) -> list[LedgerRow]:
        """Return every committed row of the wanted entities, in one query.

        `wanted`: pairs of (topic's number, bits of the entity's id).
        """
        pairs = list(wanted)
        async with borrow_connection(self._pool) as connection:
            found = await connection.fetch(_ROWS, [ent for _, ent in pairs], [topic for topic, _ in pairs])
        return [LedgerRow(*record) for record in found]

    async def append(self, connection: Connection, rows: Sequence[LedgerRow]) -> None:
        """Append rows to the ledger. Raises `Conflict` if one of them is in it already."""
        sources = await self._numbered(connection, {row.source for row in rows})
        records = [
            (row.n, row.off, row.accepted_at, row.entity, row.id, row.topic, row.part, sources[row.source],
             row.primary_copy, row.payload)
            for row in rows
        ]  # fmt: skip
        if records:
            await connection.copy_records_to_table("ledger", records=records, columns=_COLUMNS)

    async def count(self, connection: Connection, changes: Mapping[LogPartition, Mapping[CellKey, int]]) -> None:
        """Add amounts to the cells of this version. A cell whose amount becomes zero is deleted."""
        version = await self._own_version(connection)
        flat = [(place, key, amount) for place, of_place in changes.items() for key, amount in of_place.items()]
        for begin in range(0, len(flat), _AT_ONCE):
            some = flat[begin : begin + _AT_ONCE]
            await connection.execute(
                _COUNT,
                version,
                [topic for (topic, _), _, _ in some],
                [part for (_, part), _, _ in some],
                [key.figure for _, key, _ in some],
                [key.on_from for _, key, _ in some],
                [key.on_to for _, key, _ in some],
                [key.again for _, key, _ in some],
                [dims_json(key.dims) for _, key, _ in some],
                [amount for _, _, amount in some],
            )

    async def park(self, connection: Connection, parkings: Mapping[tuple[LogPartition, UUID], Parking | None]) -> None:
        """Store which entities are withheld; None deletes the entry of an entity."""
        version = await self._own_version(connection)
        parked = [
            (version, *place, ent, str(at.cause), at.n) for (place, ent), at in parkings.items() if at is not None
        ]
        unparked = [(version, *place, ent) for (place, ent), at in parkings.items() if at is None]
        for statement, rows in ((_PARK, parked), (_UNPARK, unparked)):
            for begin in range(0, len(rows), _AT_ONCE):
                await connection.executemany(statement, rows[begin : begin + _AT_ONCE])

    async def advance(
        self, connection: Connection, counted: Mapping[LogPartition, tuple[int, int]], sources: Collection[str]
    ) -> None:
        """Store that this version has counted each partition from its batch's first offset to the next offset.

        `counted`: (first offset, next offset) by partition. `sources`: those of the rows that were appended in the same
        transaction. Raises `Halt` if a partition's cells are not at the first offset: events would be missed or counted
        twice. Raises it too if a source has another number than the one in the appended rows.
        """
        version = await self._own_version(connection)
        status = await connection.execute(
            _ADVANCE,
            version,
            [topic for topic, _ in counted],
            [part for _, part in counted],
            [first for first, _ in counted.values()],
            [following for _, following in counted.values()],
            [self._sources[name] for name in sources],
            list(sources),
        )
        if status != f"UPDATE {len(counted)}":
            msg = (
                "nothing was written: the cells of this version are not counted up to the batch's first record, or a"
                " source has another number in its table than in the rows. Start reporting again; if this returns, run"
                " atips replay --compare and follow docs/runbooks.md, Drift"
            )
            raise Halt(msg)

    async def hold(self, connection: Connection, topic: str, place: LogPartition) -> tuple[int, int]:
        """Lock this version's cells of a partition, and return (the next offset that they count, the stored position).

        Raises `Halt` if the partition has no stored position.
        """
        version = await self._own_version(connection)
        await connection.execute(_TAKEN_UP, version, *place)
        counted = await connection.fetchval(_HELD, version, *place)
        position = await connection.fetchval(_POSITION, topic, place[1])
        if position is None:
            msg = (
                f"{topic}[{place[1]}] has no stored position, so no cells can be counted for it. Start the service of"
                " reporting: it stores a position for each partition when it takes it over"
            )
            raise Halt(msg)
        return int(counted), int(position)

    async def move(self, connection: Connection, place: LogPartition, next_offset: int) -> None:
        """Store `next_offset` for this version's cells of a partition, which the caller has locked with `hold`."""
        version = await self._own_version(connection)
        await connection.execute(_COUNT_TO, version, *place, next_offset)

    async def lagging(self, connection: Connection, topics: Sequence[str]) -> list[tuple[str, LogPartition]]:
        """Return (topic, partition) of each partition whose cells of this version are not at the stored position.

        `topics` are the names of the log's topics, in the order of their numbers.
        """
        version = await self._own_version(connection)
        rows = await connection.fetch(_LAGGING, version, list(range(len(topics))), list(topics))
        return [(row["topic"], (row["number"], row["part"])) for row in rows]

    async def hand_over(self, connection: Connection, is_counted: Callable[[str], bool]) -> bool:
        """Have this version served, unless a process still counts the served version or that version has counted more.

        `is_counted`: returns for a version's hash whether a running process counts it. Returns True if this version has
        just replaced another one.
        """
        version = await self._own_version(connection)
        served = await connection.fetchrow(_SERVING)
        if served is None:
            await connection.execute(_ADOPT)
        elif served["version"] != version and not is_counted(served["hash"]):
            return bool(await connection.execute(_HAND_OVER, served["version"], version) == "UPDATE 1")
        return False

    async def clear(self, connection: Connection, place: LogPartition, next_offset: int) -> None:
        """Delete this version's cells and parkings of a partition, and store `next_offset`.

        The caller must count the partition anew up to `next_offset`.
        """
        version = await self._own_version(connection)
        await connection.execute(_COUNT_TO, version, *place, next_offset)
        for statement in _CLEAR:
            await connection.execute(statement, version, *place)

    async def take_up(self, connection: Connection, place: LogPartition) -> bool:
        """Claim a partition of an edition. Returns False if another transaction has made its cells already."""
        version = await self._own_version(connection)
        return await connection.fetchval(_TAKEN_UP, version, *place) is not None

    async def partition(self, connection: Connection, place: LogPartition) -> AsyncIterator[LedgerRow]:
        """Yield every row of a partition, sorted by entity and then by number.

        The caller must have opened a transaction, because it reads through a cursor.
        """
        await allow_full_scans(connection)
        async for record in connection.cursor(_ROWS_OF_PARTITION, *place, prefetch=1_000, timeout=_WHOLE_SECONDS):
            yield LedgerRow(*record)

    async def rows_of_entities_since(
        self, connection: Connection, place: LogPartition, first: int
    ) -> AsyncIterator[LedgerRow]:
        """Yield all rows of each entity that has a row at offset `first` or above, sorted by entity, then by offset.

        The caller must have opened a transaction, because it reads through a cursor.
        """
        await allow_full_scans(connection)
        async for record in connection.cursor(_ROWS_SINCE, *place, first, prefetch=1_000, timeout=_WHOLE_SECONDS):
            yield LedgerRow(*record)

    async def store_progress(self, progress: Mapping[int, Mapping[LogPartition, int]]) -> None:
        """Store the relay's progress records. Of those that the figures count in full, keep only the last.

        `progress`: by event number n, the last offset of each partition when the log held all events up to n.
        """
        rows = [
            (n, orjson.dumps({f"{topic}.{part}": off for (topic, part), off in offsets.items()}).decode())
            for n, offsets in progress.items()
        ]
        async with borrow_connection(self._pool) as connection:
            await connection.executemany(_WRITTEN, rows)
            await connection.fetch(_PASSED)  # `fetch` prepares the statement; `execute` would plan it each time

    async def count_parked_entities(self) -> int:
        """Return the number of entities that this version withholds."""
        async with borrow_connection(self._pool) as connection:
            return int(await connection.fetchval(_PARKED_N, self._hash))

    async def _own_version(self, connection: Connection) -> int:
        if self._version is None:
            found = await connection.fetchval(_VERSION, self._hash, self._known_at)
            if found is None:  # an INSERT that conflicts would use up one of few numbers
                await connection.execute(_NEW_VERSION, self._hash, self._known_at)
                found = await connection.fetchval(_VERSION, self._hash, self._known_at)
            self._version = int(found)
        return self._version

    async def _numbered(self, connection: Connection, names: set[str]) -> Mapping[str, int]:
        if len(self._sources) > _SOURCES_REMEMBERED:
            self._sources = {name: self._sources[name] for name in names & self._sources.keys()}
        new = sorted(names - self._sources.keys())  # sorted, so that two workers cannot deadlock
        if new:
            known = await connection.fetch(_SOURCES, new)
            if len(known) < len(new):
                await connection.execute(_NEW_SOURCES, sorted(set(new) - {row["name"] for row in known}))
                known = await connection.fetch(_SOURCES, new)
            self._sources |= {row["name"]: row["src"] for row in known}
        return self._sources
