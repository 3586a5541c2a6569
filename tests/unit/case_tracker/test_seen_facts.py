"""Facts that the database gives to an agency's login: those of the page and no more, decided again as things change."""

from datetime import datetime, timedelta
from typing import Any

import asyncpg
import pytest

from schemas.agencies import PUBLISHING
from schemas.codebook.governance import ViewPurpose
from schemas.ids import Kind
from schemas.sight.sight_table import RESTRICTED_FOR
from services.case_tracker import handlers
from services.case_tracker.queries import CaseLook, finding_seen, findings, look_at_case, records_seen
from services.runtime.deadline_sweep import Sweeper
from services.runtime.migrate import revision_chain
from tests.support.database import Server
from tests.support.stopped_clock import StoppedClock
from tests.unit.case_tracker.case_of_every_matter import OF, OTHER_VICTIM, accepted, adult, log, referred
from tests.unit.case_tracker.case_readings import looked, seen_records
from tests.unit.case_tracker.conftest import As
from tests.unit.case_tracker.sample import CASE, OTHER_CASE, VICTIM, Log, an_id
from tests.unit.case_tracker.test_handlers import a_decider, a_store, handle, records, restricted

AGENCIES = ("council", "dhs", "bpd", "odpp", "hti", "iom", "labour", "mohw", "customs", "sib")
FAR = datetime.fromisoformat("2100-01-01T00:00:00+00:00")
"""A time that the database's clock does not reach."""


def story() -> Log:
    """A case with every matter, two victims, a referral of one of them, and findings."""
    found = accepted(referred(log()))
    found.identified(person=OTHER_VICTIM)
    found.arrested(operation=an_id(Kind.ACTIVITY, "operation"), linked_victims=sorted((VICTIM, OTHER_VICTIM)))
    found.arrested(arrest=an_id(Kind.ARREST, "of a victim"), person=VICTIM)
    found.charged()
    found.corrects(found.entries[0].event, status="confirmed")
    return found


async def given(connection: Any, purpose: str = "protection", case: str = CASE) -> CaseLook | None:  # noqa: ANN401
    return await look_at_case(connection, case, purpose=purpose, as_of=FAR)


async def refs(connection: Any, purpose: str = "protection") -> set[str]:  # noqa: ANN401
    found = await given(connection, purpose)
    return set() if found is None else {each.ref for each in found.facts}


async def sweep(pool: asyncpg.Pool, now: datetime) -> int:
    async def ends() -> dict[tuple[str, int], int]:
        return {}

    return await Sweeper(
        pool=pool, store=a_store(pool), decider=a_decider(pool), clock=StoppedClock(now), ends=ends
    ).sweep()


async def test_each_login_gets_for_each_purpose_what_is_decided_and_no_more(pool: asyncpg.Pool, as_login: As) -> None:
    found = story()
    await handle(a_decider(pool), pool, records(found.entries))
    for agency in AGENCIES:
        login = await as_login(f"agency_{agency}")
        for purpose in ViewPurpose:
            mine, wanted = await given(login, purpose.value), looked(found, agency, purpose, FAR)
            assert (mine is None) is (wanted is None), (agency, purpose)
            if mine is not None and wanted is not None:
                assert mine.facts == wanted.facts, (agency, purpose)
                assert (mine.merges, mine.hidden) == (wanted.merges, wanted.hidden)
                assert {each.finding: each for each in mine.findings} == {
                    each.finding: each for each in wanted.findings
                }
    assert set(AGENCIES) <= set(PUBLISHING)


async def test_what_the_page_leaves_out_is_in_no_answer_of_the_database(pool: asyncpg.Pool, as_login: As) -> None:
    """Found from outside: a login read the shelter and the other victim in the raw events of a case that it saw."""
    found = story()
    await handle(a_decider(pool), pool, records(found.entries))
    placement = an_id(Kind.PLACEMENT, "p")
    operation = an_id(Kind.ACTIVITY, "operation")
    for agency, hidden in (
        ("bpd", (b"shelter.placement_started", b"medical")),
        ("dhs", (operation.encode(),)),
        ("hti", (operation.encode(), OTHER_VICTIM.encode(), b"shelter.placement_started", placement.encode())),
    ):
        login = await as_login(f"agency_{agency}")
        rows = []
        for purpose in ViewPurpose:
            noted = await login.fetchval("SELECT note_look($1, NULL, $2)", CASE, purpose.value)
            for function in ("look($1)", "look_beside($1, now())", "look_findings($1, now())"):
                rows += [b"%r" % (tuple(row),) for row in await login.fetch(f"SELECT * FROM {function}", noted)]
        rows += [b"%r" % (tuple(row),) for row in await login.fetch("SELECT * FROM findings_seen()")]
        text = b"\n".join(rows)
        assert b"victim.identified" in text
        assert [each for each in hidden if each in text] == [], agency


async def test_a_finding_names_to_a_login_what_it_sees_of_it(
    pool: asyncpg.Pool,
    reader: Any,  # noqa: ANN401
    as_login: As,
) -> None:
    found = Log()
    found.identified()
    arrest = found.arrested(person=VICTIM)
    served = {**OF, "service": an_id(Kind.SERVICE, "s"), "provider": "dhs", "service_type": "medical"}
    found.add("dhs", "service.provided", served)
    accepted(referred(found))
    await handle(a_decider(pool), pool, records(found.entries))
    (danger,) = [each for each in await findings(reader) if each.code == "victim_prosecuted"]
    partner, police = await as_login("agency_hti"), await as_login("agency_bpd")
    whole = await finding_seen(police, danger.finding)
    assert whole is not None
    assert (whole.code, whole.records, whole.persons) == ("victim_prosecuted", danger.records, danger.persons)
    part = await finding_seen(partner, danger.finding)
    seen = {record for of, record in await seen_records(reader, "hti", {CASE}) if of == danger.finding}
    assert (part is None) is (not seen)
    assert (arrest.ref in seen) is (part is not None and arrest.ref in part.records)
    if part is not None:
        assert set(part.records) == seen
        assert (part.code is None) is (seen < set(danger.records))


async def test_what_is_seen_follows_referrals_consents_and_restrictions(pool: asyncpg.Pool, as_login: As) -> None:
    decider, found = a_decider(pool), referred(log())
    partner, prosecution = await as_login("agency_hti"), await as_login("agency_odpp")
    read = 0

    async def takes_in() -> set[str]:
        nonlocal read
        await handle(decider, pool, records(found.entries[read:], begin=read))
        read = len(found.entries)
        return await refs(partner)

    asked = await takes_in()
    accepted(found)
    held = await takes_in()
    assert asked < held
    found.add("dhs", "consent.withdrawn", OF)
    assert await takes_in() < held
    kept = restricted(found)
    await takes_in()
    assert await refs(prosecution, "investigation") == set()
    found.retracts(kept)
    await takes_in()
    assert await refs(prosecution, "investigation") != set()


async def test_a_restriction_that_ends_by_itself_is_decided_again_then(pool: asyncpg.Pool, as_login: As) -> None:
    found = log()
    restricted(found)
    await handle(a_decider(pool), pool, records(found.entries))
    prosecution = await as_login("agency_odpp")
    await sweep(pool, found.now + RESTRICTED_FOR - timedelta(seconds=1))
    assert await refs(prosecution, "investigation") == set()
    await sweep(pool, found.now + RESTRICTED_FOR)
    assert await refs(prosecution, "investigation") != set()
    assert await pool.fetchval("SELECT again_at FROM seen_case") is None


@pytest.mark.parametrize(("expires", "is_over"), [("2024-06-30", True), ("2099-06-30", False)])
async def test_what_a_consent_opened_is_given_no_more_once_it_expired_swept_or_not(
    pool: asyncpg.Pool, as_login: As, expires: str, *, is_over: bool
) -> None:
    """The database's own clock shuts at the end of the last day; the sweep decides again then."""
    found = adult(Log())
    served = {**OF, "service": an_id(Kind.SERVICE, "s"), "provider": "mohw", "service_type": "medical"}
    health = found.add("mohw", "service.provided", served)
    given_to = {"basis": "given", "given_by": "person", "recipients": ["dhs"], "purposes": ["health_care"]}
    found.add("bpd", "consent.recorded", {**OF, **given_to, "expires_on": expires})
    await handle(a_decider(pool), pool, records(found.entries))
    assert (health.ref in await refs(await as_login("agency_dhs"))) is not is_over
    day = datetime.fromisoformat(f"{expires}T06:00:00+00:00") + timedelta(days=1)
    until = "SELECT until FROM seen_fact WHERE agency = 'dhs' AND ref = $1"
    assert await pool.fetchval(until, health.ref) == day
    await sweep(pool, day - timedelta(seconds=1))
    assert await pool.fetchval(until, health.ref) == day
    await sweep(pool, day)
    assert await pool.fetch(until, health.ref) == []


async def test_a_step_up_of_the_database_decides_every_case_again(
    pool: asyncpg.Pool, as_login: As, server: Server
) -> None:
    found = story()
    await handle(a_decider(pool), pool, records(found.entries))
    before = await pool.fetch("SELECT * FROM seen_fact ORDER BY 1, 2, 3")
    owner = await asyncpg.connect(server.dsn("owner", await pool.fetchval("SELECT current_database()")))
    await owner.execute("SET search_path TO case_tracker")
    await owner.execute("DELETE FROM seen_fact")
    await owner.execute("DELETE FROM seen_case")
    await owner.execute(revision_chain("case_tracker").get_revisions("0009")[0].module.STATEMENTS[2])
    await owner.close()
    council = await as_login("agency_council")
    assert await refs(council, "audit") == set()
    assert await sweep(pool, found.now) == 1
    assert await pool.fetch("SELECT * FROM seen_fact ORDER BY 1, 2, 3") == before


async def test_of_a_case_that_cannot_be_decided_about_nobody_sees_anything(
    pool: asyncpg.Pool, as_login: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In doubt nothing is given: the event that could not be decided about may keep somebody out."""
    decider, found = a_decider(pool), log()
    await handle(decider, pool, records(found.entries))
    council = await as_login("agency_council")
    assert await refs(council, "audit") != set()
    restricted(found)

    def mistaken(*_: object) -> None:
        raise ValueError

    with monkeypatch.context() as broken:
        broken.setattr(handlers, "decide", mistaken)
        await handle(decider, pool, records(found.entries[-1:], begin=len(found.entries) - 1))
    assert await refs(council, "audit") == set()
    found.charged()
    await handle(decider, pool, records(found.entries[-1:], begin=len(found.entries) - 1))
    assert len(await refs(council, "audit")) == len(found.entries)


async def test_a_login_learns_of_records_which_it_sees_and_none_that_stands_in_no_case(
    pool: asyncpg.Pool, as_login: As
) -> None:
    found = log()
    await handle(a_decider(pool), pool, records(found.entries))
    by_name = {each.event.type.split(".", 2)[2].removesuffix(".v1"): each.event.ref for each in found.entries}
    asked = [*by_name.values(), "bpd/desk/01930000-0000-7000-8000-000000000001"]
    police = await records_seen(await as_login("agency_bpd"), asked, "investigation")
    assert {ref: persons is not None for ref, persons in police.items()} == {
        ref: name not in {"service.provided", "shelter.placement_started"} for name, ref in by_name.items()
    }
    assert police[by_name["victim.identified"]] == frozenset({VICTIM})
    assert set((await records_seen(await as_login("agency_bpd"), asked, "audit")).values()) == {None}
    assert None not in (await records_seen(await as_login("auditor"), asked, "audit")).values()
    assert set((await records_seen(await as_login("auditor"), asked, "protection")).values()) == {None}


async def test_a_case_that_was_found_to_be_another_is_given_as_that(pool: asyncpg.Pool, as_login: As) -> None:
    found = Log(case=OTHER_CASE)
    found.charged()
    found.add("bpd", "case.merged", {"case": CASE, "same_as": OTHER_CASE, "reason": "same_record", "_subject": CASE})
    batch = [*records(found.entries, OTHER_CASE), *records(found.entries, CASE, begin=2)]
    await handle(a_decider(pool), pool, batch)
    council = await as_login("agency_council")
    mine = [await given(council, "audit", each) for each in (CASE, OTHER_CASE)]
    assert [None if each is None else each.alive for each in mine] == [CASE, CASE]


async def test_every_function_of_an_agency_s_login_gives_what_is_stored_as_seen_and_never_an_event(
    pool: asyncpg.Pool,
) -> None:
    """Whatever function is added: what an agency may call reads the view of what it sees, and no raw table."""
    rows = await pool.fetch("SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'case_tracker'::regnamespace")
    body = {row["proname"]: row["prosrc"] for row in rows}
    callable_by = {
        row["proname"]
        for row in await pool.fetch(
            "SELECT proname FROM pg_proc WHERE pronamespace = 'case_tracker'::regnamespace"
            " AND has_function_privilege('agency', oid, 'EXECUTE')"
        )
    }
    notes = {"note_look", "note_records"}
    assert callable_by == notes | {"look", "look_beside", "look_findings", "findings_seen", "records_seen"}
    for name in callable_by - notes:
        text = body[name] + (body["findings_of"] if "findings_of" in body[name] else "")
        assert "seeing AS s" in text, name
        assert "fact AS" not in text.replace("stored_fact AS", ""), name
        assert "payload" not in text, name
