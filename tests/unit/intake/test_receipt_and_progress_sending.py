"""The relay sends receipts and progress after the copies, together, and never delays the copies."""

import asyncio
from collections.abc import Sequence

import pytest
from typing_extensions import override

from services.intake import receipt_and_progress_sending, relay
from services.intake.domain.relay_records import RelayRecord
from tests.unit.intake.outbox_and_broker_in_memory import Broker, Tables, until
from tests.unit.intake.samples import DEPLOYMENT
from tests.unit.intake.test_relay import entry, numbers, relaying, tables


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "_POLL_SECONDS", 0.01)
    monkeypatch.setattr(receipt_and_progress_sending, "_APART_SECONDS", 0.0)


class Unanswered(Broker):
    """Has what is told, and does not say so before it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.let = asyncio.Event()
        self.answers: list[int] = []

    @override
    def send_all(self, records: Sequence[RelayRecord]) -> "asyncio.Future[list[tuple[int, int]]]":
        sent = super().send_all(records)
        if all(each.topic != DEPLOYMENT.delivery("bpd") for each in records):
            return sent
        self.answers.append(len(records))

        async def later() -> list[tuple[int, int]]:
            await self.let.wait()
            return await sent

        return asyncio.ensure_future(later())


async def test_copies_go_on_while_receipts_are_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receipt_and_progress_sending, "_APART_SECONDS", 300.0)
    store, broker = tables(), Unanswered()
    async with relaying(store, broker):
        await until(lambda: numbers(broker)[-1:] == [7])
        assert (store.pointer.last_n, broker.said(), broker.answers) == (0, 0, [5])
        broker.let.set()
        await until(lambda: broker.said() == 3)
        assert store.pointer.last_n == 3
    # A relay that goes owes nobody: what the others wait for goes with it.
    assert (store.pointer.last_n, broker.said(), broker.answers) == (7, 7, [5, 4])


async def test_receipts_that_are_due_wait_for_the_ones_before() -> None:
    """Else what is owed would grow for as long as a delivery topic is away."""
    store, broker = tables(), Unanswered()
    async with relaying(store, broker):
        await until(lambda: broker.answers == [5])
        for _ in range(100):
            await asyncio.sleep(0)
        assert numbers(broker) == [1, 2, 3, 4, 5, 6]
        broker.let.set()
        await until(lambda: broker.said() == 7)


async def test_who_is_told_next_waits_a_moment_and_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receipt_and_progress_sending, "_APART_SECONDS", 0.1)
    store, broker = Tables(accepted=[entry(1)]), Broker()
    async with relaying(store, broker):
        await until(lambda: broker.said() == 1)
        store.accepted += [entry(2), entry(3)]
        store.wake(None)
        await until(lambda: numbers(broker)[-1:] == [3])
        assert len(broker.on(DEPLOYMENT.delivery("bpd"))) == 1
        await until(lambda: broker.said() == 3)
