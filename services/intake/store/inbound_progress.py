"""Stored positions of the inbound topics, and records that an operator skipped because they were deleted unread."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from services.runtime.fenced_positions import PositionMove, TopicPart, advance, remember_topic, take_over
from services.runtime.postgres import Connection, translate_driver_errors

_POSITIONS: Final = "SELECT topic, part, next_offset FROM position"
_NOTE: Final = "INSERT INTO passed (topic_id, topic, begun, went_on, at, operator) VALUES ($1, $2, $3, $4, $5, $6)"
_PASSED: Final = "SELECT topic, begun, went_on, at, operator FROM passed ORDER BY at, topic, begun"
_JUDGED: Final = """
SELECT id FROM inbox WHERE agency = $1 UNION SELECT id FROM quarantine WHERE agency = $1 AND id IS NOT NULL
"""

# One statement reads one snapshot: each record below these offsets has its number at or before these ends.
_JUDGED_TO: Final = """
SELECT p.topic, p.part, p.topic_id, p.next_offset,
    line.last_n, line.last_repeat, relay.last_n AS sent_n, relay.last_repeat AS sent_repeat
FROM line CROSS JOIN relay JOIN position AS p ON p.next_offset > 0
"""


@dataclass(frozen=True, slots=True)
class JudgedTo:
    """Progress of judging: the next offset of each inbound partition, the line's end, and the relay's pointer.

    `positions`: next offset by ((topic, partition), id of the topic). `line` and `relayed`: last number, and last `seq`
    of a repetition.
    """

    positions: Mapping[tuple[TopicPart, UUID], int]
    line: tuple[int, int]
    relayed: tuple[int, int]

    def is_on_log(self, relayed: tuple[int, int]) -> bool:
        """Whether a relay with this pointer has sent the outcomes of all records below `positions`."""
        return relayed[0] >= self.line[0] and relayed[1] >= self.line[1]


@dataclass(frozen=True, slots=True)
class SkippedRecords:
    """Records that were never read, from offset `begun` to `went_on` (exclusive). `at`: ms since 1970 (UTC)."""

    topic: str
    begun: int
    went_on: int
    at: int
    operator: str


async def positions(connection: Connection) -> dict[TopicPart, int]:
    """Return the next offset to read of each partition that was ever read."""
    return {(row["topic"], row["part"]): row["next_offset"] for row in await connection.fetch(_POSITIONS)}


async def read_judging_progress(connection: Connection) -> JudgedTo | None:
    """Return the progress of judging and sending, read in one snapshot; None before any record was read."""
    with translate_driver_errors():
        rows = await connection.fetch(_JUDGED_TO)
    if not rows:
        return None
    return JudgedTo(
        {((row["topic"], row["part"]), row["topic_id"]): row["next_offset"] for row in rows},
        (rows[0]["last_n"], rows[0]["last_repeat"]),
        (rows[0]["sent_n"], rows[0]["sent_repeat"]),
    )


async def read_skipped_records(connection: Connection) -> list[SkippedRecords]:
    """Return all skipped records, the earliest skip first."""
    return [SkippedRecords(**row) for row in await connection.fetch(_PASSED)]


async def judged_event_ids(connection: Connection, publisher: str) -> list[UUID]:
    """Return the ids of an agency's accepted and refused events."""
    return [row["id"] for row in await connection.fetch(_JUDGED, publisher)]


async def skip_to_topic_begin(connection: Connection, topic: str, topic_id: UUID, begin: int) -> int:
    """Move intake's position in an inbound topic forward to `begin`, and return the earlier position.

    `begin`: first offset that the topic still holds. A position at or after `begin` stays. Positions are the next
    offset to read in partition 0. Runs in the caller's transaction. A process that reads the topic loses its
    ownership. Raises `Halt` if the topic was created again, changed its partition count, or has another generation.
    """
    await remember_topic(connection, topic, topic_id, 1)
    [position] = (await take_over(connection, {(topic, 0): topic_id})).values()
    if position.next_offset < begin:
        await advance(connection, [PositionMove(position, 0, begin)])
    return position.next_offset


async def store_skipped_records(connection: Connection, topic_id: UUID, passed: SkippedRecords) -> None:
    """Store an operator's skip of records in the table `passed`."""
    await connection.execute(_NOTE, topic_id, passed.topic, passed.begun, passed.went_on, passed.at, passed.operator)
