"""Editions and events that the pages ask for: answered by reporting, few at once, and asked again where that failed."""

import json
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from schemas.times import Period
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.read.asked_period import AskedPeriod
from services.reporting.domain.read.reading import Reading
from services.reporting.figure_version import figure_version
from services.reporting.jobs import why_answers
from services.reporting.jobs.as_of_editions import ensure
from services.reporting.jobs.page_question_worker import answer_all
from services.reporting.read import queries
from services.reporting.read.event_summary import LedgerEvent
from services.reporting.read.figure_changes_between_event_numbers import FigureDifference, MovedEvent
from services.reporting.read.queries import Edition
from services.runtime.postgres import borrow_connection
from tests.unit.reporting.amended_histories import retracted
from tests.unit.reporting.conftest import Database
from tests.unit.reporting.log_and_worker_in_memory import DEPLOYMENT, YEAR
from tests.unit.reporting.samples import person
from tests.unit.reporting.test_as_of_editions import HISTORY, counted
from tests.unit.reporting.test_changes import an_arrest

LATER = date(2150, 1, 1)
ASK = "SELECT ask_edition($1, $2)"
ROW = "SELECT answered_at IS NOT NULL AS answered, known_at FROM asked_edition WHERE day = $1"


async def test_an_edition_that_is_asked_for_is_made_and_holds_what_was_known(database: Database) -> None:
    await counted(database, HISTORY)
    pool, look = await database.pool(), await database.connect("web")
    for day in (date(2001, 1, 1), LATER):
        assert await look.fetchval(ASK, figure_version(), day)
    await answer_all(pool, DEPLOYMENT)
    assert dict(await look.fetchrow(ROW, date(2001, 1, 1)) or {}) == {"answered": True, "known_at": 0}
    assert dict(await look.fetchrow(ROW, LATER) or {}) == {"answered": True, "known_at": len(HISTORY)}
    async with borrow_connection(pool) as connection:
        then = await queries.figures(connection, YEAR, numbers=["O9"], edition=Edition(figure_version(), len(HISTORY)))
        now = await queries.figures(connection, YEAR, numbers=["O9"])
    assert [each.value for each in then.figures] == [each.value for each in now.figures]


async def test_a_day_whose_figures_are_not_complete_is_answered_and_may_be_asked_again(database: Database) -> None:
    worker = await counted(database, HISTORY)
    await worker.store.store_progress({9: {(0, 0): 99}})  # accepted, and not counted yet
    pool, look = await database.pool(), await database.connect("web")
    for answered in (True, False):
        assert await look.fetchval(ASK, figure_version(), LATER)
        if answered:
            await answer_all(pool, DEPLOYMENT)
        assert dict(await look.fetchrow(ROW, LATER) or {}) == {"answered": answered, "known_at": None}


async def test_few_wait_at_once_and_what_waits_may_be_asked_for_again(database: Database) -> None:
    look = await database.connect("web")
    days = [date(2025, 1, day) for day in range(1, 10)]
    assert [bool(await look.fetchval(ASK, "v", day)) for day in days] == [True] * 8 + [False]
    assert await look.fetchval(ASK, "v", days[0])
    assert await look.fetchval(ASK, "w", days[8])


async def test_a_day_that_is_too_old_is_removed_with_its_cells_and_another_may_be_asked(database: Database) -> None:
    """Days were kept for ever: after 200, no account could ask for another one until the code changed."""
    await counted(database, HISTORY)
    pool, look = await database.pool(), await database.connect("web")
    own, days = figure_version(), [date(2001, 1, 1), date(2001, 1, 2), LATER]
    for day in days:
        assert await look.fetchval(ASK, own, day)
    await answer_all(pool, DEPLOYMENT)
    old = "UPDATE asked_edition SET asked_at = asked_at - interval '90 days' WHERE day"
    await database.alter(f"{old} IN ('2001-01-01', '{LATER}')")
    await database.alter(
        f"INSERT INTO asked_edition (hash, day, answered_at) SELECT '{own}', DATE '2002-01-01' + n, now() "
        "FROM generate_series(1, 198) AS n"
    )
    assert await look.fetchval(ASK, own, date(2003, 1, 1)), "199 of 90 days, and two that are too old"
    assert not await look.fetchval(ASK, own, date(2003, 1, 2)), "that was the 200th"
    await answer_all(pool, DEPLOYMENT)
    kept = await look.fetch("SELECT day FROM asked_edition WHERE day < '2002-01-01' OR day > '2100-01-01'")
    assert [row["day"] for row in kept] == [date(2001, 1, 2)]
    async with borrow_connection(pool) as connection:
        numbers = await connection.fetch("SELECT known_at FROM edition ORDER BY known_at")
        cells = await connection.fetchval("SELECT count(*) FROM cell JOIN version USING (version) WHERE known_at > 0")
    assert ([row["known_at"] for row in numbers], cells) == ([0], 0), "another day has the cells of number 0"
    assert not await look.fetchval(ASK, own, LATER), "removal by age alone makes room"


async def test_the_events_behind_a_figure_are_told_by_register_number_and_with_the_ids_that_are_shown(
    database: Database,
) -> None:
    await counted(database, HISTORY)
    pool, look = await database.pool(), await database.connect()
    row = f"('{figure_version()}', 'O9', '{YEAR}', '')"
    await database.alter(f"INSERT INTO asked_why (hash, number, period, by) VALUES {row}")
    await answer_all(pool, DEPLOYMENT)
    found = await look.fetchrow("SELECT complete_to, answer, shown FROM asked_why")
    assert found is not None
    answer = json.loads(found["answer"])
    assert found["complete_to"] == len(HISTORY)
    assert [(each["type"], each["amounts"]) for each in answer["events"] if each["amounts"]] == [
        ("bz.atips.arrest.made.v1", [{"dimensions": {}, "amount": 1}])
    ] * len([each for each in answer["events"] if each["amounts"]])
    assert answer["events"]
    assert (answer["more"], answer["hidden"], answer["withheld"]) == (0, 0, 0)
    assert {each["entity"] for each in answer["events"]} <= set(found["shown"])
    assert "data" not in answer["events"][0]


@pytest.mark.parametrize(("after", "numbers"), [(1, [2, 3, 4]), (2, []), (3, [4]), (4, [])])
async def test_the_events_that_moved_a_figure_since_a_number_are_told_with_those_that_took_from_it(
    database: Database, after: int, numbers: list[int]
) -> None:
    arrests = [an_arrest(number, number) for number in range(3)]
    await counted(database, [*arrests, retracted(3, 0, person(0))])  # 1, 2, 3 and then 2 persons
    pool, look = await database.pool(), await database.connect()
    row = f"('{figure_version()}', 'O9', '{AskedPeriod(YEAR, after)}', '')"
    await database.alter(f"INSERT INTO asked_why (hash, number, period, by) VALUES {row}")
    await answer_all(pool, DEPLOYMENT)
    found = await look.fetchrow("SELECT complete_to, answer, shown FROM asked_why")
    assert found is not None
    answer = json.loads(found["answer"])
    assert found["complete_to"] == 4
    assert [each["n"] for each in answer["events"]] == numbers
    assert (answer["more"], answer["hidden"]) == (0, 0)
    assert {each["entity"] for each in answer["events"]} <= set(found["shown"])
    assert bool(found["shown"]) is bool(numbers)
    assert all("data" not in each and each["because"] is None for each in answer["events"])


async def test_where_many_editions_are_kept_a_change_is_explained_by_the_newest_of_them(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(why_answers, "MOST_EDITIONS", 2)
    await counted(database, [an_arrest(number, number) for number in range(4)])
    pool, look = await database.pool(), await database.connect()
    await ensure(pool, DEPLOYMENT, [Edition(figure_version(), n) for n in (1, 3)], lambda _, __: None)
    row = f"('{figure_version()}', 'O9', '{AskedPeriod(YEAR, 1)}', '')"
    await database.alter(f"INSERT INTO asked_why (hash, number, period, by) VALUES {row}")
    await answer_all(pool, DEPLOYMENT)
    found = await look.fetchrow("SELECT complete_to, answer FROM asked_why")
    assert found is not None
    assert (found["complete_to"], [each["n"] for each in json.loads(found["answer"])["events"]]) == (3, [2, 3])
    assert await look.fetchval("SELECT count(*) FROM edition") == 2


@pytest.mark.parametrize("text", ["2024", "2024-01..2024-06", "2024 after 812", "2024-01..2024-06 after 0"])
def test_the_text_of_an_asked_period_is_read_as_it_was_written(text: str) -> None:
    assert str(AskedPeriod.parse(text)) == text
    assert AskedPeriod.parse(text).period == Period.parse(text.partition(" ")[0])
    for wrong in ("", "2024 after x", "soon"):
        with pytest.raises(ValueError):  # noqa: PT011 - of several kinds
            AskedPeriod.parse(wrong)


def test_a_look_at_a_case_is_no_reason_for_a_change() -> None:
    def moved_by(n: int, event: Any) -> MovedEvent:  # noqa: ANN401 - an event or what stands for one
        return MovedEvent(LedgerEvent(n, "bpd/register", str(n), datetime(2026, 1, 1, tzinfo=UTC), event), ("x",))

    look: Any = SimpleNamespace(type="bz.atips.access.viewed.v1")
    reading = Reading(FIGURES["O9"], YEAR, {}, 1)
    found = FigureDifference(reading, reading, (moved_by(1, look), moved_by(2, None)))
    assert [each["n"] for each in why_answers._moved([found]).said["events"]] == [2]
