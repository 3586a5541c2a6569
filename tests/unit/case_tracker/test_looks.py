"""Looks at cases: by a login, noted before anything is shown."""

import asyncio
from typing import Any

import asyncpg
import pytest

from schemas.codec import decode_strict
from services.case_tracker.queries import SeenFinding, finding_seen, findings, look_at_case, note_records
from services.runtime.deadline_sweep import Sweeper
from tests.support.stopped_clock import StoppedClock
from tests.unit.case_tracker.conftest import As
from tests.unit.case_tracker.sample import CASE, OTHER_CASE, START, VICTIM, story
from tests.unit.case_tracker.test_handlers import (
    LATER,
    a_decider,
    a_store,
    handle,
    prosecuted,
    records,
    restricted,
)


async def test_an_agency_sees_a_case_only_by_a_look_that_is_noted(
    pool: asyncpg.Pool,
    reader: Any,  # noqa: ANN401
    as_login: As,
) -> None:
    decider = a_decider(pool)
    log = story()
    await handle(decider, pool, records(log.entries[:1]))
    (found,) = await findings(reader)
    assert (found.code, found.records, found.closed_at) == ("charged_without_arrest", (log.entries[0].event.ref,), None)
    dhs, bpd = await as_login("agency_dhs"), await as_login("agency_bpd")
    given = await look_at_case(dhs, CASE, purpose="protection", as_of=LATER)
    assert given is not None
    assert [each.content for each in given.facts] == [log.entries[0].event]
    seen = await finding_seen(dhs, found.finding)
    assert seen == SeenFinding(found.finding, CASE, found.code, found.records, found.persons)
    assert await look_at_case(bpd, OTHER_CASE, purpose="audit", as_of=LATER) is None
    assert await look_at_case(bpd, "Maria", purpose="audit", as_of=LATER) is None
    for number in ("0" * 32, "Maria"):  # an account that is not signed in
        assert await bpd.fetchval("SELECT note_look($1, $2, 'audit')", CASE, number) is None
    for table in ("fact", "finding", "findings", "outbox", "viewed", "seen_by", "kept", "seen_fact", "stored_fact"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await dhs.fetch(f"SELECT * FROM {table}")
    for change in ("UPDATE viewed SET agency = 'x'", "DELETE FROM viewed", "INSERT INTO viewed (case_id) VALUES ('x')"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await pool.execute(change)
    rows = await pool.fetch("SELECT role, case_id, agency, purpose FROM viewed ORDER BY seq")
    assert [tuple(row) for row in rows] == [
        ("agency_dhs", CASE, "dhs", "protection"),
        ("agency_bpd", OTHER_CASE, "bpd", "audit"),
    ]


async def test_an_agency_s_login_gets_nothing_of_a_case_that_it_sees_nothing_of(
    pool: asyncpg.Pool,
    reader: Any,  # noqa: ANN401
    as_login: As,
) -> None:
    """Nor of a look that another login noted; the auditor looks as the Council, for an audit and nothing else."""
    log = prosecuted()
    restricted(log)
    await handle(a_decider(pool), pool, records(log.entries))
    tourism, dhs, shut_out = [await as_login(f"agency_{each}") for each in ("btb", "dhs", "odpp")]
    for found in await findings(reader):
        seen = await finding_seen(dhs, found.finding)
        assert seen == SeenFinding(found.finding, CASE, found.code, found.records, found.persons)
        assert await finding_seen(tourism, found.finding) is None
        assert await finding_seen(shut_out, found.finding) is None
    for blind in tourism, shut_out:
        assert await look_at_case(blind, CASE, purpose="protection", as_of=LATER) is None
    noted = await dhs.fetchval(_NOTED, CASE)
    assert await tourism.fetch("SELECT * FROM look($1)", noted) == []
    assert len(await dhs.fetch("SELECT * FROM look($1)", noted)) == len(log.entries)
    auditor = await as_login("auditor")
    assert await look_at_case(auditor, CASE, purpose="protection", as_of=LATER) is None
    given = await look_at_case(auditor, CASE, purpose="audit", as_of=LATER)
    assert given is not None
    assert (len(given.facts), given.hidden) == (len(log.entries), 0)
    looks = await auditor.fetch("SELECT role, agency, purpose FROM viewed ORDER BY seq")
    assert tuple(looks[-1]) == ("auditor", "council", "audit")


async def test_nobody_but_an_agency_s_login_looks_at_a_case(pool: asyncpg.Pool, as_login: As) -> None:
    await handle(a_decider(pool), pool, records(story().entries[:1]))
    for role in ("officer", "me_read", "referral", "reporting", "intake", "registrar", "identity"):
        connection = await as_login(role)
        for statement in (f"SELECT case_tracker.note_look('{CASE}', NULL, 'audit')", "SELECT case_tracker.look(1)"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.fetch(statement)


_NOTED = "SELECT note_look($1, NULL, 'protection')"


async def test_a_look_that_can_still_be_taken_back_shows_nothing(pool: asyncpg.Pool, as_login: As) -> None:
    await handle(a_decider(pool), pool, records(story().entries[:1]))
    reader = await as_login("agency_dhs")
    nested = "BEGIN; SAVEPOINT one"
    for begin, end in (("BEGIN", "SELECT 1"), (nested, "RELEASE one"), (nested, "SELECT 1")):
        await reader.execute(begin)
        noted = await reader.fetchval(_NOTED, CASE)
        await reader.execute(end)
        assert await reader.fetch("SELECT * FROM look($1)", noted) == []
        await reader.execute("ROLLBACK")
        assert await reader.fetch("SELECT * FROM look($1)", noted) == []
    assert await pool.fetchval("SELECT count(*) FROM viewed") == 0
    noted = await reader.fetchval(_NOTED, CASE)
    assert len(await reader.fetch("SELECT * FROM look($1)", noted)) == 1
    assert await reader.fetch("SELECT * FROM look($1)", noted + 1) == []


async def test_persons_and_cases_of_records_shown_in_a_list_are_looks(pool: asyncpg.Pool, as_login: As) -> None:
    """Of what is no person and no case nothing is noted, and nothing at all for a purpose that is not the login's."""
    dhs, auditor = await as_login("agency_dhs"), await as_login("auditor")
    activity = "act-" + CASE.removeprefix("cas-")
    assert await note_records(dhs, [VICTIM, CASE, CASE, activity, "Maria"], "protection") == 2
    assert await note_records(auditor, [CASE], "protection") == 0
    rows = await pool.fetch("SELECT role, case_id, agency, purpose FROM viewed ORDER BY case_id")
    assert [tuple(row) for row in rows] == [
        ("agency_dhs", each, "dhs", "protection") for each in sorted((CASE, VICTIM))
    ]


async def test_every_look_goes_to_the_log_once(pool: asyncpg.Pool, as_login: As) -> None:
    async def ends() -> dict[tuple[str, int], int]:
        return {}

    # What no event can name is on record in the database alone, and holds nothing up.
    await look_at_case(await as_login("agency_dhs"), CASE, purpose="curiosity", as_of=LATER)
    for agency in ("dhs", "odpp"):
        await look_at_case(await as_login(f"agency_{agency}"), CASE, purpose="protection", as_of=LATER)
    await note_records(await as_login("agency_dhs"), [VICTIM], "protection")
    clock = StoppedClock(START)
    sweepers = [
        Sweeper(pool=pool, store=a_store(pool), decider=a_decider(pool), clock=clock, ends=ends) for _ in range(2)
    ]
    await asyncio.gather(*(each.sweep() for each in sweepers))
    assert await sweepers[0].sweep() == 0
    values = [row["value"] for row in await pool.fetch("SELECT value FROM outbox ORDER BY seq")]
    events = [decode_strict(value).event for value in values]
    assert sorted(each.data.model_dump()["agency"] for each in events) == ["dhs", "dhs", "odpp"]
    assert {each.concerns()[1] for each in events} == {CASE, VICTIM}
