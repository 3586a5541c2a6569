"""A batch that a process hands to its relay equals the one that would be read. All other batches are read."""

import random
from dataclasses import replace

import orjson
import pytest

from services.intake import receipt_and_progress_sending
from services.intake import relay as relaying
from services.intake import relay_batch_cache as module
from services.intake.domain.acceptance_line import AcceptedEvent, LineEnd, NumberedBatch, Reach, Repeat, number_batch
from services.intake.domain.judge import judge
from services.intake.domain.outbox_rows import Pointer
from services.intake.domain.submission import Inbound
from services.intake.handlers import JudgedBatch
from services.intake.relay import Relay
from services.intake.relay_batch_cache import CommittedBatches
from services.intake.store.outbox import open_outbox
from services.runtime.postgres import borrow_connection
from tests.support.run_in_background import running
from tests.unit.intake.conftest import Database
from tests.unit.intake.outbox_and_broker_in_memory import Broker, Tables, until
from tests.unit.intake.samples import DEPLOYMENT, NOW, accepted, victim
from tests.unit.intake.test_relay import entry, numbers, refusal, tables, turns
from tests.unit.intake.test_routing_on_database import interleaved

START = Pointer(0, 0, 0, {})


def decided(tip: LineEnd, *events: int) -> NumberedBatch:
    """Say what the line says of events that it does not know."""
    return number_batch([accepted(victim(each)) for each in events], {}, tip, NOW)


def after(handed: CommittedBatches, n: int, repeat: int = 0) -> list[int] | None:
    backlog = handed.after((n, repeat))
    return None if backlog is None else [row.n for row in backlog.accepted]


def test_batches_follow_each_other_without_a_gap_and_are_given_once() -> None:
    handed = CommittedBatches()
    first = decided(LineEnd(4, 0, 1), 1, 2)
    second = decided(first.tip, 3)
    handed.put(first.tip, second)
    handed.put(LineEnd(4, 0, 1), first)
    handed.put(LineEnd(9), decided(LineEnd(9), 4))
    assert after(handed, 4, 1) == [5, 6, 7]
    assert after(handed, 7, 1) is None


def test_what_lies_behind_a_gap_is_read_with_what_is_missing() -> None:
    handed = CommittedBatches()
    handed.put(LineEnd(1), decided(LineEnd(1), 1))
    assert after(handed, 0) is None
    assert after(handed, 1) is None


def test_what_is_refused_or_repeated_is_read() -> None:
    handed = CommittedBatches()
    one = AcceptedEvent(1, 0, accepted(victim(1)))
    handed.put(LineEnd(), NumberedBatch(LineEnd(1, 0, 1), (one, Repeat(1, 1, 0, "bpd", None))))
    handed.put(LineEnd(1), NumberedBatch(LineEnd(1), ()))
    assert (after(handed, 0), after(handed, 1)) == (None, None)


@pytest.mark.parametrize("limit", ["_ROWS", "_BYTES"])
def test_more_than_may_wait_is_read(monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    """If another process is the relay, nobody takes it."""
    one = len(accepted(victim(1)).payload) if limit == "_BYTES" else 1
    monkeypatch.setattr(module, limit, 2 * one)
    handed = CommittedBatches()
    for n in range(2):
        handed.put(LineEnd(n), decided(LineEnd(n), n))
    assert after(handed, 0) == [1, 2]
    for n in range(2, 5):
        handed.put(LineEnd(n), decided(LineEnd(n), n))
    assert after(handed, 2) is None
    handed.put(LineEnd(5), decided(LineEnd(5), 5))
    assert after(handed, 5) == [6]


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_what_is_handed_is_what_would_be_read(database: Database, seed: int) -> None:
    dice, handed, same = random.Random(seed), CommittedBatches(), 0
    pointer, arriving = START, interleaved(random.Random(seed))
    async with open_outbox(database.pool, lambda _: None) as outbox:
        while arriving:
            size = dice.randrange(1, 4)
            batch, arriving = arriving[:size], arriving[size:]
            spoilt = dice.sample([b"{", batch[0]], dice.randrange(3)) if not dice.randrange(3) else []
            stranger = victim(1_000_000 + len(arriving))  # of whom nothing was ever changed
            await database.submit([*dice.choice([batch, [stranger]]), *spoilt], hand=handed.put)
            given, read = handed.after(pointer.reach), await outbox.read(pointer)
            assert given is None or given == read
            same += given is not None
            pointer = replace(pointer, last_n=read.last_n, last_repeat=read.last_repeat)
    assert same > 10


async def test_what_came_over_http_is_handed_without_a_place(database: Database) -> None:
    handed = CommittedBatches()
    door = database.door(hand=handed.put)
    prepared = JudgedBatch(NOW, (judge(Inbound("bpd", None, None, orjson.dumps(victim(1)), ()), NOW),))
    async with borrow_connection(database.pool) as connection, connection.transaction():
        await door.apply(prepared, connection)
        assert handed.after((0, 0)) is None, "nothing is handed before it is committed"
    await door.committed(prepared)
    async with open_outbox(database.pool, lambda _: None) as outbox:
        assert handed.after((0, 0)) == await outbox.read(START)


async def test_a_notification_says_where_the_line_ends(database: Database) -> None:
    told: list[Reach | None] = []
    async with open_outbox(database.pool, told.append):
        await database.submit([victim(1), b"{", victim(1)])
        await database.administer("SELECT pg_notify('atips_relay', '')")
        await until(lambda: len(told) == 2)
    assert told == [(2, 1), None]


# ---------------------------------------------------------------- the relay


@pytest.fixture(autouse=True)
def only_when_woken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relaying, "_POLL_SECONDS", 300.0)
    monkeypatch.setattr(receipt_and_progress_sending, "_APART_SECONDS", 0.01)


async def committed(store: Tables, relay: Relay, n: int) -> None:
    """Have the line accept one more event, and the database tell of it a moment before the relay is handed it."""
    store.accepted.append(entry(n))
    store.wake((n, 2))
    await turns()
    relay.add_committed_batch(
        LineEnd(n - 1, 0, 2), NumberedBatch(LineEnd(n, 0, 2), (AcceptedEvent(n, 0, accepted(victim(n))),))
    )


async def test_what_is_handed_is_sent_and_not_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor once it is sent, when the database's word of it is looked at."""
    monkeypatch.setattr(relaying, "_HANDED_SECONDS", 300.0)
    store, broker = tables(), Broker()
    relay = Relay(store.opened, broker, DEPLOYMENT)
    async with running(relay.run):
        await until(lambda: broker.said() == 7)
        await turns()
        before = store.asked
        for n in (8, 9, 10):
            await committed(store, relay, n)
            await until(lambda n=n: broker.said() == n)  # type: ignore[misc]
            relay._woken((n, 2))
            await turns()
        assert store.asked == before
    assert numbers(broker) == list(range(1, 11))


async def test_what_was_not_handed_is_asked_for_when_the_database_tells_of_it() -> None:
    store, broker = tables(), Broker()
    relay = Relay(store.opened, broker, DEPLOYMENT)
    async with running(relay.run):
        await until(lambda: broker.said() == 7)
        store.refused.append(refusal(8))
        await committed(store, relay, 9)
        await until(lambda: broker.said() == 9)
    assert numbers(broker) == list(range(1, 10))


async def test_nothing_is_sent_of_what_was_committed_to_a_database_of_before() -> None:
    """A standby that lacked the last of it may be there instead: what it does not know has no number."""
    store, broker = tables(), Broker()
    relay = Relay(store.opened, broker, DEPLOYMENT)
    store.pointer = Pointer(7, 2, 1, {})
    await committed(store, relay, 8)
    del store.accepted[-1]
    async with running(relay.run):
        await until(lambda: broker.said() == 7)
        await turns()
    assert numbers(broker) == []
