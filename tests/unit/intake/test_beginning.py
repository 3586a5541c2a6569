"""Where numbering may go on: the line has to know of every number that the topics hold."""

import asyncio

import pytest

from services.intake.beginning import checked
from services.runtime.errors import Halt
from tests.support.mock_broker import MockBroker
from tests.unit.intake.conftest import Database
from tests.unit.intake.samples import DEPLOYMENT

PROGRESS = b'{"n": %d, "offsets": {}}'
LOG = next(iter(DEPLOYMENT.logs))


async def begun(database: Database, broker: MockBroker, last_n: int) -> None:
    await database.pool.execute("UPDATE line SET last_n = $1", last_n)
    async with asyncio.timeout(60):
        await checked(database.pool, broker.config, DEPLOYMENT, asyncio.Event())


@pytest.mark.parametrize("last_n", [7, 8])
async def test_it_goes_on_where_the_line_knows_of_all(database: Database, mock_broker: MockBroker, last_n: int) -> None:
    """What was accepted and not sent on yet is nowhere else."""
    mock_broker.write(DEPLOYMENT.progress, PROGRESS % 6, PROGRESS % 7)
    await begun(database, mock_broker, last_n)


async def test_a_line_of_before_what_the_log_holds_is_refused(database: Database, mock_broker: MockBroker) -> None:
    """As that of a backup is: what came since would be numbered again, with other numbers."""
    mock_broker.write(DEPLOYMENT.progress, PROGRESS % 6, PROGRESS % 7)
    with pytest.raises(Halt, match="the acceptance line ends at 6, but the log holds what was numbered up to 7"):
        await begun(database, mock_broker, 6)


@pytest.mark.parametrize("topic", [LOG, DEPLOYMENT.quarantine])
async def test_an_empty_line_beside_what_was_numbered_is_refused(
    database: Database, mock_broker: MockBroker, topic: str
) -> None:
    for there in (*DEPLOYMENT.logs, DEPLOYMENT.quarantine):
        mock_broker.write(there)
    await begun(database, mock_broker, 0)
    mock_broker.write(topic, b"one")
    with pytest.raises(Halt, match="the acceptance line is empty"):
        await begun(database, mock_broker, 0)
