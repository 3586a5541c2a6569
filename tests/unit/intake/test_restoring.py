"""Tables filled from the topics: numbers go on where they ended, and who works on these tables already does no more."""

import asyncio
from typing import Final
from uuid import UUID

import pytest

from services.intake.domain.acceptance_line import LineEnd
from services.intake.domain.outbox_rows import SealedRefusal
from services.intake.domain.rebuilt_rows import PrimaryCopy, lost_number_row
from services.intake.store.outbox import open_outbox
from services.intake.store.restore import Restore, is_line_empty
from services.runtime.errors import Fenced, Halt
from services.runtime.fenced_positions import PositionMove, fenced_transaction, remember_topic, take_over
from services.runtime.postgres import borrow_connection
from tests.support.random_events import History
from tests.unit.intake.conftest import Database, waits_for_a_lock
from tests.unit.intake.samples import DEPLOYMENT, NOW_MS, victim

PLACE: Final = (DEPLOYMENT.inbound("bpd"), 0)
TOPIC: Final = UUID(int=7)
SEALED: Final = SealedRefusal("k", bytes(12), b"", bytes(32))


@pytest.mark.parametrize("value", [victim(1), b"{"], ids=["accepted", "refused"])
async def test_only_empty_tables_are_filled(database: Database, value: object) -> None:
    async with borrow_connection(database.pool) as connection, connection.transaction():
        assert await is_line_empty(connection)
        await Restore(connection).begin()
    await database.submit([value])
    async with borrow_connection(database.pool) as connection, connection.transaction():
        assert not await is_line_empty(connection)
        with pytest.raises(Halt, match="only empty ones are restored"):
            await Restore(connection).begin()


@pytest.mark.parametrize("times", [(NOW_MS + 5, NOW_MS + 9), (NOW_MS + 9, NOW_MS + 5)])
async def test_numbers_and_times_go_on_where_they_ended(database: Database, times: tuple[int, int]) -> None:
    """Also where the clock stands before what was accepted or refused last, and for who comes in meanwhile."""
    _, raw = next(iter(History(3).events(1)))
    async with borrow_connection(database.pool) as connection, connection.transaction():
        restore = Restore(connection)
        await restore.begin()
        coming = asyncio.create_task(database.submit([victim(1), victim(1)]))
        async with asyncio.timeout(10):
            while not await waits_for_a_lock(connection):
                assert not coming.done()
        await restore.accepted([PrimaryCopy(1, times[0], raw).row(None)])
        await restore.refused([lost_number_row(2, times[1], SEALED)])
        await restore.index()
        assert await restore.line(2, 3) == LineEnd(2, NOW_MS + 9, 3)
    entry, repeat = (await coming).outcomes
    assert (entry.n, getattr(entry, "accepted_at", None), getattr(repeat, "seq", None)) == (3, NOW_MS + 9, 4)


async def test_a_relay_and_a_reader_that_are_here_already_do_no_more(database: Database) -> None:
    """They read what was there before, and would send it, or judge it, as if nothing had come back."""
    async with borrow_connection(database.pool) as connection:
        await remember_topic(connection, PLACE[0], TOPIC, 1)
        owned = await take_over(connection, {PLACE: TOPIC})
    async with open_outbox(database.pool, lambda _: None) as outbox:
        pointer = await outbox.take_over()
        async with borrow_connection(database.pool) as connection, connection.transaction():
            restore = Restore(connection)
            await restore.begin()
            await restore.relay(0, 0, {})
            await restore.positions({PLACE[0]: (TOPIC, 1)}, {PLACE: 0})
        with pytest.raises(Fenced):
            await outbox.advance(pointer, pointer)
    with pytest.raises(Fenced):
        async with fenced_transaction(database.pool, [PositionMove(owned[PLACE], 0, 1)]):
            pass
