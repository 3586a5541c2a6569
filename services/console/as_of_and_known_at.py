"""Values of the options `--as-of` (events that happened by then) and `--known-at` (events accepted by then).

The edition of a `--known-at` is computed in the database role `reporting` at its first request, and stored.
"""

import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, time
from pathlib import Path
from typing import Final

import asyncpg

from infra.local import connection_settings
from infra.local.data_folder import Folder
from schemas.times import BELIZE, YEARS, Period
from services.console import database, local_cluster
from services.console.output import fail_wrong_usage
from services.reporting.figure_version import figure_version
from services.reporting.jobs.as_of_editions import KnownAt, ensure, number_of
from services.reporting.read.queries import Edition
from services.runtime.postgres import Connection, borrow_connection, translate_driver_errors

_NUMBER: Final = re.compile(r"[0-9]{1,18}")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}(-[0-9]{2})?")


def cut_period(period: Period, as_of: str) -> Period:
    """Return the period with its end cut to the last day of `as_of`; an empty `as_of` changes nothing.

    Exits with 2 if `as_of` is no day, month or other period, or if nothing of the period is left.
    """
    if not as_of:
        return period
    try:
        return replace(period, last=min(period.last, Period.parse(as_of).last))
    except ValueError as error:
        fail_wrong_usage(f"--as-of: {error}")


def parse_known_at(text: str, *, name: str = "--known-at", first: bool = False) -> KnownAt:
    """Parse a number of accepted events, or a time with its offset. Exits with 2 for anything else.

    A day or month stands for its end in Belize; with `first`, for its beginning. `name`: the option, for messages.
    """
    if _NUMBER.fullmatch(text):
        return int(text)
    try:
        if _DAY.fullmatch(text):
            day = Period.parse(text)
            return datetime.combine(*((day.first, time.min) if first else (day.last, time.max)), BELIZE)
        found = datetime.fromisoformat(text)
    except ValueError:
        fail_wrong_usage(f"{name}: a number of events, a day, or a time with its offset")
    if found.tzinfo is None:
        fail_wrong_usage(f"{name}: a time needs its offset, as in 2025-03-31T12:00:00-06:00")
    if found.year not in YEARS:
        fail_wrong_usage(f"{name}: a time of the years {YEARS[0]} to {YEARS[-1]}")
    return found


@asynccontextmanager
async def open_ledger_pool(data_dir: Path) -> AsyncIterator[asyncpg.Pool]:
    """Yield a connection pool in the database role `reporting`, which may read the ledger.

    Raises `Retryable` if the database does not answer.
    """
    with translate_driver_errors():
        pool = await asyncpg.create_pool(
            database.dsn(Folder(data_dir), "reporting"),
            min_size=1,
            max_size=2,
            timeout=database.CONNECT_SECONDS,
            server_settings=database.settings("reporting"),
        )
    try:
        yield pool
    finally:
        await pool.close()


async def last_event_number(connection: Connection, data_dir: Path, known: KnownAt) -> int:
    """Return the number of the last event accepted by the moment `known`. Exits with 2 for a time in the future.

    Raises `NotComplete` if the figures do not contain every event up to that moment yet.
    """
    if isinstance(known, datetime) and known > local_cluster.now(data_dir):
        fail_wrong_usage("--known-at: that time is not over yet; without it the figures are as they are known now")
    return await number_of(connection, known)


async def editions_of_moments(connection: Connection, data_dir: Path, asked: Sequence[KnownAt]) -> list[Edition]:
    """Return the edition of each moment in the order of `asked`. No edition is computed here: see `ensure_editions`.

    Raises `NotComplete` as `last_event_number` does.
    """
    return [Edition(figure_version(), await last_event_number(connection, data_dir, each)) for each in asked]


async def ensure_editions(
    pool: asyncpg.Pool, data_dir: Path, asked: Sequence[KnownAt], advanced: Callable[[int, int], None]
) -> list[Edition]:
    """Compute and store the missing editions of the moments `asked`, and return the edition of each, in their order.

    `advanced` is called with (pieces done, pieces in all). Raises `NotComplete` as `last_event_number` does.
    """
    async with borrow_connection(pool) as connection:
        editions = await editions_of_moments(connection, data_dir, asked)
    await ensure(pool, connection_settings.deployment(data_dir), editions, advanced)
    return editions
