"""Reads of the ledger entity by entity: memory grows with the largest entity, not with the ledger."""

from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from typing import Final
from uuid import UUID

from services.reporting.domain.ledger.event_row import LedgerRow
from services.runtime.postgres import Connection

_OF_TOPIC: Final = """
SELECT n, topic, part, off, ent, name, id, primary_copy, accepted_at, payload
FROM ledger JOIN source USING (src) WHERE topic = $1 ORDER BY ent, n
"""
_TOUCHED: Final = "SELECT DISTINCT topic, ent FROM ledger WHERE n > $1 AND n <= $2 ORDER BY topic, ent"
_OF_ENTITIES: Final = """
SELECT n, topic, part, off, ent, name, id, primary_copy, accepted_at, payload
FROM ledger JOIN unnest($1::smallint[], $2::uuid[]) AS wanted (topic, ent) USING (topic, ent) JOIN source USING (src)
ORDER BY topic, ent, n
"""


async def group_by_entity(rows: AsyncIterator[LedgerRow]) -> AsyncIterator[list[LedgerRow]]:
    """Yield the rows of each entity as one list. `rows` must be sorted by entity."""
    gathered: list[LedgerRow] = []
    async for row in rows:
        if gathered and (row.topic, row.entity) != (gathered[0].topic, gathered[0].entity):
            yield gathered
            gathered = []
        gathered.append(row)
    if gathered:
        yield gathered


async def rows_of_topic(connection: Connection, topic: int) -> AsyncIterator[LedgerRow]:
    """Yield every row of a topic, by entity and then by number. Needs a transaction: it reads through a cursor."""
    async for record in connection.cursor(_OF_TOPIC, topic, prefetch=1_000):
        yield LedgerRow(*record)


async def entities_between(connection: Connection, after: int, to: int) -> list[tuple[int, UUID]]:
    """Return (topic's number, bits of the id) of each entity with an event where after < n <= to, in that order."""
    return [(row["topic"], row["ent"]) for row in await connection.fetch(_TOUCHED, after, to)]


async def rows_of_entities(connection: Connection, wanted: Sequence[tuple[int, UUID]]) -> list[list[LedgerRow]]:
    """Return one list of rows, by number, for each wanted entity that has rows; ordered by topic and entity."""
    found: dict[tuple[int, UUID], list[LedgerRow]] = defaultdict(list)
    for record in await connection.fetch(_OF_ENTITIES, [topic for topic, _ in wanted], [ent for _, ent in wanted]):
        row = LedgerRow(*record)
        found[row.topic, row.entity].append(row)
    return list(found.values())
