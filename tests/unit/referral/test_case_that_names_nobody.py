"""A restricted case keeps its agency out also of messages about the first person whom an event names in it."""

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from schemas.ids import Kind
from schemas.service_decisions import Entered
from services.referral.handlers import Decider
from services.referral.store import Store
from tests.support.database import Server
from tests.unit.referral import test_handlers
from tests.unit.referral.sample import CASE, PERSON, SUSPECT, Log, an_id, as_written, happens

tables = test_handlers.pool
FOR_GOOD, OVER = None, datetime(2024, 1, 1, tzinfo=UTC)


async def keeps_out(tables: asyncpg.Pool, server: Server, agency: str, until: datetime | None) -> None:
    """Store a restriction of the case as the case tracker does when the case names nobody."""
    tracker = await asyncpg.connect(server.dsn("case_tracker", await tables.fetchval("SELECT current_database()")))
    try:
        row = "INSERT INTO case_tracker.kept_from (case_id, agency, until) VALUES ($1, $2, $3)"
        await tracker.execute(row, CASE, agency, until)
    finally:
        await tracker.close()


async def told(tables: asyncpg.Pool, entries: list[Entered], person: str = PERSON) -> set[str]:
    """Return the agencies that get a message after these events."""
    await test_handlers.handle(
        Decider(test_handlers.DEPLOYMENT, Store(tables), as_written(), "0123456789abcdef"),
        tables,
        test_handlers.records(entries, person),
    )
    rows = await tables.fetch("SELECT topic FROM outbox WHERE topic ~ '[.]delivery[.]'")
    return {row["topic"].split(".")[-2] for row in rows}


@pytest.mark.parametrize(("until", "hears"), [(FOR_GOOD, False), (OVER, True)])
async def test_an_emergency_that_first_names_a_person_is_not_told_to_an_agency_kept_out(
    tables: asyncpg.Pool,
    server: Server,
    until: datetime | None,
    *,
    hears: bool,
) -> None:
    """The case named nobody, so no person's log had the restriction, and the agency on call got the person's id."""
    await keeps_out(tables, server, "bpd", until)
    log = Log(policy=as_written())
    log.sends("immigration", urgency="emergency")
    found = await told(tables, log.entries)
    assert "dhs" in found
    assert ("bpd" in found) is hears


async def test_a_danger_that_first_names_a_person_is_told_to_the_council_in_place_of_those_kept_out(
    tables: asyncpg.Pool,
    server: Server,
) -> None:
    for agency in ("dhs", "odpp"):
        await keeps_out(tables, server, agency, FOR_GOOD)
    log = Log(policy=as_written())
    log.add("bpd", "victim.identified", {"person": PERSON, "status": "confirmed"})
    log.add("bpd", "arrest.made", {"person": PERSON, "case": CASE, "arrest": an_id(Kind.ARREST, "a")})
    assert await told(tables, log.entries) == {"bpd", "council"}


async def test_a_notice_of_a_suspect_whom_the_case_names_first_leaves_out_those_kept_out(
    tables: asyncpg.Pool,
    server: Server,
) -> None:
    await keeps_out(tables, server, "dhs", FOR_GOOD)
    log = Log(policy=as_written())
    happens(log, "bail.granted", victims=[PERSON])
    log.now += timedelta(minutes=1)
    assert "dhs" not in await told(tables, log.entries, SUSPECT)
