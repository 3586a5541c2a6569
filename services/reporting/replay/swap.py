"""Replacement of live's cells by a replay's, or of a lost live ledger with its cells and positions.

Each replacement is one transaction. If workers write the same tables, the transaction first raises the epochs of all
positions, so that the workers are fenced. Nothing else writes a finished edition.
"""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from schemas.ids import ENTITY_KINDS, from_bits
from services.reporting.domain.cells.cells_from_items import CellKey, add_changes, diff
from services.reporting.domain.ledger.entity import Entity, Parking, empty_entity, with_rows
from services.reporting.domain.ledger.event_row import LedgerRow, LogPartition, ParkingCause
from services.reporting.replay.live_state import Topics
from services.reporting.replay.run_state import Run
from services.reporting.store import Store
from services.runtime import fenced_positions
from services.runtime.errors import Halt
from services.runtime.failpoints import failpoint
from services.runtime.postgres import Connection

# In the order of their keys, so that two transactions that do this cannot deadlock.
_RAISE: Final = """
SELECT owned.topic, owned.part, owned.next_offset
FROM (
    SELECT array_agg(topic_id) AS ids, array_agg(part) AS parts, array_agg(topic) AS topics
    FROM position JOIN topic USING (topic, topic_id)
) AS known, take_over_positions(known.ids, known.parts, known.topics) AS owned
"""
_TAIL: Final = """
SELECT n, topic, part, off, ent, name, id, primary_copy, accepted_at, payload FROM ledger JOIN source USING (src)
WHERE topic = $1 AND part = $2 AND ent IN (SELECT ent FROM ledger WHERE topic = $1 AND part = $2 AND off >= $3)
ORDER BY ent, off
"""
_CELLS: Final = """
INSERT INTO cell (version, topic, part, figure, on_from, on_to, again, dims, amount)
SELECT version, topic, part, figure, on_from, on_to, again, dims, sum(amount)
FROM replay_cell, version WHERE NOT live AND topic = $2 AND part = $3 AND hash = $1 AND known_at IS NOT DISTINCT FROM $4
GROUP BY version, topic, part, figure, on_from, on_to, again, dims HAVING sum(amount) <> 0
"""
_PARKED: Final = "SELECT topic, part, ent, cause, n FROM replay_parked WHERE NOT live"
_LEDGER: Final = """
INSERT INTO ledger (n, off, accepted_at, ent, id, topic, part, src, primary_copy, payload)
SELECT DISTINCT ON (ent, topic, source, id) n, off, accepted_at, ent, id, topic, part, src, primary_copy, payload
FROM replay_row JOIN source ON name = source ORDER BY ent, topic, source, id, off
"""
_SOURCES: Final = """
INSERT INTO source (name) SELECT DISTINCT source FROM replay_row ORDER BY source ON CONFLICT (name) DO NOTHING
"""


class NotEmpty(Halt):
    """Raised by a rebuild if live has a ledger or positions: only an empty live is rebuilt."""

    def __init__(self) -> None:
        super().__init__("live holds a ledger or positions: only an empty one is rebuilt")


Parked = dict[tuple[LogPartition, UUID], Parking | None]


async def swap(connection: Connection, store: Store, topics: Topics, run: Run, version: str) -> None:
    """Replace the cells of this code's version by the replay's, and count the rows that live has appended since.

    Call it only if the ledger equals the topics. Raises `Halt` if a live position is below the replay's end.
    """
    async with connection.transaction():
        await connection.execute("SET LOCAL synchronous_commit = on")
        positions = {
            (topics.number(row["topic"]), row["part"]): int(row["next_offset"])
            for row in await connection.fetch(_RAISE)
            if row["topic"] in topics.deployment.logs
        }
        if any(positions.get(part.place, -1) < part.stop for part in run.parts):
            msg = "live does not stand where the replay ends, or has not taken over every partition yet"
            raise Halt(msg)
        parked = await _parked(connection)
        for part in run.parts:
            await store.clear(connection, part.place, positions[part.place])
            await connection.execute(_CELLS, version, *part.place, None)
            if positions[part.place] > part.stop:
                changes = await _catch_up(connection, part.place, part.stop, parked)
                await store.count(connection, {part.place: changes})
        await store.park(connection, parked)
        failpoint("replay.swapped")


async def swap_edition(connection: Connection, store: Store, run: Run, version: str, known_at: int) -> None:
    """Replace the cells of a stored edition by the replay's. `store` must be for this edition.

    Call it only if the ledger equals the topics. No fence is needed: nothing else writes a finished edition.
    """
    async with connection.transaction():
        await connection.execute("SET LOCAL synchronous_commit = on")
        for part in run.parts:
            await store.clear(connection, part.place, 0)
            await connection.execute(_CELLS, version, *part.place, known_at)
        await store.park(connection, await _parked(connection))
        failpoint("replay.swapped")


async def rebuild(connection: Connection, store: Store, run: Run, version: str, ids: Mapping[str, UUID]) -> None:
    """Fill the empty live tables (ledger, cells, positions) with the replay's. Raises `NotEmpty` if one is not empty.

    `ids`: ids of the log's topics by name, in the order of the topics' numbers.
    """
    names = list(ids)
    async with connection.transaction():
        await connection.execute("SET LOCAL synchronous_commit = on")
        for number, (topic, topic_id) in enumerate(ids.items()):
            partitions = sum(part.place[0] == number for part in run.parts)
            await fenced_positions.remember_topic(connection, topic, topic_id, partitions)
        owned = {(names[part.place[0]], part.place[1]): ids[names[part.place[0]]] for part in run.parts}
        positions = await fenced_positions.take_over(connection, owned)
        await refuse_live(connection)
        await connection.execute(_SOURCES)
        await connection.execute(_LEDGER)
        for part in run.parts:
            position = positions[names[part.place[0]], part.place[1]]
            await fenced_positions.advance(
                connection, [fenced_positions.PositionMove(position, part.place[1], part.stop)]
            )
            await store.clear(connection, part.place, part.stop)
            await connection.execute(_CELLS, version, *part.place, None)
        await store.park(connection, await _parked(connection))
        failpoint("replay.swapped")


async def refuse_live(connection: Connection) -> None:
    """Raise `NotEmpty` if the ledger has rows or a stored position is above 0."""
    if await connection.fetchval(
        "SELECT EXISTS (SELECT FROM ledger) OR EXISTS (SELECT FROM position WHERE next_offset > 0)"
    ):
        raise NotEmpty


async def _parked(connection: Connection) -> Parked:
    return {
        ((row["topic"], row["part"]), row["ent"]): Parking(ParkingCause(row["cause"]), row["n"])
        for row in await connection.fetch(_PARKED)
    }


async def _catch_up(connection: Connection, place: LogPartition, stop: int, parked: Parked) -> Mapping[CellKey, int]:
    """Return the cell changes of the ledger rows at offset `stop` or above. Changed parkings are put into `parked`."""
    cells: dict[CellKey, int] = {}
    rows: list[LedgerRow] = []
    async for record in connection.cursor(_TAIL, *place, stop, prefetch=1_000):
        row = LedgerRow(*record)
        if rows and rows[0].entity != row.entity:
            _change(rows, stop, cells, parked)
            rows = []
        rows.append(row)
    if rows:
        _change(rows, stop, cells, parked)
    return cells


def _change(rows: list[LedgerRow], stop: int, cells: dict[CellKey, int], parked: Parked) -> None:
    before, after = _folded([row for row in rows if row.off < stop], rows[0]), _folded(rows, rows[0])
    add_changes(cells, diff(before.cells, after.cells))
    if after.parked != before.parked:
        parked[rows[0].place, rows[0].entity] = after.parked


def _folded(rows: list[LedgerRow], any_row: LedgerRow) -> Entity:
    return with_rows(empty_entity(from_bits(ENTITY_KINDS[any_row.topic], any_row.entity)), rows)
