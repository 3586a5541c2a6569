"""The handler over a real database: one case delays no other, what time makes so is said once, every look is noted."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from schemas.codec import decode, encode
from schemas.envelope import Event
from schemas.ids import Kind
from schemas.service_decisions import Entered
from schemas.sight.sight_table import RESTRICTED_FOR
from schemas.topics import Deployment
from services.case_tracker import handlers
from services.case_tracker.domain.decide import decide
from services.case_tracker.domain.events_and_messages import case_decision_event, look_event
from services.case_tracker.domain.recorded_look import Look
from services.case_tracker.handlers import Decider
from services.case_tracker.queries import findings
from services.case_tracker.store import Store
from services.runtime import postgres
from services.runtime.deadline_sweep import Sweeper
from services.runtime.errors import Retryable
from services.runtime.migrate import revision_chain
from services.runtime.record import Record
from tests.support.database import Server, stands
from tests.support.stopped_clock import StoppedClock
from tests.unit.case_tracker.case_readings import kept_from, seen_records, unknown_to
from tests.unit.case_tracker.sample import CASE, HEARING, OTHER_CASE, START, VICTIM, Log, an_id, day, story

DEPLOYMENT = Deployment()
PLACE = (DEPLOYMENT.log(Kind.CASE), 0)
VERSION = "0123456789abcdef"


def records(entries: Sequence[Entered], case: str = CASE, begin: int = 0) -> list[Record]:
    """Copies as the case log has them."""
    return [
        Record(
            *PLACE,
            begin + offset,
            0,
            case.encode(),
            encode(each.event),
            [("n", b"%d" % each.n), ("accepted_at", b"%d" % int(each.accepted_at.timestamp() * 1000))],
        )
        for offset, each in enumerate(entries)
    ]


async def handle(decider: Decider, pool: asyncpg.Pool, batch: Sequence[Record]) -> None:
    prepared = await decider.prepare(batch, START)
    async with postgres.borrow_connection(pool) as connection, connection.transaction():
        await decider.apply(prepared, connection)
    await decider.committed(prepared)


def a_store(pool: asyncpg.Pool, patience_seconds: float = 0) -> Store:
    return Store(pool, patience_seconds=patience_seconds)


def a_decider(pool: asyncpg.Pool) -> Decider:
    return Decider(DEPLOYMENT, a_store(pool), VERSION)


async def said(pool: asyncpg.Pool) -> list[str]:
    rows = await pool.fetch("SELECT type FROM outbox WHERE topic = $1 ORDER BY seq", DEPLOYMENT.inbound("case_tracker"))
    return [row["type"].split(".", 2)[2].removesuffix(".v1") for row in rows]


def of_case(entries: Sequence[Entered], case: str) -> list[Entered]:
    """Return an equal statement on another case."""
    return [
        Entered(
            each.n,
            each.accepted_at,
            each.event.model_copy(update={"data": each.event.data.model_copy(update={"case": case})}),
        )
        for each in entries
    ]


async def test_the_same_batch_again_changes_nothing(pool: asyncpg.Pool) -> None:
    decider = a_decider(pool)
    for _ in range(2):
        await handle(decider, pool, records(story().entries))
    assert await said(pool) == ["finding.opened", "finding.closed"]
    assert await pool.fetchval("SELECT count(*) FROM fact WHERE decided") == 2
    values = {row["value"] for row in await pool.fetch("SELECT value FROM outbox")}
    assert values == {case_decision_event(each, VERSION).value for each in decide(CASE, (), story().entries).decisions}


async def test_an_event_that_lies_twice_in_a_batch_counts_once(pool: asyncpg.Pool) -> None:
    """As after a crash of whoever sent it on."""
    await handle(a_decider(pool), pool, [*records(story().entries), *records(story().entries, begin=2)])
    assert await said(pool) == ["finding.opened", "finding.closed"]
    assert await pool.fetchval("SELECT count(*) FROM fact") == 2


async def test_a_look_is_no_row_and_has_its_case_not_decided_about_again(pool: asyncpg.Pool) -> None:
    """Else whoever looks often makes each look more expensive than the one before."""
    decider, entries = a_decider(pool), story().entries
    await handle(decider, pool, records(entries))
    event = decode(look_event(Look(1, START, CASE, "dhs", None, "protection"), START).value)
    look = Entered(entries[-1].n + 1, START, event)
    [record] = records([look], begin=2)
    copied = replace(record, headers=[*record.headers, ("ce_type", event.type.encode())])
    prepared = await decider.prepare([copied], START)
    assert (prepared.rows, prepared.outcomes) == ([], {})


async def test_what_is_known_of_a_case_comes_in_the_order_of_the_log(pool: asyncpg.Pool) -> None:
    """However the table holds it: rows that are written again lie elsewhere."""
    entries = story().entries
    await handle(a_decider(pool), pool, records(entries[1:], begin=1))
    await handle(a_decider(pool), pool, records(entries[:1]))
    assert [each.off for each in await a_store(pool).rows([CASE])] == [0, 1]


async def test_batch_after_batch_says_the_same(pool: asyncpg.Pool) -> None:
    decider = a_decider(pool)
    for offset, record in enumerate(records(story().entries)):
        await handle(decider, pool, [record])
        assert len(await said(pool)) == offset + 1


@pytest.mark.parametrize("step", ["decide", "case_decision_event"])
async def test_a_case_that_cannot_be_decided_about_delays_no_other_and_is_taken_up_again(
    pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    real = vars(handlers)[step]

    def faulty(about: Any, *given: Any) -> Any:  # noqa: ANN401 - a case, or a decision about one
        if CASE in {about, getattr(getattr(about, "standing", None), "case", None)}:
            raise LookupError
        return real(about, *given)

    monkeypatch.setattr(handlers, step, faulty)
    decider = a_decider(pool)
    others = of_case(story().entries, OTHER_CASE)
    await handle(decider, pool, [*records(story().entries), *records(others, OTHER_CASE, begin=2)])
    assert await said(pool) == ["finding.opened", "finding.closed"]
    monkeypatch.setattr(handlers, step, real)
    log = Log(now=START + timedelta(minutes=30))
    log.identified()
    await handle(decider, pool, records(log.entries, begin=4))
    assert await said(pool) == ["finding.opened", "finding.closed"] * 2
    assert await pool.fetchval("SELECT count(*) FROM fact WHERE NOT decided") == 0


async def test_a_batch_about_one_case_changes_nothing_of_another(pool: asyncpg.Pool) -> None:
    log = set_down()
    restricted(log)
    await handle(a_decider(pool), pool, records([*log.entries, *prosecuted().entries]))

    async def known() -> list[list[asyncpg.Record]]:
        tables = ("fact", "finding", "kept_from", "seen_case", "stored_fact", "seen_fact")
        return [await pool.fetch(f"SELECT * FROM {each} WHERE case_id = $1 ORDER BY 1, 2", CASE) for each in tables]

    before = await known()
    assert all(before)
    await handle(a_decider(pool), pool, records(of_case(story().entries, OTHER_CASE), OTHER_CASE, begin=9))
    assert await known() == before


async def test_what_intake_did_not_write_is_left_out(pool: asyncpg.Pool) -> None:
    (good, _) = records(story().entries)
    bad = [
        Record(*PLACE, 1, 0, CASE.encode(), b"{", []),
        Record(*PLACE, 2, 0, b"Somebody", good.value, good.headers),
        Record(*PLACE, 3, 0, CASE.encode(), None, good.headers),
    ]
    await handle(a_decider(pool), pool, [good, *bad])
    assert await pool.fetchval("SELECT count(*) FROM fact") == 1


def set_down() -> Log:
    log = Log()
    log.arrested()
    log.says("odpp", "court.hearing_scheduled", court="magistrates", hearing=HEARING, next_on="2024-03-12")
    return log


async def test_what_silence_makes_so_is_said_once_however_many_sweep_and_not_before_its_time(
    pool: asyncpg.Pool,
) -> None:
    decider = a_decider(pool)
    await handle(decider, pool, records(set_down().entries))
    due = await pool.fetchval("SELECT opens_at FROM finding")
    await stands(pool, PLACE[0], 2)
    clock = StoppedClock(due - timedelta(milliseconds=1))

    async def ends() -> dict[tuple[str, int], int]:
        return {PLACE: 2}

    sweepers = [Sweeper(pool=pool, store=a_store(pool), decider=decider, clock=clock, ends=ends) for _ in range(3)]
    assert await asyncio.gather(*(each.sweep() for each in sweepers)) == [0, 0, 0]
    clock.at = due + timedelta(hours=1)
    assert sum(await asyncio.gather(*(each.sweep() for each in sweepers))) == 1
    assert await said(pool) == ["finding.opened"]
    assert sum(await asyncio.gather(*(each.sweep() for each in sweepers))) == 0
    log = set_down()
    log.now = due + timedelta(hours=2)
    held = {"court": "magistrates", "hearing": HEARING, **day("2024-03-12")}
    log.says("bpd", "court.hearing_held", **held)
    await handle(decider, pool, records(log.entries[2:], begin=2))
    assert await said(pool) == ["finding.opened", "finding.closed"]
    ours = "SELECT value FROM outbox WHERE topic LIKE '%inbound%' ORDER BY seq"
    values = [row["value"] for row in await pool.fetch(ours)]
    assert values == [case_decision_event(each, VERSION).value for each in decide(CASE, (), log.entries).decisions]


@pytest.mark.parametrize("early", [True, False])
async def test_a_hearing_that_was_told_of_in_time_is_not_missed_whether_a_sweep_came_before_or_after_it(
    pool: asyncpg.Pool, early: bool
) -> None:
    """Accepted before its time had come, it may reach us when a sweep has said already that nobody told of it."""
    decider, log = a_decider(pool), set_down()
    await handle(decider, pool, records(log.entries))
    due = await pool.fetchval("SELECT opens_at FROM finding")
    await stands(pool, PLACE[0], 3)
    log.now = due - timedelta(hours=1)
    log.says("bpd", "court.hearing_held", court="magistrates", hearing=HEARING, **day("2024-03-12"))

    async def ends() -> dict[tuple[str, int], int]:
        return {PLACE: 3}

    clock = StoppedClock(due + timedelta(minutes=1))
    sweeper = Sweeper(pool=pool, store=a_store(pool), decider=decider, clock=clock, ends=ends)
    if early:
        assert await sweeper.sweep() == 1
    await handle(decider, pool, records(log.entries[2:], begin=2))
    assert await sweeper.sweep() == 0
    log.charged()  # of another matter: once closed it is not closed again
    await handle(decider, pool, records(log.entries[3:], begin=3))
    assert await said(pool) == (["finding.opened", "finding.closed"] if early else [])
    # What was said is on record for good, what never had to be is not.
    assert [row["closure"] for row in await pool.fetch("SELECT closure FROM finding")] == ["later_event"] * early


async def test_a_finding_that_a_sweep_opens_while_a_batch_is_decided_about_is_closed_by_it(pool: asyncpg.Pool) -> None:
    """Else it stays open for good: the batch was decided about as if nobody had said anything of it."""
    decider, log = a_decider(pool), set_down()
    await handle(decider, pool, records(log.entries))
    due = await pool.fetchval("SELECT opens_at FROM finding")
    await stands(pool, PLACE[0], 2)
    log.now = due + timedelta(minutes=2)
    log.says("bpd", "court.hearing_held", court="magistrates", hearing=HEARING, **day("2024-03-12"))
    batch = records(log.entries[2:], begin=2)
    prepared = await decider.prepare(batch, START)

    async def ends() -> dict[tuple[str, int], int]:
        return {PLACE: 2}

    clock = StoppedClock(due + timedelta(minutes=1))
    assert await Sweeper(pool=pool, store=a_store(pool), decider=decider, clock=clock, ends=ends).sweep() == 1
    with pytest.raises(Retryable, match="a sweep opened a finding"):
        async with postgres.borrow_connection(pool) as connection, connection.transaction():
            await decider.apply(prepared, connection)
    await handle(decider, pool, batch)
    assert await said(pool) == ["finding.opened", "finding.closed"]


async def told(pool: asyncpg.Pool) -> list[tuple[str, str]]:
    """Which agency is told of what danger."""
    rows = await pool.fetch("SELECT topic, value FROM outbox WHERE topic LIKE '%delivery%' ORDER BY topic")
    found = [(row["topic"].split(".")[2], json.loads(row["value"])) for row in rows]
    return [(agency, each["data"]["code"]) for agency, each in found if each["type"] == "bz.atips.delivery.danger.v1"]


def prosecuted() -> Log:
    log = Log()
    log.identified()
    log.arrested(person=VICTIM)
    return log


async def test_who_must_act_on_a_danger_is_told_once(pool: asyncpg.Pool) -> None:
    for _ in range(2):
        await handle(a_decider(pool), pool, records(prosecuted().entries))
    assert await told(pool) == [("dhs", "victim_prosecuted"), ("odpp", "victim_prosecuted")]


def restricted(log: Log, agency: str = "odpp", by: str = "bpd") -> Event:
    said = {"case": log.case, "kept_from": agency, "reason": "conflict_of_interest"}
    return log.add(by, "case.access_restricted", said)


LATER = START + timedelta(days=1)


@pytest.mark.parametrize(
    ("kept", "by", "left"),
    [
        ("odpp", ("bpd",), ["dhs"]),
        ("tip_care_unit", ("bpd",), ["dhs", "odpp"]),  # by one agency's word those who protect are not shut out
        ("tip_care_unit", ("bpd", "council"), ["odpp"]),
    ],
)
async def test_who_is_kept_from_a_case_is_told_nothing_of_it(
    pool: asyncpg.Pool, kept: str, by: tuple[str, ...], left: list[str]
) -> None:
    log = Log()
    for agency in by:
        restricted(log, kept, agency)
    log.entries += prosecuted().entries
    await handle(a_decider(pool), pool, records(log.entries))
    assert await told(pool) == [(agency, "victim_prosecuted") for agency in left]


async def test_a_restriction_ends_in_every_list_when_its_time_has_come(pool: asyncpg.Pool, reader: Any) -> None:  # noqa: ANN401
    log = prosecuted()
    restricted(log)
    await handle(a_decider(pool), pool, records(log.entries))
    assert CASE in await unknown_to(reader, "odpp", {CASE}, log.now + RESTRICTED_FOR - timedelta(seconds=1))
    assert await kept_from(reader, "odpp", log.now + RESTRICTED_FOR) == frozenset()


async def test_a_reader_learns_which_records_of_a_finding_an_agency_sees(pool: asyncpg.Pool, reader: Any) -> None:  # noqa: ANN401
    log = prosecuted()
    await handle(a_decider(pool), pool, records(log.entries))
    (found,) = [each for each in await findings(reader) if each.code == "victim_prosecuted"]
    for agency, sees in (("odpp", True), ("atips_pu", True), ("hti", False)):
        seen = {record for of, record in await seen_records(reader, agency, {CASE}) if of == found.finding}
        assert seen == (set(found.records) if sees else set())


async def test_a_reader_learns_who_may_not_know_of_a_case_and_which_records_are_of_it(
    pool: asyncpg.Pool,
    reader: Any,  # noqa: ANN401
) -> None:
    decider = a_decider(pool)
    log = prosecuted()
    restriction = restricted(log)
    for _ in range(2):
        await handle(decider, pool, records(log.entries))
    assert await kept_from(reader, "odpp", LATER) == {CASE, *(each.event.ref for each in log.entries)}
    assert await kept_from(reader, "bpd", LATER) == frozenset()
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await reader.fetch("SELECT * FROM kept_from")
    log.retracts(restriction)
    await handle(decider, pool, records(log.entries[3:], begin=3))
    assert await kept_from(reader, "odpp", LATER) == frozenset()


async def test_a_reader_learns_who_is_kept_from_a_case_by_the_name_of_a_unit(
    pool: asyncpg.Pool,
    reader: Any,  # noqa: ANN401
    server: Server,
) -> None:
    log = prosecuted()
    restricted(log, "atips_pu")
    await handle(a_decider(pool), pool, records(log.entries))
    assert CASE in await kept_from(reader, "bpd", LATER)
    # As what was there when the table was made has it.
    owner = await asyncpg.connect(server.dsn("owner", await pool.fetchval("SELECT current_database()")))
    await owner.execute("UPDATE case_tracker.kept_from SET agency = 'atips_pu'")
    await owner.close()
    assert CASE in await kept_from(reader, "bpd", LATER)
    assert await kept_from(reader, "odpp", LATER) == frozenset()


async def test_who_is_kept_from_a_case_is_kept_from_what_it_was_found_to_be(pool: asyncpg.Pool, reader: Any) -> None:  # noqa: ANN401
    log = Log(case=OTHER_CASE)
    log.charged()
    restricted(log)
    log.add("bpd", "case.merged", {"case": CASE, "same_as": OTHER_CASE, "reason": "same_record", "_subject": CASE})
    batch = [*records(log.entries, OTHER_CASE), *records(log.entries, CASE, begin=3)]
    await handle(a_decider(pool), pool, batch)
    assert {CASE, OTHER_CASE} < await kept_from(reader, "odpp", LATER)


async def test_of_a_case_of_which_it_sees_nothing_an_agency_may_not_know(pool: asyncpg.Pool, reader: Any) -> None:  # noqa: ANN401
    decider = a_decider(pool)
    log = prosecuted()
    on = {"person": VICTIM, "case": CASE, "referral": an_id(Kind.REFERRAL, "r"), "from_agency": "dhs"}
    log.add("dhs", "referral.sent", {**on, "to_agency": "hti", "service_types": ["skills"]})
    await handle(decider, pool, records(log.entries))

    async def knows(*agencies: str) -> list[bool]:
        return [CASE not in await unknown_to(reader, each, {CASE}, LATER) for each in agencies]

    assert await knows("council", "dhs", "odpp", "bpd", "hti", "labour", "sib") == [True] * 5 + [False] * 2
    log.add("dhs", "referral.cancelled", on)
    restricted(log)
    await handle(decider, pool, records(log.entries[3:], begin=3))
    assert await knows("council", "dhs", "odpp", "bpd", "hti") == [True, True, False, True, False]


async def test_whoever_was_ever_kept_from_a_case_before_the_table_was_made_is_in_it(
    pool: asyncpg.Pool,
    reader: Any,  # noqa: ANN401
    server: Server,
) -> None:
    log = prosecuted()
    first = restricted(log, "labour")
    data = first.data.model_dump(mode="json", exclude_none=True) | {"kept_from": "odpp"}
    changed = {"reason": "entry_error", "type": first.type, "data": data, "_subject": CASE, "_supersedes": first.ref}
    log.add("bpd", "event.corrected", changed)
    await handle(a_decider(pool), pool, records(log.entries))
    assert await kept_from(reader, "labour", LATER) == frozenset()
    owner = await asyncpg.connect(server.dsn("owner", await pool.fetchval("SELECT current_database()")))
    await owner.execute("SET search_path TO case_tracker")
    await owner.execute("DELETE FROM kept_from")
    await owner.execute(revision_chain("case_tracker").get_revisions("0003")[0].module.STATEMENTS[1])
    await owner.close()
    assert [CASE in await kept_from(reader, agency, LATER) for agency in ("labour", "odpp", "bpd")] == [
        True,
        True,
        False,
    ]


async def test_what_nobody_needs_to_hear_any_more_is_not_delivered(pool: asyncpg.Pool) -> None:
    decider = a_decider(pool)
    prepared = await decider.prepare(records(prosecuted().entries), START + timedelta(days=31))
    async with postgres.borrow_connection(pool) as connection, connection.transaction():
        await decider.apply(prepared, connection)
    assert await told(pool) == []
    assert await said(pool) == ["finding.opened"]


async def test_what_is_due_is_not_said_while_a_word_of_it_may_be_on_its_way(pool: asyncpg.Pool) -> None:
    decider = a_decider(pool)
    await handle(decider, pool, records(set_down().entries))
    await stands(pool, PLACE[0], 2)
    end = 3

    async def ends() -> dict[tuple[str, int], int]:
        return {PLACE: end}

    clock = StoppedClock(START + timedelta(days=60))
    sweeper = Sweeper(pool=pool, store=a_store(pool), decider=decider, clock=clock, ends=ends)
    assert await sweeper.sweep() == 0
    end = 2
    patient = a_store(pool, patience_seconds=60)
    waits = Sweeper(pool=pool, store=patient, decider=Decider(DEPLOYMENT, patient, VERSION), clock=clock, ends=ends)
    assert [await waits.sweep() for _ in range(2)] == [0, 0]
    assert await said(pool) == []
    assert await sweeper.sweep() == 1
