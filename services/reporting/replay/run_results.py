"""Results of a replay's run in its tables: rows, cells, withheld entities and faults."""

from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Final
from uuid import UUID

import asyncpg
import orjson

from services.reporting.domain.cells.cells_from_items import CellKey
from services.reporting.domain.ledger.entity import Parking
from services.reporting.domain.ledger.event_row import LedgerRow, LogPartition
from services.reporting.replay.report import Audit, CopyFault, Fault, PlacedCopy
from services.reporting.store import dims_json
from services.runtime.postgres import Connection, translate_driver_errors

_COLUMNS: Final = (
    "n", "off", "accepted_at", "ent", "id", "topic", "part", "primary_copy", "changes", "source", "payload",
)  # fmt: skip
_CELL: Final = ("live", "topic", "part", "figure", "on_from", "on_to", "again", "dims", "amount")
_PARKED: Final = ("live", "topic", "part", "ent", "cause", "n")
_FAULT: Final = ("audit", "fault", "n", "topic", "ent", "part", "off")

_BEHIND: Final = """
SELECT count(*) OVER (), n, topic, ent, part, off FROM replay_row WHERE n > $1 ORDER BY n DESC, topic, ent LIMIT 1
"""
# Amounts of both sides, cell by cell. A cell may have several rows, whose amounts are added up.
_CELLS: Final = """
SELECT topic, part, figure, on_from, on_to, again, dims, coalesce(sum(amount) FILTER (WHERE live), 0)::bigint AS live,
    coalesce(sum(amount) FILTER (WHERE NOT live), 0)::bigint AS replayed
FROM replay_cell GROUP BY topic, part, figure, on_from, on_to, again, dims
"""
_OF_PARTITION: Final = _CELLS.replace("GROUP", "WHERE topic = $1 AND part = $2 GROUP")
_DIFFERING: Final = (
    _CELLS
    + "HAVING sum(CASE WHEN live THEN amount ELSE -amount END) <> 0 "
    + "ORDER BY figure, on_from, on_to, again, dims, topic, part"
)
_PREFETCH: Final = 1_000
_LAST: Final = "SELECT coalesce(max(n), 0) FROM replay_row WHERE accepted_at <= $1"


async def connect(dsn: str) -> Connection:
    """Open a connection for long work: statements have no time limit, and commits do not wait for the disk.

    The run's tables are unlogged, so a commit need not survive a crash. Raises `Retryable` if the database does not
    answer.
    """
    with translate_driver_errors():
        return await asyncpg.connect(
            dsn,
            server_settings={
                "search_path": "reporting",
                "application_name": "atips replay",
                "synchronous_commit": "off",
                "work_mem": "64MB",
                "jit": "off",
            },
        )


@asynccontextmanager
async def connected(dsn: str) -> AsyncIterator[Connection]:
    """Open a connection with `connect` for the block. Errors of asyncpg in the block become `ServiceError`s."""
    connection = await connect(dsn)
    with translate_driver_errors():
        try:
            yield connection
        finally:
            await connection.close()


async def last_accepted(connection: Connection, until: int) -> int:
    """Return the number of the last event on the topics that was accepted by `until` (Unix ms); 0 if there is none."""
    return int(await connection.fetchval(_LAST, until))


async def copies_above(connection: Connection, n: int) -> tuple[int, PlacedCopy | None]:
    """Return (number of copies with a number above `n`, position of the copy with the highest number or None)."""
    row = await connection.fetchrow(_BEHIND, n)
    if row is None:
        return 0, None
    count, *last = row
    return int(count), PlacedCopy(*last)


async def append(connection: Connection, rows: Sequence[tuple[LedgerRow, bool]]) -> None:
    """Insert rows. Each comes with a flag: True if its event may redirect other events.

    `independent_row_conversion.read` makes these pairs.
    """
    records = [
        (row.n, row.off, row.accepted_at, row.entity, row.id, row.topic, row.part, row.primary_copy, changes,
         row.source, row.payload)
        for row, changes in rows
    ]  # fmt: skip
    await connection.copy_records_to_table("replay_row", records=records, columns=_COLUMNS)


async def add_cells(connection: Connection, place: LogPartition, cells: Mapping[CellKey, int], *, live: bool) -> None:
    """Insert amounts of a partition's cells. Amounts that are inserted for one cell add up."""
    records = [
        (live, *place, key.figure, key.on_from, key.on_to, key.again, dims_json(key.dims), amount)
        for key, amount in cells.items()
    ]
    await connection.copy_records_to_table("replay_cell", records=records, columns=_CELL)


async def add_parked(
    connection: Connection, place: LogPartition, parked: Iterable[tuple[UUID, Parking]], *, live: bool
) -> None:
    """Insert withheld entities of a partition."""
    records = [(live, *place, entity, at.cause.value, at.n) for entity, at in parked]
    await connection.copy_records_to_table("replay_parked", records=records, columns=_PARKED)


async def add_led(connection: Connection, numbers: Iterable[int]) -> None:
    """Insert numbers of events to judge copy by copy."""
    await connection.copy_records_to_table("replay_led", records=[(n,) for n in numbers], columns=("n",))


async def add_faults(connection: Connection, faults: Collection[Fault]) -> None:
    """Store the faults that an audit found."""
    records = [
        (fault.audit.value, fault.wrong.value, fault.n, fault.topic, fault.ent, fault.part, fault.off)
        for fault in faults
    ]
    await connection.copy_records_to_table("replay_fault", records=records, columns=_FAULT)


async def faults(connection: Connection) -> list[Fault]:
    """Return all faults, sorted by audit, event number, topic and entity."""
    return [
        Fault(Audit(row["audit"]), CopyFault(row["fault"]), row["n"], row["topic"], row["ent"], row["part"], row["off"])
        for row in await connection.fetch("SELECT * FROM replay_fault ORDER BY audit, n, topic, ent")
    ]


async def compared_cell_amounts(connection: Connection, place: LogPartition) -> AsyncIterator[tuple[CellKey, int, int]]:
    """Yield (key, live's amount, replay's amount) of each cell of a partition; 0 if a side does not have the cell.

    The caller must have opened a transaction.
    """
    async for row in connection.cursor(_OF_PARTITION, *place, prefetch=_PREFETCH):
        _, key, live, replayed = _cell(row)
        yield key, live, replayed


async def differing_cells(connection: Connection) -> AsyncIterator[tuple[LogPartition, CellKey, int, int]]:
    """Yield (partition, key, live's amount, replay's amount) of each cell that differs.

    The caller must have opened a transaction.
    """
    async for row in connection.cursor(_DIFFERING, prefetch=_PREFETCH):
        yield _cell(row)


def _cell(row: asyncpg.Record) -> tuple[LogPartition, CellKey, int, int]:
    dims = tuple(sorted(orjson.loads(row["dims"]).items()))
    key = CellKey(row["figure"], row["on_from"], row["on_to"], row["again"], dims)
    return (row["topic"], row["part"]), key, row["live"], row["replayed"]
