"""The relay over a real PostgreSQL: what the door wrote is sent in order, by one relay, however it is interrupted."""

import asyncio
from contextlib import AsyncExitStack, suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Final, Self

import orjson
import pytest

from services.intake import relay as module
from services.intake.domain.acceptance_line import Reach
from services.intake.domain.judge import judge
from services.intake.domain.outbox_rows import Backlog, Pointer, gap_or_double
from services.intake.domain.submission import Inbound
from services.intake.handlers import JudgedBatch
from services.intake.relay import Relay
from services.intake.store import outbox as store
from services.intake.store.outbox import Outbox, open_outbox, relay_check
from services.runtime import failpoints
from services.runtime.errors import Fenced, Halt, Retryable
from services.runtime.postgres import borrow_connection
from tests.support.pipeline import awaited
from tests.unit.intake.conftest import Database
from tests.unit.intake.histories_of_changes import merge
from tests.unit.intake.outbox_and_broker_in_memory import Broker, until
from tests.unit.intake.samples import CANARY, DEPLOYMENT, NOW, Standing, event_id, screening, victim

DEADLINE: Final = 20


def nothing(_: Reach | None) -> None:
    """No one to wake."""


async def fill(database: Database) -> None:
    await database.submit([victim(1), b"{", screening(2), victim(1)])
    await database.submit([victim(1, data={"status": "suspected"}), victim(3)])


async def answering(database: Database) -> None:
    async with asyncio.timeout(DEADLINE):
        while True:
            with suppress(Retryable):
                async with borrow_connection(database.pool) as connection:
                    await connection.fetchval("SELECT 1")
                    return


async def read_all(outbox: Outbox, pointer: Pointer) -> list[Backlog]:
    backlogs: list[Backlog] = []
    while True:
        backlog = await outbox.read(pointer)
        assert gap_or_double(backlog, pointer) is None
        if (backlog.last_n, backlog.last_repeat) == (pointer.last_n, pointer.last_repeat):
            return backlogs
        backlogs.append(backlog)
        pointer = replace(pointer, last_n=backlog.last_n, last_repeat=backlog.last_repeat)


async def test_rows_come_back_as_they_were_written(database: Database) -> None:
    await fill(database)
    async with open_outbox(database.pool, nothing) as outbox:
        (backlog,) = await read_all(outbox, Pointer(0, 0, 0, {}))
    assert (backlog.last_n, backlog.last_repeat) == (5, 1)
    assert [row.n for row in backlog.accepted] == [1, 3, 5]
    first, second, _ = backlog.accepted
    assert (first.key, first.payload) == (("bpd/register", event_id(1)), orjson.dumps(victim(1)))
    assert second.entities == (screening(2)["subject"], *screening(2)["data"]["persons"])
    assert [(row.n, row.key, row.attempts) for row in backlog.refused] == [
        (2, None, 1),
        (4, ("bpd/register", event_id(1)), 1),
    ]
    (repeat,) = backlog.repeated
    assert (repeat.seq, repeat.n, repeat.key, repeat.digest) == (1, 1, first.key, first.digest)
    assert repeat.place is not None
    assert repeat.place.offset == 3


async def test_what_came_over_http_comes_back_without_a_place(database: Database) -> None:
    values = (orjson.dumps(victim(1)), b"{", orjson.dumps(victim(1)))
    judged = tuple(judge(Inbound("bpd", None, None, value, ()), NOW) for value in values)
    async with borrow_connection(database.pool) as connection, connection.transaction():
        await database.door().apply(JudgedBatch(NOW, judged), connection)
    async with open_outbox(database.pool, nothing) as outbox:
        (backlog,) = await read_all(outbox, Pointer(0, 0, 0, {}))
    [accepted], [refused], [repeated] = backlog.accepted, backlog.refused, backlog.repeated
    assert (accepted.place, refused.place, repeated.place) == (None, None, None)


@pytest.mark.parametrize(("rows", "octets", "sizes"), [(2, 1 << 30, [2, 2, 1]), (9, 1, [1, 1, 1, 1, 1]), (9, 9, None)])
async def test_a_batch_is_bounded_by_rows_and_by_bytes(
    database: Database, monkeypatch: pytest.MonkeyPatch, rows: int, octets: int, sizes: list[int] | None
) -> None:
    await fill(database)
    monkeypatch.setattr(store, "_ROWS", rows)
    # The third case has room for the first two: an event under two entities counts twice.
    first = len(orjson.dumps(victim(1))) * 2 + 200
    monkeypatch.setattr(store, "_BYTES", first if sizes is None else octets)
    async with open_outbox(database.pool, nothing) as outbox:
        backlogs = await read_all(outbox, Pointer(0, 0, 0, {}))
    found = [len(backlog.accepted) + len(backlog.refused) for backlog in backlogs]
    assert found[0] == 2 if sizes is None else found == sizes
    assert sum(found) == 5
    assert sum(len(backlog.repeated) for backlog in backlogs) == 1


async def test_what_an_event_added_comes_with_it_and_counts_as_bytes(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, other = victim(1)["subject"], victim(2)["subject"]
    await database.submit([victim(1), victim(3), merge(2, person, other), victim(4)])
    async with open_outbox(database.pool, nothing) as outbox:
        (backlog,) = await read_all(outbox, Pointer(0, 0, 0, {}))
        case = victim(1)["data"]["case"]
        # The merge first: under the other id nobody knows yet whom the fact of the one is about.
        assert [(row.caused_by, row.n, row.entity) for row in backlog.late] == [(3, 3, case), (3, 1, other)]
        merged, first = backlog.late
        assert (first.event_id, first.type, first.payload) == (event_id(1), victim(1)["type"], orjson.dumps(victim(1)))
        assert first.accepted_at == backlog.accepted[0].accepted_at
        # Room for the copies under their own entities alone: what the third added no longer fits beside them.
        own = sum(len(orjson.dumps(each)) * 2 for each in (victim(1), victim(3), merge(2, person, other)))
        monkeypatch.setattr(store, "_BYTES", own)
        assert [(each.last_n, each.late) for each in await read_all(outbox, Pointer(0, 0, 0, {}))] == [
            (2, ()),
            (4, backlog.late),
        ]
        monkeypatch.setattr(store, "_BYTES", own + len(first.payload) + len(merged.payload))
        assert [(each.last_n, each.late) for each in await read_all(outbox, Pointer(0, 0, 0, {}))] == [
            (3, backlog.late),
            (4, ()),
        ]


async def test_each_of_many_added_copies_counts_also_where_all_have_one_size(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, other = victim(1)["subject"], victim(2)["subject"]
    facts = [victim(number, subject=person, data={"person": person}) for number in (1, 2, 3)]
    joined = merge(4, person, other)
    await database.submit([*facts, joined])
    [size] = {len(orjson.dumps(each)) for each in facts}
    whole = 3 * (2 + 1) * size + (2 + 1) * len(orjson.dumps(joined))
    async with open_outbox(database.pool, nothing) as outbox:
        for octets, ends in ((whole, [4]), (whole - 1, [3, 4])):
            monkeypatch.setattr(store, "_BYTES", octets)
            assert [each.last_n for each in await read_all(outbox, Pointer(0, 0, 0, {}))] == ends


async def test_one_relay_at_a_time(database: Database) -> None:
    async with open_outbox(database.pool, nothing) as second:
        async with open_outbox(database.pool, nothing) as first:
            assert await first.try_lock()
            assert not await second.try_lock()
        assert await second.try_lock()


async def outlived(database: Database, second: Outbox) -> None:
    """Hold the lock in silence until another has it, then speak."""
    async with open_outbox(database.pool, nothing, silence=0.1) as first:
        assert await first.try_lock()
        await awaited(second.try_lock, "the lock is free")  # a time-out of its own would pass for a lost connection
        await first.keep_session_alive()


# The driver may see the loss a moment before it forgets the listener, and the pool says so.
@pytest.mark.filterwarnings("ignore:.*active notification listener")
async def test_a_relay_that_says_nothing_is_given_up(database: Database) -> None:
    async with open_outbox(database.pool, nothing) as second:
        with pytest.raises(Retryable):
            await outlived(database, second)
        assert await second.try_lock()


async def test_only_the_pointers_own_step_waits_for_no_disk(database: Database) -> None:
    await fill(database)
    async with borrow_connection(database.pool) as connection:
        outbox = Outbox(connection)
        pointer = await outbox.take_over()
        await outbox.advance(pointer, Pointer(2, 0, pointer.epoch, {}))
        assert await connection.fetchval("SHOW synchronous_commit") == "on"
        async with connection.transaction():
            await outbox.advance(Pointer(2, 0, pointer.epoch, {}), Pointer(3, 0, pointer.epoch, {}))
            assert await connection.fetchval("SHOW synchronous_commit") == "off"  # a guard that fails without


async def test_the_pointer_moves_under_its_fence(database: Database) -> None:
    await fill(database)
    places = {("atips.person.v1", 0): 4, ("atips.case.v1", 1): 9}
    async with open_outbox(database.pool, nothing) as old, open_outbox(database.pool, nothing) as new:
        first = await old.take_over()
        assert first == Pointer(0, 0, 1, {})
        moved = Pointer(2, 0, 1, places)
        await old.advance(first, moved)
        taken = await new.take_over()
        assert taken == Pointer(2, 0, 2, places)
        with pytest.raises(Fenced):
            await old.advance(moved, Pointer(3, 0, 1, {("atips.person.v1", 0): 99}))
        await new.advance(taken, Pointer(3, 1, 2, places | {("atips.person.v1", 0): 5}))
        with pytest.raises(Fenced):
            await new.advance(taken, Pointer(4, 1, 2, places))
        again = await new.take_over()
    # What a fenced relay said of offsets was rolled back with its pointer.
    assert again == Pointer(3, 1, 3, places | {("atips.person.v1", 0): 5})


async def test_a_pointer_ahead_of_the_line_is_a_halt(database: Database) -> None:
    async with open_outbox(database.pool, nothing) as outbox:
        with pytest.raises(Halt, match="ahead"):
            await outbox.read(Pointer(1, 0, 1, {}))


# ---------------------------------------------------------------- the whole relay


class Running:
    """A relay over the database and a broker in memory."""

    def __init__(self, database: Database, broker: Broker) -> None:
        self._stop = asyncio.Event()
        relay = Relay(partial(open_outbox, database.pool), broker, DEPLOYMENT)
        self.task = asyncio.create_task(relay.run(self._stop))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._stop.set()
        async with asyncio.timeout(DEADLINE):
            await asyncio.wait([self.task])

    async def said(self, broker: Broker, n: int) -> None:
        await until(lambda: self.task.done() or broker.said() == n, DEADLINE)


def numbers(broker: Broker) -> list[int]:
    seen = [int(dict(record.headers)["n"]) for record in broker.records if "n" in dict(record.headers)]
    return list(dict.fromkeys(seen))


@pytest.fixture(autouse=True)
def slow_poll(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only a notification can wake a relay within a test."""
    monkeypatch.setattr(module, "_POLL_SECONDS", 300.0)


async def test_a_commit_wakes_it_and_everything_is_sent(database: Database) -> None:
    broker = Broker()
    async with Running(database, broker) as running:
        await running.said(broker, 0)
        await fill(database)
        await running.said(broker, 5)
    await running.task
    assert numbers(broker) == [1, 2, 3, 4, 5]
    receipts = [orjson.loads(record.value)["data"] for record in broker.on(DEPLOYMENT.delivery("bpd"))]
    assert sorted((data["inbound"]["offset"], data["status"]) for data in receipts) == [
        (0, "accepted"),
        (1, "refused"),
        (2, "accepted"),
        (3, "duplicate"),
        (4, "refused"),
        (5, "accepted"),
    ]


@pytest.mark.parametrize("name", [name for name in failpoints.NAMES if name.startswith("relay.")])
async def test_an_interruption_skips_nothing(database: Database, name: str) -> None:
    broker = Broker()
    await fill(database)
    failpoints.arm(f"{name}=retry")
    try:
        async with Running(database, broker) as running:
            await running.said(broker, 5)
    finally:
        failpoints.arm("")
    await running.task
    assert numbers(broker) == [1, 2, 3, 4, 5]


async def test_a_lost_connection_is_made_again(database: Database) -> None:
    broker = Broker()
    async with Running(database, broker) as running:
        await running.said(broker, 0)
        await database.administer(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE usename = 'intake' AND datname = current_database()"
        )
        await answering(database)  # ours may be lost as well, and may not have heard of it yet
        await fill(database)
        await running.said(broker, 5)
    await running.task
    assert numbers(broker) == [1, 2, 3, 4, 5]


async def test_a_gap_in_the_tables_stops_it(database: Database) -> None:
    broker = Broker()
    await fill(database)
    await database.administer("DELETE FROM inbox WHERE n = 3")
    async with Running(database, broker) as running:
        await until(running.task.done, DEADLINE)
    with pytest.raises(Halt, match="n 3 is not in exactly one"):
        await running.task
    assert numbers(broker) == []


async def test_a_gap_at_the_end_is_seen_too(database: Database) -> None:
    await fill(database)
    await database.administer("DELETE FROM inbox WHERE n = 5")
    async with Running(database, Broker()) as running:
        await until(running.task.done, DEADLINE)
    with pytest.raises(Halt, match="n 5 is not in exactly one"):
        await running.task


async def test_it_takes_over_from_one_that_goes(database: Database) -> None:
    first_broker, second_broker = Broker(), Broker()
    await fill(database)
    async with AsyncExitStack() as stack:
        first = Running(database, first_broker)
        async with first:
            await first.said(first_broker, 5)
            second = await stack.enter_async_context(Running(database, second_broker))
            await database.submit([victim(7)])
            await first.said(first_broker, 6)
            assert second_broker.records == []
        # The next notification lets the second try again; without one, the slow poll would.
        await database.submit([victim(8)])
        await second.said(second_broker, 7)
    assert numbers(second_broker) == [7]


# ---------------------------------------------------------------- readiness


async def test_an_event_that_waits_too_long_for_the_log_is_said(database: Database) -> None:
    assert await relay_check(database.pool, Standing(NOW + timedelta(days=1)), timedelta(seconds=30))() is None
    await database.submit([b"{", victim(1)])
    late = relay_check(database.pool, Standing(NOW + timedelta(seconds=31)), timedelta(seconds=30))
    assert await relay_check(database.pool, Standing(NOW + timedelta(seconds=30)), timedelta(seconds=30))() is None
    assert await late() == "the relay is late"
    broker = Broker()
    async with Running(database, broker) as running:
        await running.said(broker, 2)
    assert await late() is None
    await database.submit([victim(2)])
    assert await late() == "the relay is late"
    await database.pool.close()
    assert await late() == "no database"


@pytest.mark.parametrize(
    ("state", "told"),
    [("40001", "SerializationError, SQLSTATE 40001"), ("53100", "DiskFullError, SQLSTATE 53100")],
)
async def test_the_driver_s_texts_stay_inside(database: Database, state: str, told: str) -> None:
    """An error is told by its name, because few people know states by heart."""
    await database.administer("GRANT USAGE ON LANGUAGE plpgsql TO intake")
    with pytest.raises(Retryable) as caught:
        async with borrow_connection(database.pool) as connection:
            await connection.execute(f"DO $$ BEGIN RAISE SQLSTATE '{state}' USING MESSAGE = '{CANARY}'; END $$")
    assert str(caught.value) == told
