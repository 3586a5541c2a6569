"""Entries of the quarantine over a real PostgreSQL: what is one, when it is open, and what operators did about it."""

from dataclasses import replace
from datetime import UTC, datetime
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import asyncpg
import orjson
import pytest

from services.intake import sql
from services.intake.domain.quarantine_entries import CloseReason, Entry, EntryState
from services.intake.store import quarantine_entries as store
from services.intake.store.quarantine_entries import EntryFilter, OperatorAct
from services.runtime.postgres import borrow_connection
from tests.unit.intake.conftest import SEAL, Database
from tests.unit.intake.samples import CANARY, DEPLOYMENT, NOW, event_id, training, victim


def bad(number: int = 1, status: object = CANARY) -> dict[str, object]:
    """Give a victim that is refused."""
    return victim(number, data={"status": status})


async def found(database: Database, **wanted: object) -> list[Entry]:
    async with borrow_connection(database.pool) as connection:
        return list(await store.entries(connection, EntryFilter(**wanted)))  # type: ignore[arg-type]


async def close(database: Database, entry: Entry) -> None:
    async with borrow_connection(database.pool) as connection:
        await store.note_operator_act(
            connection, OperatorAct(datetime.now(UTC), entry, "closed", "somebody", CloseReason.NO_EVENT)
        )


async def test_attempts_under_one_id_or_of_the_same_bytes_are_one_entry(database: Database) -> None:
    await database.submit([bad(1), b"{", bad(2), b"{", bad(1, "other")])
    await database.submit([b"{", b"["])
    entries = await found(database)
    assert [(each.number, each.last_n, each.attempts) for each in entries] == [
        (1, 5, 2),
        (2, 6, 3),
        (3, 3, 1),
        (7, 7, 1),
    ]
    assert entries[0].key == ("bpd/register", event_id(1))
    assert [each.state for each in entries] == [EntryState.OPEN] * 4


async def test_an_entry_has_everything_that_was_wrong_with_its_last_attempt(database: Database) -> None:
    await database.submit([bad(1), victim(1, data={"status": CANARY, "surprise": 1})])
    [entry] = await found(database)
    assert [each.reason for each in entry.mistakes].count("unknown_field") == 1
    assert len(entry.mistakes) == 2
    assert (entry.mistakes[0].reason, entry.mistakes[0].pointer) == (entry.reason, entry.pointer)


async def test_another_agency_with_the_same_bytes_has_an_entry_of_its_own(database: Database) -> None:
    await database.submit([b"{"])
    await database.submit([b"{"], agency="dhs")
    assert [(each.number, each.agency) for each in await found(database)] == [(1, "bpd"), (2, "dhs")]


async def test_a_record_repaired_under_its_id_closes_its_entry(database: Database) -> None:
    await database.submit([bad(1), bad(2), victim(1)])
    assert [each.state for each in await found(database)] == [EntryState.SUPERSEDED, EntryState.OPEN]
    # The broken bytes again, as a client in doubt sends them: nothing is missing.
    await database.submit([bad(1)])
    [first, _] = await found(database)
    assert (first.state, first.attempts) == (EntryState.SUPERSEDED, 2)


async def test_a_key_used_twice_stays_open_although_it_was_accepted(database: Database) -> None:
    await database.submit([victim(1), victim(1, data={"status": "suspected"})])
    [entry] = await found(database)
    assert (entry.reason, entry.state) == ("id_already_used", EntryState.OPEN)
    # And so does other content that was broken first and is still not what was accepted.
    await database.submit([bad(2), victim(2), bad(2, "other")])
    assert (await found(database))[-1].state is EntryState.OPEN


async def test_the_owner_s_event_does_not_settle_what_another_agency_claimed(database: Database) -> None:
    await database.submit([victim(1)], agency="dhs")
    await database.submit([victim(1)])
    [entry] = await found(database)
    assert (entry.agency, entry.state) == ("dhs", EntryState.OPEN)


async def test_a_closed_entry_is_open_again_when_it_is_refused_again(database: Database) -> None:
    await database.submit([bad(1)])
    [entry] = await found(database)
    await close(database, entry)
    assert [each.state for each in await found(database)] == [EntryState.CLOSED]
    await database.submit([bad(1)])
    assert [each.state for each in await found(database)] == [EntryState.OPEN]
    async with borrow_connection(database.pool) as connection:
        [act] = await store.acts(connection, entry.number)
    assert (act["act"], act["operator"], act["code"]) == ("closed", "somebody", "no_event")


async def test_what_somebody_waits_for_is_not_delivered_until_repaired_or_closed(database: Database) -> None:
    referral = {**victim(4), "type": "bz.atips.referral.sent.v1", "data": {}}
    unreadable = orjson.dumps(victim(5, type="bz.atips.consent.recorded.v1"))[:-1]
    later = victim(6, type="bz.atips.referral.sent.v9")
    await database.submit([bad(1), training(2, data={"participants_n": -1}), referral, unreadable, later])

    async def missing() -> list[int]:
        async with borrow_connection(database.pool) as connection:
            return [each.number for each in await store.not_delivered(connection)]

    assert await missing() == [1, 3, 4, 5]
    await database.submit([victim(1)])
    assert await missing() == [3, 4, 5]
    [entry] = await found(database, numbers=[4])
    await close(database, entry)
    assert await missing() == [3, 5]


async def test_it_stays_so_when_the_next_attempt_no_longer_says_that_somebody_waits(database: Database) -> None:
    """As where the repair broke the type: the first is still not there. What was settled before asks for nothing."""
    fewer = training(4, data={"participants_n": -1})
    await database.submit([bad(1), bad(2), bad(3), fewer, fewer])
    await close(database, (await found(database))[1])
    broken = [victim(number, type="bz.atips.victm.identified.v1") for number in (1, 2, 3)]
    await database.submit([victim(3), *broken])
    async with borrow_connection(database.pool) as connection:
        assert [each.number for each in await store.not_delivered(connection)] == [1]
    assert [(each.number, each.state) for each in await found(database)] == [(n, EntryState.OPEN) for n in range(1, 5)]
    await database.submit([victim(1)])
    async with borrow_connection(database.pool) as connection:
        assert await store.not_delivered(connection) == ()


async def test_a_binary_event_says_its_type_in_a_header(database: Database) -> None:
    [record] = database.records([b"{"])
    headers = [("ce_specversion", b"1.0"), ("ce_type", b"bz.atips.referral.sent.v1")]
    door = database.door()
    prepared = await door.prepare([replace(record, headers=headers)], NOW)
    async with borrow_connection(database.pool) as connection, connection.transaction():
        await door.apply(prepared, connection)
    assert [each.must_arrive for each in await found(database)] == [True]


async def test_entries_are_found_by_agency_reason_state_and_time(database: Database) -> None:
    await database.submit([bad(1), b"{", victim(1)])
    await database.submit([b"{"], agency="dhs")
    await database.submit([bad(5), bad(5, "other")])
    for wanted, numbers in (
        ({"agency": "dhs"}, [4]),
        ({"reason": "not_json"}, [2, 4]),
        ({"state": EntryState.SUPERSEDED}, [1]),
        ({"since": NOW}, [1, 2, 4, 5]),
        ({"since": NOW.replace(year=2025)}, []),
        ({"numbers": [2]}, [2]),
    ):
        assert [each.number for each in await found(database, **wanted)] == numbers
    async with borrow_connection(database.pool) as connection:
        assert await store.numbers(connection, "4") == [4]
        assert await store.numbers(connection, event_id(1)) == [1]
        assert await store.numbers(connection, event_id(9)) == []
        assert await store.numbers(connection, event_id(5)) == [5]
        assert await store.open_entries(connection) == 3


async def test_the_last_attempt_s_bytes_come_back(database: Database) -> None:
    await database.submit([bad(1), bad(1, "other")])
    [entry] = await found(database)
    async with borrow_connection(database.pool) as connection:
        kept = await store.kept_bytes_of(connection, entry)
        assert [each["n"] for each in await store.attempts(connection, 1)] == [1, 2]
    assert kept is not None
    assert SEAL.open(kept.sealed, kept.place, kept.n).value == orjson.dumps(bad(1, "other"))
    assert CANARY not in repr(entry)


async def test_what_was_sent_again_and_is_not_judged_yet_is_known_by_its_last_place(database: Database) -> None:
    await database.submit([bad(1), bad(2), bad(3)])
    first, second, third = await found(database)

    async def waiting() -> dict[int, tuple[int, int]]:
        async with borrow_connection(database.pool) as connection:
            return await store.sent_before(connection, dict.fromkeys(range(1, 10), DEPLOYMENT.inbound("bpd")))

    async with borrow_connection(database.pool) as connection:
        for entry, offset in ((first, 7), (second, 8), (third, 9), (first, 10)):
            await store.note_operator_act(connection, OperatorAct(NOW, entry, "sent", "somebody", place=(0, offset)))
        await store.note_operator_act(connection, OperatorAct(NOW, first, "opened", "somebody"))
    assert await waiting() == {1: (0, 10), 2: (0, 8), 3: (0, 9)}
    await database.submit([bad(2), victim(3)])
    assert await waiting() == {1: (0, 10)}
    await close(database, first)
    assert await waiting() == {}


async def test_a_repetition_is_known_by_the_place_where_it_came_in(database: Database) -> None:
    await database.submit([victim(1), victim(2), victim(1)], agency="bpd")
    async with borrow_connection(database.pool) as connection:
        places = [(DEPLOYMENT.inbound("bpd"), (0, offset)) for offset in range(4)]
        assert [await store.is_repetition(connection, *each) for each in places] == [False, False, True, False]
        assert not await store.is_repetition(connection, DEPLOYMENT.inbound("dhs"), (0, 2))


async def test_intake_cannot_change_what_operators_did(database: Database) -> None:
    await database.submit([bad(1)])
    await close(database, (await found(database))[0])
    for statement in ("UPDATE act SET operator = 'nobody'", "DELETE FROM act", "TRUNCATE act"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with borrow_connection(database.pool) as connection:
                await connection.execute(statement)


async def test_what_was_refused_before_there_were_entries_gets_them(database: Database) -> None:
    await database.submit([bad(1), b"[]", bad(1, "other"), training(2, data={"participants_n": -1})])
    wanted = await database.administer("SELECT n, entry, must_arrive, state, attempts FROM entry ORDER BY n")
    for statement in (
        "DROP VIEW entry",
        "DROP TABLE act",
        "DROP TABLE quarantine_volume",
        "ALTER TABLE quarantine DROP COLUMN entry CASCADE, DROP COLUMN must_arrive, DROP COLUMN fingerprint CASCADE",
        "ALTER TABLE quarantine DROP COLUMN kept_in CASCADE, DROP COLUMN size",
        "DROP INDEX quarantine_last_of_key",
        "CREATE INDEX quarantine_key ON quarantine (agency, source, id, attempts) WHERE id IS NOT NULL",
        *step("0005_quarantine_entries").STATEMENTS,
        *step("0010_quarantine_volume").STATEMENTS,
    ):
        await database.administer(statement)
    assert await database.administer("SELECT n, entry, must_arrive, state, attempts FROM entry ORDER BY n") == wanted
    await database.submit([bad(1)])
    [first, *_] = await found(database)
    assert (first.number, first.attempts) == (1, 3)


def step(name: str) -> ModuleType:
    """Load a step of intake's tables, which is no module by its name."""
    spec = spec_from_file_location(name, Path(sql.__path__[0]) / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


async def test_more_attempts_of_an_entry_cost_whoever_counts_entries_nothing(database: Database) -> None:
    """Blocks that a count of open entries reads, with few attempts and with hundreds more of the same bytes."""
    await database.submit([b"{", bad(1)])
    few = await blocks_read(database)
    for _ in range(10):
        await database.submit([b"{"] * 100)
    [entry, other] = await found(database, state=EntryState.OPEN)
    assert (entry.attempts, other.attempts) == (1001, 1)
    assert await blocks_read(database) <= few + 10


async def blocks_read(database: Database) -> int:
    counted = "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT count(*) FROM entry WHERE state = 'open'"
    async with borrow_connection(database.pool) as connection:
        await connection.execute("SET enable_seqscan = off")  # as for a table of any size
        [plan] = orjson.loads(await connection.fetchval(counted))
        await connection.execute("RESET enable_seqscan")
    return int(plan["Plan"]["Shared Hit Blocks"]) + int(plan["Plan"]["Shared Read Blocks"])
