"""Editions: at any number they equal the figures that were served when it was the last event."""

import asyncio
from bisect import bisect_left
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings

from schemas.ids import Kind
from schemas.times import Period
from services.reporting.domain.cells.cells_from_items import CellKey
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.ledger import entity
from services.reporting.domain.ledger.entity import entity_known_at
from services.reporting.domain.ledger.event_row import LedgerRow
from services.reporting.domain.read.evidence import Question
from services.reporting.jobs import as_of_editions
from services.reporting.jobs.as_of_editions import NotComplete, accepted_at, ensure, number_of
from services.reporting.read import queries
from services.reporting.read.acceptance_lag import read_acceptance_delays
from services.reporting.read.queries import Edition, NoEdition
from services.reporting.read.sql_statements import READ, READ_EDITION
from services.reporting.read.why import why
from services.reporting.store import Store
from services.runtime.partitioner import partition_of
from services.runtime.postgres import Connection, borrow_connection
from tests.unit.reporting.amended_histories import amended_histories, merged
from tests.unit.reporting.conftest import Database, Server, a_database
from tests.unit.reporting.log_and_worker_in_memory import (
    DEPLOYMENT,
    PARTITIONS,
    YEAR,
    RoutedLog,
    Worker,
    accepted_ms,
    cells,
)
from tests.unit.reporting.samples import an_id, person, raw
from tests.unit.reporting.test_changes import an_arrest

HISTORY = [an_arrest(0, 0), an_arrest(1, 1), merged(2, person(0), person(1)), an_arrest(3, 2)]


def silent(done: int, total: int) -> None:
    """Nobody watches."""


async def counted(database: Database, history: list[bytes]) -> Worker:
    worker, log = Worker(await database.pool()), RoutedLog()
    await worker.assign()
    for payload in history:
        log.write(payload)
    await worker.drain(log)
    if history:
        await worker.store.store_progress(log.progress())
    return worker


async def served(database: Database, history: list[bytes]) -> list[Mapping[CellKey, int]]:
    """Return the served figures at each number, from 0 on, while the history came in event by event."""
    worker, log, look = Worker(await database.pool()), RoutedLog(), await database.connect()
    await worker.assign()
    found = [await cells(look)]
    for payload in history:
        log.write(payload)
        await worker.drain(log)
        found.append(await cells(look))
    return found


async def kept(connection: Connection, n: int) -> Mapping[CellKey, int]:
    return await cells(connection, "v1", n)


async def check_past(server: Server, history: list[bytes]) -> None:
    async with a_database(server) as database, a_database(server) as another:
        worker, look = await counted(database, history), await database.connect()
        now = await cells(look)
        await ensure(worker.pool, DEPLOYMENT, [Edition("v1", n) for n in range(len(history) + 1)], silent)
        for n, then in enumerate(await served(another, history)):
            assert await kept(look, n) == then
        assert await cells(look) == now == await kept(look, len(history))


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(amended_histories(most=6))
def test_an_edition_is_what_was_served_at_its_number(server: Server, history: list[bytes]) -> None:
    asyncio.run(check_past(server, history))


async def test_the_law_catches_an_edition_of_now(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    await check_past(server, HISTORY)
    monkeypatch.setattr(
        as_of_editions,
        "known_at_each",
        lambda name, rows, numbers: [entity_known_at(name, rows, 10**9) for _ in numbers],
    )
    with pytest.raises(AssertionError):
        await check_past(server, HISTORY)


async def test_the_law_catches_a_state_kept_for_one_event_too_long(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entity, "bisect_right", bisect_left)
    with pytest.raises(AssertionError):
        await check_past(server, HISTORY)


async def test_several_are_one_scan(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    worker, look, scans = await counted(database, HISTORY), await database.connect(), list[tuple[int, int]]()
    whole = Store.partition

    def partition(store: Store, connection: Connection, place: tuple[int, int]) -> AsyncIterator[LedgerRow]:
        scans.append(place)
        return whole(store, connection, place)

    monkeypatch.setattr(Store, "partition", partition)
    await ensure(worker.pool, DEPLOYMENT, [Edition("v1", n) for n in (4, 1, 2)], silent)
    assert (
        len(scans)
        == len(set(scans))
        == await look.fetchval("SELECT count(*) FROM figure_version f JOIN served USING (version)")
    )
    await ensure(worker.pool, DEPLOYMENT, [Edition("v1", n) for n in (1, 3, 4)], silent)
    assert len(scans) == 2 * len(set(scans)), "only what was lacking"
    assert await look.fetchval("SELECT array_agg(known_at ORDER BY known_at) FROM edition") == [1, 2, 3, 4]
    assert await look.fetchval("SELECT max(version) = count(*) FROM version"), "numbers are few, and none is wasted"


async def test_it_is_read_with_the_readers_rights_and_never_served(database: Database) -> None:
    worker, reader = await counted(database, HISTORY), await database.connect("officer")
    with pytest.raises(NoEdition):
        await queries.figures(reader, YEAR, edition=Edition("v1", 2))
    amounts = {}
    for n in (1, 2, 3, 4):
        await ensure(worker.pool, DEPLOYMENT, [Edition("v1", n)], silent)
        report = await queries.figures(reader, YEAR, numbers=["O9"], edition=Edition("v1", n))
        assert (report.version, report.complete_to, report.withheld) == ("v1", n, 0)
        amounts[n] = report.figures[0].amount
    assert amounts == {1: 1, 2: 2, 3: 1, 4: 2}
    served = await queries.figures(reader, YEAR, numbers=["O9"])
    assert (served.figures[0].amount, served.complete_to) == (2, 4)
    assert (await queries.figures(reader, Period.parse("2023"), edition=Edition("v1", 4))).figures[0].amount == 0


async def test_an_edition_counts_no_victim_who_came_later(database: Database) -> None:
    """Found by the soak: a cohort was read from the cells of now."""
    history: list[bytes] = []
    for number in (1, 2):
        of = {"case": an_id(Kind.CASE, number)}
        history += [
            raw("investigation.opened", 2 * number, of),
            raw("victim.identified", 2 * number + 1, of | {"person": person(number), "status": "suspected"}),
        ]
    worker, reader = await counted(database, history), await database.connect("officer")
    await ensure(worker.pool, DEPLOYMENT, [Edition("v1", 2)], silent)
    for figure in ("O1a", "O3", "O4", "O5", "O28"):
        then = await queries.figures(reader, YEAR, numbers=[figure], edition=Edition("v1", 2))
        now = await queries.figures(reader, YEAR, numbers=[figure])
        assert (then.figures[0].amount, now.figures[0].amount) == (1, 2), figure


def test_a_question_for_an_edition_reads_no_cell_of_now() -> None:
    assert "figure_cell" not in READ_EDITION
    assert READ_EDITION.count("edition_cell") == READ.count("figure_cell")


async def test_what_comes_later_changes_no_kept_edition(database: Database) -> None:
    worker, log, reader = Worker(await database.pool()), RoutedLog(), await database.connect("officer")
    await worker.assign()
    for number, payload in enumerate(HISTORY, start=1):
        log.write(payload)
        await worker.drain(log)
        await worker.store.store_progress(log.progress())
        if number == 2:
            await ensure(worker.pool, DEPLOYMENT, [Edition("v1", 2)], silent)
    report = await queries.figures(reader, YEAR, numbers=["O9"], edition=Edition("v1", 2))
    assert report.figures[0].amount == 2


async def test_what_has_no_number_is_in_no_edition_whenever_it_came(database: Database) -> None:
    """Live withholds its entity; what is told of a number stays what was told."""
    worker, log, look = Worker(await database.pool()), RoutedLog(), await database.connect()
    await worker.assign()
    for payload in HISTORY:
        log.write(payload)
    await worker.drain(log)
    await worker.store.store_progress(log.progress())
    numbers = range(len(HISTORY) + 1)
    await ensure(worker.pool, DEPLOYMENT, [Edition("v1", n) for n in numbers], silent)
    for who in (0, 2):
        log.put(next(iter(DEPLOYMENT.logs)), person(who).encode(), an_arrest(7, who), number=b"")
    await worker.drain(log)
    await ensure(worker.pool, DEPLOYMENT, [Edition("again", n) for n in numbers], silent)
    for n in numbers:
        assert await cells(look, "again", n) == await kept(look, n)
    assert (await queries.figures(look, YEAR)).withheld == 2
    answer = await why(look, DEPLOYMENT, Question(FIGURES["O9"], YEAR, ()), 2, silent)
    assert ([each.plain()["n"] for each in answer.events], answer.readings[0].amount) == ([1, 2], 2)
    (told,) = await read_acceptance_delays(await database.connect("officer"), Period.parse("2025"), len(HISTORY))
    assert told.facts == len(HISTORY)


async def test_a_withheld_entity_is_withheld_in_an_edition_too(database: Database) -> None:
    worker, log, reader = Worker(await database.pool()), RoutedLog(), await database.connect("officer")
    await worker.assign()
    log.write(HISTORY[0])
    log.put(next(iter(DEPLOYMENT.logs)), person(0).encode(), an_arrest(7, 5), number=b"1")
    await worker.drain(log)
    await worker.store.store_progress(log.progress())
    await ensure(worker.pool, DEPLOYMENT, [Edition("v1", 1)], silent)
    report = await queries.figures(reader, YEAR, numbers=["O9"], edition=Edition("v1", 1))
    assert (report.withheld, report.figures[0].amount) == (1, 0)


async def test_an_interrupted_job_goes_on_and_says_how_far_it_is(database: Database) -> None:
    worker, look = await counted(database, HISTORY), await database.connect()
    told: list[tuple[int, int]] = []

    def interrupted(done: int, total: int) -> None:
        told.append((done, total))
        if len(told) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await ensure(worker.pool, DEPLOYMENT, [Edition("v1", 4)], interrupted)
    assert await look.fetchval("SELECT count(*) FROM edition") == 0
    told.extend([(0, 0)] * 3)
    await ensure(worker.pool, DEPLOYMENT, [Edition("v1", 4)], interrupted)
    assert await kept(look, 4) == await cells(look)
    rows = await look.fetchval("SELECT count(*) FROM ledger")
    assert told[-1] == (rows, rows)
    before = len(told)
    await ensure(worker.pool, DEPLOYMENT, [Edition("v1", 4)], interrupted)
    assert len(told) == before, "it was made again"


async def test_two_jobs_at_once_count_nothing_twice(database: Database) -> None:
    worker, look = await counted(database, HISTORY), await database.connect()
    both = [Edition("v1", n) for n in (3, 4)]
    await asyncio.gather(*(ensure(worker.pool, DEPLOYMENT, each, silent) for each in (both, both[::-1], both[:1])))
    assert await kept(look, 4) == await cells(look)
    assert await kept(look, 3) != await kept(look, 4)


async def test_a_partition_that_another_job_has_made_is_left_alone(database: Database) -> None:
    worker = await counted(database, HISTORY)
    for taken in (True, False):
        store = Store(worker.pool, "v1", 4)
        async with borrow_connection(worker.pool) as connection, connection.transaction():
            assert await store.take_up(connection, (0, 0)) is taken


async def test_a_time_stands_for_the_last_event_accepted_by_then(database: Database) -> None:
    worker = await counted(database, HISTORY)
    async with borrow_connection(worker.pool) as connection:
        for ms, n in (
            (accepted_ms(1) - 1, 0),
            (accepted_ms(2), 2),
            (accepted_ms(3) - 1, 2),
            (accepted_ms(9), 4),
        ):
            assert await number_of(connection, datetime.fromtimestamp(ms / 1000, UTC)) == n
        assert await number_of(connection, 4) == 4


async def test_only_what_is_complete_may_be_asked_for(database: Database) -> None:
    worker, log = Worker(await database.pool()), RoutedLog()
    async with borrow_connection(worker.pool) as connection:
        with pytest.raises(NotComplete) as refused:
            await number_of(connection, 0)
        assert refused.value.complete_to == 0
    await worker.assign()
    log.write(HISTORY[0])
    await worker.store.store_progress(log.progress())
    log.write(HISTORY[1])
    await worker.drain(log)
    async with borrow_connection(worker.pool) as connection:
        assert await number_of(connection, 1) == 1
        for moment in (2, datetime.fromtimestamp(accepted_ms(2) / 1000, UTC)):
            with pytest.raises(NotComplete) as refused:
                await number_of(connection, moment)
            assert (refused.value.n, refused.value.complete_to) == (2, 1)


async def test_a_time_is_not_asked_for_while_what_was_accepted_by_then_is_on_its_way(database: Database) -> None:
    """The relay has said more than was read, and nothing that was read was accepted later."""
    worker, log = Worker(await database.pool()), RoutedLog()
    await worker.assign()
    log.write(HISTORY[0])
    await worker.drain(log)
    await worker.store.store_progress(log.progress())
    log.write(HISTORY[1])
    await worker.store.store_progress(log.progress())
    async with borrow_connection(worker.pool) as connection:
        at = [datetime.fromtimestamp(accepted_ms(n) / 1000, UTC) for n in (1, 2)]
        for moment in at:
            with pytest.raises(NotComplete) as refused:
                await number_of(connection, moment)
            assert (refused.value.n, refused.value.complete_to) == (2, 1)
        assert await number_of(connection, 1) == 1
        await worker.drain(log)
        assert [await number_of(connection, moment) for moment in at] == [1, 2]


async def test_what_has_no_number_says_nothing_of_when_events_were_accepted(database: Database) -> None:
    """Else its time would stand for all that is still on its way."""
    worker, log = Worker(await database.pool()), RoutedLog()
    await worker.assign()
    log.write(HISTORY[0])
    log.put(next(iter(DEPLOYMENT.logs)), person(5).encode(), b"", number=b"")
    (foreign,) = [here for here in log.records.values() if here and not here[-1].value]
    foreign[-1] = replace(foreign[-1], headers=(), timestamp_ms=accepted_ms(9))
    await worker.drain(log)
    await worker.store.store_progress(log.progress())
    log.write(HISTORY[1])
    await worker.store.store_progress(log.progress())
    async with borrow_connection(worker.pool) as connection:
        with pytest.raises(NotComplete):
            await number_of(connection, datetime.fromtimestamp(accepted_ms(2) / 1000, UTC))
        assert await accepted_at(connection, 1) == datetime.fromtimestamp(accepted_ms(1) / 1000, UTC)
        assert await accepted_at(connection, 0) == datetime.fromtimestamp(0, UTC)


def place(who: int) -> int:
    return partition_of(person(who).encode(), PARTITIONS)


async def test_a_time_is_settled_by_what_was_accepted_after_it_once_all_before_that_is_there(
    database: Database,
) -> None:
    worker, log = Worker(await database.pool()), RoutedLog()
    await worker.assign()
    elsewhere = next(who for who in range(2, 99) if place(who) != place(1))
    said = []
    for payload in (an_arrest(0, 0), an_arrest(1, 1), an_arrest(2, elsewhere)):
        log.write(payload)
        said.append(log.progress())
    await worker.count([record for record in worker.batch(log) if record.value != an_arrest(1, 1)])
    await worker.store.store_progress(said[0])
    at = datetime.fromtimestamp(accepted_ms(2) / 1000, UTC)
    async with borrow_connection(worker.pool) as connection:
        with pytest.raises(NotComplete) as refused:
            await number_of(connection, at)
        assert (refused.value.n, refused.value.complete_to) == (2, 1)
        await worker.drain(log)
        await worker.store.store_progress(said[1])
        assert await number_of(connection, at) == 2
        with pytest.raises(NotComplete):
            await number_of(connection, 3)


async def test_the_edition_of_another_code_is_another(database: Database) -> None:
    worker, reader = await counted(database, HISTORY), await database.connect("officer")
    await ensure(worker.pool, DEPLOYMENT, [Edition("v1", 2)], silent)
    with pytest.raises(NoEdition):
        await queries.figures(reader, YEAR, numbers=["O9"], edition=Edition("v2", 2))
    await ensure(worker.pool, DEPLOYMENT, [Edition("v2", 2)], silent)
    for code in ("v1", "v2"):
        report = await queries.figures(reader, YEAR, numbers=["O9"], edition=Edition(code, 2))
        assert (report.version, report.figures[0].amount) == (code, 2)
