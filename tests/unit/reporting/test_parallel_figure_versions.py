"""Two versions of the figures beside each other: both complete, one served, and the change at once and whole."""

import asyncio
from collections.abc import Sequence

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.codec import decode
from services.reporting.council_input_tables import disclosure_policy
from services.reporting.parallel_figure_versions import FigureVersions
from services.reporting.store import Store
from services.reporting.values.value_renewal import renew
from services.runtime.postgres import borrow_connection
from tests.unit.reporting.conftest import Database, Server, a_database
from tests.unit.reporting.log_and_worker_in_memory import DEPLOYMENT, EVERY, Log, RoutedLog, Worker, cells
from tests.unit.reporting.samples import histories
from tests.unit.reporting.test_fold import all_cells
from tests.unit.reporting.test_handlers import an_inspection
from tests.unit.reporting.test_values import TODAY

HALF = frozenset(key for key in EVERY if key[1] == 0)
STATUS = "SELECT version, complete_to, withheld FROM figure_status"


class Copies:
    """Copies of two versions, each with a part of the partitions, and what each believes of the others."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self.pool = pool
        self.running = {"old", "new"}
        self.workers = {version: Worker(pool, version) for version in ("old", "new")}
        self.beside = {
            version: FigureVersions(pool, Store(pool, version), DEPLOYMENT, lambda each: each in self.running)
            for version in ("old", "new")
        }

    async def advance(self, *versions: str) -> None:
        for version in versions or sorted(self.running):
            await self.beside[version].advance(asyncio.Event())

    async def drain(self, log: Log) -> None:
        for version in sorted(self.running):
            await self.workers[version].drain(log)
        for store in (worker.store for worker in self.workers.values()):
            await store.store_progress(log.progress())

    def give(self, version: str, partitions: frozenset[tuple[str, int]]) -> None:
        """Take partitions from the worker of a version."""
        for key in partitions:
            self.workers[version].positions.pop(key, None)


async def started(database: Database, log: Log) -> Copies:
    """Give an old copy that counted three events, and a new one that has none of the partitions yet."""
    copies = Copies(await database.pool())
    for number in (1, 2, 3):
        log.write(an_inspection(number, number))
    await copies.workers["old"].assign()
    copies.running = {"old"}
    await copies.drain(log)
    await copies.advance()
    copies.running.add("new")
    return copies


async def test_both_versions_are_complete_and_the_old_one_is_served_until_no_copy_counts_it(database: Database) -> None:
    log, look = Log(), await database.connect()
    copies = await started(database, log)
    await copies.advance("new")
    assert await cells(look, "new") == await cells(look, "old")
    await copies.workers["new"].assign(HALF)
    copies.give("old", HALF)
    for number in (4, 5, 6, 7):
        log.write(an_inspection(number, number))
        await copies.drain(log)
        await copies.advance()
        wanted = all_cells([decode(an_inspection(n, n)) for n in range(1, number + 1)])
        assert await cells(look, "old") == await cells(look, "new") == await cells(look) == wanted
        assert dict(await look.fetchrow(STATUS) or {}) == {"version": "old", "complete_to": number, "withheld": 0}
    # The last old copy ends: the new version is served, with all that was counted.
    copies.running.remove("old")
    await copies.workers["new"].assign(EVERY - HALF)
    await copies.advance()
    assert dict(await look.fetchrow(STATUS) or {}) == {"version": "new", "complete_to": 7, "withheld": 0}
    # And back.
    copies.running.add("old")
    await copies.workers["old"].assign()
    copies.give("new", EVERY)
    log.write(an_inspection(8, 8))
    await copies.drain(log)
    await copies.advance()
    assert dict(await look.fetchrow(STATUS) or {}) == {"version": "new", "complete_to": 8, "withheld": 0}
    copies.running.remove("new")
    await copies.advance()
    assert dict(await look.fetchrow(STATUS) or {}) == {"version": "old", "complete_to": 8, "withheld": 0}


async def test_a_version_that_is_less_far_is_not_served(database: Database) -> None:
    log, look = Log(), await database.connect()
    copies = await started(database, log)
    copies.running.remove("old")
    async with borrow_connection(copies.pool) as connection, connection.transaction():
        store = Store(copies.pool, "new")
        assert not await store.hand_over(connection, lambda _: False)
    assert await look.fetchval("SELECT version FROM figure_status") == "old"
    await copies.advance()
    assert await look.fetchval("SELECT version FROM figure_status") == "new"


async def test_values_of_another_version_are_left_to_a_copy_that_knows_them(database: Database) -> None:
    log = Log()
    copies = await started(database, log)
    assert not await renew(copies.pool, TODAY, disclosure_policy(), None, "new")
    assert await renew(copies.pool, TODAY, disclosure_policy(), None, "old")


@given(history=histories(), cuts=st.lists(st.integers(1, 8), min_size=1, max_size=3))
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_cells_that_are_counted_on_equal_those_of_the_owner(
    server: Server, history: Sequence[bytes], cuts: list[int]
) -> None:
    """Whatever the events say about each other, and however much came between two looks."""

    async def check() -> None:
        async with a_database(server) as database:
            pool, log, look = await database.pool(), RoutedLog(), await database.connect()
            owner = Worker(pool, "new")
            await owner.assign()
            beside = FigureVersions(pool, Store(pool, "old"), DEPLOYMENT, lambda _: True)
            rest = list(history)
            while rest:
                cut = cuts[len(rest) % len(cuts)]
                for payload in rest[:cut]:
                    log.write(payload)
                rest = rest[cut:]
                await owner.drain(log)
                await beside.advance(asyncio.Event())
                assert await cells(look, "old") == await cells(look, "new")
            parked = "SELECT ent, cause, n FROM parked JOIN version USING (version) WHERE hash = $1 ORDER BY ent"
            assert await look.fetch(parked, "old") == await look.fetch(parked, "new")

    asyncio.run(check())


@pytest.mark.parametrize("first", ["owner", "beside"])
async def test_an_owner_and_a_copy_beside_it_of_one_version_count_nothing_twice(database: Database, first: str) -> None:
    log, look = Log(), await database.connect()
    pool = await database.pool()
    owner, beside = Worker(pool, "old"), FigureVersions(pool, Store(pool, "old"), DEPLOYMENT, lambda _: True)
    other = Worker(pool, "new")
    await other.assign()
    log.write(an_inspection(1, 1))
    await other.drain(log)
    steps = [owner.assign(), beside.advance(asyncio.Event())]
    await asyncio.gather(*(steps if first == "owner" else reversed(steps)))
    log.write(an_inspection(2, 2))
    await asyncio.gather(owner.drain(log), beside.advance(asyncio.Event()))
    assert await cells(look, "old") == all_cells([decode(an_inspection(n, n)) for n in (1, 2)])
