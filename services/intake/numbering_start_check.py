"""Check before intake gives its first number: the acceptance line must have every number that is on the topics.

An empty line beside topics with records means that the database is lost, or belongs to another deployment. A line that
ends before the log's highest number means an older database, such as a backup. Either would give numbers twice.
"""

import asyncio
from collections.abc import Mapping
from typing import Final

import asyncpg
import structlog

from schemas.topics import Deployment
from services.intake.domain.rebuilt_rows import parse_quarantine_record
from services.runtime import range_reader
from services.runtime.errors import Halt
from services.runtime.header_numbers import parse_sequence_number
from services.runtime.postgres import borrow_connection
from services.runtime.record import Record
from services.runtime.startup_retry import retry_until_ready

_LAST_N: Final = "SELECT last_n FROM line"
_BATCH: Final = 1_000

Config = Mapping[str, str | int | float | bool]

log = structlog.get_logger()


async def wait_until_numbering_safe(
    pool: asyncpg.Pool, config: Config, deployment: Deployment, stop: asyncio.Event
) -> None:
    """Wait for database and broker, and return if intake may give numbers, or if `stop` is set.

    Raises `Halt` if the log or the quarantine topic has numbers that the acceptance line lacks.
    """
    await retry_until_ready(lambda: _check(pool, config, deployment), stop)


async def _check(pool: asyncpg.Pool, config: Config, deployment: Deployment) -> None:
    group = deployment.group("intake")
    if await _last_n(pool):
        # Read the topics first: the line had each of their numbers by then, even if another process adds more.
        held = await asyncio.to_thread(_numbered, config, deployment)
        last_n = await _last_n(pool)
        if held > last_n:
            msg = (
                f"the acceptance line ends at {last_n}, but the log holds what was numbered up to {held}:"
                " this database is older than the log. atips replay --rebuild fills an empty one from the topics"
            )
            raise Halt(msg)
        return
    places = [(topic, part) for topic in deployment.logs for part in range(deployment.partitions)]
    places.append((deployment.quarantine, 0))
    ends = await asyncio.to_thread(range_reader.read_end_offsets, config, group, places)
    full = sorted({topic for (topic, _), end in ends.items() if end})
    if full:
        msg = (
            f"the acceptance line is empty, but {', '.join(full)} hold what was numbered before:"
            " atips replay --rebuild fills the database from the topics"
        )
        raise Halt(msg)


def _numbered(config: Config, deployment: Deployment) -> int:
    """Return the highest number on the log and on the quarantine topic.

    It is that of the last progress record, or of a record that was sent later.
    """
    group = deployment.group("intake")
    highest, reached = range_reader.progress(config, group, deployment.progress)
    places = [(topic, part) for topic in deployment.logs for part in range(deployment.partitions)]
    ends = range_reader.read_end_offsets(config, group, [*places, (deployment.quarantine, 0)])
    later = {place: (min(reached.get(place, -1) + 1, ends[place]), ends[place]) for place in places}
    # Progress records have no offset of the quarantine topic, whose records lie in the order of their numbers.
    end = ends[deployment.quarantine, 0]
    later[deployment.quarantine, 0] = (max(end - 1, 0), end)
    with range_reader.Log(config, group, later) as log:
        while not log.done:
            highest = max(highest, *(_n(record, deployment) for record in log.batch(_BATCH)), 0)
    return highest


def _n(record: Record, deployment: Deployment) -> int:
    """Return the number `n` of a record; 0 for a record that intake did not write."""
    if record.topic == deployment.quarantine:
        said = parse_quarantine_record(record.value or b"")
        return int(said["n"]) if said is not None else 0
    return parse_sequence_number(dict(record.headers).get("n")) or 0


async def _last_n(pool: asyncpg.Pool) -> int:
    async with borrow_connection(pool) as connection:
        return int(await connection.fetchval(_LAST_N) or 0)
