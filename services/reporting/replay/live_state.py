"""State of the live tables at the start of a replay, read in one snapshot: positions, progress and served cells."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from schemas.topics import Deployment
from services.reporting.domain.ledger.event_row import LogPartition
from services.reporting.replay.report import Audit, CopyFault, Fault
from services.reporting.replay.run_state import RunStart, parse_stored_offsets
from services.runtime.errors import Halt
from services.runtime.postgres import Connection
from services.runtime.threaded_consumer import Transport

_POSITIONS: Final = "SELECT topic, part, next_offset FROM position JOIN topic USING (topic, topic_id)"
_KNOWN: Final = "SELECT topic_id, partitions FROM topic WHERE topic = $1"
_OWN: Final = "SELECT version FROM version WHERE hash = $1 AND known_at IS NULL"
_SERVED: Final = "SELECT version FROM served"
_HASH: Final = "SELECT hash FROM version WHERE version = $1"
_EDITION: Final = "SELECT version FROM edition WHERE hash = $1 AND known_at = $2"
# Rows and positions in one statement: workers may append meanwhile, and they change both in one transaction.
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
    """Names and numbers of the deployment's log topics: 0 person, 1 case, 2 activity."""

    deployment: Deployment

    def number(self, topic: str) -> int:
        """Return a topic's number. Raises `ValueError` for another topic."""
        return list(self.deployment.logs).index(topic)

    def name(self, number: int) -> str:
        """Return the name of the topic with a number."""
        return list(self.deployment.logs)[number]

    @property
    def places(self) -> list[LogPartition]:
        """All partitions of the log, sorted by topic number and partition."""
        return [
            (topic, part) for topic in range(len(self.deployment.logs)) for part in range(self.deployment.partitions)
        ]


async def check_topics(connection: Connection, transport: Transport, deployment: Deployment) -> dict[str, UUID]:
    """Return the ids of the log's topics, by name. Raises `Halt` if live reads other topics than the broker has."""
    described = await transport.describe(list(deployment.logs))
    for topic, (topic_id, partitions) in described.items():
        known = await connection.fetchrow(_KNOWN, topic)
        if partitions != deployment.partitions or (known is not None and known["topic_id"] != topic_id):
            msg = f"topic {topic} is not the one that live reads (its id or its partition count is another)"
            raise Halt(msg)
    return {topic: topic_id for topic, (topic_id, _) in described.items()}


async def snapshot(connection: Connection, topics: Topics, version: str) -> RunStart:
    """Read the start of a run. Call it in the REPEATABLE READ transaction in which the cells are copied too.

    The replay compares with this code's version if its cells are at the stored positions, otherwise with the served
    version.
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
        reached = parse_stored_offsets(row["offsets"])
        if all(off < stops.get(place, 0) for place, off in reached.items()):
            complete_to, offsets = row["n"], reached
            break
    return RunStart(stops, compared, complete_to, offsets)


async def rows_beyond_live(connection: Connection, topics: Topics) -> list[Fault]:
    """Return a fault for each ledger row at or above its partition's stored position, since no record explains it."""
    rows = await connection.fetch(_ASTRAY, list(topics.deployment.logs))
    return [Fault(Audit.LEDGER, CopyFault.SURPLUS, *row) for row in rows]


async def copy_cells(connection: Connection, version: int | None) -> None:
    """Copy a live version's cells and withheld entities to the replay's tables, in the snapshot's transaction."""
    for statement in _COPY:
        await connection.execute(statement, version)


async def edition_version_of(connection: Connection, version: str, known_at: int, complete_to: int) -> int | None:
    """Return the version number of the edition that this code made for event number `known_at`; None if there is none.

    It is None too for a number above `complete_to`: the edition may count events that the replay has not read.
    """
    found = await connection.fetchval(_EDITION, version, known_at) if known_at <= complete_to else None
    return None if found is None else int(found)


async def replace_live_cells_by_edition(connection: Connection, version: int) -> None:
    """Replace live's cells in the replay's tables, which were folded from the ledger, by the cells of an edition."""
    async with connection.transaction():
        await connection.execute("DELETE FROM replay_cell WHERE live")
        await connection.execute("DELETE FROM replay_parked WHERE live")
        await copy_cells(connection, version)


async def own_version(connection: Connection, version: str) -> int | None:
    """Return the version number of the running figures of code `version` (a hash); None if it never counted."""
    found = await connection.fetchval(_OWN, version)
    return None if found is None else int(found)


async def hash_of(connection: Connection, version: int | None) -> str | None:
    """Return the hash of the code that made a version's cells; None if there is no such version."""
    found = await connection.fetchval(_HASH, version)
    return None if found is None else str(found)


async def _counted(connection: Connection, version: int) -> dict[LogPartition, int]:
    return {(row["topic"], row["part"]): row["next_offset"] for row in await connection.fetch(_COUNTED, version)}
