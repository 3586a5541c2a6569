"""Tables that a peer leaves in PostgreSQL, and how the bench reads them."""

from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import unquote, urlsplit

import asyncpg

from services.runtime.postgres import Connection
from tests.bench.peers.peer import Figure, Site

_FIGURE: Final = "CREATE TABLE figure (type text, month text, records bigint NOT NULL, PRIMARY KEY (type, month))"
# The names of the key are Debezium's, which takes no others.
_LANDED: Final = """
CREATE TABLE landed (
    __connect_topic text,
    __connect_partition integer,
    __connect_offset bigint,
    payload bytea NOT NULL,
    PRIMARY KEY (__connect_topic, __connect_partition, __connect_offset)
)
"""
_COUNTED: Final = "SELECT coalesce(sum(records), 0)::bigint FROM figure"
# Each partition is written in its order: so many look-ups in the key's index say it, where counting reads every row.
_ARRIVED: Final = """
SELECT coalesce(sum(1 + (
    SELECT max(__connect_offset) FROM landed WHERE __connect_topic = topic AND __connect_partition = part
)), 0)::bigint
FROM unnest($1::text[]) AS topic, generate_series(0, $2::integer - 1) AS part
"""
_READ: Final = """
SELECT event->>'type', left(event->>'time', 7), count(*)
FROM (SELECT convert_from(payload, 'UTF8')::json AS event FROM landed) AS each GROUP BY 1, 2
"""


@dataclass(slots=True)
class Tables:
    """A database of a peer's own, with a table for the figure and one for what lands."""

    url: str
    username: str
    password: str
    topics: list[str]
    partitions: int
    _connection: Connection

    @classmethod
    async def made(cls, site: Site) -> Self:
        """Make them."""
        dsn = await site.database()
        parts = urlsplit(dsn)
        connection = await asyncpg.connect(dsn)
        for table in (_FIGURE, _LANDED):
            await connection.execute(table)
        url = f"jdbc:postgresql://{parts.hostname}:{parts.port}{parts.path}?reWriteBatchedInserts=true"
        secret, partitions = unquote(parts.password or ""), site.meter.pipeline.deployment.partitions
        return cls(url, unquote(parts.username or ""), secret, site.topics, partitions, connection)

    async def counted(self) -> int:
        """How many records are in the figure."""
        return int(await self._connection.fetchval(_COUNTED))

    async def arrived(self) -> int:
        """How many records have landed."""
        return int(await self._connection.fetchval(_ARRIVED, self.topics, self.partitions))

    async def figure(self) -> Figure:
        """Read the figure."""
        return {(name, month): count for name, month, count in await self._connection.fetch("SELECT * FROM figure")}

    async def landed(self) -> Figure:
        """Count it from every row that landed."""
        return {(name, month): count for name, month, count in await self._connection.fetch(_READ)}

    async def close(self) -> None:
        """Look no more."""
        await self._connection.close()
