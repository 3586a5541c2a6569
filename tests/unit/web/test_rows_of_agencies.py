"""Tables give the rows of the caller's agency alone, also to a function that was made wide open by mistake."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import orjson
import pytest

from schemas.ids import Kind, derive
from services.case_tracker.queries import note_records
from services.runtime import postgres
from services.web.domain.account_rules import token_hash
from tests.support.database import Server
from tests.unit.case_tracker.sample import CASE
from tests.unit.infra.rights import BY_AGENCY
from tests.unit.referral import test_handlers as referrals
from tests.unit.referral.sample import OTHER, PERSON, REFERRAL, Log
from tests.unit.web.officers_database import CARE, CLERK, COUNCIL, MEMBER, POLICE, TOURISM, UNIT, Seen, opened, pool_of

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
AGENCY_OF = {POLICE: "bpd", CARE: "dhs", TOURISM: "btb", COUNCIL: "council"}

_WAITED = """
INSERT INTO waited (person, kind, about, agency, since, due_at, sender, receiver, began_at, ended_at)
VALUES ($1, 'answer', $2, 'dhs', now(), now(), 'bpd', 'dhs', now(), now())
"""
_LOOKS = """
INSERT INTO case_tracker.viewed (case_id, agency, purpose)
    SELECT DISTINCT $1, house, 'protection' FROM access.agency
    WHERE agency IN ('bpd', 'dhs', 'btb', 'council', 'atips_pu');
INSERT INTO case_tracker.kept_from (case_id, agency) VALUES ($1, 'odpp')
"""
_HIDE = "DELETE FROM seen_fact WHERE agency = 'bpd' AND ref = (SELECT min(ref) FROM seen_fact WHERE agency = 'bpd')"
_OPEN = """
CREATE FUNCTION web.all_of_{name}() RETURNS SETOF {table} LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog AS 'SELECT * FROM {table}'
"""


@pytest.fixture
async def seen(server: Server, tmp_path: Path) -> AsyncIterator[Seen]:
    """A database in which somebody opened each table to the pages, by a function without a condition."""
    async with opened(server, tmp_path, NOW) as found:
        owner = await asyncpg.connect(server.dsn("owner", found.name))
        await owner.execute(_LOOKS.replace("$1", f"'{CASE}'"))
        await owner.execute("SET search_path = referral")
        await owner.execute(_WAITED.replace("$1", f"'{PERSON}'").replace("$2", f"'{REFERRAL}'"))
        for table in BY_AGENCY:
            name = table.replace(".", "_")
            await owner.execute(_OPEN.format(name=name, table=table))
            await owner.execute(f"GRANT EXECUTE ON FUNCTION web.all_of_{name} TO web")
        await owner.close()
        yield found


async def rows(seen: Seen, session: bytes | str, table: str) -> list[dict[str, Any]]:
    # As JSON: the driver asks for types that it does not know, which the role of the pages may not.
    found = await seen.as_web(session, f"SELECT to_jsonb(each) FROM web.all_of_{table.replace('.', '_')}() AS each")
    return [orjson.loads(row[0]) for row in found]


async def every_row(seen: Seen, table: str) -> list[dict[str, Any]]:
    admin = await asyncpg.connect(seen.server.of_admin(seen.name))
    try:
        return [dict(row) for row in await admin.fetch(f"SELECT * FROM {table}")]
    finally:
        await admin.close()


async def test_a_function_without_a_condition_gives_a_stranger_nothing(seen: Seen) -> None:
    for table in sorted(BY_AGENCY):
        every = await every_row(seen, table)
        assert every, table  # else this would say nothing
        for account in (TOURISM, CLERK, MEMBER):
            if (table, account) == ("case_tracker.viewed", TOURISM):
                continue  # its own looks are its own
            assert await rows(seen, seen.session(account), table) == [], (table, account.name)
        for session in ("", "bpd", "0" * 64):
            assert await rows(seen, session, table) == [], table
        for account in (POLICE, CARE, UNIT, COUNCIL):
            found = await rows(seen, seen.session(account), table)
            # Only the Council may know who is kept from a case.
            assert bool(found) is (account == COUNCIL or table != "case_tracker.kept_from"), (table, account.name)


async def test_an_agency_has_its_own_looks_and_the_auditor_all(seen: Seen) -> None:
    for account, agency in AGENCY_OF.items():
        assert {row["agency"] for row in await rows(seen, seen.session(account), "case_tracker.viewed")} == {agency}
    auditor = await asyncpg.connect(seen.server.dsn("auditor", seen.name))
    every = await auditor.fetchval("SELECT count(DISTINCT agency) FROM case_tracker.viewed")
    await auditor.close()
    assert every == len(set(AGENCY_OF.values()))


async def test_without_the_lock_the_same_function_gives_a_stranger_everything(seen: Seen) -> None:
    for table in sorted(BY_AGENCY):
        await seen.server.alter(seen.name, "web", f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        assert len(await rows(seen, seen.session(TOURISM), table)) == len(await every_row(seen, table))


async def test_of_a_shared_case_each_agency_has_its_own_facts(seen: Seen) -> None:
    every = {(row["case_id"], row["ref"]) for row in await every_row(seen, "case_tracker.fact_content")}
    sight = await every_row(seen, "case_tracker.seen_fact")
    for account, agency in AGENCY_OF.items():
        own = {(row["case_id"], row["ref"]) for row in sight if row["agency"] == agency}
        given = await rows(seen, seen.session(account), "case_tracker.fact_content")
        assert {(row["case_id"], row["ref"]) for row in given} == own, agency
        for row in await rows(seen, seen.session(account), "case_tracker.seen_fact"):
            assert row["agency"] == agency
    hidden = await seen.server.alter(seen.name, "case_tracker", _HIDE)
    assert hidden == "DELETE 1"
    given = await rows(seen, seen.session(POLICE), "case_tracker.fact_content")
    assert 0 < len(given) == len(every) - 1
    assert len(await rows(seen, seen.session(POLICE), "case_tracker.stored_fact")) == len(every)  # it is counted still


async def test_an_agency_s_own_login_reads_its_rows_by_views_and_no_others(seen: Seen) -> None:
    counts = {}
    for agency in ("bpd", "dhs", "btb", "council"):
        login = await asyncpg.connect(seen.server.dsn(f"agency_{agency}", seen.name))
        try:
            counts[agency] = {
                view: await login.fetchval(f"SELECT count(*) FROM {view}")
                for view in ("referral.own_referrals", "referral.own_waits", "case_tracker.own_findings")
            }
            for hidden in ("SELECT moves FROM referral.standing", "SELECT content FROM case_tracker.seen_fact"):
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await login.fetch(hidden)
        finally:
            await login.close()
    assert set(counts["btb"].values()) == {0}
    assert all(counts["dhs"].values())
    waits = await seen.officers.waits(seen.session(CARE), NOW)
    assert counts["dhs"]["referral.own_waits"] == len(waits)


async def test_counts_from_agency_to_agency_are_still_of_all(seen: Seen) -> None:
    [pair] = await seen.officers.counts(seen.session(TOURISM), NOW)
    assert (pair.sender, pair.receiver) == ("bpd", "dhs")


async def test_a_danger_shows_each_agency_the_records_that_were_decided_for_it_alone(
    seen: Seen, tmp_path: Path
) -> None:
    """Found from outside: police and prosecution saw a consent to health care, by their office alone."""
    log = Log(now=datetime(2024, 4, 1, 18, tzinfo=UTC))
    tie = log.add("odpp", "victim_suspect.linked", {"victim": PERSON, "suspect": OTHER, "case": CASE}, subject=CASE)
    by = {"basis": "guardian", "given_by": "guardian", "guardian": OTHER}
    given = log.consents("mohw", agency="hti", purposes=["health_care"], **by)
    referral = await pool_of(seen.server, tmp_path, "referral", seen.name)
    await referrals.handle(referrals.a_decider(referral), referral, referrals.records(log.entries, begin=9))
    query = "SELECT code, records FROM dangers_seen() WHERE code IS DISTINCT FROM 'victim_prosecuted'"
    code, records = "guardian_is_suspect", [tie.ref, given.ref]
    for account, expected in (
        (POLICE, [(None, [tie.ref, None])]),
        (UNIT, [(None, [tie.ref, None])]),
        (CARE, [(code, records)]),
        (COUNCIL, [(code, records)]),
        (TOURISM, []),
    ):
        session = seen.session(account)
        assert [tuple(row) for row in await seen.as_web(session, query)] == expected, account.name
        assert len(await rows(seen, session, "referral.danger")) == (2 if expected else 0)
    await referral.execute("UPDATE danger SET seen_now = DEFAULT, seen_then = DEFAULT, again_at = DEFAULT")
    for account in (POLICE, CARE, COUNCIL):  # as a step of the tables leaves what was stored before
        assert await seen.as_web(seen.session(account), "SELECT * FROM dangers_seen()") == []
        assert await rows(seen, seen.session(account), "referral.danger") == []
    async with postgres.borrow_connection(referral) as connection, connection.transaction():
        await referrals.a_decider(referral).sweep(connection, NOW, 100)
    assert [tuple(row) for row in await seen.as_web(seen.session(POLICE), query)] == [(None, [tie.ref, None])]
    await referral.close()


async def test_a_look_carries_the_account_that_is_signed_in_and_no_other_number(seen: Seen) -> None:
    """Found by reading: an agency's login noted looks under the number of any account."""
    path = {"search_path": "case_tracker"}
    login = await asyncpg.connect(seen.server.dsn("agency_bpd", seen.name), server_settings=path)
    admin = await asyncpg.connect(seen.server.of_admin(seen.name))
    accounts = {row["name"]: row["id"] for row in await admin.fetch("SELECT name, id FROM web.account")}
    noting = "SELECT case_tracker.note_look($1, $2, 'protection')"
    for name in ("po", "care"):
        assert await login.fetchval(noting, CASE, accounts[name]) is None
    own, others = seen.session(POLICE), seen.session(CARE)
    before = await admin.fetchval("SELECT count(*) FROM case_tracker.viewed")
    assert await note_records(login, [PERSON], "protection", others) == 0
    assert await note_records(login, [PERSON], "protection", token_hash("guessed")) == 0
    assert await login.fetchval(noting, CASE, None) is None  # the session that is named has no account here
    assert await note_records(login, [PERSON], "protection", own) == 1
    assert await login.fetchval(noting, CASE, accounts["care"]) is None
    assert await login.fetchval(noting, CASE, accounts["po"]) is not None
    rows = await admin.fetch("SELECT agency, account, account_name FROM case_tracker.viewed ORDER BY seq DESC LIMIT 2")
    assert [tuple(row) for row in rows] == [("bpd", accounts["po"], "po")] * 2
    assert await admin.fetchval("SELECT count(*) FROM case_tracker.viewed") == before + 2
    await login.close()
    await admin.close()


async def test_an_inbox_has_the_danger_of_a_case_that_its_agency_does_not_see_unless_it_is_kept_out(seen: Seen) -> None:
    """Found by reading: offices that must act on a danger, and see nothing else of its case, missed it."""
    case, police, care = derive(Kind.CASE, "seen by nobody"), seen.session(POLICE), seen.session(CARE)
    admin = await asyncpg.connect(seen.server.of_admin(seen.name), server_settings={"search_path": "case_tracker"})
    for agency in ("bpd", "dhs"):
        message = orjson.dumps({"time": "2026-05-06T12:00:00.000Z", "data": {"case": case, "agency": agency}})
        await admin.execute(
            "INSERT INTO outbox (id, topic, type, value, sent) VALUES (gen_random_uuid(), $1, 't', $2, true)",
            f"atips.delivery.{agency}.v1", message,
        )  # fmt: skip

    async def told(session: bytes) -> list[str]:
        found = await seen.as_web(session, "SELECT value FROM case_tracker.delivered_to_caller()")
        said = [orjson.loads(row["value"])["data"] for row in found]
        return [each["agency"] for each in said if each.get("case") == case]

    assert (await told(police), await told(care)) == (["bpd"], ["dhs"])
    await admin.execute("INSERT INTO kept_from VALUES ($1, 'bpd', now() + interval '1 day')", case)
    assert (await told(police), await told(care)) == ([], ["dhs"])
    await admin.execute("UPDATE kept_from SET until = now()")
    assert await told(police) == ["bpd"]
    await admin.close()
