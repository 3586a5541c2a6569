"""A restricted case keeps its agency out also of messages about the first person whom an event names in it."""

from datetime import UTC, datetime, timedelta

import asyncpg
import orjson
import pytest

from schemas.codec import decode
from schemas.envelope import Event
from schemas.ids import Kind
from schemas.referral.decision_events import ReferralAssignedV1, ReferralMoveRefusedV1
from schemas.service_decisions import Entered
from services.referral.domain.decision import MoveRefused
from services.referral.domain.decision_replay_check import rejudge_person
from services.referral.domain.policy import Policy
from services.referral.handlers import Decider
from services.referral.store import Store
from services.runtime import postgres
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


async def told(
    tables: asyncpg.Pool, entries: list[Entered], person: str = PERSON, policy: Policy | None = None
) -> set[str]:
    """Return the agencies that get a message after these events."""
    before = await sent(tables)
    await test_handlers.handle(
        Decider(test_handlers.DEPLOYMENT, Store(tables), policy or as_written(), "0123456789abcdef"),
        tables,
        test_handlers.records(entries, person),
    )
    return await receivers(tables, before)


async def sent(tables: asyncpg.Pool) -> int:
    """Return the number of the outbox's last message."""
    return int(await tables.fetchval("SELECT coalesce(max(seq), 0) FROM outbox"))


async def receivers(tables: asyncpg.Pool, since: int = 0) -> set[str]:
    """Return the agencies to which the outbox has a message with a number above `since`."""
    rows = await tables.fetch("SELECT topic FROM outbox WHERE topic ~ '[.]delivery[.]' AND seq > $1", since)
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
    assert ("council" in found) is not hears, "somebody is called in its place"


async def test_if_one_of_several_on_call_is_kept_out_the_others_are_called_alone(
    tables: asyncpg.Pool, server: Server
) -> None:
    await keeps_out(tables, server, "bpd", FOR_GOOD)
    written = as_written().model_dump(mode="json")
    written["on_call"]["dhs"] = ["bpd", "mohw"]
    log = Log(policy=Policy.model_validate(written))
    log.adult()
    log.consents("dhs", "bpd", "mohw", agency="labour")
    log.sends("immigration", urgency="emergency")
    found = await told(tables, log.entries, policy=log.policy)
    assert "mohw" in found
    assert found.isdisjoint({"bpd", "council"})


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


async def decisions(tables: asyncpg.Pool, entries: list[Entered], *, begin: int = 0, now: datetime) -> list[Event]:
    """Handle these events, and return the decisions that were published since."""
    before = await sent(tables)
    decider = Decider(test_handlers.DEPLOYMENT, Store(tables), as_written(), "0123456789abcdef")
    prepared = await decider.prepare(test_handlers.records(entries, begin=begin), now)
    async with postgres.borrow_connection(tables) as connection, connection.transaction():
        await decider.apply(prepared, connection)
    rows = await tables.fetch("SELECT value FROM outbox WHERE seq > $1 AND topic ~ 'inbound' ORDER BY seq", before)
    return [decode(row["value"]) for row in rows]


def reasons(found: list[Event]) -> list[str]:
    return [each.data.reason.value for each in found if isinstance(each, ReferralMoveRefusedV1)]


def referred() -> Log:
    log = Log(policy=as_written())
    log.adult()
    log.consents("hti")
    log.sends(to="hti")
    return log


async def test_a_referral_to_an_agency_that_its_case_keeps_out_is_refused_also_if_it_first_names_a_person(
    tables: asyncpg.Pool, server: Server
) -> None:
    """The sender waited for an agency that was told nothing, and nobody knew."""
    await keeps_out(tables, server, "hti", FOR_GOOD)
    log = referred()
    found = await decisions(tables, log.entries, now=log.now)
    assert reasons(found) == ["conflict_of_interest"]
    rows = await tables.fetch("SELECT value FROM outbox WHERE topic ~ '[.]delivery[.]'")
    told = [(each["data"]["to"], each["data"]["reason"]) for each in map(orjson.loads, (row["value"] for row in rows))]
    assert told == [("bpd", "conflict_of_interest")]
    waiting = await tables.fetch("SELECT kind, agency, told FROM waiting")
    assert [tuple(each.values()) for each in waiting] == [("next_attempt", "bpd", ["bpd", "council"])]


async def test_a_replay_gives_that_refusal_again_by_the_log_alone(tables: asyncpg.Pool, server: Server) -> None:
    await keeps_out(tables, server, "hti", FOR_GOOD)
    log = referred()
    [refused] = await decisions(tables, log.entries, now=log.now)
    log.entries.append(Entered(4, log.now, refused))
    # The code version is that of the handler; a comparison leaves it out.
    assert rejudge_person(PERSON, log.entries, as_written(), log.now).differing == ()
    log.moves("hti", "accepted")
    assert "conflict_of_interest" in [
        each.reason.value for each in log.outcome().decisions if isinstance(each, MoveRefused)
    ]


async def test_a_correction_that_asks_no_more_opens_no_way_around_it(tables: asyncpg.Pool, server: Server) -> None:
    await keeps_out(tables, server, "hti", FOR_GOOD)
    log = referred()
    found = await decisions(tables, log.entries, now=log.now)
    log.entries.append(Entered(4, log.now, found[0]))
    await decisions(tables, log.entries[3:], begin=3, now=log.now)
    log.corrects(log.entries[2].event, {"urgency": "soon"})
    again = await decisions(tables, log.entries[4:], begin=4, now=log.now)
    assert reasons(again) == ["conflict_of_interest"]


async def test_a_restriction_that_came_later_closes_no_referral_that_was_let_go(
    tables: asyncpg.Pool, server: Server
) -> None:
    log = referred()
    assert reasons(await decisions(tables, log.entries, now=log.now)) == []
    await keeps_out(tables, server, "hti", FOR_GOOD)
    log.moves("hti", "accepted")
    later = await decisions(tables, log.entries[3:], begin=3, now=log.now)
    assert [each.data.holder for each in later if isinstance(each, ReferralAssignedV1)] == ["hti"]


async def test_a_log_that_is_read_again_is_judged_by_what_it_holds(tables: asyncpg.Pool, server: Server) -> None:
    await keeps_out(tables, server, "hti", FOR_GOOD)
    log = referred()
    assert reasons(await decisions(tables, log.entries, now=log.now + timedelta(days=40))) == []


def joined(urgency: str = "soon") -> Log:
    """A person who is named in the case since a moment ago, and is referred without a case."""
    log = Log(policy=as_written())
    log.adult()
    log.consents("hti", "dhs", "bpd", agency="mohw")
    log.add("dhs", "case.party_added", {"case": CASE, "person": PERSON, "role": "victim"}, subject=CASE)
    log.sends("immigration", to="dhs" if urgency == "emergency" else "hti", case=None, urgency=urgency)
    return log


async def test_a_referral_without_a_case_is_kept_from_whom_a_case_of_the_person_keeps_out(
    tables: asyncpg.Pool, server: Server
) -> None:
    """Found by attack: the person was in the case, and the log had no word of its restriction yet."""
    await keeps_out(tables, server, "hti", FOR_GOOD)
    log = joined()
    assert reasons(await decisions(tables, log.entries, now=log.now)) == ["conflict_of_interest"]


async def test_an_emergency_without_a_case_is_not_told_to_whom_a_case_of_the_person_keeps_out(
    tables: asyncpg.Pool, server: Server
) -> None:
    await keeps_out(tables, server, "bpd", FOR_GOOD)
    found = await told(tables, joined("emergency").entries)
    assert "dhs" in found
    assert "bpd" not in found


async def test_a_referral_without_a_case_goes_to_whom_another_case_keeps_out(
    tables: asyncpg.Pool, server: Server
) -> None:
    await keeps_out(tables, server, "hti", FOR_GOOD)
    log = joined()
    del log.entries[2]
    assert reasons(await decisions(tables, log.entries, now=log.now)) == []


async def test_a_referral_without_a_case_that_is_late_is_not_told_to_whom_a_case_of_the_person_keeps_out(
    tables: asyncpg.Pool, server: Server
) -> None:
    log = joined("emergency")
    await told(tables, log.entries)
    before = await sent(tables)
    await keeps_out(tables, server, "immigration", FOR_GOOD)
    decider = Decider(test_handlers.DEPLOYMENT, Store(tables), as_written(), "0123456789abcdef")
    async with postgres.borrow_connection(tables) as connection, connection.transaction():
        assert await decider.sweep(connection, log.now + timedelta(days=1), 100)
    found = await receivers(tables, before)
    assert {"council", "dhs"} <= found
    assert "immigration" not in found


async def test_a_danger_without_a_case_is_not_told_to_whom_a_case_of_the_person_keeps_out(
    tables: asyncpg.Pool, server: Server
) -> None:
    for agency in ("dhs", "odpp"):
        await keeps_out(tables, server, agency, FOR_GOOD)
    log = Log(policy=as_written())
    log.add("mohw", "case.party_added", {"case": CASE, "person": PERSON, "role": "victim"}, subject=CASE)
    log.add("bpd", "victim.identified", {"person": PERSON, "status": "confirmed"})
    log.add("bpd", "arrest.made", {"person": PERSON, "arrest": an_id(Kind.ARREST, "a")})
    assert await told(tables, log.entries) == {"bpd", "council"}


async def test_a_notice_without_a_case_is_not_told_to_whom_a_case_of_the_victim_keeps_out(
    tables: asyncpg.Pool, server: Server
) -> None:
    log = joined()
    log.moves("hti", "accepted")
    await told(tables, log.entries)
    await keeps_out(tables, server, "hti", FOR_GOOD)
    bail = Log(policy=as_written(), now=log.now)
    happens(bail, "bail.granted", victims=[PERSON], case=None)
    found = await told(tables, bail.entries, SUSPECT)
    assert "dhs" in found
    assert "hti" not in found
