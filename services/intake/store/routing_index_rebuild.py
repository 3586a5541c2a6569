"""Rebuild of the routing index from the inbox, from which all of the index follows."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import asyncpg

from schemas import codec
from schemas.catalogue import CATALOGUE
from schemas.envelope import Event
from services.intake.domain.entity_copy_routing import Addition, Routed, add_accepted_events
from services.intake.domain.judge import key_of_reference
from services.intake.store.acceptance_line import Inbox
from services.intake.store.routing_index import Routes
from services.runtime.postgres import Connection

_ROWS: Final = 2_000
_SPEAKS_OF_OTHERS: Final = [
    name for name, each in CATALOGUE.items() if each.model.corrects or each.model.joins is not Event.joins
]
_EMPTY: Final = ("DELETE FROM merged", "DELETE FROM same", "DELETE FROM linked")
_NEXT: Final = """
SELECT n, source, id::text AS id, type, entities, CASE WHEN type = ANY($2::text[]) THEN payload END AS payload
FROM inbox WHERE n > $1 ORDER BY n LIMIT $3
"""
_APPEND: Final = """
INSERT INTO copy (caused_by, n, entity) SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[])
ON CONFLICT (n, entity) DO NOTHING RETURNING n
"""


async def rebuild(connection: Connection) -> int:
    """Rebuild the index and return how many copies were missing. Needs a transaction, and takes the line's lock in it.

    The missing copies are added to the table `copy`. The relay sends those after its pointer. One before the pointer is
    missing on the log too; a replay reports it.
    """
    await Inbox().lock(connection)
    for statement in _EMPTY:
        await connection.execute(statement)
    routes, missing, last = Routes(), 0, 0
    while events := [_routed(row) for row in await connection.fetch(_NEXT, last, _SPEAKS_OF_OTHERS, _ROWS)]:
        last = events[-1].n
        index = await routes.load(connection, events)
        missing += await _append(connection, add_accepted_events(index, events))
        await routes.join(connection, index, events)
    return missing


def _routed(row: asyncpg.Record) -> Routed:
    plain = Routed(row["n"], (row["source"], row["id"]), row["type"], tuple(row["entities"]))
    if row["payload"] is None:
        return plain
    event = codec.decode(row["payload"])
    target = None if event.supersedes is None else key_of_reference(event.supersedes)
    return replace(plain, target=target, joins=event.joins())


async def _append(connection: Connection, added: Sequence[Addition]) -> int:
    if not added:
        return 0
    return len(await connection.fetch(_APPEND, *(list(column) for column in zip(*added, strict=True))))
