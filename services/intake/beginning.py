"""Where numbering may go on: where the line knows of every number that was given.

An empty line beside topics that hold something is a lost database, or another one's; a line that ends before what the
log holds is one of before, such as a backup. Either would give numbers twice.
"""

import asyncio
from collections.abc import Mapping
from typing import Final

import asyncpg
import structlog

from schemas.topics import Deployment
from services.runtime import spans
from services.runtime.errors import Halt
from services.runtime.patience import patiently
from services.runtime.postgres import acquired

_LAST_N: Final = "SELECT last_n FROM line"

Config = Mapping[str, str | int | float | bool]

log = structlog.get_logger()


async def checked(pool: asyncpg.Pool, config: Config, deployment: Deployment, stop: asyncio.Event) -> None:
    """Return when numbers may be given out, or `stop` is set; waits for the database and the broker.

    Raises `Halt` when the log or the quarantine hold numbers that the line does not know of.
    """
    await patiently(lambda: _check(pool, config, deployment), stop)


async def _check(pool: asyncpg.Pool, config: Config, deployment: Deployment) -> None:
    group = deployment.group("intake")
    if await _last_n(pool):
        # The relay's word first: what it says was in the line by then, whoever goes on meanwhile.
        relayed, _ = await asyncio.to_thread(spans.progress, config, group, deployment.progress)
        last_n = await _last_n(pool)
        if relayed > last_n:
            msg = (
                f"the acceptance line ends at {last_n}, but the log holds what was numbered up to {relayed}:"
                " this database is older than the log; atips replay --rebuild fills an empty one from the topics"
            )
            raise Halt(msg)
        return
    places = [(topic, part) for topic in deployment.logs for part in range(deployment.partitions)]
    places.append((deployment.quarantine, 0))
    ends = await asyncio.to_thread(spans.ends, config, group, places)
    held = sorted({topic for (topic, _), end in ends.items() if end})
    if held:
        msg = (
            f"the acceptance line is empty, but {', '.join(held)} hold what was numbered before:"
            " atips replay --rebuild fills the database from the topics"
        )
        raise Halt(msg)


async def _last_n(pool: asyncpg.Pool) -> int:
    async with acquired(pool) as connection:
        return int(await connection.fetchval(_LAST_N) or 0)
