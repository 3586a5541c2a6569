"""Each checker of this folder finds the error that it is for: an error is planted, and removed again."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Final

import pytest

from services.runtime.postgres import Connection
from tests.cluster.checkers import connected, missing, numbered, replayed
from tests.cluster.delays import Waiting
from tests.cluster.deployment import Deployment
from tests.cluster.publishing import Offices
from tests.support.promises import copies, folded

Checker = Callable[[Connection], Awaitable[list[str]]]

PLANTED: Final[tuple[tuple[str, str, Checker], ...]] = (
    ("a gap", "DELETE FROM intake.inbox WHERE n = (SELECT min(n) + 1 FROM intake.inbox)", numbered),
    (
        "a lost copy",
        "DELETE FROM reporting.ledger WHERE ctid = (SELECT min(ctid) FROM reporting.ledger)",
        copies,
    ),
    (
        "a wrong cell",
        "UPDATE reporting.cell SET amount = amount * 2 WHERE version = (SELECT version FROM reporting.served)",
        folded,
    ),
)


@pytest.mark.parametrize(("statement", "checker"), [each[1:] for each in PLANTED], ids=[each[0] for each in PLANTED])
def test_a_planted_error_is_found(deployment: Deployment, statement: str, checker: Checker) -> None:
    async def tried() -> tuple[list[str], list[str]]:
        async with connected(deployment) as connection:
            before = await checker(connection)
            transaction = connection.transaction()
            await transaction.start()
            try:
                # Rows of the ledger and of the inbox are never deleted: their guards step aside for this session.
                await connection.execute("SET LOCAL session_replication_role = replica")
                await connection.execute(statement)
                return before, await checker(connection)
            finally:
                await transaction.rollback()

    before, after = asyncio.run(tried())
    assert before == []
    assert after


def test_a_lost_event_is_found(deployment: Deployment, offices: Offices) -> None:
    agency, raw = next(offices.history().events(1))
    event = json.loads(raw)

    async def tried() -> list[str]:
        async with connected(deployment) as connection:
            return await missing(connection, {**offices.acknowledged(), (event["source"], event["id"]): raw})

    assert asyncio.run(tried()), agency


def test_a_figure_that_differs_from_the_replay_is_found(deployment: Deployment) -> None:
    change = "UPDATE reporting.cell SET amount = amount {sign} 2 WHERE version = (SELECT version FROM reporting.served)"
    assert replayed(deployment) == []
    deployment.sql(change.format(sign="*"))
    try:
        assert replayed(deployment)
    finally:
        deployment.sql(change.format(sign="/"))
    assert replayed(deployment) == []


def test_a_delay_is_measured() -> None:
    waiting = Waiting()
    waiting.take(0.0, 5, 5)
    waiting.take(1.0, 6, 5)
    waiting.take(2.0, 7, 5)
    waiting.take(4.0, 7, 6)
    assert waiting.longest == 3.0
    assert waiting.at_end(12.0) == 10.0
