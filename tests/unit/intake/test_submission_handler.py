"""The door over a real PostgreSQL: one line for all, whatever is concurrent, rolled back, repeated or broken."""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import asyncpg
import orjson
import pytest
from typing_extensions import override

from services.intake.domain.acceptance_line import LineEnd, LineState, NumberedBatch
from services.intake.domain.client_rate_limits import Shares, Usage
from services.intake.domain.outbox_rows import SealedRefusal
from services.intake.domain.refusal_attempts import StoredAttempt
from services.intake.domain.submission import (
    CLOSING,
    AcceptedSubmission,
    Inbound,
    InboundHeaders,
    InboundPlace,
    Key,
    RefusedSubmission,
)
from services.intake.handlers import LeftToNewer, SubmissionHandler
from services.intake.store.acceptance_line import LINE_LOCK, Inbox
from services.intake.store.routing_index import Routes
from services.runtime import metrics
from services.runtime.clock import ClocksDiffer, SystemClock
from services.runtime.errors import Conflict, Halt
from services.runtime.postgres import Connection, borrow_connection
from services.runtime.record import Record
from tests.unit.intake.conftest import SEAL, Database, waits_for_a_lock
from tests.unit.intake.samples import CANARY, DEPLOYMENT, NOW, NOW_MS, closing, event_id, screening, training, victim

DEADLINE = 20


async def test_a_batch_takes_its_place_in_the_line(database: Database) -> None:
    spaced = orjson.dumps(victim(1), option=orjson.OPT_INDENT_2)
    other = victim(1, data={"status": "suspected"})
    await database.submit([victim(1), b"{", screening(2), spaced, other])
    assert await database.faults() == []
    first, third = await database.rows("inbox")
    assert (first["n"], str(first["id"]), first["source"]) == (1, event_id(1), "bpd/register")
    assert (first["accepted_at"], first["agency"], first["inbound_offset"]) == (NOW_MS, "bpd", 0)
    assert (first["payload"], first["inbound_topic"]) == (orjson.dumps(victim(1)), DEPLOYMENT.inbound("bpd"))
    assert third["entities"] == [screening(2)["subject"], *screening(2)["data"]["persons"]]
    broken, equivocation = await database.rows("quarantine")
    assert (broken["n"], broken["reason"], broken["id"], broken["type"]) == (2, "not_json", None, None)
    assert (equivocation["n"], equivocation["reason"], equivocation["pointer"]) == (4, "id_already_used", "/id")
    assert equivocation["type"] == "bz.atips.victim.identified.v1"
    (repeat,) = await database.rows("resubmission")
    assert (repeat["seq"], repeat["n"], repeat["inbound_offset"], repeat["agency"]) == (1, 1, 3, "bpd")
    (line,) = await database.rows("line")
    assert (line["last_n"], line["last_at"], line["last_repeat"]) == (4, NOW_MS, 1)


async def test_earlier_batches_are_known(database: Database) -> None:
    await database.submit([victim(1), victim(2)])
    await database.submit([victim(2), victim(3), victim(1, data={"status": "suspected"})])
    assert [row["n"] for row in await database.rows("inbox")] == [1, 2, 3]
    assert [row["n"] for row in await database.rows("quarantine")] == [4]
    assert [row["n"] for row in await database.rows("resubmission")] == [2]
    assert await database.faults() == []


async def test_a_refused_event_repaired_under_its_id_is_accepted(database: Database) -> None:
    await database.submit([victim(1, data={"status": CANARY}), victim(1, data={"status": CANARY})])
    await database.submit([victim(1, data={"status": CANARY}), victim(1)])
    assert [row["attempts"] for row in await database.rows("quarantine")] == [1, 2, 3]
    assert [row["n"] for row in await database.rows("inbox")] == [4]


async def test_another_agency_cannot_use_up_an_id(database: Database) -> None:
    await database.submit([victim(1)], agency="dhs")
    await database.submit([victim(1)])
    (refused,) = await database.rows("quarantine")
    assert (refused["agency"], refused["reason"]) == ("dhs", "source_not_of_this_door")
    assert len(await database.rows("inbox")) == 1


async def test_known_commits_are_counted(database: Database) -> None:
    def counted(verdict: str) -> float:
        labels = {"agency": "bpd", "verdict": verdict}
        return metrics.REGISTRY.get_sample_value("atips_submissions_total", labels) or 0

    verdicts = ("accepted", "duplicate", "refused")
    before = [counted(verdict) for verdict in verdicts]
    await database.submit([victim(1), victim(2), victim(1), b"{", b"{", b"["])
    expected = [was + more for was, more in zip(before, (2, 1, 3), strict=True)]
    assert [counted(verdict) for verdict in verdicts] == expected


async def test_an_empty_batch_writes_nothing(database: Database) -> None:
    await database.submit([])
    (line,) = await database.rows("line")
    assert (line["last_n"], line["last_at"], line["last_repeat"]) == (0, 0, 0)


def empty(headers: InboundHeaders = CLOSING, key: bytes | None = None, value: bytes | None = None) -> Record:
    return Record(DEPLOYMENT.inbound("bpd"), 0, 1, NOW_MS, key, value, headers)


async def test_a_record_that_only_closes_a_file_is_passed_over_and_charged(database: Database) -> None:
    usage = Usage(
        Shares(records=1.0, size=1e9, refusals=1e9, seconds_at_once=0.0, records_per_day=1e9, refusals_per_day=1e9)
    )
    door = SubmissionHandler(DEPLOYMENT, Inbox(), Routes(), SEAL, SystemClock(), usage=usage, now=lambda: 0.0)
    [event] = database.records([victim(1)], "bpd")
    prepared = await door.prepare([empty(), event, empty((("atips-file-end", b""),))], NOW)
    assert [type(each) for each in prepared.judged] == [AcceptedSubmission]
    assert door.pace((event.topic, 0)) == 3.0  # a second for each of the three
    alone = await door.prepare([empty()], NOW)
    async with borrow_connection(database.pool) as connection, connection.transaction():
        await door.apply(alone, connection)
    await door.committed(alone)
    assert (alone.outcomes, await database.rows("quarantine")) == ((), [])


@pytest.mark.parametrize(
    "record",
    [
        empty(key=b"key"),
        empty(value=b""),
        empty(()),
        empty((("atips-file-end", CANARY.encode()),)),
        empty((*CLOSING, ("more", None))),
        empty((*CLOSING, *CLOSING)),
    ],
    ids=["a key", "a value", "no header", "a header that says something", "one more header", "the header twice"],
)
async def test_what_could_say_something_is_judged(database: Database, record: Record) -> None:
    [judged] = (await database.door().prepare([record], NOW)).judged
    assert isinstance(judged, RefusedSubmission)


async def test_what_was_refused_is_stored_encrypted_only(database: Database) -> None:
    value = orjson.dumps(victim(1, data={CANARY: CANARY}, sourcerecord=CANARY))
    await database.submit([value])
    (row,) = await database.rows("quarantine")
    assert CANARY.encode() not in row["sealed"]
    assert CANARY not in repr(row)
    place = InboundPlace(
        row["inbound_topic"], row["inbound_partition"], row["inbound_offset"], row["inbound_timestamp"]
    )
    sealed = SealedRefusal(row["key_id"], row["nonce"], row["sealed"], row["fingerprint"])
    assert SEAL.open(sealed, place, row["n"]).value == value


async def test_intake_itself_cannot_change_what_it_accepted(database: Database) -> None:
    await database.submit([victim(1), b"{", victim(1)])
    for table in ("inbox", "quarantine", "resubmission"):
        before = await database.rows(table)
        for statement in (f"UPDATE {table} SET n = n + 1", f"DELETE FROM {table}", f"TRUNCATE {table}"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                async with borrow_connection(database.pool) as connection:
                    await connection.execute(statement)
        assert await database.rows(table) == before != []


# ---------------------------------------------------------------- two at once


async def both(database: Database, first: Inbox, second: Inbox) -> None:
    """Let a second batch come while the first is between its reads and its commit; both name the same event."""
    one, two = database.door(first), database.door(second)
    prepared = await one.prepare(database.records([victim(1), victim(2)]), NOW)
    late = await two.prepare(database.records([victim(2), victim(3), b"{"]), NOW)

    async def follow() -> None:
        async with borrow_connection(database.pool) as connection, connection.transaction():
            await two.apply(late, connection)

    async with asyncio.timeout(DEADLINE), borrow_connection(database.pool) as connection:
        async with connection.transaction():
            await one.apply(prepared, connection)
            following = asyncio.create_task(follow())
            while not await waits_for_a_lock(connection):
                assert not following.done()
        await following


async def test_the_second_waits_for_the_first_and_sees_what_it_did(database: Database) -> None:
    await both(database, Inbox(), Inbox())
    assert await database.faults() == []
    assert [row["n"] for row in await database.rows("inbox")] == [1, 2, 3]
    assert [row["n"] for row in await database.rows("resubmission")] == [2]


async def test_a_rollback_leaves_no_gap(database: Database) -> None:
    door = database.door()
    async with borrow_connection(database.pool) as connection:
        rolled_back = connection.transaction()
        await rolled_back.start()
        await door.apply(await door.prepare(database.records([victim(1), b"{", victim(1)]), NOW), connection)
        await rolled_back.rollback()
    await database.submit([victim(1), victim(2)])
    assert await database.faults() == []
    assert [row["n"] for row in await database.rows("inbox")] == [1, 2]


async def test_many_at_once_keep_one_line(database: Database) -> None:
    events = [victim(n) for n in range(12)] + [training(n) for n in range(12)] + [closing(40), b"{", None]
    batches = [events[start::4] + events[start::3] for start in range(4)]

    async def submit(values: list[object]) -> None:
        for value in values:
            await database.submit([value])

    async with asyncio.timeout(DEADLINE):
        await asyncio.gather(*(submit(list(batch)) for batch in batches))
    assert await database.faults() == []
    # A victim and a training of one number share their id: one of the two is accepted, the others are refused.
    assert len(await database.rows("inbox")) == 13
    (line,) = await database.rows("line")
    assert line["last_n"] + line["last_repeat"] == sum(len(batch) for batch in batches)


@pytest.mark.parametrize("apart", [timedelta(days=365), timedelta(days=-2)])
async def test_what_was_judged_at_another_time_than_the_database_s_gets_no_number(
    database: Database, apart: timedelta
) -> None:
    """A year ahead for a second, and all later events are accepted a year ahead; behind, what is true is to come."""
    door, now = SubmissionHandler(DEPLOYMENT, Inbox(), Routes(), SEAL, SystemClock()), datetime.now(UTC)

    async def enter(at: datetime) -> None:
        async with borrow_connection(database.pool) as connection, connection.transaction():
            await door.apply(await door.prepare(database.records([victim(1)]), at), connection)

    with pytest.raises(ClocksDiffer):
        await enter(now + apart)
    await enter(now)
    (entry,) = await database.rows("inbox")
    assert entry["accepted_at"] == int(now.timestamp() * 1000)


async def test_an_older_snapshot_is_refused(database: Database) -> None:
    async with borrow_connection(database.pool) as connection, connection.transaction(isolation="repeatable_read"):
        with pytest.raises(Halt, match="READ COMMITTED"):
            await Inbox().lock(connection)


async def test_a_line_that_moved_while_it_was_held_is_a_halt(database: Database) -> None:
    await database.submit([victim(1)])
    async with borrow_connection(database.pool) as connection, connection.transaction():
        with pytest.raises(Halt, match="moved while it was held"):
            await Inbox().write(connection, LineEnd(), NumberedBatch(LineEnd(1, NOW_MS, 0), ()), {})


# ---------------------------------------------------------------- planted bugs


class LateLock(Inbox):
    """Reads first and locks later."""

    @override
    async def lock(self, connection: Connection) -> datetime:
        """Too early for this bug."""
        return NOW

    @override
    async def read(self, connection: Connection, keys: Collection[Key], entities: Collection[str]) -> LineState:
        found = await super().read(connection, keys, entities)
        await super().lock(connection)
        return found


class LateLockUnguarded(LateLock):
    """Besides, writes without looking where the line ends."""

    @override
    async def write(
        self, connection: Connection, before: LineEnd, decision: NumberedBatch, stored: Mapping[int, StoredAttempt]
    ) -> None:
        row = await connection.fetchrow("SELECT last_n, last_at, last_repeat FROM line")
        assert row is not None
        await super().write(connection, LineEnd(*row), decision, stored)


class KeysBeforeLock(Inbox):
    """Reads the end of the line under the lock, but the keys before it."""

    @override
    async def lock(self, connection: Connection) -> datetime:
        """Too early for this bug."""
        return NOW

    @override
    async def read(self, connection: Connection, keys: Collection[Key], entities: Collection[str]) -> LineState:
        before = await super().read(connection, keys, entities)
        await super().lock(connection)
        return replace(await super().read(connection, (), ()), first=before.first)


class NoLock(Inbox):
    """Never locks the line; waits for the first one's transaction only where the test can see it."""

    @override
    async def lock(self, connection: Connection) -> datetime:
        """Not at all."""
        return NOW

    @override
    async def write(
        self, connection: Connection, before: LineEnd, decision: NumberedBatch, stored: Mapping[int, StoredAttempt]
    ) -> None:
        await connection.execute("SELECT pg_advisory_xact_lock($1)", LINE_LOCK)
        await super().write(connection, before, decision, stored)


async def test_a_lock_taken_after_the_reads_is_caught(database: Database) -> None:
    with pytest.raises((Conflict, Halt)):
        await both(database, Inbox(), LateLock())
    assert await database.faults() == []


async def test_a_line_without_a_lock_is_caught(database: Database) -> None:
    with pytest.raises((Conflict, Halt)):
        await both(database, Inbox(), NoLock())
    assert await database.faults() == []


async def test_the_numbers_key_is_the_next_guard(database: Database) -> None:
    with pytest.raises(Conflict, match="_pkey"):
        await both(database, Inbox(), LateLockUnguarded())
    await database.restart_without("inbox_source_id_key", "inbox_pkey")
    await both(database, Inbox(), LateLockUnguarded())
    assert "each n is in exactly one of inbox and quarantine" in await database.faults()


async def test_the_unique_key_is_the_guard_of_an_id_and_without_it_the_checker_sees_it(database: Database) -> None:
    with pytest.raises(Conflict, match="inbox_source_id_key"):
        await both(database, Inbox(), KeysBeforeLock())
    assert await database.faults() == []
    await database.restart_without("inbox_source_id_key")
    await both(database, Inbox(), KeysBeforeLock())
    assert await database.faults() == ["each key is accepted once"]


async def test_what_this_copy_cannot_read_is_left_to_a_copy_with_a_newer_contract(database: Database) -> None:
    """While one runs. What no newer contract may accept is refused at once."""
    newer = [True]
    door = SubmissionHandler(DEPLOYMENT, Inbox(), Routes(), SEAL, SystemClock(), newer_contract=lambda: newer[0])
    unknown = orjson.dumps(victim(1, data={"status": CANARY}))
    place = InboundPlace(DEPLOYMENT.inbound("bpd"), 0, 0, NOW_MS)
    with pytest.raises(LeftToNewer):
        await door.judge([Inbound("bpd", place, None, unknown, ())], NOW)
    with pytest.raises(LeftToNewer):
        await door.prepare([Record(DEPLOYMENT.inbound("bpd"), 0, 0, NOW_MS, None, unknown, [])], NOW)
    [refused] = (await door.judge([Inbound("bpd", place, None, b"{", ())], NOW)).judged
    assert isinstance(refused, RefusedSubmission)
    newer[0] = False
    [refused] = (await door.judge([Inbound("bpd", place, None, unknown, ())], NOW)).judged
    assert isinstance(refused, RefusedSubmission)
