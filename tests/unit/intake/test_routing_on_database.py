"""Routing over a real PostgreSQL: the copies are those demanded, from whichever batches, and cost facts nothing."""

import random
from collections import Counter
from contextlib import suppress
from typing import Any

import asyncpg
import pytest

from schemas.codec import decode
from schemas.ids import Kind
from schemas.required_copies import required
from services.intake.domain.acceptance_line import AcceptedEvent
from services.intake.domain.entity_copy_routing import Index, Routed, add_accepted_events
from services.intake.store import routing_index as store
from services.intake.store import routing_index_rebuild as module
from services.intake.store.routing_index_rebuild import rebuild
from services.runtime.errors import Conflict
from services.runtime.postgres import borrow_connection
from tests.unit.intake.conftest import Database
from tests.unit.intake.histories_of_changes import corrected, history, merge, retracted
from tests.unit.intake.samples import accepted, entity, victim

P, Q, R = (entity(Kind.PERSON, number) for number in (1, 2, 3))
WORLDS = 24
# What a planner does that goes through all that was ever accepted.
WALKS = ("Seq Scan on inbox", "on inbox_pkey")


def interleaved(dice: random.Random) -> list[dict[str, Any]]:
    """Give many small histories, mixed, each in its own order."""
    left = [history(random.Random(dice.random()).randrange, world=world) for world in range(WORLDS)]
    arriving: list[dict[str, Any]] = []
    while left := [each for each in left if each]:
        arriving.append(dice.choice(left).pop(0))
    return arriving


async def submitted(database: Database, dice: random.Random, arriving: list[dict[str, Any]]) -> None:
    """Submit in batches of random size, with something refused and something repeated now and then."""
    while arriving:
        size = dice.randrange(1, 20)
        batch, arriving = arriving[:size], arriving[size:]
        await database.submit([*batch, *dice.sample([b"{", batch[0]], dice.randrange(3))])


async def copies(database: Database) -> set[tuple[int, int, str]]:
    return {tuple(row) for row in await database.administer("SELECT caused_by, n, entity FROM copy")}


async def index(database: Database) -> list[set[tuple[object, ...]]]:
    return [{tuple(row) for row in await database.rows(table)} for table in ("merged", "same", "linked")]


async def numbered(database: Database) -> list[Routed]:
    """Give what was accepted as the full index takes it."""
    return [
        Routed.entered(AcceptedEvent(row["n"], 0, accepted(row["payload"]))) for row in await database.rows("inbox")
    ]


async def faults(database: Database) -> list[str]:
    """Say where the copies are not those that routing demands, or not caused by the event that demands them."""
    rows = await database.rows("inbox")
    wanted = required({row["n"]: decode(row["payload"]) for row in rows})
    found = Counter((row["n"], each) for row in rows for each in row["entities"])
    found.update((n, each) for _, n, each in await copies(database))
    laws = {
        "the copies are those demanded": found == Counter((n, each) for n, all_ in wanted.items() for each in all_),
        "each has its cause": await copies(database) == set(add_accepted_events(Index(), await numbered(database))),
    }
    return [law for law, kept in laws.items() if not kept]


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_the_copies_are_those_demanded_each_by_the_event_that_demands_it(database: Database, seed: int) -> None:
    dice = random.Random(seed)
    await submitted(database, dice, interleaved(dice))
    assert len(await database.rows("inbox")) > WORLDS
    assert await faults(database) == []


@pytest.mark.parametrize("query", ["_GROUPS", "_MENTIONS", "_MERGES", "_LINKS", "_NAMED", "_SENT"])
async def test_a_part_of_the_index_that_is_not_loaded_is_seen(
    database: Database, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, query, f"{getattr(store, query)} LIMIT 0")
    dice = random.Random(1)
    with suppress(Conflict):  # a copy twice: the table's key is a guard of its own
        await submitted(database, dice, interleaved(dice))
        assert await faults(database) != []
        return
    assert query == "_SENT"


async def test_the_index_is_made_anew_from_the_inbox(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_ROWS", 7)
    dice = random.Random(4)
    await submitted(database, dice, interleaved(dice))
    before = await index(database)
    known = await copies(database)
    lost = sorted(known)[:: len(known) // 5]
    await database.administer(
        "DELETE FROM copy WHERE (n, entity) IN (SELECT * FROM unnest($1::bigint[], $2::text[]))",
        [n for _, n, _ in lost],
        [each for _, _, each in lost],
    )
    await database.administer("UPDATE merged SET leader = entity")
    await database.administer("DELETE FROM linked")
    await database.administer("DELETE FROM same WHERE n % 2 = 0")
    for missing in (len(lost), 0):
        async with borrow_connection(database.pool) as connection, connection.transaction():
            assert await rebuild(connection) == missing
        assert await index(database) == before
        assert all(before)
        assert await copies(database) == known


async def test_intake_itself_cannot_take_a_copy_back(database: Database) -> None:
    await database.submit([victim(1), merge(2, P, Q)])
    for statement in ("UPDATE copy SET n = n", "DELETE FROM copy", "TRUNCATE copy"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with borrow_connection(database.pool) as connection:
                await connection.execute(statement)
    assert await copies(database) == {(2, 1, Q), (2, 2, entity(Kind.CASE, 1))}


async def test_a_rolled_back_change_leaves_nothing(database: Database) -> None:
    await database.submit([victim(1)])
    async with borrow_connection(database.pool) as connection:
        rolled_back = connection.transaction()
        await rolled_back.start()
        await database.door().apply(await database.judged([merge(2, P, Q)]), connection)
        await rolled_back.rollback()
    assert (await index(database), await copies(database)) == ([set(), set(), set()], set())
    await database.submit([victim(3)])
    assert await copies(database) == set()


# ---------------------------------------------------------------- what it costs


async def queries(database: Database, values: list[dict[str, Any]]) -> list[str]:
    """Give what a batch asks for between the beginning of its transaction and the commit; a COPY is not among it."""
    seen: list[str] = []
    prepared = await database.judged(values)
    async with borrow_connection(database.pool) as connection, connection.transaction():
        with connection.query_logger(lambda record: seen.append(record.query)):
            await database.door().apply(prepared, connection)
    return seen


async def test_facts_about_strangers_pay_nothing_for_changes(database: Database) -> None:
    await database.submit([merge(1, P, Q), retracted(2, victim(9)), corrected(3, victim(8), victim(8))])
    plain = await queries(database, [victim(3 + number, subject=R, data={"person": R}) for number in (1, 2)])
    assert [query.split()[0] for query in plain] == ["SELECT", "SELECT", "SELECT"]
    for touching in (victim(7, subject=Q, data={"person": Q}), victim(8), victim(9), merge(10, P, R)):
        assert len(await queries(database, [touching])) > len(plain)


async def planned(database: Database, query: str) -> str:
    """Give the plan that is made for any arguments."""
    async with borrow_connection(database.pool) as connection, connection.transaction():
        await connection.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        await connection.execute(f"PREPARE asked (text[], bigint) AS {query}")
        lines = await connection.fetch("EXPLAIN EXECUTE asked ('{x}', 9)")
        await connection.execute("DEALLOCATE asked")
        return "\n".join(line[0] for line in lines)


async def test_mentions_are_found_in_the_index_whatever_the_planner_knows(database: Database) -> None:
    await database.submit([victim(1)])
    await database.administer(
        "INSERT INTO inbox SELECT m, source, md5(m::text)::uuid, digest, accepted_at, type, agency, payload,"
        " ARRAY[m::text], inbound_topic, inbound_partition, inbound_offset"
        " FROM inbox CROSS JOIN generate_series(2, 20000) AS more (m)"
    )
    plan = await planned(database, store._MENTIONS)
    assert "inbox_entities" in plan
    assert not any(walk in plan for walk in WALKS), plan
    plan = await planned(database, store._MENTIONS.replace("OFFSET 0", ""))
    assert any(walk in plan for walk in WALKS), plan
