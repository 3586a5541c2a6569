"""Cells in their table: each is told from all others by every part of its key, and none is kept of nothing."""

from datetime import date

import pytest
from msgspec import structs

from services.reporting.domain.cells.cells_from_items import CellKey
from services.reporting.store import Store
from services.runtime.errors import Halt
from services.runtime.postgres import borrow_connection
from tests.unit.reporting.conftest import Database
from tests.unit.reporting.log_and_worker_in_memory import DEPLOYMENT, Worker, cells

KEY = CellKey("O9", date(2024, 1, 1), date(2024, 1, 2), again=False, dims=(("sex", "male"),))
OTHERS = (
    structs.replace(KEY, figure="O10"),
    structs.replace(KEY, on_from=date(2023, 1, 1)),
    structs.replace(KEY, on_to=date(2024, 1, 3)),
    structs.replace(KEY, again=True),
    structs.replace(KEY, dims=()),
)


async def test_a_cell_is_told_from_others_by_every_part_of_its_key(database: Database) -> None:
    look, pool = await database.connect(), await database.pool()
    one, another = Store(pool, "v1"), Store(pool, "v2")
    async with borrow_connection(pool) as connection, connection.transaction():
        await one.count(connection, {(0, 0): {KEY: 1}})
        await one.count(connection, {(0, 0): dict.fromkeys(OTHERS, 2), (0, 1): {KEY: 4}, (1, 0): {KEY: 8}})
        await another.count(connection, {(0, 0): {KEY: 16}})
        await one.count(connection, {(0, 0): {KEY: 32, OTHERS[0]: -2}})
    rows = "SELECT topic, part, amount FROM cell WHERE figure = 'O9' AND dims <> '{}' ORDER BY amount"
    assert [tuple(row) for row in await look.fetch(rows)] == [
        *[(0, 0, 2)] * 3, (0, 1, 4), (1, 0, 8), (0, 0, 16), (0, 0, 33),
    ]  # fmt: skip
    assert await cells(look, "v1") == {KEY: 45} | dict.fromkeys(OTHERS[1:], 2)


async def test_a_partition_that_nobody_holds_has_no_cells_to_be_made(database: Database) -> None:
    worker = Worker(await database.pool())
    await worker.assign()
    topic = next(iter(DEPLOYMENT.logs))
    async with borrow_connection(worker.pool) as connection:
        assert await worker.store.hold(connection, topic, (0, 0)) == (0, 0)
        with pytest.raises(Halt, match="no stored position"):
            await worker.store.hold(connection, topic, (0, 7))
