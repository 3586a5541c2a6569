"""The grid and the findings as they are read from the database; what is made of the readings is tested without one."""

from dataclasses import replace
from datetime import date
from typing import Final

import pytest

from schemas.codebook.governance import FindingCode
from schemas.times import Period
from services.reporting.domain.read.completeness_grid import MonthState
from services.reporting.domain.read.expected_reports import parse_expected_reports
from services.reporting.jobs.as_of_editions import ensure
from services.reporting.read.completeness_grid import NothingCounted, PublishingGridQuestion, read_publishing_grid
from services.reporting.read.figure_findings import findings
from services.reporting.read.queries import Edition
from tests.unit.reporting.conftest import Database
from tests.unit.reporting.log_and_worker_in_memory import DEPLOYMENT, Worker
from tests.unit.reporting.rules.evaluated_rules import Said, says
from tests.unit.reporting.samples import activity, at, case
from tests.unit.reporting.test_as_of_editions import counted, silent
from tests.unit.reporting.test_changes import arrested
from tests.unit.reporting.test_expected_reports import row, table

SPRING: Final = PublishingGridQuestion(
    Period.parse("2024-03..2024-06"), parse_expected_reports(table(row("quarter"))), date(2025, 3, 1)
)
TRAINED: Final = {"session": activity(1), "participants_n": 12}


async def made(database: Database, *said: Said) -> Worker:
    return await counted(database, [each(number) for number, each in enumerate(said)])


async def test_the_grid_has_months_that_nothing_is_due_for_and_the_nought_of_a_whole_year(database: Database) -> None:
    await made(
        database,
        says("bpd", "arrest.made", "2024-05-10", arrested(1, 1)),
        says("bpd", "training.session_delivered", at("2024-03", "2024-06"), TRAINED),  # of no single month
        says("hti", "case.review_provided", "2024-05-20", {"case": case(1)}),
        says("nopcan", "training.session_delivered", "2024-06-03", {**TRAINED, "session": activity(2)}),
        says(
            "labour",
            "period.closed",
            "2025-02-01",
            {"agency": "labour", "period": "2024", "zero_types": ["bz.atips.labour.inspection_completed.v1"]},
        ),
    )
    found = await read_publishing_grid(await database.connect("officer"), SPRING)
    rows = {each.agency: each for each in found.rows}
    events = {agency: [cell.events for cell in rows[agency].months] for agency in ("bpd", "hti", "nopcan")}
    assert events == {"bpd": [0, 0, 1, 0], "hti": [0, 0, 1, 0], "nopcan": [0, 0, 0, 1]}
    assert rows["bpd"].events == 2
    stand = [standing for cell in rows["labour"].months for _, standing in cell.reports]
    assert stand == [MonthState.ZERO, MonthState.ZERO]
    recorded = await read_publishing_grid(
        await database.connect("officer"), replace(SPRING, period=Period.parse("2025"))
    )
    facts = {each.agency: each.facts + each.unknown for each in recorded.lags}
    assert facts == {"bpd": 2, "hti": 1, "nopcan": 1}  # of a person, a case and activities


async def test_the_total_of_a_month_is_held_against_that_month_whatever_period_is_asked_for_and_known_at(
    database: Database,
) -> None:
    counts = {"bz.atips.arrest.made.v1": 1}
    worker = await made(
        database,
        says("bpd", "arrest.made", "2024-05-10", arrested(1, 1)),
        says("bpd", "arrest.made", "2024-06-10", arrested(2, 2)),
        *(
            says("bpd", "period.closed", "2024-08-01", {"agency": "bpd", "period": f"2024-{month}", "counts": counts})
            for month in ("04", "05")
        ),
        says("labour", "labour.inspection_completed", "2024-02-10", {"inspection": activity(1)}),
    )
    asked = PublishingGridQuestion(Period.parse("2024"), parse_expected_reports(table(row("year"))), date(2025, 3, 1))
    reader = await database.connect("officer")
    differs, missing = FindingCode.CONTROL_TOTAL_DIFFERS, FindingCode.NOTHING_PUBLISHED
    for known_at, expected in ((None, [differs]), (4, [differs, missing]), (2, [missing])):
        edition = None if known_at is None else Edition("v1", known_at)
        if edition:
            await ensure(worker.pool, DEPLOYMENT, [edition], silent)
        found = await findings(reader, asked, edition=edition)
        assert [each.code for each in found.findings] == expected
        assert (found.complete_to, found.withheld) == (known_at or 5, 0)
    for month, expected in (("2024-04", [differs]), ("2024-05", [])):
        found = await findings(reader, replace(asked, period=Period.parse(month)))
        assert [each.code for each in found.findings] == expected, "of a month that is asked for facts count once"


async def test_what_is_missing_is_not_told_before_anything_was_counted(database: Database) -> None:
    connection = await database.connect("officer")
    with pytest.raises(NothingCounted):
        await read_publishing_grid(connection, SPRING)
    with pytest.raises(NothingCounted):
        await findings(connection, SPRING)
