"""State of a replay's run in the tables `replay_run` and `replay_part`.

One run exists at a time. A coordinator can continue it after a crash. Only the process with the current claim writes.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import asyncpg
import orjson

from services.reporting.domain.ledger.event_row import LogPartition
from services.reporting.replay.digest import to_bytes
from services.reporting.replay.report import Audit, Mode
from services.runtime.errors import Fenced
from services.runtime.postgres import Connection

_EMPTY: Final = "TRUNCATE replay_run, replay_part, replay_row, replay_cell, replay_parked, replay_fault, replay_led"
# A run's number is the microsecond in which it begins: it is unique, and a later run has a higher one.
_NEW_RUN: Final = """
INSERT INTO replay_run (run, hash, mode, until, live_version, complete_to, offsets)
VALUES ((extract(epoch FROM clock_timestamp()) * 1000000)::bigint, $1, $2, $3, $4, $5, $6) RETURNING run
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
UPDATE replay_part SET folded = true, entities = $4, digest = $5, live_digest = $6, routing = $7
WHERE topic = $1 AND part = $2 AND claim = $3 AND NOT folded
"""
_READ: Final = "SELECT count(*) FROM replay_part WHERE next_offset < stop"
_UNFOLDED: Final = "SELECT count(*) FROM replay_part WHERE NOT folded"
# The largest partition first, so that no process still folds it when the others have finished.
_NEXT: Final = """
SELECT topic, part, stop, next_offset, folded, entities FROM replay_part WHERE NOT folded
ORDER BY stop DESC, topic, part LIMIT 1 FOR UPDATE SKIP LOCKED
"""


@dataclass(frozen=True, slots=True)
class PartitionCourse:
    """Progress of a replay in one partition.

    `stop`: the offset at which the replay ends, exclusive. `next_offset`: the next offset to read. `entities`: number
    of entities folded.
    """

    place: LogPartition
    stop: int
    next_offset: int
    folded: bool
    entities: int


@dataclass(frozen=True, slots=True)
class RunStart:
    """Start of a run. `stops`: the offset at which it ends in each partition, exclusive.

    `live_version`: number of the version to compare. `offsets`: last offsets at which the log holds all events up to
    `complete_to`.
    """

    stops: Mapping[LogPartition, int]
    live_version: int | None
    complete_to: int
    offsets: Mapping[LogPartition, int]


@dataclass(frozen=True, slots=True)
class Run:
    """A run that this process has claimed. `resumed`: an earlier process began it. See `RunStart` for other fields."""

    number: int
    claim: int
    live_version: int | None
    complete_to: int
    offsets: Mapping[LogPartition, int]
    parts: tuple[PartitionCourse, ...]
    resumed: bool = False


async def begin(connection: Connection, wanted: tuple[str, Mode, int | None], found: RunStart) -> Run:
    """Empty the run tables and begin a new run, in the transaction that read its start.

    `wanted`: hash of the code, mode, and `until` of the request.
    """
    claim = secrets.randbits(62)
    await connection.execute(_EMPTY)
    offsets = orjson.dumps({f"{topic}.{part}": off for (topic, part), off in found.offsets.items()}).decode()
    version, mode, until = wanted
    number = await connection.fetchval(
        _NEW_RUN, version, mode.value, until, found.live_version, found.complete_to, offsets
    )
    await connection.executemany(_NEW_PART, [(*place, stop, claim) for place, stop in sorted(found.stops.items())])
    return Run(
        int(number),
        claim,
        found.live_version,
        found.complete_to,
        found.offsets,
        await read_partition_progress(connection),
    )


async def claim_unfinished_run(connection: Connection, wanted: tuple[str, Mode, int | None]) -> Run | None:
    """Claim the unfinished run of this request and return it; None if there is none.

    `wanted`: hash of the code, mode, and `until` of the request.
    """
    version, mode, until = wanted
    async with connection.transaction():
        row = await connection.fetchrow(_UNFINISHED, version, mode.value, until)
        if row is None:
            return None
        claim = secrets.randbits(62)
        await connection.execute("UPDATE replay_part SET claim = $1", claim)
        # Routing faults are found anew, because they depend on all copies together.
        await connection.execute("DELETE FROM replay_fault WHERE audit = $1", Audit.ROUTING.value)
        offsets, found = parse_stored_offsets(row["offsets"]), await read_partition_progress(connection)
        return Run(row["run"], claim, row["live_version"], row["complete_to"], offsets, found, resumed=True)


async def fold_again(connection: Connection, live_version: int | None) -> None:
    """Mark all partitions as not folded and delete all results, so that the rows are compared with the present live."""
    await connection.execute("UPDATE replay_run SET live_version = $1", live_version)
    await connection.execute("UPDATE replay_part SET folded = false")
    await connection.execute("TRUNCATE replay_cell, replay_parked, replay_fault, replay_led")


async def finish(connection: Connection) -> None:
    """Mark the run as finished, so that it cannot be continued."""
    await connection.execute("UPDATE replay_run SET finished = true")


async def read_partition_progress(connection: Connection) -> tuple[PartitionCourse, ...]:
    """Return the progress of each partition, sorted by topic number and partition."""
    return tuple(map(_part, await connection.fetch(_PARTS)))


async def next_part(connection: Connection) -> PartitionCourse | None:
    """Lock the largest partition that is not folded and that no process is folding, and return its progress.

    Returns None if there is no such partition. The lock lasts until the transaction ends.
    """
    row = await connection.fetchrow(_NEXT)
    return None if row is None else _part(row)


def _part(row: asyncpg.Record) -> PartitionCourse:
    return PartitionCourse((row["topic"], row["part"]), row["stop"], row["next_offset"], row["folded"], row["entities"])


async def all_read(connection: Connection) -> bool:
    """Whether every partition is read up to its `stop`."""
    return not await connection.fetchval(_READ)


async def all_folded(connection: Connection) -> bool:
    """Whether every partition is folded."""
    return not await connection.fetchval(_UNFOLDED)


async def store_read_offsets(connection: Connection, claim: int, moved: Mapping[LogPartition, tuple[int, int]]) -> None:
    """Store how far partitions are read. `moved`: (expected offset, new offset) by partition.

    Raises `Fenced` if another process has claimed the run.
    """
    status = await connection.execute(
        _MOVE,
        claim,
        [topic for topic, _ in moved],
        [part for _, part in moved],
        [first for first, _ in moved.values()],
        [following for _, following in moved.values()],
    )
    _claimed(status, len(moved))


async def store_folded_partition(  # noqa: PLR0917 - who, which, and what came of it
    connection: Connection, claim: int, place: LogPartition, entities: int, digests: tuple[int, int], routing: bytes
) -> None:
    """Store that a partition is folded. `digests`: (the replay's, live's). `routing`: sums of the routing audit.

    Raises `Fenced` if another process has claimed the run.
    """
    status = await connection.execute(_FOLDED, *place, claim, entities, *map(to_bytes, digests), routing)
    _claimed(status, 1)


def _claimed(status: str, count: int) -> None:
    if status != f"UPDATE {count}":
        msg = "another process has taken this replay over"
        raise Fenced(msg)


def parse_stored_offsets(offsets: str) -> dict[LogPartition, int]:
    """Parse stored offsets, a JSON object {"topic.part": offset} with the topic's number, to offsets by partition."""
    found = {}
    for name, off in orjson.loads(offsets).items():
        topic, _, part = name.partition(".")
        found[int(topic), int(part)] = int(off)
    return found
