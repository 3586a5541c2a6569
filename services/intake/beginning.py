"""Where numbering may begin: an empty line gives out number 1 only where nothing was ever numbered.

An empty line beside topics that hold something is a lost database, or another one's: every number would be given twice.
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

    Raises `Halt` when the line is empty and the log or the quarantine is not.
    """
    await patiently(lambda: _check(pool, config, deployment), stop)


async def _check(pool: asyncpg.Pool, config: Config, deployment: Deployment) -> None:
    async with acquired(pool) as connection:
        if await connection.fetchval(_LAST_N):
            return
    places = [(topic, part) for topic in deployment.logs for part in range(deployment.partitions)]
    places.append((deployment.quarantine, 0))
    ends = await asyncio.to_thread(spans.ends, config, deployment.group("intake"), places)
    held = sorted({topic for (topic, _), end in ends.items() if end})
    if held:
        msg = (
            f"the acceptance line is empty, but {', '.join(held)} hold what was numbered before:"
            " atips replay --rebuild fills the database from the topics"
        )
        raise Halt(msg)
