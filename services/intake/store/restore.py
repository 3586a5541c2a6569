"""SQL that fills intake's tables from the topics, in one transaction under the line's lock.

The tables are empty, or are those of an older database. In the second case the topics must have the database's numbers
with the same content.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Final
from uuid import UUID

from services.intake.domain.acceptance_line import LineEnd
from services.intake.domain.rebuilt_rows import RestoredRow
from services.intake.store.acceptance_line import Inbox
from services.intake.store.routing_index_rebuild import rebuild
from services.runtime.errors import Halt
from services.runtime.fenced_positions import PositionMove, TopicPart, advance, remember_topic, take_over
from services.runtime.postgres import Connection

_INBOX: Final = (
    "n", "source", "id", "digest", "accepted_at", "type", "agency", "payload", "entities",
    "inbound_topic", "inbound_partition", "inbound_offset",
)  # fmt: skip
_QUARANTINE: Final = (
    "n", "entry", "accepted_at", "agency", "reason", "pointer", "source", "id", "type", "must_arrive",
    "key_id", "nonce", "sealed", "fingerprint",
    "inbound_topic", "inbound_partition", "inbound_offset", "inbound_timestamp", "attempts",
    "kept_in", "size", "mistakes",
)  # fmt: skip
_LAST: Final = "SELECT last_n + last_repeat FROM line"
_LAST_AT: Final = """
SELECT greatest(
    (SELECT max(accepted_at) FROM inbox), (SELECT max(accepted_at) FROM quarantine), (SELECT last_at FROM line)
)
"""
_STANDS: Final = "SELECT last_n, last_repeat FROM line"
_CONTENTS: Final = """
SELECT n, payload AS content FROM inbox
UNION ALL SELECT n, convert_to(encode(nonce, 'base64'), 'UTF8') FROM quarantine
"""
_POSITIONS: Final = "SELECT topic, part, next_offset FROM position JOIN topic USING (topic, topic_id)"
_LINE: Final = "SELECT move_line($1, $2, $3, $4, $5)"
# The epoch rises, so that a relay that runs already stops.
_RELAY: Final = """
SELECT move_relay($1, $2, t.last_n, t.last_repeat, t.epoch, $3::text[], $4::integer[], $5::bigint[])
FROM take_over_relay() AS t
"""
_VOLUMES: Final = """
INSERT INTO quarantine_volume (agency, bytes)
SELECT agency, sum(octet_length(sealed)) FROM quarantine WHERE n > $1 GROUP BY agency
ON CONFLICT (agency) DO UPDATE SET bytes = quarantine_volume.bytes + excluded.bytes
"""


async def is_line_empty(connection: Connection) -> bool:
    """Whether the acceptance line is at its beginning: no number was ever given in this database."""
    return bool(await connection.fetchval(_LAST) == 0)


class Restore:
    """Steps of a restoration, in the caller's transaction. Call `begin` first."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._stands = (0, 0)

    async def begin(self, *, catch_up: bool = False) -> tuple[int, int]:
        """Take the line's lock; return the last number and the last `seq` of a repetition that the database has.

        Raises `Halt` if the tables are not empty and `catch_up` is False.
        """
        await Inbox().lock(self._connection)
        if not catch_up and not await is_line_empty(self._connection):
            msg = "intake's tables are not empty: only empty ones are restored"
            raise Halt(msg)
        [row] = await self._connection.fetch(_STANDS)
        self._stands = row["last_n"], row["last_repeat"]
        return self._stands

    async def contents(self) -> AsyncIterator[tuple[int, bytes]]:
        """Yield (number, content) of all rows: an accepted event's payload, or a refused one's nonce in base64."""
        async for row in self._connection.cursor(_CONTENTS):
            yield row["n"], bytes(row["content"])

    async def next_offsets(self) -> dict[TopicPart, int]:
        """Return the stored next offset of each inbound partition; empty for a new database."""
        return {(row["topic"], row["part"]): row["next_offset"] for row in await self._connection.fetch(_POSITIONS)}

    async def accepted(self, rows: Sequence[RestoredRow]) -> None:
        """Append rows to the table `inbox`, in any order."""
        await self._connection.copy_records_to_table("inbox", records=rows, columns=_INBOX)

    async def refused(self, rows: Sequence[RestoredRow]) -> None:
        """Append rows to the table `quarantine`, in any order."""
        await self._connection.copy_records_to_table("quarantine", records=rows, columns=_QUARANTINE)

    async def line(self, last_n: int, last_repeat: int) -> LineEnd:
        """Move the line's end to these numbers and return it. Raises `Halt` if it is not where `begin` found it."""
        tip = LineEnd(last_n, await self._connection.fetchval(_LAST_AT), last_repeat)
        if not await self._connection.fetchval(_LINE, tip.last_n, tip.last_at, tip.last_repeat, *self._stands):
            msg = (
                "nothing was written: the acceptance line moved while it was held. Stop intake, then run the command"
                " again"
            )
            raise Halt(msg)
        return tip

    async def relay(self, last_n: int, last_repeat: int, offsets: Mapping[TopicPart, int]) -> None:
        """Move the relay's pointer and log offsets, under a new epoch. Raises `Halt` if that is beyond the line."""
        places = sorted(offsets)
        moved = await self._connection.fetchval(
            _RELAY,
            last_n,
            last_repeat,
            [topic for topic, _ in places],
            [part for _, part in places],
            [offsets[each] for each in places],
        )
        if not moved:
            msg = (
                "nothing was written: the relay's pointer would lie beyond the acceptance line, or another process"
                " moved it. Stop intake, then run the command again"
            )
            raise Halt(msg)

    async def positions(self, topics: Mapping[str, tuple[UUID, int]], offsets: Mapping[TopicPart, int]) -> None:
        """Set the next offsets of the inbound topics. A process that reads a partition loses its ownership.

        `topics`: id and partition count by name.
        """
        for topic, (topic_id, partitions) in topics.items():
            await remember_topic(self._connection, topic, topic_id, partitions)
        owned = await take_over(self._connection, {place: topics[place[0]][0] for place in offsets})
        await advance(self._connection, [PositionMove(owned[place], place[1], offsets[place]) for place in owned])

    async def volumes(self) -> None:
        """Add the bytes of the restored refusals to the volume of kept bytes of each agency."""
        await self._connection.execute(_VOLUMES, self._stands[0])

    async def index(self) -> None:
        """Rebuild the routing index from the inbox."""
        await rebuild(self._connection)
