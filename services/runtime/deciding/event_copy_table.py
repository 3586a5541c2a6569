"""Table of event copies that a deciding service stores (`fact`), with its positions on the log. Rows are only added."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final
from uuid import UUID

import asyncpg

from services.runtime import outbox
from services.runtime.deciding.event_copy_rows import CopyRow
from services.runtime.fenced_positions import TopicPart
from services.runtime.outbox import Message
from services.runtime.postgres import Connection, borrow_connection

# `entity` is the column with the id: person, or case_id. It is a constant of the code, never input.
ROWS: Final = """
SELECT {entity} AS entity, source, id, part, off, n, accepted_at, payload, decided
FROM fact WHERE {entity} = ANY ($1::text[]) ORDER BY part, off
"""
"""SQL of the rows of some entities, in the order of the log. `{entity}` stands for the column that has the id."""
_APPEND: Final = """
INSERT INTO fact ({entity}, source, id, part, off, n, accepted_at, payload)
SELECT * FROM unnest($1::text[], $2::text[], $3::uuid[], $4::integer[], $5::bigint[], $6::bigint[], $7::bigint[],
    $8::bytea[])
ON CONFLICT DO NOTHING
"""
_DECIDED: Final = """
UPDATE fact SET decided = true WHERE {entity} = ANY ($1::text[]) AND NOT decided AND NOT EXISTS (
    SELECT FROM unnest($2::text[], $3::uuid[]) AS unread (source, id)
    WHERE unread.source = fact.source AND unread.id = fact.id
)
"""
_HOLD: Final = """
INSERT INTO held (entity, part) SELECT * FROM unnest($1::text[], $2::integer[]) ON CONFLICT (entity) DO NOTHING
"""
_LET_GO: Final = "DELETE FROM held WHERE entity = ANY ($1::text[])"
_HELD: Final = "SELECT entity FROM held WHERE part = ANY ($1::integer[]) ORDER BY entity"
_POSITIONS: Final = "SELECT topic, part, next_offset FROM position"
_COLUMNS: Final = ("entity", "source", "id", "part", "off", "n", "accepted_at", "payload")


class CopyTable:
    """Access to the table `fact`, by entity. Reads use the pool; writes run in the caller's transaction.

    `entity`: name of the column that has the entity's id.
    """

    def __init__(self, pool: asyncpg.Pool, entity: str) -> None:
        self._pool = pool
        self._rows, self._append, self._decided = (
            statement.format(entity=entity) for statement in (ROWS, _APPEND, _DECIDED)
        )

    async def rows(self, entities: Collection[str]) -> list[CopyRow]:
        """Return every committed row of these entities, in the order of the log."""
        async with borrow_connection(self._pool) as connection:
            return [CopyRow(**dict(row)) for row in await connection.fetch(self._rows, list(entities))]

    async def append(self, connection: Connection, rows: Sequence[CopyRow]) -> None:
        """Add rows. A row that is stored already stays as it is."""
        await connection.execute(self._append, *([getattr(row, name) for row in rows] for name in _COLUMNS))

    async def mark_decided(
        self, connection: Connection, entities: Collection[str], unread: Collection[tuple[str, UUID]]
    ) -> None:
        """Mark the rows of these entities as decided about, except rows with a (source, id) in `unread`."""
        sources, ids = [source for source, _ in unread], [id_ for _, id_ in unread]
        await connection.execute(self._decided, list(entities), sources, ids)

    async def store_held_entities(
        self, connection: Connection, entities: Collection[str], held: Mapping[str, int]
    ) -> None:
        """Store which of `entities` are held: those in `held`, each with its partition. The others are not held."""
        if free := [each for each in entities if each not in held]:
            await connection.execute(_LET_GO, free)
        if held:
            await connection.execute(_HOLD, list(held), list(held.values()))

    async def held_entities(self, connection: Connection, parts: Collection[int]) -> list[str]:
        """Return the held entities of these partitions, sorted."""
        return [row["entity"] for row in await connection.fetch(_HELD, list(parts))]

    async def add_messages(self, connection: Connection, messages: Sequence[Message]) -> None:
        """Add messages to the outbox, in the caller's transaction."""
        await outbox.append(connection, messages)

    async def positions(self) -> dict[TopicPart, int]:
        """Return the stored next offset of each partition. Events below it are decided about, or held."""
        async with borrow_connection(self._pool) as connection:
            rows = await connection.fetch(_POSITIONS)
        return {(row["topic"], row["part"]): row["next_offset"] for row in rows}
