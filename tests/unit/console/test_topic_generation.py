"""Readers moved to another generation of the log: every row has its new place, and the figures are those of before."""

from collections import Counter
from dataclasses import replace
from uuid import UUID

import pytest

from schemas.codec import decode
from services.console.topic_generation import move_readers_to_new_topics
from services.console.topic_generation.copy_to_new_topics import Moved
from services.console.topic_generation.move_readers_to_new_topics import GenerationMove
from services.reporting.store import Store
from services.runtime.errors import Halt
from services.runtime.fenced_positions import TopicPart
from services.runtime.partitioner import partition_of
from services.runtime.postgres import borrow_connection
from tests.support.database import Server
from tests.unit.reporting.conftest import Database, a_database
from tests.unit.reporting.log_and_worker_in_memory import DEPLOYMENT, PARTITIONS, Log, Worker, cells
from tests.unit.reporting.test_fold import all_cells
from tests.unit.reporting.test_handlers import an_arrest, an_inspection

NEW = replace(DEPLOYMENT, partitions=2 * PARTITIONS, generation=2)
IDS = {topic: UUID(int=1_000 + number) for number, topic in enumerate(NEW.logs)}
HISTORY = [an_arrest(1, 1, victims=[2, 3]), an_arrest(2, 4), *(an_inspection(n, n) for n in range(3, 9))]


def placed(log: Log) -> tuple[list[Moved], dict[TopicPart, int]]:
    """Give where each record lies on the new topics, and their ends."""
    numbers = {topic: number for number, topic in enumerate(DEPLOYMENT.logs)}
    ends: Counter[TopicPart] = Counter({(topic, part): 0 for topic in NEW.logs for part in range(NEW.partitions)})
    moved = []
    for (topic, part), records in log.records.items():
        for record in records:
            place = (list(NEW.logs)[numbers[topic]], partition_of(record.key or b"", NEW.partitions))
            moved.append((numbers[topic], part, record.offset, place[1], ends[place]))
            ends[place] += 1
    return moved, dict(ends)


async def test_readers_stand_at_the_ends_of_the_new_topics_with_the_same_figures(server: Server) -> None:
    async with a_database(server) as database:
        worker, log = Worker(await database.pool()), Log()
        await worker.assign()
        for payload in HISTORY:
            log.write(payload)
        await worker.drain(log)
        await worker.store.store_progress(log.progress())
        look = await database.connect()
        before = await cells(look)
        moved, ends = placed(log)
        await done(database, moved, ends)
        assert await cells(look) == before == all_cells([decode(payload) for payload in HISTORY])
        assert dict(await look.fetchrow("SELECT complete_to, withheld FROM figure_status") or {}) == {
            "complete_to": len(HISTORY),
            "withheld": 0,
        }
        rows = await look.fetch("SELECT topic, part, off FROM ledger")
        assert {tuple(row) for row in rows} == {(number, part, off) for number, _, _, part, off in moved}
        stored = await look.fetch("SELECT topic, part, next_offset FROM position")
        assert {(row["topic"], row["part"]): row["next_offset"] for row in stored} == ends
        assert await look.fetchval("SELECT array_agg(topic ORDER BY topic) FROM topic") == sorted(NEW.logs)
        async with borrow_connection(worker.pool) as connection:
            assert await Store(worker.pool, "v1").lagging(connection, list(NEW.logs)) == []
            assert await move_readers_to_new_topics.moved_to(connection, DEPLOYMENT) == NEW
            assert await move_readers_to_new_topics.moved_to(connection, NEW) is None
        with pytest.raises(Halt, match=r"not the generation that is read, which is \S+[.]v2: stop the services"):
            await worker.assign()


async def test_nothing_changes_where_a_row_has_no_record(server: Server) -> None:
    async with a_database(server) as database:
        worker, log = Worker(await database.pool()), Log()
        await worker.assign()
        for payload in HISTORY:
            log.write(payload)
        await worker.drain(log)
        look = await database.connect()
        before = await cells(look)
        moved, ends = placed(log)
        with pytest.raises(Halt, match="nothing is changed"):
            await done(database, moved[1:], ends)
        assert await cells(look) == before
        assert await look.fetchval("SELECT count(*) FROM topic WHERE topic = ANY ($1)", list(DEPLOYMENT.logs)) == 3


async def test_it_waits_for_all_that_runs_and_all_that_is_behind(server: Server) -> None:
    async with a_database(server) as database:
        pool = await database.pool("owner")
        nothing = {(topic, 0): 0 for topic in DEPLOYMENT.logs}
        async with borrow_connection(pool) as connection:
            assert await move_readers_to_new_topics.check_readers_settled(connection, ("web",), nothing) == 0
            with pytest.raises(Halt, match="referral has not read everything"):
                await move_readers_to_new_topics.check_readers_settled(
                    connection, ("web",), {**nothing, (next(iter(DEPLOYMENT.logs)), 0): 1}
                )
            await database.alter("UPDATE intake.line SET last_n = 1")
            with pytest.raises(Halt, match="relay has not written"):
                await move_readers_to_new_topics.check_readers_settled(connection, ("web",), nothing)
            await database.alter(
                "INSERT INTO web.running_copy VALUES (gen_random_uuid(), '0001', '', 1, clock_timestamp())"
            )
            with pytest.raises(Halt, match="copies of web run"):
                await move_readers_to_new_topics.check_readers_settled(connection, ("web",), nothing)


async def done(database: Database, moved: list[Moved], ends: dict[TopicPart, int]) -> None:
    pool = await database.pool("owner")
    async with borrow_connection(pool) as connection:
        await move_readers_to_new_topics.begin(connection)
        await move_readers_to_new_topics.insert_moved_places(connection, moved)
        made = GenerationMove(DEPLOYMENT, NEW, IDS, ends, len(HISTORY))
        await move_readers_to_new_topics.move(connection, Store(pool, "v1"), made)
