"""The counter on a real ledger: however the log is cut into batches, cells equal the fold of what was written."""

import asyncio
import gc
from collections.abc import Sequence
from unittest.mock import patch
from uuid import UUID

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.codec import decode
from schemas.ids import Kind, bits
from services.reporting import ledger_by_entity, store
from services.reporting.domain.declaration.entity_state_part import EntityState
from services.reporting.domain.ledger import entity
from services.reporting.domain.ledger.event_row import LedgerRow
from services.reporting.read import queries
from services.runtime import fenced_positions
from services.runtime.errors import Conflict, Fenced, Halt, Retryable
from services.runtime.failpoints import arm
from services.runtime.postgres import borrow_connection
from tests.unit.reporting.conftest import Database, Server, a_database
from tests.unit.reporting.log_and_worker_in_memory import (
    DEPLOYMENT,
    EVERY,
    NOW,
    PARTITIONS,
    TOPIC_IDS,
    YEAR,
    Log,
    Worker,
    cells,
)
from tests.unit.reporting.samples import activity, an_id, event_id, histories, person, raw
from tests.unit.reporting.test_fold import all_cells

PERSONS, CASES, ACTIVITIES = DEPLOYMENT.logs


def an_arrest(number: int, who: int, *, when: str = "2024-05-10", victims: Sequence[int] = ()) -> bytes:
    data = {"person": person(who), "arrest": an_id(Kind.ARREST, number), "linked_victims": [person(v) for v in victims]}
    return raw("arrest.made", number, data, when)


def an_inspection(number: int, count: int) -> bytes:
    return raw(
        "labour.inspection_completed",
        number,
        {"inspection": activity(number), "count": count, "count_basis": "inspections"},
        agency="labour",
    )


async def test_a_batch_becomes_rows_cells_and_positions(database: Database) -> None:
    worker, log, look = Worker(await database.pool()), Log(), await database.connect()
    await worker.assign()
    history = [an_arrest(1, 1, victims=[2]), an_arrest(2, 1, when="2024-06-01"), an_inspection(3, 12)]
    for payload in history:
        log.write(payload)
    await worker.drain(log)
    assert await cells(look) == all_cells([decode(payload) for payload in history])
    assert await look.fetchval("SELECT count(*) FROM ledger") == 4
    assert await look.fetchval("SELECT count(*) FROM ledger WHERE primary_copy") == 3
    assert await look.fetchval("SELECT array_agg(DISTINCT n ORDER BY n) FROM ledger") == [1, 2, 3]
    assert {bytes(row["payload"]) for row in await look.fetch("SELECT payload FROM ledger")} == set(history)


async def test_what_arrives_again_is_neither_appended_nor_counted(database: Database) -> None:
    worker, log, look = Worker(await database.pool()), Log(), await database.connect()
    await worker.assign()
    log.write(an_inspection(1, 12))
    log.again(0)
    await worker.drain(log)  # twice in one batch
    log.again(0)
    await worker.drain(log)  # again, remembered
    log.again(0)
    await worker.counter.reset(EVERY)
    await worker.drain(log)  # again, read from the ledger
    assert await look.fetchval("SELECT count(*) FROM ledger") == 1
    assert await cells(look) == all_cells([decode(an_inspection(1, 12))])
    assert sum(position.next_offset for position in worker.positions.values()) == 4


async def test_counting_leaves_no_cycles_behind(database: Database, request: pytest.FixtureRequest) -> None:
    worker, log = Worker(await database.pool()), Log()
    await worker.assign()
    log.write(an_arrest(1, 1, victims=[2]))
    await worker.drain(log)  # with what is made once
    gc.collect()
    gc.disable()
    request.addfinalizer(gc.enable)
    for number in range(2, 12):
        log.write(an_arrest(number, number % 3, victims=[number + 1]))
        log.write(an_inspection(number, number))
        await worker.drain(log)
    assert gc.collect() == 0
    cyclic: list[object] = []
    cyclic.append(cyclic)
    del cyclic
    assert gc.collect() == 1


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    history=histories(most=8),
    again=st.lists(st.integers(0, 30), max_size=4),
    limit=st.integers(1, 4),
    remembered=st.sampled_from([0, 20_000, 1_000_000_000]),
    way=st.sampled_from(["one by one", "ahead", "forgetful"]),
    at_once=st.sampled_from([3, 20_000]),
)
def test_cells_equal_the_fold_however_the_log_is_cut(  # noqa: PLR0917 - each cuts it in its own way
    server: Server, history: list[bytes], again: list[int], limit: int, remembered: int, way: str, at_once: int
) -> None:
    async def law() -> None:
        async with a_database(server) as database:
            worker, log = Worker(await database.pool(), remembered=remembered), Log()
            await worker.assign()
            for payload in history:
                log.write(payload)
            for index in again:
                log.again(index)
            while way == "forgetful" and (records := worker.batch(log, limit)):
                await worker.count(records)
                await worker.counter.reset(EVERY)
            await worker.drain(log, limit, ahead=way == "ahead")
            look = await database.connect()
            assert await cells(look) == all_cells([decode(payload) for payload in history])
            rows = sum(len(decode(payload).concerns()) for payload in history)
            assert await look.fetchval("SELECT count(*) FROM ledger") == rows
            await Worker(worker.pool, "v2").assign()
            assert await cells(look, "v2") == await cells(look, "v1")

    with patch.object(store, "_AT_ONCE", at_once):
        asyncio.run(law())


@pytest.mark.parametrize("point", ["batch.fenced", "reporting.appended", "reporting.counted", "batch.applied"])
async def test_a_failure_before_the_commit_leaves_nothing_and_counts_once_after(database: Database, point: str) -> None:
    worker, log, look = Worker(await database.pool()), Log(), await database.connect()
    await worker.assign()
    log.write(an_arrest(1, 1))
    await worker.drain(log)
    log.write(an_arrest(2, 2, victims=[1]))
    log.write(an_inspection(3, 12))  # from a source that is new with this batch
    arm(f"{point}=retry")
    with pytest.raises(Retryable):
        await worker.drain(log)
    arm("")
    assert await look.fetchval("SELECT count(*) FROM ledger") == 1
    await worker.go_back()
    await worker.drain(log)
    every = [an_arrest(1, 1), an_arrest(2, 2, victims=[1]), an_inspection(3, 12)]
    assert await cells(look) == all_cells([decode(payload) for payload in every])


async def take_over(worker: Worker, *, fails: bool) -> None:
    async with borrow_connection(worker.pool) as connection, connection.transaction():
        await fenced_positions.take_over(connection, {key: TOPIC_IDS[key[0]] for key in EVERY})
        await worker.counter.take_over(connection, EVERY)
        if fails:
            raise Retryable


async def test_a_take_over_that_is_rolled_back_may_be_tried_again(database: Database) -> None:
    worker, look = Worker(await database.pool()), await database.connect()
    await worker.assign(frozenset())
    with pytest.raises(Retryable):
        await take_over(worker, fails=True)
    await take_over(worker, fails=False)
    assert await look.fetchval("SELECT count(*) FROM figure_version") == len(EVERY)


async def test_a_memory_kept_after_a_rollback_would_lose_an_event(database: Database) -> None:
    """Seeded bug: the same as above without forgetting; the law above is what catches it."""
    worker, log, look = Worker(await database.pool()), Log(), await database.connect()
    await worker.assign()
    log.write(an_arrest(1, 1))
    arm("reporting.counted=retry")
    with pytest.raises(Retryable):
        await worker.drain(log)
    await worker.drain(log)  # no reset in between
    assert await cells(look) == {}


async def test_an_older_owner_writes_nothing_and_does_not_begin_again(database: Database) -> None:
    older, newer, log = Worker(await database.pool()), Worker(await database.pool()), Log()
    look = await database.connect()
    await older.assign()
    log.write(an_inspection(1, 3))
    records = older.batch(log)
    await newer.assign()
    with pytest.raises(Fenced):
        await older.count(records)
    with pytest.raises(Fenced):
        await older.go_back()
    await newer.drain(log)
    assert await cells(look) == all_cells([decode(an_inspection(1, 3))])


@pytest.mark.parametrize(("topic_id", "partitions"), [(2, 4), (1, 8)], ids=["made again", "of more partitions"])
async def test_a_topic_that_is_another_one_stops_the_worker(database: Database, topic_id: int, partitions: int) -> None:
    async with borrow_connection(await database.pool()) as connection:
        for _ in range(2):
            await fenced_positions.remember_topic(connection, PERSONS, UUID(int=1), 4)
        with pytest.raises(Halt, match="is not the one read before"):
            await fenced_positions.remember_topic(connection, PERSONS, UUID(int=topic_id), partitions)


async def test_who_stands_elsewhere_than_the_stored_position_writes_nothing(database: Database) -> None:
    worker, log = Worker(await database.pool()), Log()
    await worker.assign()
    log.write(an_inspection(1, 3))
    before, records = dict(worker.positions), worker.batch(log)
    await worker.count(records)
    worker.positions = before
    with pytest.raises(Fenced):
        await worker.count(records)


async def test_the_unique_key_stops_what_the_memory_let_through(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker, log, look = Worker(await database.pool()), Log(), await database.connect()
    await worker.assign()
    log.write(an_inspection(1, 3))
    await worker.drain(log)
    log.again(0)
    prepared = await worker.counter.prepare(records := worker.batch(log), NOW)
    assert prepared.rows == []
    blind = Worker(worker.pool)
    blind.positions = worker.positions
    monkeypatch.setattr(blind.store, "rows", _no_rows)
    with pytest.raises(Conflict):
        await blind.count(records)
    assert await look.fetchval("SELECT count(*) FROM ledger") == 1


async def _no_rows(_: object) -> list[LedgerRow]:
    return []


POISON = b'{"specversion":"1.0","id":"%s","source":"bpd/register","type":"bz.atips.arrest.imagined.v1"}'


@pytest.mark.parametrize(
    ("payload", "number", "cause"),
    [
        (POISON % event_id(9).encode(), None, "unknown_type"),
        (an_arrest(9, 1).replace(b'"linked_victims"', b'"linked"'), None, "unreadable"),
        (an_arrest(9, 2), None, "misrouted"),
        (an_arrest(9, 1), b"", "foreign"),
        (b"\xff\x00", None, "unreadable"),
    ],
)
async def test_what_cannot_be_folded_parks_its_entity_and_no_other(
    database: Database, payload: bytes, number: bytes | None, cause: str
) -> None:
    worker, log, look = Worker(await database.pool()), Log(), await database.connect()
    await worker.assign()
    log.write(an_arrest(1, 1))
    log.write(an_arrest(2, 2))
    await worker.drain(log)
    log.n += 1
    log.put(PERSONS, person(1).encode(), payload, number=number)
    log.write(an_arrest(4, 3))
    await worker.drain(log)
    log.write(an_arrest(5, 1))  # more about the parked one changes nothing
    await worker.drain(log)
    others = [decode(an_arrest(2, 2)), decode(an_arrest(4, 3))]
    assert await cells(look) == all_cells(others)
    assert await look.fetchval("SELECT count(*) FROM ledger") == 5
    (parked,) = await look.fetch("SELECT ent, cause, n FROM parked")
    assert (parked["ent"], parked["cause"], parked["n"]) == (bits(person(1)), cause, 0 if cause == "foreign" else 3)
    assert (await queries.figures(await database.connect("officer"), YEAR)).withheld == 1


async def test_a_copy_in_another_partition_than_its_entity_s_counts_nothing_and_stops_nobody(
    database: Database,
) -> None:
    worker, log, look = Worker(await database.pool()), Log(), await database.connect()
    await worker.assign()
    log.write(an_arrest(1, 1))
    log.elsewhere()
    await worker.drain(log)
    log.write(an_arrest(2, 1))
    await worker.drain(log)
    assert await cells(look) == all_cells([decode(an_arrest(1, 1)), decode(an_arrest(2, 1))])
    (parked,) = await look.fetch("SELECT ent, cause, n FROM parked")
    assert (parked["ent"] != bits(person(1)), parked["cause"], parked["n"]) == (True, "foreign", 0)


@pytest.mark.parametrize("meanwhile", ["v1", "v2"])
async def test_whom_a_merge_explains_is_withheld_no_longer_whoever_counted_it(
    database: Database, meanwhile: str
) -> None:
    worker, log = Worker(await database.pool()), Log()
    await worker.assign()
    for number in range(6):
        log.put(PERSONS, person(number).encode(), an_arrest(number, 9), number=b"%d" % (number + 1))
    await worker.drain(log)
    assert await worker.store.count_parked_entities() == 6
    joined = raw("person.merged", 6, {"person": person(0), "same_as": person(9), "reason": "same_record"})
    log.put(PERSONS, person(0).encode(), joined, number=b"7")
    other, again = Worker(worker.pool, meanwhile), Worker(worker.pool)
    await other.assign()
    await other.drain(log)
    await again.assign()
    assert await again.store.count_parked_entities() == 5


async def test_a_key_that_is_no_entity_parks_a_stand_in(database: Database) -> None:
    worker, log, look = Worker(await database.pool()), Log(), await database.connect()
    await worker.assign()
    log.n += 1
    log.put(CASES, b"somebody", an_arrest(1, 1))
    log.put(CASES, person(1).encode(), an_arrest(2, 1))
    with patch.object(store, "_AT_ONCE", 1):  # however many a statement takes
        await worker.drain(log)
        await Worker(worker.pool, "v2").assign()
    assert await cells(look) == {}
    parked = await look.fetch("SELECT version, count(*) AS n FROM parked WHERE cause = 'misrouted' GROUP BY version")
    assert [each["n"] for each in parked] == [2, 2]


async def test_a_fold_that_fails_parks_and_a_mended_one_takes_up_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker, log, look = Worker(await database.pool()), Log(), await database.connect()
    await worker.assign()
    log.write(an_arrest(1, 1))
    await worker.drain(log)
    with monkeypatch.context() as broken:
        broken.setattr(entity, "evolve", _divide)
        broken.setattr(entity, "evolve_by_all", _divide)
        log.write(an_arrest(2, 1, when="2024-06-01"))
        await worker.drain(log)
    assert await cells(look, "v1") == {}
    assert await look.fetchval("SELECT cause FROM parked") == "fold_failed"
    await Worker(worker.pool, "v2").assign()
    assert await cells(look) == all_cells([decode(an_arrest(1, 1)), decode(an_arrest(2, 1, when="2024-06-01"))])
    assert await look.fetchval("SELECT version FROM figure_status") == "v2"
    assert await look.fetchval("SELECT withheld FROM figure_status") == 0


def _divide(*_: object) -> EntityState:
    raise ZeroDivisionError


async def test_another_version_leaves_the_cells_of_the_first_and_serves_when_it_has_all(database: Database) -> None:
    pool, log, look = await database.pool(), Log(), await database.connect()
    old, new = Worker(pool, "old"), Worker(pool, "new")
    await old.assign()
    log.write(an_inspection(1, 3))
    await old.drain(log)
    before = await cells(look, "old")
    half = frozenset(key for key in EVERY if key[1] == 0)
    await new.assign(half)
    log.write(an_inspection(2, 4))
    log.write(an_inspection(3, 5))
    await new.drain(log)
    assert await look.fetchval("SELECT version FROM figure_status") == "old"
    assert await cells(look) == before == await cells(look, "old")
    await new.assign(EVERY - half)
    await new.drain(log)
    both = all_cells([decode(an_inspection(n, n + 2)) for n in (1, 2, 3)])
    assert await look.fetchval("SELECT version FROM figure_status") == "new"
    assert await cells(look) == both
    assert await cells(look, "old") == before
    # Back to the old version: what it missed is counted anew, not added to what was there.
    again = Worker(pool, "old")
    await again.assign()
    assert await cells(look, "old") == both
    log.write(an_inspection(4, 6))
    await again.drain(log)
    assert await look.fetchval("SELECT version FROM figure_status") == "old"


async def test_a_batch_that_does_not_begin_where_the_cells_stand_stops_the_worker(database: Database) -> None:
    worker, log, look = Worker(await database.pool()), Log(), await database.connect()
    await worker.assign()
    log.write(an_inspection(1, 3))
    admin = await database.connect("owner")
    await admin.execute("UPDATE figure_version SET next_offset = 7")
    with pytest.raises(Halt, match="not counted up to the batch's first record"):
        await worker.drain(log)
    assert await look.fetchval("SELECT count(*) FROM ledger") == 0


async def test_a_number_of_a_source_that_was_never_committed_stops_the_worker(database: Database) -> None:
    worker, log, look = Worker(await database.pool()), Log(), await database.connect()
    await worker.assign()
    log.write(an_inspection(1, 3))
    await worker.drain(log)
    worker.store._sources = dict.fromkeys(worker.store._sources, 77)  # as what is kept after a rollback may be
    log.write(an_inspection(2, 4))
    with pytest.raises(Halt, match="a source has another number"):
        await worker.drain(log)
    assert await look.fetchval("SELECT count(*) FROM ledger JOIN source USING (src)") == 1
    assert await look.fetchval("SELECT count(*) FROM ledger") == 1


async def test_an_agency_may_name_more_systems_than_a_small_number_counts(database: Database) -> None:
    worker, log, look = Worker(await database.pool()), Log(), await database.connect()
    await worker.assign()
    admin = await database.connect("owner")
    await admin.execute("ALTER TABLE source ALTER src RESTART WITH 32767")
    with patch.object(store, "_SOURCES_REMEMBERED", 1):
        for number in range(1, 5):
            log.write(an_arrest(number, number))
            log.write(an_arrest(number + 10, number).replace(b"bpd/register", b"bpd/tablet-%d" % number))
            await worker.drain(log)
    assert await look.fetchval("SELECT max(src) FROM ledger") > 32_767
    assert await look.fetchval("SELECT count(*) FROM ledger JOIN source USING (src)") == 8
    assert len(worker.store._sources) <= 2


async def test_a_partition_is_taken_over_however_long_that_takes(database: Database) -> None:
    worker, log, look = Worker(await database.pool()), Log(), await database.connect()
    await worker.assign()
    log.write(an_inspection(1, 3))
    await worker.drain(log)
    await database.alter("GRANT EXECUTE ON FUNCTION pg_sleep TO reporting")
    slow = store._ROWS_OF_PARTITION.replace("WHERE", "WHERE pg_sleep(1.5) IS NOT NULL AND")
    with patch.object(store, "_ROWS_OF_PARTITION", slow):
        await Worker(await database.pool(command_timeout=1.0), "new").assign()
        with patch.object(store, "_WHOLE_SECONDS", 0.5), pytest.raises(Retryable):
            await Worker(await database.pool(), "newer").assign()
    assert await cells(look, "new") == await cells(look)


async def test_an_entitys_rows_are_read_together_however_the_database_goes_about_it(database: Database) -> None:
    worker, log = Worker(await database.pool()), Log()
    await worker.assign()
    for number in range(8):  # four persons twice, so that two of them share a partition
        log.write(an_arrest(number, number % 4))
    await worker.drain(log, 1)
    async with borrow_connection(worker.pool) as connection, connection.transaction():
        of_partitions = [worker.store.partition(connection, (0, part)) for part in range(PARTITIONS)]
        for rows in (ledger_by_entity.rows_of_topic(connection, 0), *of_partitions):
            await connection.execute("SET LOCAL enable_indexscan = off")
            await connection.execute("SET LOCAL enable_bitmapscan = off")
            found = [len(of_one) async for of_one in ledger_by_entity.group_by_entity(rows)]
            assert set(found) == {2}


async def test_complete_to_is_what_every_partition_has_passed(database: Database) -> None:
    worker, log, look = Worker(await database.pool()), Log(), await database.connect("officer")
    said = []
    for number in range(1, 6):
        log.write(an_inspection(number % 4, number))
        said.append(log.progress())
    assert (await queries.figures(look, YEAR)).version is None
    await worker.assign()
    for each in said:
        await worker.store.store_progress(each)
    reached = [(await queries.figures(look, YEAR)).complete_to]
    while records := worker.batch(log, 1):
        for record in records:
            await worker.count([record])
            reached.append((await queries.figures(look, YEAR)).complete_to)
    assert reached[0] == 0
    assert reached == sorted(reached)
    assert reached[-1] == 5
    await worker.store.store_progress({6: {(0, 0): 99}})
    kept = await database.connect()
    assert await kept.fetchval("SELECT array_agg(n ORDER BY n) FROM progress") == [5, 6]
    assert (await queries.figures(look, YEAR)).complete_to == 5


async def test_rights_the_ledger_is_append_only_and_readers_see_no_payload(database: Database) -> None:
    worker, log = Worker(await database.pool()), Log()
    await worker.assign()
    log.write(an_inspection(1, 3))
    await worker.drain(log)
    service, reader = await database.connect("reporting"), await database.connect("officer")
    for statement in ("UPDATE ledger SET n = 0", "DELETE FROM ledger", "TRUNCATE ledger", "DELETE FROM source"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await service.execute(statement)
    for table in ("ledger", "cell", "parked", "position", "source", "figure_version"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await reader.fetch(f"SELECT * FROM {table}")
