"""The agencies that were told of a danger in a case are told when it is over, unless the case keeps them out."""

import json
from datetime import timedelta

import asyncpg

from services.case_tracker.domain.decide import decide
from services.case_tracker.domain.decision_values import ClosedFinding
from services.presentation.messages_to_agencies import deliveries
from services.runtime import postgres
from tests.unit.case_tracker.sample import CASE, VICTIM, Log, story
from tests.unit.case_tracker.test_handlers import a_decider, handle, prosecuted, records, restricted


def let_go(log: Log) -> None:
    log.says("bpd", "arrest.released", person=VICTIM, arrest=log.entries[-1].event.data.model_dump()["arrest"])


async def told(pool: asyncpg.Pool, agency: str) -> list[tuple[int, dict[str, object]]]:
    rows = await pool.fetch(
        "SELECT seq, value FROM outbox WHERE topic LIKE '%delivery.' || $1 || '.%' ORDER BY seq", agency
    )
    return [(row["seq"], json.loads(row["value"])) for row in rows]


async def test_an_inbox_shows_the_danger_as_over(pool: asyncpg.Pool) -> None:
    log = prosecuted()
    let_go(log)
    for _ in range(2):
        await handle(a_decider(pool), pool, records(log.entries))
    for agency in ("dhs", "odpp"):
        found = list(deliveries(await told(pool, agency)))
        assert [(each.kind, each.over) for each in found] == [("danger", True), ("danger_over", False)]
        assert found[1].data["records"] == []


async def test_an_agency_that_the_case_keeps_out_since_hears_no_more_of_it(pool: asyncpg.Pool) -> None:
    log = prosecuted()
    arrest = log.entries[-1]
    restricted(log)
    log.entries.append(arrest)
    let_go(log)
    del log.entries[-2]
    await handle(a_decider(pool), pool, records(log.entries))
    assert [each["type"] for _, each in await told(pool, "odpp")] == ["bz.atips.delivery.danger.v1"]
    assert len(await told(pool, "dhs")) == 2


async def test_a_message_that_would_have_expired_is_not_sent(pool: asyncpg.Pool) -> None:
    log = prosecuted()
    let_go(log)
    decider = a_decider(pool)
    prepared = await decider.prepare(records(log.entries), log.now + timedelta(days=31))
    async with postgres.borrow_connection(pool) as connection, connection.transaction():
        await decider.apply(prepared, connection)
    assert await told(pool, "dhs") == []


def test_the_end_of_a_warning_is_told_to_nobody() -> None:
    closed = [each for each in decide(CASE, (), story().entries).decisions if isinstance(each, ClosedFinding)]
    assert [each.told for each in closed] == [()]
