"""Where the tables are empty and the log is not: what was decided before is taken from the log, and not said again.

A decision is made once. Made again by other code it would be another event under the same id, which intake refuses.
"""

import asyncio
from typing import Final
from uuid import UUID

import asyncpg
import orjson
import structlog
from confluent_kafka import KafkaException

from schemas.topics import Deployment
from services.referral.domain.outbound import SOURCE
from services.referral.handlers import AUTHOR
from services.referral.stream import topics
from services.runtime import metrics, outbox, spans
from services.runtime.broker import Config
from services.runtime.errors import Retryable
from services.runtime.outbox import Message
from services.runtime.postgres import acquired

_EMPTY: Final = "SELECT NOT EXISTS (SELECT FROM position) AND NOT EXISTS (SELECT FROM outbox)"
_BATCH: Final = 1_000
_BACKOFF_SECONDS: Final = 0.5

log = structlog.get_logger()


async def restored(pool: asyncpg.Pool, config: Config, deployment: Deployment, stop: asyncio.Event) -> None:
    """Take our own decisions from the log into an empty outbox, as sent; waits for the database and the broker."""
    told = False
    while not stop.is_set():
        try:
            await _restore(pool, config, deployment)
        except Retryable as error:
            metrics.RETRIES.inc()
            if not told:
                log.warning("retrying", error=type(error).__name__, reason=str(error))
            told = True
            await asyncio.sleep(_BACKOFF_SECONDS)
        else:
            return


async def _restore(pool: asyncpg.Pool, config: Config, deployment: Deployment) -> None:
    async with acquired(pool) as connection:
        if not await connection.fetchval(_EMPTY):
            return
    try:
        found = await asyncio.to_thread(decided, config, deployment)
    except KafkaException as error:
        raise Retryable(error.args[0].name()) from None
    if found:
        async with acquired(pool) as connection, connection.transaction():
            await outbox.append(connection, found, sent=True)
        log.info("restored", count=len(found))


def decided(config: Config, deployment: Deployment) -> list[Message]:
    """Read every decision of ours that the log holds."""
    group = deployment.group(AUTHOR)
    places = [(topic, part) for topic, parts in topics(deployment).items() for part in range(parts)]
    found: dict[UUID, Message] = {}
    with spans.Log(config, group, spans.bounds(config, group, places)) as reader:
        while not reader.done:
            for record in reader.batch(_BATCH):
                event = orjson.loads(record.value or b"{}")
                if event.get("source") == SOURCE:
                    event_id = UUID(event["id"])
                    value = record.value or b""
                    found[event_id] = Message(event_id, deployment.inbound(AUTHOR), event["type"], value)
    return list(found.values())
