"""The SQL of the readers equals the readers of the domain, on any cells and any period."""

import asyncio
from datetime import date

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from schemas.codec import decode
from schemas.times import Period
from services.reporting.domain.cells.cells_from_items import GROUP, MARKS, CellKey, add_changes
from services.reporting.domain.declaration.figure import ALWAYS, NEVER, Figure, Nature, Reader
from services.reporting.domain.figures.all_figures import FIGURES, UndeclaredBreakdown, UnknownFigure
from services.reporting.domain.read.amounts_from_cells import read
from services.reporting.read import queries
from services.reporting.read.queries import Question
from services.runtime.postgres import borrow_connection
from tests.unit.reporting.conftest import Database, Server, a_database
from tests.unit.reporting.log_and_worker_in_memory import EVERY, Log, Worker
from tests.unit.reporting.samples import histories, periods
from tests.unit.reporting.test_fold import all_cells

EDGES = [Period.parse(each) for each in ("2023", "2024", "2024-02")]
DAYS = st.sampled_from([day for period in EDGES for day in (period.first, period.last)]) | st.dates(
    EDGES[0].first, EDGES[1].last
)
COHORTS = [figure for figure in FIGURES.values() if figure.reader is Reader.COHORT]
VALUES = {
    **{name: st.integers(0, 6).map(str) for name in ("suspects", "victims", "duration")},
    "member": st.sampled_from(["a|x", "a|y", "b|x", "c|x"]),
    "scope": st.sampled_from(
        [
            "absent",
            "batch|2024-01-01|2024-01-31|dhs||",
            "batch|2024-01-10|2024-01-20|dhs|outcome=referred|",
            *(f"item|2024-01-{day}|2024-01-{day}|dhs|outcome=referred|{who}" for day in (12, 25) for who in ("", "x")),
        ]
    ),
}


@st.composite
def random_cells(draw: st.DrawFn) -> dict[CellKey, int]:
    """Cells of any figure and breakdown, on any dates, whatever a state could make of them."""
    cells: dict[CellKey, int] = {}
    for _ in range(draw(st.integers(5, 40))):
        figure: Figure[object] = draw(st.sampled_from(list(FIGURES.values())) | st.sampled_from(COHORTS))
        names = draw(st.sampled_from(figure.kept))
        dims = tuple((name, draw(VALUES.get(name, st.sampled_from(["a", "b", "c"])))) for name in names)
        on_from = draw(st.one_of(DAYS, st.sampled_from([ALWAYS, NEVER])))
        on_to = draw(st.one_of(DAYS, st.just(NEVER)))
        number = figure.number + draw(st.sampled_from(["", "", "", *MARKS]))
        if figure.reader is Reader.COHORT and draw(st.booleans()):
            number = figure.number + GROUP
            dims = tuple((name, value.partition("|")[0]) for name, value in dims)
        key = CellKey(number, on_from, on_to, draw(st.booleans()), dims)
        add_changes(cells, {key: draw(st.integers(-3, 5).filter(bool))})
    return cells


async def equal(worker: Worker, database: Database, cells: dict[CellKey, int], asked: list[Period]) -> None:
    """Ask for all periods and breakdowns in one statement, and hold each answer against the domain's."""
    reader = await database.connect("officer")
    ways = sorted({breakdown for figure in FIGURES.values() for breakdown in figure.breakdowns})
    questions = [Question(period, by) for period in asked for by in ways]
    for (period, by, _), report in zip(questions, await queries.reports(reader, questions), strict=True):
        keeping = [figure for figure in FIGURES.values() if frozenset(by) in map(frozenset, figure.breakdowns)]
        assert report.figures == tuple(each for figure in keeping for each in read(figure, cells, period, by))


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(random_cells(), st.lists(periods(), min_size=2, max_size=4))
# A cell may end before it begins; such a cell lies within the days between and overlaps none of them.
@example({CellKey("O9", date(2024, 6, 1), date(2022, 6, 1), again=False, dims=()): 1}, [Period.parse("2023")])
# What is under way in a period may cover all of it: neither end of such a cell lies within.
@example({CellKey("O1b~", date(2023, 1, 1), date(2023, 12, 31), again=False, dims=()): 1}, [Period.parse("2023-11-20")])
def test_sql_equals_the_domains_readers_on_random_cells(
    server: Server, cells: dict[CellKey, int], asked: list[Period]
) -> None:
    async def law() -> None:
        async with a_database(server) as database:
            worker = Worker(await database.pool())
            await worker.assign()
            parts = [dict(list(cells.items())[part::2]) for part in (0, 1)]
            async with borrow_connection(worker.pool) as connection:
                await worker.store.count(connection, {(0, part): each for part, each in enumerate(parts)})
            await equal(worker, database, cells, asked)

    asyncio.run(law())


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histories(most=10), st.lists(periods(), min_size=2, max_size=4))
def test_sql_equals_the_domains_readers_on_what_was_counted(
    server: Server, history: list[bytes], asked: list[Period]
) -> None:
    async def law() -> None:
        async with a_database(server) as database:
            worker, log = Worker(await database.pool()), Log()
            await worker.assign()
            for payload in history:
                log.write(payload)
            await worker.drain(log)
            await equal(worker, database, all_cells([decode(payload) for payload in history]), asked)

    asyncio.run(law())


async def test_what_is_not_kept_is_refused_by_name(database: Database) -> None:
    reader = await database.connect("officer")
    with pytest.raises(UnknownFigure):
        await queries.figures(reader, Period.parse("2024"), numbers=["O99"])
    with pytest.raises(UndeclaredBreakdown):
        await queries.figures(reader, Period.parse("2024"), ("offence",), ["O9"])


async def test_before_every_partition_is_counted_nothing_is_shown(database: Database) -> None:
    worker, reader = Worker(await database.pool()), await database.connect("officer")
    await worker.assign(frozenset(list(EVERY)[1:]))
    report = await queries.figures(reader, Period.parse("2024"))
    assert (report.version, report.complete_to, report.withheld) == (None, 0, 0)
    # What the registry of agencies says is no event's, and known before any is counted.
    assert {each.amount for each in report.figures if each.figure.nature is not Nature.REGISTRY} == {0}
    assert len(report.figures) == len(FIGURES)
    await worker.assign()
    assert (await queries.figures(reader, Period.parse("2024"))).version == "v1"


async def test_a_session_that_forbids_hash_joins_has_them_for_this_question(database: Database) -> None:
    """Without hash joins each cell meets each figure. Every service's session forbids them, as it asks by key."""
    reader = await database.connect("officer")
    await reader.execute("SET enable_hashjoin = off")
    async with reader.transaction(isolation="repeatable_read", readonly=True):
        await queries.figures(reader, Period.parse("2024"))
        assert await reader.fetchval("SHOW enable_hashjoin") == "on"
    assert await reader.fetchval("SHOW enable_hashjoin") == "off"
