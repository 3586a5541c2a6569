"""Errors that are planted in a running deployment and removed again, each with the checker that must find it."""

import json
from collections.abc import Awaitable, Callable
from typing import Final

from services.runtime.postgres import Connection
from tests.cluster.checkers import connected, missing, numbered
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
"""Name, statement, and the checker that must find what the statement does."""


async def found_before_and_after(
    deployment: Deployment, statement: str, checker: Checker
) -> tuple[list[str], list[str]]:
    """Return what the checker finds before the error is planted and with it. The statement is rolled back."""
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


async def found_of_a_lost_event(deployment: Deployment, offices: Offices) -> list[str]:
    """Return what the checker of lost events says of an event that was never sent."""
    _, raw = next(offices.history().events(1))
    event = json.loads(raw)
    async with connected(deployment) as connection:
        return await missing(connection, {**offices.acknowledged(), (event["source"], event["id"]): raw})


async def not_found(deployment: Deployment, offices: Offices) -> list[str]:
    """Plant every error in turn, and return a sentence about each that its checker does not find."""
    sentences = []
    for name, statement, checker in PLANTED:
        _, after = await found_before_and_after(deployment, statement, checker)
        if not after:
            sentences.append(f"{name} was planted, and its checker does not find it")
    if not await found_of_a_lost_event(deployment, offices):
        sentences.append("a lost event is not found")
    return sentences
