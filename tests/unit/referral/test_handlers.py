"""The handler over a real database: a person that cannot be decided about delays no other, and late is told once."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import orjson
import pytest

from schemas.agencies import agency_of
from schemas.codec import encode
from schemas.envelope import Event
from schemas.ids import Kind
from schemas.service_decisions import Entered
from schemas.sight import sees_every_matter
from schemas.topics import Deployment
from services.referral import handlers
from services.referral.handlers import Decider
from services.referral.queries import person_of, read_waits
from services.referral.settings import Settings
from services.referral.store import Store
from services.runtime import postgres
from services.runtime.deadline_sweep import Sweeper
from services.runtime.deciding import event_copy_batch
from services.runtime.outbox import Pruner
from services.runtime.record import Record
from tests.support.database import Server, stands
from tests.support.stopped_clock import StoppedClock
from tests.unit.referral.sample import PERSON, REFERRAL, START, Log, an_id, policy
from tests.unit.referral.test_restrictions import keeps_out

DEPLOYMENT = Deployment()
PLACE = (DEPLOYMENT.log(Kind.PERSON), 0)


@pytest.fixture
async def pool(server: Server, tmp_path: Path) -> AsyncIterator[asyncpg.Pool]:
    async with server.copy() as name:
        (tmp_path / "dsn").write_text(server.dsn("referral", name))
        settings = Settings.model_construct(postgres_dsn_file=tmp_path / "dsn")
        made = await postgres.pool(settings, "referral")
        yield made
        await made.close()


def records(entries: Sequence[Entered], person: str = PERSON, begin: int = 0) -> list[Record]:
    """Copies as the person log has them."""
    return [
        Record(
            *PLACE,
            begin + offset,
            0,
            person.encode(),
            encode(each.event),
            [("n", b"%d" % each.n), ("accepted_at", b"%d" % int(each.accepted_at.timestamp() * 1000))],
        )
        for offset, each in enumerate(entries)
    ]


async def handle(decider: Decider, pool: asyncpg.Pool, batch: Sequence[Record]) -> None:
    prepared = await decider.prepare(batch, START + timedelta(hours=1))
    async with postgres.borrow_connection(pool) as connection, connection.transaction():
        await decider.apply(prepared, connection)


def a_decider(pool: asyncpg.Pool) -> Decider:
    return Decider(DEPLOYMENT, Store(pool), policy(), "0123456789abcdef")


async def said(pool: asyncpg.Pool) -> list[str]:
    rows = await pool.fetch("SELECT type FROM outbox WHERE topic = $1 ORDER BY seq", DEPLOYMENT.inbound("referral"))
    return [row["type"].split(".")[3] for row in rows]


def story() -> list[Entered]:
    log = Log()
    log.sends(urgency="emergency")
    log.moves("dhs", "accepted")
    return log.entries


async def test_the_same_batch_again_changes_nothing(pool: asyncpg.Pool) -> None:
    decider = a_decider(pool)
    for _ in range(2):
        await handle(decider, pool, records(story()))
    assert await said(pool) == ["assigned"]
    assert await pool.fetchval("SELECT count(*) FROM fact WHERE decided") == 2


async def test_an_event_that_lies_twice_in_a_batch_counts_once(pool: asyncpg.Pool) -> None:
    """As after a crash of whoever sent it on."""
    await handle(a_decider(pool), pool, [*records(story()), *records(story(), begin=2)])
    assert await said(pool) == ["assigned"]
    assert await pool.fetchval("SELECT count(*) FROM fact") == 2


async def test_what_is_known_of_a_person_comes_in_the_order_of_the_log(pool: asyncpg.Pool) -> None:
    """However the table holds it: rows that are written again lie elsewhere."""
    await handle(a_decider(pool), pool, records(story()[1:], begin=1))
    await handle(a_decider(pool), pool, records(story()[:1]))
    assert [each.off for each in await Store(pool).rows([PERSON])] == [0, 1]


@pytest.mark.parametrize("step", ["decide", "person_decision_event"])
async def test_a_person_that_cannot_be_decided_about_delays_no_other_and_is_taken_up_again(
    pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    other = an_id(Kind.PERSON, "other")
    real = vars(handlers)[step]

    def faulty(about: Any, *given: Any) -> Any:  # noqa: ANN401 - a person, or a decision about one
        if PERSON in {about, getattr(getattr(about, "ground", None), "person", None)}:
            raise LookupError
        return real(about, *given)

    monkeypatch.setattr(handlers, step, faulty)
    decider = a_decider(pool)
    others = [Entered(each.n, each.accepted_at, of(each.event, other)) for each in story()]
    await handle(decider, pool, [*records(story()), *records(others, other, begin=2)])
    assert await said(pool) == ["assigned"]
    monkeypatch.setattr(handlers, step, real)
    log = Log(now=START + timedelta(minutes=30), entries=[])
    log.moves("dhs", "started")
    await handle(decider, pool, records(log.entries, begin=4))
    assert await said(pool) == ["assigned", "assigned"]
    assert await pool.fetchval("SELECT count(*) FROM fact WHERE NOT decided") == 0


async def test_a_batch_about_one_person_changes_nothing_of_another(pool: asyncpg.Pool) -> None:
    other, log = an_id(Kind.PERSON, "other"), Log()
    log.sends()
    log.moves("dhs", "accepted")
    log.sends(referral=an_id(Kind.REFERRAL, "another"))
    for number, entry in enumerate(log.entries):
        await handle(a_decider(pool), pool, records([entry], begin=number))

    async def known() -> list[list[asyncpg.Record]]:
        tables = ("fact", "waiting", "waited", "carer")
        return [await pool.fetch(f"SELECT * FROM {each} WHERE person = $1 ORDER BY 1, 2", PERSON) for each in tables]

    before = await known()
    assert all(before)
    others = [Entered(each.n, each.accepted_at, of(each.event, other)) for each in story()]
    await handle(a_decider(pool), pool, records(others, other, begin=9))
    assert await known() == before


def of(event: Event, person: str) -> Event:
    """Return an equal statement on another person."""
    data = event.data.model_copy(update={"person": person})
    return event.model_copy(update={"subject": person, "data": data})


async def test_what_intake_did_not_write_is_left_out(pool: asyncpg.Pool) -> None:
    (good, _) = records(story())
    bad = [
        Record(*PLACE, 1, 0, PERSON.encode(), b"{", []),
        Record(*PLACE, 2, 0, b"Somebody", good.value, good.headers),
        Record(*PLACE, 3, 0, PERSON.encode(), None, good.headers),
        Record(*PLACE, 4, 0, PERSON.encode(), (good.value or b"").replace(b"bpd/", b"bpd/\\u0000"), good.headers),
    ]
    await handle(a_decider(pool), pool, [good, *bad])
    assert await pool.fetchval("SELECT count(*) FROM fact") == 1


async def test_late_is_told_once_however_many_sweep_and_not_before_its_time(pool: asyncpg.Pool) -> None:
    decider = a_decider(pool)
    await handle(decider, pool, records(story()[:1]))
    due = await pool.fetchval("SELECT due_at FROM waiting")
    await stands(pool, PLACE[0], 1)
    clock = StoppedClock(due - timedelta(milliseconds=1))

    async def ends() -> dict[tuple[str, int], int]:
        return {PLACE: 1}

    sweepers = [Sweeper(pool=pool, store=Store(pool), decider=decider, clock=clock, ends=ends) for _ in range(3)]
    assert sum(await asyncio.gather(*(each.sweep() for each in sweepers))) == 2  # the two that may take it too
    assert await said(pool) == []
    clock.at = due
    assert sum(await asyncio.gather(*(each.sweep() for each in sweepers))) == 1
    assert await said(pool) == ["escalated"]
    assert sum(await asyncio.gather(*(each.sweep() for each in sweepers))) == 0


async def test_of_two_that_are_late_the_other_stays_late_and_told_when_one_is_answered(pool: asyncpg.Pool) -> None:
    another, decider, log = an_id(Kind.REFERRAL, "another"), a_decider(pool), Log()
    for referral in (REFERRAL, another):
        log.sends(urgency="emergency", referral=referral)
    await handle(decider, pool, records(log.entries))
    await stands(pool, PLACE[0], 2)

    async def ends() -> dict[tuple[str, int], int]:
        return {PLACE: 2}

    clock = StoppedClock(START + timedelta(hours=2))
    sweeper = Sweeper(pool=pool, store=Store(pool), decider=decider, clock=clock, ends=ends)
    assert await sweeper.sweep() == 6  # both, and for each the two that may take it too
    log.moves("dhs", "accepted", after=timedelta(hours=2))
    await handle(decider, pool, records(log.entries[2:], begin=2))
    async with postgres.borrow_connection(pool) as connection:
        found = await read_waits(connection, None, late=False, now=clock.at)
    assert {(each.kind, each.about, each.told) for each in found} == {
        ("answer", another, True),
        ("start", REFERRAL, False),
    }
    assert await sweeper.sweep() == 0


async def test_a_reader_sees_what_waits_and_no_event(pool: asyncpg.Pool, server: Server) -> None:
    await handle(a_decider(pool), pool, records(story()[:1]))
    name = await pool.fetchval("SELECT current_database()")
    reader = await asyncpg.connect(server.dsn("officer", name), server_settings={"search_path": "referral"})
    try:
        due = (await read_waits(reader, "dhs", late=False, now=START))[0].due_at
        assert await read_waits(reader, "hti", late=False, now=START) == []
        assert await read_waits(reader, None, late=True, now=due - timedelta(seconds=1)) == []
        (found,) = await read_waits(reader, None, late=True, now=due)
        assert (found.kind, found.agency, found.about, found.told) == ("answer", "dhs", REFERRAL, False)
        assert await person_of(reader, REFERRAL) == PERSON
        for table in ("fact", "waiting", "waited", "outbox", "carer"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await reader.fetch(f"SELECT * FROM {table}")
    finally:
        await reader.close()


async def test_an_agency_is_shown_the_waits_of_its_own_referrals_and_those_that_it_is_told_of(
    pool: asyncpg.Pool,
) -> None:
    """Found from outside: whoever asked was shown what waits for everybody, with the persons."""
    log = Log()
    log.adult()
    log.consents("hti")
    log.sends("bpd", "hti")
    sent = log.now
    await handle(a_decider(pool), pool, records(log.entries))

    async def shown(agency: str, at: datetime | None = None) -> list[str]:
        async with postgres.borrow_connection(pool) as connection:
            found = await read_waits(connection, None, late=False, now=log.now, as_of=at)
            seen = [
                each for each in found if sees_every_matter(agency) or agency_of(agency) in map(agency_of, each.seen_by)
            ]
            return [each.kind for each in seen if each.about == REFERRAL]

    for agency, may in (("council", 1), ("bpd", 1), ("atips_pu", 1), ("hti", 1), ("iom", 0), ("labour", 0)):
        assert len(await shown(agency)) == may, agency
    log.moves("hti", "accepted")
    log.add("bpd", "consent.withdrawn", {"person": PERSON, "recipients": ["hti"]})
    await handle(a_decider(pool), pool, records(log.entries[3:], begin=3))
    assert await shown("council", sent) == await shown("bpd", sent) == ["answer"]
    assert await shown("hti", sent) == []  # a look at the past opens nothing that is shut


async def test_a_danger_is_not_shown_to_the_agencies_that_a_case_of_the_person_keeps_out(pool: asyncpg.Pool) -> None:
    """Found from outside: a list of findings named a victim to an agency that was kept from the victim's case."""
    log = Log()
    log.add("bpd", "victim.identified", {"person": PERSON, "status": "confirmed"})
    log.add("bpd", "arrest.made", {"person": PERSON, "arrest": an_id(Kind.ARREST, "of a victim")})
    decider = a_decider(pool)
    await handle(decider, pool, records(log.entries))

    async def sees(agency: str) -> list[bool]:
        [seen] = await pool.fetchval("SELECT array_agg(seen_now) FROM danger")
        return [agency in each for each in orjson.loads(seen)]

    assert await sees("bpd") == [True, True]
    keeps_out(log, "bpd", lasting=True)
    await handle(decider, pool, records(log.entries[2:], begin=2))
    assert await sees("bpd") == [False, False]
    assert await sees("dhs") == [True, True]
    keeps_out(log)
    await handle(decider, pool, records(log.entries[3:], begin=3))
    assert await sees("bpd") == [True, True]


async def test_sight_of_a_danger_is_decided_again_when_time_changes_it(pool: asyncpg.Pool) -> None:
    log = Log()
    log.add("dhs", "victim.identified", {"person": PERSON, "status": "confirmed"})
    log.add("bpd", "arrest.made", {"person": PERSON, "arrest": an_id(Kind.ARREST, "of a victim")})
    ends = START + timedelta(days=30)
    keeps_out(log, "bpd", until=ends)
    decider = a_decider(pool)
    await handle(decider, pool, records(log.entries))

    async def shown() -> list[bool]:
        return ["bpd" in each for each in orjson.loads(await pool.fetchval("SELECT seen FROM dangers"))]

    assert await shown() == [False, False]
    assert not await Store(pool).any_due(ends - timedelta(seconds=1))
    assert await Store(pool).any_due(ends)
    async with postgres.borrow_connection(pool) as connection, connection.transaction():
        assert await decider.sweep(connection, ends, 100) == 1
    assert await shown() == [True, True]
    assert not await Store(pool).any_due(ends + timedelta(days=365))


async def test_what_waited_then_is_asked_for_when_nothing_waits(pool: asyncpg.Pool) -> None:
    log = Log()
    log.sends(urgency="emergency")
    sent = log.now
    log.moves("dhs", "received", after=timedelta(minutes=50))
    received = log.now
    await handle(a_decider(pool), pool, records(log.entries))
    log.moves("dhs", "accepted", after=timedelta(hours=2))
    log.moves("dhs", "started")
    await handle(a_decider(pool), pool, records(log.entries[2:], begin=2))

    async def stood(at: datetime | None, *, late: bool = False) -> list[tuple[str, str | None]]:
        async with postgres.borrow_connection(pool) as connection:
            found = await read_waits(connection, None, late=late, now=log.now, as_of=at)
            return [(each.kind, each.state) for each in found]

    assert await stood(None) == [("silence", "in_progress")]
    assert await stood(sent - timedelta(seconds=1)) == []
    assert await stood(sent) == [("answer", "sent")]
    assert await stood(received) == [("answer", "received")]
    assert await stood(sent + timedelta(minutes=59), late=True) == []
    assert await stood(sent + timedelta(hours=1), late=True) == [("answer", "received")]
    assert await stood(log.entries[2].accepted_at) == [("start", "accepted")]
    assert await stood(log.now) == [("silence", "in_progress")]
    log.moves("dhs", "completed")
    await handle(a_decider(pool), pool, records(log.entries[4:], begin=4))
    assert await stood(None) == []
    async with postgres.borrow_connection(pool) as connection:
        assert await person_of(connection, REFERRAL) == PERSON


async def test_deliveries_are_forgotten_once_they_have_expired_and_decisions_never(pool: asyncpg.Pool) -> None:
    decider = a_decider(pool)
    await handle(decider, pool, records(story()))

    clock = StoppedClock(START + timedelta(days=40))
    pruner = Pruner(pool, clock, [DEPLOYMENT.delivery(agency) for agency in DEPLOYMENT.agencies])
    assert await pruner.prune() == 0  # nothing was sent yet
    await pool.execute("UPDATE outbox SET sent = true")
    clock.at = START + timedelta(days=29)
    assert await pruner.prune() == 0
    clock.at = START + timedelta(days=40)
    assert await pruner.prune() > 0
    assert await said(pool) == ["assigned"]
    assert await pool.fetchval("SELECT count(*) FROM outbox") == 1


async def test_nothing_is_late_while_an_answer_may_lie_on_the_log(pool: asyncpg.Pool) -> None:
    decider = a_decider(pool)
    await handle(decider, pool, records(story()[:1]))

    async def ends() -> dict[tuple[str, int], int]:
        return {PLACE: 2}

    clock = StoppedClock(START + timedelta(days=1))
    sweeper = Sweeper(pool=pool, store=Store(pool), decider=decider, clock=clock, ends=ends)
    assert await sweeper.sweep() == 0
    assert await said(pool) == []


async def test_what_nobody_needs_to_hear_any_more_is_not_delivered(pool: asyncpg.Pool) -> None:
    prepared = await a_decider(pool).prepare(records(story()), START + timedelta(days=31))
    async with postgres.borrow_connection(pool) as connection, connection.transaction():
        await a_decider(pool).apply(prepared, connection)
    assert await pool.fetchval("SELECT count(*) FROM outbox WHERE topic LIKE '%delivery%'") == 0
    assert await said(pool) == ["assigned"]


async def test_what_an_older_copy_cannot_read_is_held_and_decided_about_by_the_next_that_can(
    pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An event of a newer contract. Whatever else is known of the person is decided about meanwhile."""
    log = Log()
    log.sends(urgency="emergency")
    log.moves("dhs", "accepted")
    last = log.entries[-1].n
    real, decider, places = (
        vars(event_copy_batch)["decode_row"],
        a_decider(pool),
        frozenset({(DEPLOYMENT.log(Kind.PERSON), 0)}),
    )
    monkeypatch.setattr(event_copy_batch, "decode_row", lambda row: None if row.n == last else real(row))
    await handle(decider, pool, records(log.entries))
    assert await said(pool) == []
    assert await pool.fetchval("SELECT array_agg(n) FROM fact WHERE NOT decided") == [last]
    await taken_over(decider, pool, places)  # by another copy of the old version
    assert await said(pool) == []
    monkeypatch.setattr(event_copy_batch, "decode_row", real)
    await taken_over(decider, pool, frozenset({(DEPLOYMENT.log(Kind.PERSON), 1)}))  # none of its partitions
    assert await said(pool) == []
    for _ in range(2):
        await taken_over(decider, pool, places)
        assert await said(pool) == ["assigned"]
    assert not await pool.fetchval("SELECT EXISTS (SELECT FROM held) OR EXISTS (SELECT FROM fact WHERE NOT decided)")


async def taken_over(decider: Decider, pool: asyncpg.Pool, places: frozenset[tuple[str, int]]) -> None:
    async with postgres.borrow_connection(pool) as connection, connection.transaction():
        await decider.take_over(connection, places)


async def test_a_deadline_is_told_although_the_clock_was_ahead_when_the_referral_was_accepted(
    pool: asyncpg.Pool,
) -> None:
    log = Log()
    log.sends(urgency="emergency")
    due = log.now + timedelta(hours=1)
    decider, store = a_decider(pool), Store(pool)
    ahead = [replace(each, accepted_at=each.accepted_at + timedelta(days=400)) for each in log.entries]
    await handle(decider, pool, records(ahead))
    assert not await store.any_due(due - timedelta(minutes=40))
    assert await store.any_due(due)
    async with postgres.borrow_connection(pool) as connection, connection.transaction():
        await decider.sweep(connection, due, 100)
    assert await pool.fetchval("SELECT count(*) FROM waiting WHERE kind = 'answer' AND told_at IS NOT NULL") == 1
    assert not await store.any_due(due)
