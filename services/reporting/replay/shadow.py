"""The tables of a run: one run's at a time, found again after a kill, and written only by whoever claims it now."""

import secrets
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import asyncpg
import orjson

from services.reporting.domain.algebra import CellKey
from services.reporting.domain.entity import Entity, Place, Row
from services.reporting.replay.report import Audit, Fault, Mode, Wrong
from services.runtime.errors import Fenced
from services.runtime.postgres import Connection, translated

_COLUMNS: Final = (
    "n", "off", "accepted_at", "ent", "id", "topic", "part", "primary_copy", "changes", "source", "payload",
)  # fmt: skip
_CELL: Final = ("live", "topic", "part", "figure", "on_from", "on_to", "again", "dims", "amount")
_PARKED: Final = ("live", "topic", "part", "ent", "cause", "n")
_FAULT: Final = ("audit", "fault", "n", "topic", "ent", "part", "off")

_EMPTY: Final = "TRUNCATE replay_run, replay_part, replay_row, replay_cell, replay_parked, replay_fault, replay_led"
_NEW_RUN: Final = """
INSERT INTO replay_run (hash, mode, until, live_version, complete_to, offsets)
VALUES ($1, $2, $3, $4, $5, $6) RETURNING run
"""
_NEW_PART: Final = "INSERT INTO replay_part (topic, part, stop, claim) VALUES ($1, $2, $3, $4)"
_UNFINISHED: Final = """
SELECT run, live_version, complete_to, offsets FROM replay_run
WHERE NOT finished AND hash = $1 AND mode = $2 AND until IS NOT DISTINCT FROM $3
"""
_PARTS: Final = "SELECT topic, part, stop, next_offset, folded, entities FROM replay_part ORDER BY topic, part"
_MOVE: Final = """
UPDATE replay_part AS p SET next_offset = moved.next_offset
FROM unnest($2::smallint[], $3::smallint[], $4::bigint[], $5::bigint[]) AS moved (topic, part, expected, next_offset)
WHERE p.topic = moved.topic AND p.part = moved.part AND p.next_offset = moved.expected AND p.claim = $1
"""
_FOLDED: Final = """
UPDATE replay_part SET folded = true, entities = $4, digest = $5, live_digest = $6
WHERE topic = $1 AND part = $2 AND claim = $3 AND NOT folded
"""
_CELLS: Final = """
SELECT figure, on_from, on_to, again, dims, amount FROM replay_cell WHERE live = $1 AND topic = $2 AND part = $3
"""
_READ: Final = "SELECT count(*) FROM replay_part WHERE next_offset < stop"
_LAST: Final = "SELECT coalesce(max(n), 0) FROM replay_row WHERE accepted_at <= $1"


@dataclass(frozen=True, slots=True)
class Part:
    """How far one partition is."""

    place: Place
    stop: int
    next_offset: int
    folded: bool
    entities: int


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a run begins with: how far to read, whose cells to compare, and how far the log is known to be whole."""

    stops: Mapping[Place, int]
    live_version: int | None
    complete_to: int
    offsets: Mapping[Place, int]


@dataclass(frozen=True, slots=True)
class Run:
    """A run that this process claims."""

    number: int
    claim: int
    live_version: int | None
    complete_to: int
    offsets: Mapping[Place, int]
    parts: tuple[Part, ...]
    resumed: bool = False


async def connect(dsn: str) -> Connection:
    """Open a connection for long work: no time limit, and no waiting for the disk, for what no crash survives."""
    with translated():
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
    """Open such a connection for a block; the driver's errors in it become ours."""
    connection = await connect(dsn)
    with translated():
        try:
            yield connection
        finally:
            await connection.close()


async def begin(connection: Connection, wanted: tuple[str, Mode, int | None], found: Beginning) -> Run:
    """Forget any earlier run and begin one, in the transaction that found out what it begins with."""
    claim = secrets.randbits(62)
    await connection.execute(_EMPTY)
    offsets = orjson.dumps({f"{topic}.{part}": off for (topic, part), off in found.offsets.items()}).decode()
    version, mode, until = wanted
    number = await connection.fetchval(
        _NEW_RUN, version, mode.value, until, found.live_version, found.complete_to, offsets
    )
    await connection.executemany(_NEW_PART, [(*place, stop, claim) for place, stop in sorted(found.stops.items())])
    return Run(int(number), claim, found.live_version, found.complete_to, found.offsets, await parts(connection))


async def unfinished(connection: Connection, wanted: tuple[str, Mode, int | None]) -> Run | None:
    """Claim the run of this code, mode and `until` that was not finished, if there is one."""
    version, mode, until = wanted
    async with connection.transaction():
        row = await connection.fetchrow(_UNFINISHED, version, mode.value, until)
        if row is None:
            return None
        claim = secrets.randbits(62)
        await connection.execute("UPDATE replay_part SET claim = $1", claim)
        # Which events are led elsewhere is found out anew: it depends on all of them together.
        await connection.execute("DELETE FROM replay_fault WHERE audit = $1", Audit.ROUTING.value)
        await connection.execute("TRUNCATE replay_led")
        offsets, found = places(row["offsets"]), await parts(connection)
        return Run(row["run"], claim, row["live_version"], row["complete_to"], offsets, found, resumed=True)


async def again(connection: Connection, live_version: int | None) -> None:
    """Let the rows be folded once more, for a comparison with live as it has become."""
    await connection.execute("UPDATE replay_run SET mode = $1, live_version = $2", Mode.COMPARE.value, live_version)
    await connection.execute("UPDATE replay_part SET folded = false")
    await connection.execute("TRUNCATE replay_cell, replay_parked, replay_fault, replay_led")


async def finish(connection: Connection) -> None:
    """The run is over: the next one begins anew."""
    await connection.execute("UPDATE replay_run SET finished = true")


async def parts(connection: Connection) -> tuple[Part, ...]:
    """How far each partition is."""
    return tuple(
        Part((row["topic"], row["part"]), row["stop"], row["next_offset"], row["folded"], row["entities"])
        for row in await connection.fetch(_PARTS)
    )


async def all_read(connection: Connection) -> bool:
    """Whether every process has read its share."""
    return not await connection.fetchval(_READ)


async def last_accepted(connection: Connection, until: int) -> int:
    """The number of the last event accepted by a time, in milliseconds, as far as the topics know."""
    return int(await connection.fetchval(_LAST, until))


async def append(
    connection: Connection, claim: int, moved: Mapping[Place, tuple[int, int]], rows: Sequence[tuple[Row, bool]]
) -> None:
    """Add rows and move the partitions on, from and to offsets; `Fenced` if another process has taken the run over."""
    records = [
        (row.n, row.off, row.accepted_at, row.entity, row.id, row.topic, row.part, row.primary_copy, changes,
         row.source, row.payload)
        for row, changes in rows
    ]  # fmt: skip
    await connection.copy_records_to_table("replay_row", records=records, columns=_COLUMNS)
    status = await connection.execute(
        _MOVE,
        claim,
        [topic for topic, _ in moved],
        [part for _, part in moved],
        [first for first, _ in moved.values()],
        [following for _, following in moved.values()],
    )
    _claimed(status, len(moved))


async def folded(connection: Connection, claim: int, place: Place, entities: int, digests: tuple[bytes, bytes]) -> None:
    """Note that a partition is folded."""
    _claimed(await connection.execute(_FOLDED, *place, claim, entities, *digests), 1)


async def still_claimed(connection: Connection, claim: int) -> None:
    """Raise `Fenced`, in the transaction that would write, if another process has taken the run over."""
    if not await connection.fetchval(
        "SELECT count(*) FROM (SELECT FROM replay_part WHERE claim = $1 FOR SHARE) AS p", claim
    ):
        msg = "another process has taken this replay over"
        raise Fenced(msg)


async def add_cells(connection: Connection, place: Place, cells: Mapping[CellKey, int], *, live: bool) -> None:
    """Add the cells of a partition."""
    records = [
        (live, *place, key.figure, key.on_from, key.on_to, key.again, orjson.dumps(dict(key.dims)).decode(), amount)
        for key, amount in cells.items()
    ]
    await connection.copy_records_to_table("replay_cell", records=records, columns=_CELL)


async def add_parked(
    connection: Connection, place: Place, entities: Iterable[tuple[Row, Entity]], *, live: bool
) -> None:
    """Add those of the entities that are withheld; any row of each says which entity it is."""
    records = [
        (live, *place, row.entity, entity.parked.cause.value, entity.parked.n)
        for row, entity in entities
        if entity.parked is not None
    ]
    await connection.copy_records_to_table("replay_parked", records=records, columns=_PARKED)


async def add_faults(connection: Connection, faults: Collection[Fault]) -> None:
    """Add faults."""
    records = [
        (fault.audit.value, fault.wrong.value, fault.n, fault.topic, fault.ent, fault.part, fault.off)
        for fault in faults
    ]
    await connection.copy_records_to_table("replay_fault", records=records, columns=_FAULT)


async def faults(connection: Connection) -> list[Fault]:
    """Every fault, in order."""
    return [
        Fault(Audit(row["audit"]), Wrong(row["fault"]), row["n"], row["topic"], row["ent"], row["part"], row["off"])
        for row in await connection.fetch("SELECT * FROM replay_fault ORDER BY audit, n, topic, ent")
    ]


async def cells_of(connection: Connection, place: Place, *, live: bool) -> dict[CellKey, int]:
    """The cells of one side of a partition."""
    found: dict[CellKey, int] = {}
    for row in await connection.fetch(_CELLS, live, *place):
        dims = tuple(sorted(orjson.loads(row["dims"]).items()))
        found[CellKey(row["figure"], row["on_from"], row["on_to"], row["again"], dims)] = row["amount"]
    return found


async def cells(connection: Connection, *, live: bool) -> dict[Place, dict[CellKey, int]]:
    """All cells of one side, by partition."""
    found = {part.place: await cells_of(connection, part.place, live=live) for part in await parts(connection)}
    return {place: of_place for place, of_place in found.items() if of_place}


def _claimed(status: str, count: int) -> None:
    if status != f"UPDATE {count}":
        msg = "another process has taken this replay over"
        raise Fenced(msg)


def places(offsets: str) -> dict[Place, int]:
    """Offsets as they are stored: {"topic.part": offset}."""
    found = {}
    for name, off in orjson.loads(offsets).items():
        topic, _, part = name.partition(".")
        found[int(topic), int(part)] = int(off)
    return found
