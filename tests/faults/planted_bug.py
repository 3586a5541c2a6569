"""`python -m tests.faults.planted_bug BUG SERVICE`: a service with one planted bug."""

import importlib
import runpy
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from services.runtime import fenced_positions
from services.runtime.failpoints import failpoint
from services.runtime.postgres import Connection, borrow_connection


def commit_before_write() -> None:
    """Move the position in a transaction of its own, and write the rows in the next: a crash between them loses."""

    @asynccontextmanager
    async def fenced(pool: asyncpg.Pool, moves: Sequence[fenced_positions.PositionMove]) -> AsyncIterator[Connection]:
        async with borrow_connection(pool) as connection, connection.transaction():
            failpoint("batch.begun")
            await fenced_positions.advance(connection, moves)
        failpoint("batch.fenced")
        async with borrow_connection(pool) as connection, connection.transaction():
            yield connection
            failpoint("batch.applied")

    fenced_positions.fenced_transaction = fenced


def warm_cache() -> None:
    """Keep what a rolled-back batch left in memory: its events then look like duplicates and are dropped."""
    handlers = importlib.import_module("services.reporting.handlers")

    async def reset(self: Any, assigned: frozenset[tuple[str, int]]) -> None:  # noqa: ANN401 - the patched class
        del assigned
        self._ledger.forget()

    handlers.Counter.reset = reset


BUGS: dict[str, Callable[[], None]] = {
    "commit_before_write": commit_before_write,
    "warm_cache": warm_cache,
}

if __name__ == "__main__":
    bug, service = sys.argv[1:]
    BUGS[bug]()
    runpy.run_module(f"services.{service}", run_name="__main__")
