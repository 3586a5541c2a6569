"""How far the inbound topics were read, and what was given up of them because it was gone unread."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from services.runtime.postgres import Connection
from services.runtime.transaction import TopicPart, remember_topic, take_over

_POSITIONS: Final = "SELECT topic, part, next_offset FROM position"
_MOVE: Final = "UPDATE position SET next_offset = $2 WHERE topic_id = $1 AND next_offset < $2"
_NOTE: Final = "INSERT INTO passed (topic_id, topic, begun, went_on, at, operator) VALUES ($1, $2, $3, $4, $5, $6)"
_PASSED: Final = "SELECT topic, begun, went_on, at, operator FROM passed ORDER BY at, topic, begun"
_JUDGED: Final = """
SELECT id FROM inbox WHERE agency = $1 UNION SELECT id FROM quarantine WHERE agency = $1 AND id IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class Passed:
    """Records from `begun` up to (not including) `went_on` that nobody read; `at` in milliseconds of Unix time."""

    topic: str
    begun: int
    went_on: int
    at: int
    operator: str


async def positions(connection: Connection) -> dict[TopicPart, int]:
    """Give where reading goes on, of each partition that was ever read."""
    return {(row["topic"], row["part"]): row["next_offset"] for row in await connection.fetch(_POSITIONS)}


async def passed(connection: Connection) -> list[Passed]:
    """Give what was given up, the earliest first."""
    return [Passed(**row) for row in await connection.fetch(_PASSED)]


async def judged(connection: Connection, publisher: str) -> list[UUID]:
    """Give the ids of a publisher's events that were accepted or refused."""
    return [row["id"] for row in await connection.fetch(_JUDGED, publisher)]


async def go_on(connection: Connection, topic: str, topic_id: UUID, begin: int) -> int:
    """Go on where the topic begins now, and no earlier; gives where reading stood, which may lie behind that.

    In the caller's transaction. Who reads there owns it no longer. `Halt` where the topic is another one.
    """
    await remember_topic(connection, topic, topic_id, 1)
    [position] = (await take_over(connection, {(topic, 0): topic_id})).values()
    await connection.execute(_MOVE, topic_id, begin)
    return position.next_offset


async def note(connection: Connection, topic_id: UUID, passed: Passed) -> None:
    """Keep on record what was given up."""
    await connection.execute(_NOTE, topic_id, passed.topic, passed.begun, passed.went_on, passed.at, passed.operator)
