"""What the reader sees of figures: whole quarters and years, and no number from one to four, however it asks."""

from datetime import date
from typing import Any, Final

from schemas.times import Period
from services.reporting import queries
from services.reporting.domain.algebra import CellKey
from services.reporting.domain.figure import Reader
from services.runtime.postgres import acquired
from tests.unit.reporting.conftest import Database
from tests.unit.reporting.world import Worker

DAY: Final = date(2024, 5, 10)
QUARTERS: Final = ("2024-01..2024-03", "2024-04..2024-06", "2024-07..2024-09", "2024")
NAMES: Final = ("2024-Q1", "2024-Q2", "2024-Q3", "2024")


def a_cell(figure: str, on_from: date, on_to: date, **dims: str) -> CellKey:
    return CellKey(figure, on_from, on_to, again=False, dims=tuple(sorted(dims.items())))


async def shown(database: Database, cells: dict[CellKey, int]) -> Any:  # noqa: ANN401
    worker = Worker(await database.pool())
    await worker.assign()
    async with acquired(worker.pool) as connection:
        await worker.store.count(connection, {(0, 0): cells})
    return await database.connect("reader")


async def test_a_period_tells_what_the_figure_says_of_it_unless_it_is_small(database: Database) -> None:
    """Each of the three columns is one way of reading, so that the officer's figures are found in one of them."""
    cells = {
        a_cell("O9", DAY, DAY): 7,
        a_cell("O9", date(2024, 1, 1), date(2024, 12, 31)): 2,
        a_cell("O9", date(2024, 8, 1), date(2024, 8, 1)): 4,
        a_cell("O1a", date(2024, 2, 3), date(2024, 8, 31)): 9,
    }
    reader, officer = await shown(database, cells), await database.connect("officer")
    rows = await reader.fetch("SELECT * FROM figure_period WHERE dims = '{}'")
    found = {(row["figure"], row["period"]): row for row in rows}
    column = {Reader.SUM: "happened", Reader.RUNNING_SUM: "stood", Reader.ACTIVE: "any_time"}
    for name, period in zip(NAMES, map(Period.parse, QUARTERS), strict=True):
        report = await queries.figures(officer, period, numbers=["O9", "O1a"])
        for each in report.figures:
            row = found.get((each.figure.number, name))
            told = "0" if row is None else row[column[each.figure.reader]]
            assert told == ("1-4" if 0 < each.amount < 5 else str(each.amount)), (each.figure.number, name)
    assert found["O9", "2024-Q2"]["happened"] == "7"
    assert found["O9", "2024-Q3"]["happened"] == "1-4"
    assert found["O9", "2024"]["happened"] == "13"
    assert (found["O9", "2024"]["first_day"], found["O9", "2024"]["last_day"]) == (date(2024, 1, 1), date(2024, 12, 31))


async def test_no_row_is_of_one_day_and_none_tells_of_one_person(database: Database) -> None:
    cells = {
        a_cell("O9", date(2024, month, 5), date(2024, month, 5), sex="male"): month % 5 + 1 for month in range(1, 13)
    }
    reader = await shown(database, cells)
    rows = await reader.fetch("SELECT * FROM figure_period UNION ALL SELECT * FROM figure_period WHERE figure = 'O9'")
    assert rows
    assert not [row for row in rows if (row["last_day"] - row["first_day"]).days < 89]
    assert not {row[name] for row in rows for name in ("happened", "stood", "any_time")} & {"1", "2", "3", "4"}


async def test_the_plan_of_a_question_tells_no_more_than_its_answer(database: Database) -> None:
    """The plan of a view over cells would say how many there are, and so how many persons."""
    reader = await shown(database, {a_cell("O9", DAY, DAY, sex=sex): 1 for sex in ("male", "female", "unknown")})
    plan = await reader.fetch("EXPLAIN (ANALYZE, VERBOSE) SELECT * FROM figure_period WHERE figure = 'O9'")
    text = "\n".join(row[0] for row in plan)
    assert "Function Scan" in text
    assert "cell" not in text


async def test_editions_are_told_in_the_same_way(database: Database) -> None:
    reader = await shown(database, {})
    assert await reader.fetch("SELECT hash, known_at, figure, period, happened FROM edition_period") == []
