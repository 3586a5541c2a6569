"""Move of the log's readers to a new generation of topics, in one transaction, as the owner of the tables.

Every row that names a place in the log gets the new place of its record. Every reader's position becomes the end of
the new topics, as it was the end of the old ones. The figures' cells are counted anew in the same transaction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from schemas.ids import ENTITY_KINDS
from schemas.topics import Deployment
from services.console.topic_generation.copy_to_new_topics import Moved, progress_of
from services.reporting.store import Store
from services.reporting.version_catch_up import count_to_stored_position
from services.runtime.errors import Halt
from services.runtime.fenced_positions import TopicPart
from services.runtime.postgres import Connection

READERS: Final[Mapping[str, tuple[int, ...]]] = {"referral": (0,), "case_tracker": (1,), "reporting": (0, 1, 2)}
"""Services that read the log, each with the indices of its topics in `Deployment.logs`."""

_COPIES: Final = {"referral": "fact", "case_tracker": "fact", "reporting": "ledger"}
_TABLE: Final = """
CREATE UNLOGGED TABLE reporting.moved (
    topic smallint, part integer, off bigint, new_part integer, new_off bigint, PRIMARY KEY (topic, part, off)
)
"""
_RUNS: Final = "SELECT count(*) FROM {service}.running_copy WHERE seen_at > clock_timestamp() - interval '20 seconds'"
_BEHIND: Final = """
SELECT line.last_n - relay.last_n + line.last_repeat - relay.last_repeat AS relay, line.last_n
FROM intake.line, intake.relay
"""
_STANDS: Final = "SELECT topic, part, next_offset FROM {service}.position"


@dataclass(frozen=True, slots=True)
class GenerationMove:
    """The old and the new generation of the log, as deployments.

    Of the new generation: `ids` of its topics, `ends` with the end offset of each partition, and `complete_to`, the
    last sequence number that it holds.
    """

    old: Deployment
    new: Deployment
    ids: Mapping[str, UUID]
    ends: dict[TopicPart, int]
    complete_to: int


async def check_readers_settled(connection: Connection, services: Sequence[str], ends: Mapping[TopicPart, int]) -> int:
    """Return the last sequence number in the log, after checking that no service has work left.

    `ends`: end offset of each partition of the log. Raises `Halt` in four cases: a service runs, the relay has not
    written every number, a reader has not read to `ends`, or the log holds records that intake did not write.
    """
    for service in services:
        if await connection.fetchval(_RUNS.format(service=service)):
            msg = f"copies of {service} run: stop every service first"
            raise Halt(msg)
    if await connection.fetchval("SELECT EXISTS (SELECT FROM reporting.ledger WHERE n = 0)"):
        msg = "the log holds records that intake did not write: they have no place in another generation"
        raise Halt(msg)
    row = await connection.fetchrow(_BEHIND)
    if row is None or row["relay"]:
        msg = "the relay has not written everything yet: start the services until nothing lags, then stop them"
        raise Halt(msg)
    topics = list(dict.fromkeys(topic for topic, _ in ends))
    for service, numbers in READERS.items():
        stored = {
            (each["topic"], each["part"]): each["next_offset"]
            for each in await connection.fetch(_STANDS.format(service=service))
        }
        wanted = {place: end for place, end in ends.items() if topics.index(place[0]) in numbers and end}
        if any(stored.get(place, 0) != end for place, end in wanted.items()):
            msg = f"{service} has not read everything yet: start the services until nothing lags, then stop them"
            raise Halt(msg)
    return int(row["last_n"])


async def moved_to(connection: Connection, deployment: Deployment) -> Deployment | None:
    """Return the deployment with the generation that reporting reads, if it is later than the given one; else None.

    A command that was interrupted after the readers were moved could not store the new generation in the data folder.
    """
    for row in await connection.fetch("SELECT topic, partitions FROM reporting.topic"):
        _, _, generation = row["topic"].rpartition(".v")
        if int(generation) > deployment.generation:
            return replace(deployment, partitions=row["partitions"], generation=int(generation))
    return None


async def begin(connection: Connection) -> None:
    """Create the empty table `reporting.moved` for the old and new place of each record; drop one of an earlier try."""
    await connection.execute("DROP TABLE IF EXISTS reporting.moved")
    await connection.execute(_TABLE)


async def insert_moved_places(connection: Connection, moved: Sequence[Moved]) -> None:
    """Insert the old and new places of records into `reporting.moved`."""
    await connection.copy_records_to_table("moved", schema_name="reporting", records=moved)


async def move(connection: Connection, store: Store, made: GenerationMove) -> None:
    """Move every reader to the new generation. Raises `Halt`, and changes nothing, if a row has no moved record.

    `store`: the store of figures, which counts this version's cells anew.
    """
    async with connection.transaction():
        await connection.execute("SET LOCAL synchronous_commit = on")
        for service, numbers in READERS.items():
            await _reader(connection, service, numbers, made)
            for number in numbers:
                await _rows(connection, service, number)
        await connection.execute("DELETE FROM intake.relay_offset WHERE topic = ANY ($1::text[])", list(made.old.logs))
        await connection.executemany(
            "INSERT INTO intake.relay_offset (topic, part, off) VALUES ($1, $2, $3)",
            [(*place, end - 1) for place, end in made.ends.items() if end],
        )
        await _cells(connection, store, made)
        await connection.execute("DROP TABLE reporting.moved")


async def _reader(connection: Connection, service: str, numbers: Sequence[int], made: GenerationMove) -> None:
    before, after = ([list(each.logs)[number] for number in numbers] for each in (made.old, made.new))
    await connection.execute(f"ALTER TABLE {service}.topic DISABLE TRIGGER append_only")
    await connection.execute(f"DELETE FROM {service}.topic WHERE topic = ANY ($1::text[])", before)  # noqa: S608 - ours
    await connection.execute(f"DELETE FROM {service}.position WHERE topic = ANY ($1::text[])", before)  # noqa: S608
    await connection.executemany(
        f"INSERT INTO {service}.topic (topic, topic_id, partitions) VALUES ($1, $2, $3)",  # noqa: S608
        [(topic, made.ids[topic], made.new.partitions) for topic in after],
    )
    await connection.execute(f"ALTER TABLE {service}.topic ENABLE TRIGGER append_only")
    await connection.executemany(
        f"INSERT INTO {service}.position (topic_id, part, topic, next_offset, epoch) VALUES ($1, $2, $3, $4, 1)",  # noqa: S608
        [(made.ids[topic], part, topic, end) for (topic, part), end in made.ends.items() if topic in after],
    )


async def _rows(connection: Connection, service: str, number: int) -> None:
    table = f"{service}.{_COPIES[service]}"
    of_topic = f"topic = {number}" if service == "reporting" else "true"
    every = await connection.fetchval(f"SELECT count(*) FROM {table} WHERE {of_topic}")  # noqa: S608
    await connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER append_only")
    done = await connection.execute(
        f"UPDATE {table} AS placed SET part = m.new_part, off = m.new_off "  # noqa: S608
        f"FROM (SELECT part, off, new_part, new_off FROM reporting.moved WHERE topic = {number}) AS m "
        f"WHERE m.part = placed.part AND m.off = placed.off AND {of_topic}"
    )
    await connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER append_only")
    if done != f"UPDATE {every}":
        msg = f"{table} has {every} rows, and of another number the records were found: nothing is changed"
        raise Halt(msg)
    if service != "reporting":
        entity = "person" if service == "referral" else "case_id"
        await connection.execute(
            f"UPDATE {service}.held SET part = (SELECT min(part) FROM {table} WHERE {entity} = held.entity)"  # noqa: S608
        )


async def _cells(connection: Connection, store: Store, made: GenerationMove) -> None:
    """Count this version's cells anew. Editions and other versions are computed again when they are requested."""
    await connection.execute("SET LOCAL search_path TO reporting")
    for table in ("cell", "parked", "figure_version", "progress"):
        await connection.execute(f"DELETE FROM {table}")  # noqa: S608
    await connection.execute("UPDATE asked_edition SET answered_at = NULL, known_at = NULL")
    topics = list(made.new.logs)
    await connection.execute(
        "INSERT INTO progress (n, offsets) VALUES ($1, $2::jsonb)", made.complete_to, progress_of(made.ends, topics)
    )
    for topic, part in sorted(made.ends):
        number = topics.index(topic)
        await count_to_stored_position(store, connection, topic, (number, part), ENTITY_KINDS[number])
