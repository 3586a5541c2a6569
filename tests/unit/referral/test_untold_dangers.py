"""A danger that is open now reaches its agencies however late it was found; what was sent before is not sent again."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from importlib import import_module
from typing import Final

import asyncpg
import pytest

from schemas.codec import decode
from schemas.service_decisions import Entered
from schemas.topics import DELIVERY_DAYS, Deployment
from services.referral import handlers
from services.referral.domain.decide import decide
from services.referral.domain.decision import DangerFound
from services.referral.domain.events_and_messages import Versions, person_decision_event
from services.referral.handlers import Decider
from services.referral.store import Store
from services.runtime import postgres
from services.runtime.deadline_sweep import Sweeper
from services.runtime.deciding import event_copy_batch
from tests.support.database import stands
from tests.support.stopped_clock import StoppedClock
from tests.unit.referral import test_handlers
from tests.unit.referral.dangers import ARREST, OTHER_CASE, victim
from tests.unit.referral.sample import CASE, OTHER, PERSON, Log, policy
from tests.unit.referral.test_handlers import PLACE, a_decider, records, taken_over
from tests.unit.referral.test_restrictions import keeps_out

pool = test_handlers.pool

MIGRATION: Final = import_module("services.referral.sql.0025_dangers_told_to_nobody")
DANGER: Final = "bz.atips.delivery.danger.v1"
MONTH: Final = timedelta(days=DELIVERY_DAYS)
LATE: Final = timedelta(days=60)


def prosecuted(case: str | None = OTHER_CASE) -> Log:
    """A victim is arrested, in another case than the one that knows them as a victim, or in none."""
    log = Log()
    victim(log)
    log.add("bpd", "arrest.made", {"person": PERSON, "case": case, "arrest": ARREST})
    return log


def released(log: Log) -> None:
    log.add("bpd", "arrest.released", {"person": PERSON, "arrest": ARREST})


async def handle_at(
    pool: asyncpg.Pool, entries: Sequence[Entered], now: datetime, begin: int = 0, decider: Decider | None = None
) -> None:
    decider = decider or a_decider(pool)
    prepared = await decider.prepare(records(entries, begin=begin), now)
    async with postgres.borrow_connection(pool) as connection, connection.transaction():
        await decider.apply(prepared, connection)
    await decider.committed(prepared)


async def sweep(pool: asyncpg.Pool, now: datetime, end: int, decider: Decider | None = None) -> int:
    await stands(pool, PLACE[0], end)

    async def ends() -> dict[tuple[str, int], int]:
        return {PLACE: end}

    clock = StoppedClock(now)
    return await Sweeper(
        pool=pool, store=Store(pool), decider=decider or a_decider(pool), clock=clock, ends=ends
    ).sweep()


async def told(pool: asyncpg.Pool, kind: str = DANGER) -> list[tuple[str, datetime, str | None]]:
    """Return the agency, the time, and since when the danger is known if the message says so."""
    rows = await pool.fetch("SELECT topic, value FROM outbox WHERE topic LIKE '%delivery%' ORDER BY topic, seq")
    found = [(row["topic"].split(".")[2], json.loads(row["value"])) for row in rows]
    return [
        (agency, datetime.fromisoformat(each["time"]), each["data"].get("since"))
        for agency, each in found
        if each["type"] == kind
    ]


async def hear(pool: asyncpg.Pool) -> list[str]:
    return [agency for agency, _, _ in await told(pool)]


def published(log: Log, accepted_at: datetime) -> Entered:
    """Return the opening as this service published it, with the time at which intake accepted it."""
    [found] = [each for each in decide(PERSON, (), log.entries, policy()).findings if isinstance(each, DangerFound)]
    event = decode(person_decision_event(found, Versions("0" * 16, policy().version)).value)
    return Entered(log.entries[-1].n + 1, accepted_at, event)


@pytest.mark.parametrize("case", [OTHER_CASE, None])
@pytest.mark.parametrize("late", [MONTH, LATE, timedelta(days=400)])
async def test_a_danger_that_was_read_late_is_told_as_of_now_and_once(
    pool: asyncpg.Pool, late: timedelta, case: str | None
) -> None:
    """As after a service that stood for weeks. Nobody was told of the danger."""
    log = prosecuted(case)
    now = log.now + late
    await handle_at(pool, log.entries, now)
    assert await told(pool) == []
    assert await Store(pool).any_due(now)
    assert await sweep(pool, now, len(log.entries)) == 1
    since = log.now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    assert await told(pool) == [("dhs", now, since), ("odpp", now, since)]
    later = now + timedelta(days=1)
    assert await sweep(pool, later, len(log.entries)) == 0
    assert not await Store(pool).any_due(later)
    assert len(await told(pool)) == 2


@pytest.mark.parametrize(("days", "at_once"), [(0, True), (22, True), (23, False), (29, False), (30, False)])
async def test_a_message_that_would_expire_within_a_week_is_not_sent_but_a_new_one(
    pool: asyncpg.Pool, days: int, *, at_once: bool
) -> None:
    log = prosecuted()
    now = log.now + timedelta(days=days)
    await handle_at(pool, log.entries, now)
    assert await told(pool) == ([("dhs", log.now, None), ("odpp", log.now, None)] if at_once else [])
    assert await sweep(pool, now, len(log.entries)) == (0 if at_once else 1)
    assert await hear(pool) == ["dhs", "odpp"]


async def test_nobody_is_told_before_the_log_was_read_to_its_end(pool: asyncpg.Pool) -> None:
    log = prosecuted()
    await handle_at(pool, log.entries, log.now + LATE)
    await stands(pool, PLACE[0], 2)

    async def ends() -> dict[tuple[str, int], int]:
        return {PLACE: 3}

    clock = StoppedClock(log.now + LATE)
    sweeper = Sweeper(pool=pool, store=Store(pool), decider=a_decider(pool), clock=clock, ends=ends)
    assert await sweeper.sweep() == 0
    assert await told(pool) == []


@pytest.mark.parametrize("in_one_batch", [True, False])
async def test_a_danger_that_is_over_is_told_to_nobody(pool: asyncpg.Pool, *, in_one_batch: bool) -> None:
    log = prosecuted()
    released(log)
    now = log.now + LATE
    parts = [log.entries] if in_one_batch else [log.entries[:2], log.entries[2:]]
    for part in parts:
        await handle_at(pool, part, now, begin=part[0].n - 1)
    assert await pool.fetchval("SELECT closure FROM danger") == "later_event"
    assert await sweep(pool, now, 3) == 0
    assert await told(pool) == []


async def test_a_danger_that_began_again_is_told(pool: asyncpg.Pool) -> None:
    log = prosecuted()
    released(log)
    log.retracts(log.entries[-1].event)
    now = log.now + LATE
    await handle_at(pool, log.entries, now)
    await sweep(pool, now, 4)
    assert await hear(pool) == ["dhs", "odpp"]


@pytest.mark.parametrize("first", ["log", "opening"])
async def test_a_log_that_is_read_again_sends_no_old_danger_again(pool: asyncpg.Pool, first: str) -> None:
    """After a rebuild the log has the opening from then: its agencies were told at that time."""
    log = prosecuted()
    now = log.now + timedelta(days=400)
    opening = published(log, log.now + timedelta(minutes=1))
    batches = [log.entries, [opening]] if first == "log" else [[*log.entries, opening]]
    for batch in batches:
        await handle_at(pool, batch, now, begin=batch[0].n - 1)
    await sweep(pool, now, 3)
    assert await pool.fetchval("SELECT count(*) FROM danger WHERE closed_at IS NULL AND NOT untold") == 1
    assert await told(pool) == []
    assert await sweep(pool, now, 3) == 0


async def test_an_opening_that_was_published_late_hides_no_danger(pool: asyncpg.Pool) -> None:
    """An earlier version opened it late, and told nobody."""
    log = prosecuted()
    now = log.now + timedelta(days=400)
    await handle_at(pool, [*log.entries, published(log, log.now + timedelta(days=40))], now)
    await sweep(pool, now, 3)
    assert await hear(pool) == ["dhs", "odpp"]


async def test_an_earlier_opening_of_the_same_finding_hides_no_later_one(pool: asyncpg.Pool) -> None:
    log = prosecuted()
    now = log.now + timedelta(days=400)
    before = published(log, log.now)
    earlier = before.event.model_copy(update={"time": log.now - timedelta(days=90)})
    await handle_at(pool, [*log.entries, Entered(before.n, before.accepted_at, earlier)], now)
    await sweep(pool, now, 3)
    assert await hear(pool) == ["dhs", "odpp"]


@pytest.mark.parametrize(
    ("kept", "hears"), [((), ["dhs", "odpp"]), (("odpp",), ["dhs"]), (("odpp", "dhs"), ["council"])]
)
@pytest.mark.parametrize("case", [OTHER_CASE, None])
async def test_who_is_kept_out_by_now_is_not_told_late(
    pool: asyncpg.Pool, kept: tuple[str, ...], hears: list[str], case: str | None
) -> None:
    """The restriction is younger than the danger. A danger without a case is kept from whom any case keeps out."""
    log = prosecuted(case)
    await handle_at(pool, log.entries, log.now + LATE)
    keeps_out(log, *kept, lasting=True, case=OTHER_CASE)
    log.entries[-1] = replace(log.entries[-1], accepted_at=log.now + LATE)
    await handle_at(pool, log.entries[-1:], log.now + LATE, begin=2)
    await sweep(pool, log.now + LATE, 3)
    assert await hear(pool) == hears


async def test_who_is_kept_out_no_longer_is_told(pool: asyncpg.Pool) -> None:
    log = Log()
    keeps_out(log, "odpp", lasting=True, case=OTHER_CASE)
    log.entries += [replace(each, n=each.n + 1) for each in prosecuted().entries]
    keeps_out(log, case=OTHER_CASE)
    now = log.entries[-2].accepted_at + LATE
    await handle_at(pool, log.entries, now)
    await sweep(pool, now, len(log.entries))
    assert await hear(pool) == ["dhs", "odpp"]


@pytest.mark.parametrize("days", [0, 60])
async def test_who_is_kept_out_of_another_case_of_the_person_is_not_told_of_a_danger_without_a_case(
    pool: asyncpg.Pool, days: int
) -> None:
    """The restriction came after the danger and is read with it."""
    log = prosecuted(None)
    keeps_out(log, "odpp", lasting=True, case=CASE)
    now = log.now + timedelta(days=days)
    await handle_at(pool, log.entries, now)
    await sweep(pool, now, len(log.entries))
    assert await hear(pool) == ["dhs"]


@pytest.mark.parametrize("days", [0, 60])
async def test_a_danger_whose_agencies_are_not_in_this_deployment_is_told_to_the_council(
    pool: asyncpg.Pool, days: int
) -> None:
    log = prosecuted()
    keeps_out(log, "dhs", lasting=True, case=OTHER_CASE)
    decider = Decider(Deployment(agencies=("bpd", "dhs", "council")), Store(pool), policy(), "0" * 16)
    now = log.now + timedelta(days=days)
    await handle_at(pool, log.entries, now, decider=decider)
    await sweep(pool, now, len(log.entries), decider)
    assert await hear(pool) == ["council"]


@pytest.mark.parametrize(("days", "sent"), [(1, 0), (60, 2)])
async def test_a_danger_that_a_newer_version_finds_in_held_events_is_told_as_of_now(
    pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch, days: int, sent: int
) -> None:
    """A message of the time of the events had expired before it was sent."""
    log = prosecuted()
    real, last = vars(event_copy_batch)["decode_row"], log.entries[-1].n
    monkeypatch.setattr(event_copy_batch, "decode_row", lambda row: None if row.n == last else real(row))
    await handle_at(pool, log.entries, log.now)
    monkeypatch.setattr(event_copy_batch, "decode_row", real)
    await taken_over(a_decider(pool), pool, frozenset({PLACE}))
    now = log.now + timedelta(days=days)
    assert await sweep(pool, now, 2) == 1
    assert [at for _, at, _ in await told(pool) if at == now] == [now] * sent
    assert await sweep(pool, now, 2) == 0


async def test_a_danger_of_a_person_who_was_held_for_weeks_is_told(
    pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = prosecuted()

    def faulty(*_: object) -> None:
        raise LookupError

    with monkeypatch.context() as mistaken:
        mistaken.setattr(handlers, "decide", faulty)
        await handle_at(pool, log.entries, log.now)
    log.add("bpd", "person.profile_recorded", {"person": PERSON, "role": "victim"}, after=LATE)
    await handle_at(pool, log.entries[2:], log.now, begin=2)
    await sweep(pool, log.now, 3)
    assert await hear(pool) == ["dhs", "odpp"]


async def test_a_danger_of_two_ids_that_are_merged_late_is_told_of_the_one(pool: asyncpg.Pool) -> None:
    log = prosecuted()
    log.merges(PERSON, OTHER)
    now = log.now + LATE
    for person in (PERSON, OTHER):
        decider = a_decider(pool)
        begin = 0 if person == PERSON else 3
        prepared = await decider.prepare(records(log.entries, person, begin=begin), now)
        async with postgres.borrow_connection(pool) as connection, connection.transaction():
            await decider.apply(prepared, connection)
    await sweep(pool, now, 6)
    assert await hear(pool) == ["dhs", "odpp"]


@pytest.mark.parametrize(("found_after", "again"), [(timedelta(days=40), True), (timedelta(minutes=1), False)])
async def test_the_migration_marks_the_dangers_that_an_earlier_version_told_nobody(
    pool: asyncpg.Pool, found_after: timedelta, *, again: bool
) -> None:
    """One that was found in time has its opening on the log since then, and is not told again."""
    log = prosecuted()
    await handle_at(pool, [*log.entries, published(log, log.now + found_after)], log.now)
    (statement,) = [each for each in MIGRATION.STATEMENTS if each.startswith("UPDATE danger")]
    await pool.execute(statement)
    now = log.now + timedelta(days=100)
    assert await sweep(pool, now, 3) == 1
    assert [at for _, at, since in await told(pool) if since] == ([now, now] if again else [])
