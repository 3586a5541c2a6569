"""Numbering starts only if the line knows of every number that the topics hold."""

import asyncio
from dataclasses import replace

import pytest

from services.intake.numbering_start_check import wait_until_numbering_safe
from services.runtime.errors import Halt, Retryable
from tests.support.mock_broker import MockBroker
from tests.unit.intake.conftest import Database
from tests.unit.intake.outbox_and_broker_in_memory import Broker, MemoryOutbox, Tables, until
from tests.unit.intake.samples import DEPLOYMENT
from tests.unit.intake.test_relay import entry, fast, relaying, tables

__all__ = ["fast"]

PROGRESS = b'{"n": %d, "offsets": {}}'
LOG = next(iter(DEPLOYMENT.logs))


async def begun(database: Database, broker: MockBroker, last_n: int) -> None:
    for there in (*DEPLOYMENT.logs, DEPLOYMENT.quarantine, DEPLOYMENT.progress):
        broker.write(there)
    await database.administer("UPDATE line SET last_n = $1", last_n)
    async with asyncio.timeout(60):
        await wait_until_numbering_safe(database.pool, broker.config, DEPLOYMENT, asyncio.Event())


@pytest.mark.parametrize("last_n", [7, 8])
async def test_it_goes_on_where_the_line_knows_of_all(database: Database, mock_broker: MockBroker, last_n: int) -> None:
    """An accepted event that was not sent on yet is nowhere else."""
    mock_broker.write(DEPLOYMENT.progress, PROGRESS % 6, PROGRESS % 7)
    await begun(database, mock_broker, last_n)


async def test_a_line_of_before_what_the_log_holds_is_refused(database: Database, mock_broker: MockBroker) -> None:
    """As that of a backup is: what came since would be numbered again, with other numbers."""
    mock_broker.write(DEPLOYMENT.progress, PROGRESS % 6, PROGRESS % 7)
    with pytest.raises(Halt, match="the acceptance line ends at 6, but the log holds what was numbered up to 7"):
        await begun(database, mock_broker, 6)


@pytest.mark.parametrize("last_n", [7, 8, 9])
@pytest.mark.parametrize("refused", [False, True])
async def test_so_is_one_of_before_what_was_sent_after_the_relay_s_last_word(
    database: Database, mock_broker: MockBroker, last_n: int, refused: bool
) -> None:
    """As where the machine of relay and database is lost, and a copy of the database takes over that lagged behind."""

    def log(n: bytes, part: int = 0) -> None:
        mock_broker.write(LOG, b"{}", headers=[("n", n)], part=part)

    log(b"99999")  # whoever reads it wastes time: the relay speaks of it
    mock_broker.write(DEPLOYMENT.progress, b'{"n": 7, "offsets": {"%s": {"0": 0}}}' % LOG.encode())
    log(b"8")
    log(b"of somebody else's")
    log(b"6", part=1)
    log(b"9" if not refused else b"5")
    mock_broker.write(DEPLOYMENT.quarantine, b'{"n": 9, "inbound": {}, "key_id": ""}' if refused else b"nobody's")
    if last_n == 9:
        await begun(database, mock_broker, last_n)
    else:
        with pytest.raises(Halt, match="but the log holds what was numbered up to 9"):
            await begun(database, mock_broker, last_n)


@pytest.mark.parametrize("topic", [LOG, DEPLOYMENT.quarantine])
async def test_an_empty_line_beside_what_was_numbered_is_refused(
    database: Database, mock_broker: MockBroker, topic: str
) -> None:
    await begun(database, mock_broker, 0)
    mock_broker.write(topic, b"one")
    with pytest.raises(Halt, match="the acceptance line is empty"):
        await begun(database, mock_broker, 0)


@pytest.mark.parametrize("kept", [7, 6])
async def test_a_line_that_went_back_behind_what_was_sent_ends_the_relay(
    monkeypatch: pytest.MonkeyPatch, kept: int
) -> None:
    """As on a copy of the database that lagged behind and took over."""
    store, broker, read = tables(), Broker(), MemoryOutbox.read

    async def lost(*_: object) -> None:
        monkeypatch.setattr(MemoryOutbox, "read", read)
        store.accepted = [row for row in store.accepted if row.n <= kept]
        store.pointer = replace(store.pointer, last_n=5)
        message = "the connection is lost"
        raise Retryable(message)

    async with relaying(store, broker) as task:
        await until(lambda: broker.said() == 7)
        monkeypatch.setattr(MemoryOutbox, "read", lost)
        await until(lambda: task.done() or (store.pointer.epoch, broker.said()) == (2, 7))
        store.accepted.append(entry(8))
        await until(lambda: task.done() or broker.said() == 8)
    if kept == 7:
        await task
    else:
        with pytest.raises(Halt, match="the acceptance line ends before n 7, which was sent"):
            await task


async def test_so_does_one_whose_number_may_have_been_sent() -> None:
    """The broker has it, and its answer was lost together with the database."""
    store, broker = Tables([entry(1)]), Broker()

    def lost(_: str) -> None:
        broker.watch = lambda _: None
        store.accepted = [entry(1)]

    async with relaying(store, broker) as task:
        await until(lambda: broker.said() == 1)
        broker.watch = lost
        broker.faults.append(Retryable("timed out"))
        store.accepted.append(entry(2))
        await until(lambda: task.done() or store.pointer.epoch == 2)
        store.accepted.append(entry(2))
        await until(lambda: task.done() or broker.said() == 2)
    with pytest.raises(Halt, match="the acceptance line ends before n 2, which was sent"):
        await task
