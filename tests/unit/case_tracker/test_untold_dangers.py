"""A danger that is open now reaches its agencies however late it was found; what was sent before is not sent again."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

import asyncpg
import pytest

from schemas.codec import decode
from schemas.service_decisions import Entered
from schemas.topics import DELIVERY_DAYS
from services.case_tracker.domain.decide import decide, opening_of_finding
from services.case_tracker.domain.events_and_messages import case_decision_event
from services.runtime import postgres
from services.runtime.deadline_sweep import Sweeper
from tests.support.database import stands
from tests.support.stopped_clock import StoppedClock
from tests.unit.case_tracker.sample import HEARING, Log, day
from tests.unit.case_tracker.test_handlers import (
    PLACE,
    VERSION,
    a_decider,
    a_store,
    prosecuted,
    records,
    restricted,
    set_down,
)

DANGER = "bz.atips.delivery.danger.v1"
MONTH = timedelta(days=DELIVERY_DAYS)


async def handle_at(pool: asyncpg.Pool, entries: Sequence[Entered], now: datetime, begin: int = 0) -> None:
    decider = a_decider(pool)
    prepared = await decider.prepare(records(entries, begin=begin), now)
    async with postgres.borrow_connection(pool) as connection, connection.transaction():
        await decider.apply(prepared, connection)
    await decider.committed(prepared)


async def sweep(pool: asyncpg.Pool, now: datetime, end: int) -> int:
    await stands(pool, PLACE[0], end)

    async def ends() -> dict[tuple[str, int], int]:
        return {PLACE: end}

    return await Sweeper(
        pool=pool, store=a_store(pool), decider=a_decider(pool), clock=StoppedClock(now), ends=ends
    ).sweep()


async def told(pool: asyncpg.Pool) -> list[tuple[str, datetime]]:
    rows = await pool.fetch("SELECT topic, value FROM outbox WHERE topic LIKE '%delivery%' ORDER BY topic, seq")
    found = [(row["topic"].split(".")[2], json.loads(row["value"])) for row in rows]
    return [(agency, datetime.fromisoformat(each["time"])) for agency, each in found if each["type"] == DANGER]


def due(log: Log) -> datetime:
    [found] = [each for each in decide(log.case, (), log.entries).standing if each.waits]
    return found.opens_at


def published(log: Log, accepted_at: datetime) -> Entered:
    """The opening as this service published it, with the time at which intake accepted it."""
    [found] = [each for each in decide(log.case, (), log.entries).standing if each.waits]
    event = decode(case_decision_event(opening_of_finding(found), VERSION).value)
    return Entered(log.entries[-1].n + 1, accepted_at, event)


@pytest.mark.parametrize("late", [timedelta(days=1), MONTH, timedelta(days=400)])
async def test_a_danger_that_a_sweep_opens_late_is_told_once(pool: asyncpg.Pool, late: timedelta) -> None:
    log = set_down()
    now = due(log) + late
    await handle_at(pool, log.entries, log.now)
    assert await sweep(pool, now, 2) == 1
    at = due(log) if late < MONTH else now
    assert await told(pool) == [("bpd", at), ("odpp", at)]
    assert await sweep(pool, now + timedelta(days=1), 2) == 0
    assert len(await told(pool)) == 2


async def test_a_log_that_is_read_again_sends_no_old_danger_again(pool: asyncpg.Pool) -> None:
    """After a rebuild the log holds the opening itself. Its agencies were told when it was published."""
    log = set_down()
    now = due(log) + timedelta(days=400)
    await handle_at(pool, log.entries, now)
    await handle_at(pool, [published(log, due(log) + timedelta(minutes=1))], now, begin=2)
    await sweep(pool, now, 3)
    assert await pool.fetchval("SELECT count(*) FROM finding WHERE opened_at IS NOT NULL") == 1
    assert await told(pool) == []
    assert await sweep(pool, now, 3) == 0


async def test_the_copy_of_an_opening_that_was_just_published_hides_no_danger(pool: asyncpg.Pool) -> None:
    log = set_down()
    now = due(log) + timedelta(days=400)
    await handle_at(pool, log.entries, now)
    await handle_at(pool, [published(log, now)], now, begin=2)
    await sweep(pool, now, 3)
    assert [agency for agency, _ in await told(pool)] == ["bpd", "odpp"]


async def test_an_earlier_opening_of_the_same_finding_hides_no_later_one(pool: asyncpg.Pool) -> None:
    log = set_down()
    now = due(log) + timedelta(days=400)
    before = published(log, due(log))
    earlier = before.event.model_copy(update={"time": due(log) - timedelta(days=90)})
    await handle_at(pool, log.entries, now)
    await handle_at(pool, [Entered(before.n, before.accepted_at, earlier)], now, begin=2)
    await sweep(pool, now, 3)
    assert [agency for agency, _ in await told(pool)] == ["bpd", "odpp"]


async def test_a_danger_of_an_event_that_was_read_late_is_told_if_it_is_open_still(pool: asyncpg.Pool) -> None:
    """As after a service that stood for weeks. The sweep tells of it when the log was read to its end."""
    log = prosecuted()
    now = log.now + timedelta(days=60)
    await handle_at(pool, log.entries, now)
    assert await told(pool) == []
    await sweep(pool, now, len(log.entries))
    assert await told(pool) == [("dhs", now), ("odpp", now)]


async def test_a_danger_that_is_over_is_told_to_nobody(pool: asyncpg.Pool) -> None:
    log = set_down()
    opens = due(log)
    log.now = opens + timedelta(days=1)
    log.says("bpd", "court.hearing_held", court="magistrates", hearing=HEARING, **day("2024-03-12"))
    now = opens + timedelta(days=60)
    await handle_at(pool, log.entries, now)
    await sweep(pool, now, 3)
    assert [row["closure"] for row in await pool.fetch("SELECT closure FROM finding")] == ["later_event"]
    assert await told(pool) == []


async def test_an_agency_that_the_case_keeps_out_is_not_told_late_either(pool: asyncpg.Pool) -> None:
    log = Log()
    restricted(log)
    log.entries += set_down().entries
    now = due(log) + timedelta(days=60)
    await handle_at(pool, log.entries, log.now)
    await sweep(pool, now, len(log.entries))
    assert [agency for agency, _ in await told(pool)] == ["bpd"]
