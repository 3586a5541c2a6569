"""Live as a replay finds it, in one snapshot: where it stands, and the cells that it serves there."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from schemas.topics import Deployment
from services.reporting.domain.ledger.row import LogPartition
from services.reporting.replay.report import Audit, CopyFault, Fault
from services.reporting.replay.run_state import RunStart, places
from services.runtime.errors import Halt
from services.runtime.postgres import Connection
from services.runtime.transport import Transport

_POSITIONS: Final = "SELECT topic, part, next_offset FROM position JOIN topic USING (topic, topic_id)"
_KNOWN: Final = "SELECT topic_id, partitions FROM topic WHERE topic = $1"
_OWN: Final = "SELECT version FROM version WHERE hash = $1 AND known_at IS NULL"
_SERVED: Final = "SELECT version FROM served"
_HASH: Final = "SELECT hash FROM version WHERE version = $1"
_EDITION: Final = "SELECT version FROM edition WHERE hash = $1 AND known_at = $2"
# Rows and positions in one statement: live may read on meanwhile, and moves both in one transaction.
_ASTRAY: Final = """
SELECT n, ledger.topic, ent, ledger.part, off
FROM ledger LEFT JOIN (
    SELECT log.number - 1 AS topic, part, next_offset
    FROM unnest($1::text[]) WITH ORDINALITY AS log (name, number)
        JOIN topic ON topic.topic = name JOIN position USING (topic_id)
) AS stands ON stands.topic = ledger.topic AND stands.part = ledger.part
WHERE next_offset IS NULL OR off >= next_offset ORDER BY n, ledger.topic, ent
"""
_COUNTED: Final = "SELECT topic, part, next_offset FROM figure_version WHERE version = $1"
_PROGRESS: Final = "SELECT n, offsets FROM progress ORDER BY n DESC"
_COPY: Final = (
    """
    INSERT INTO replay_cell (live, topic, part, figure, on_from, on_to, again, dims, amount)
    SELECT true, topic, part, figure, on_from, on_to, again, dims, amount FROM cell WHERE version = $1
    """,
    """
    INSERT INTO replay_parked (live, topic, part, ent, cause, n)
    SELECT true, topic, part, ent, cause, n FROM parked WHERE version = $1
    """,
)


@dataclass(frozen=True, slots=True)
class Topics:
    """The deployment's log topics, by the numbers that live gives them."""

    deployment: Deployment

    def number(self, topic: str) -> int:
        """A topic's number."""
        return list(self.deployment.logs).index(topic)

    def name(self, number: int) -> str:
        """A topic's name."""
        return list(self.deployment.logs)[number]

    @property
    def places(self) -> list[LogPartition]:
        """Every partition of the log."""
        return [
            (topic, part) for topic in range(len(self.deployment.logs)) for part in range(self.deployment.partitions)
        ]


async def check_topics(connection: Connection, transport: Transport, deployment: Deployment) -> dict[str, UUID]:
    """Give the topics' ids; `Halt` where the broker's topics are not those that live reads."""
    described = await transport.describe(list(deployment.logs))
    for topic, (topic_id, partitions) in described.items():
        known = await connection.fetchrow(_KNOWN, topic)
        if partitions != deployment.partitions or (known is not None and known["topic_id"] != topic_id):
            msg = f"topic {topic} is not the one that live reads (its id or its partition count is another)"
            raise Halt(msg)
    return {topic: topic_id for topic, (topic_id, _) in described.items()}


async def snapshot(connection: Connection, topics: Topics, version: str) -> RunStart:
    """Read the start of a run. Call it in the REPEATABLE READ transaction in which the cells are copied too.

    Compared is this code's version where its cells stand at the stored positions, else the one that is served.
    """
    stops = dict.fromkeys(topics.places, 0)
    stops |= {
        (topics.number(row["topic"]), row["part"]): row["next_offset"]
        for row in await connection.fetch(_POSITIONS)
        if row["topic"] in topics.deployment.logs
    }
    compared = await own_version(connection, version)
    if compared is None or await _counted(connection, compared) != stops:
        compared = await connection.fetchval(_SERVED)
        stops |= {} if compared is None else await _counted(connection, compared)
    complete_to, offsets = 0, dict[LogPartition, int]()
    for row in await connection.fetch(_PROGRESS):
        reached = places(row["offsets"])
        if all(off < stops.get(place, 0) for place, off in reached.items()):
            complete_to, offsets = row["n"], reached
            break
    return RunStart(stops, compared, complete_to, offsets)


async def rows_beyond_live(connection: Connection, topics: Topics) -> list[Fault]:
    """Rows of the ledger where live has read nothing yet: no record of a topic is held against them."""
    rows = await connection.fetch(_ASTRAY, list(topics.deployment.logs))
    return [Fault(Audit.LEDGER, CopyFault.SURPLUS, *row) for row in rows]


async def copy_cells(connection: Connection, version: int | None) -> None:
    """Keep a version's cells and withheld entities, in the snapshot's transaction."""
    for statement in _COPY:
        await connection.execute(statement, version)


async def edition(connection: Connection, version: str, known_at: int, complete_to: int) -> int | None:
    """The number under which the edition that this code made of a number stands, if it is kept.

    Of a number that the replay has not read whole there is none: it may have been made later, of more than was read.
    """
    found = await connection.fetchval(_EDITION, version, known_at) if known_at <= complete_to else None
    return None if found is None else int(found)


async def take_edition(connection: Connection, version: int) -> None:
    """Let the cells of an edition stand for live's, in the place of what its ledger gives."""
    async with connection.transaction():
        await connection.execute("DELETE FROM replay_cell WHERE live")
        await connection.execute("DELETE FROM replay_parked WHERE live")
        await copy_cells(connection, version)


async def own_version(connection: Connection, version: str) -> int | None:
    """Give the number of this code's version among the running figures; None if it never counted."""
    found = await connection.fetchval(_OWN, version)
    return None if found is None else int(found)


async def hash_of(connection: Connection, version: int | None) -> str | None:
    """The hash of the code that made a version's cells."""
    found = await connection.fetchval(_HASH, version)
    return None if found is None else str(found)


async def _counted(connection: Connection, version: int) -> dict[LogPartition, int]:
    return {(row["topic"], row["part"]): row["next_offset"] for row in await connection.fetch(_COUNTED, version)}
