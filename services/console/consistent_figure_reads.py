"""A consistent view of the figures for all reads of one command: as known now, or as known at a moment."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime

from infra.local.data_folder import Folder
from schemas.times import BELIZE
from services.console import local_cluster
from services.console.as_of_and_known_at import ensure_editions, open_ledger_pool
from services.console.database import connected
from services.console.progress_bar import ProgressBar
from services.reporting.jobs.as_of_editions import KnownAt, accepted_at
from services.reporting.read.exact_look_log import ExactLook, note_exact_look
from services.reporting.read.queries import Edition
from services.runtime.postgres import Connection, borrow_connection


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A read-only transaction on the figures. `edition`: None for the figures as known now.

    `day`: the day in Belize of the moment, or today. `at`: time of the moment; None for now.
    """

    connection: Connection
    edition: Edition | None
    day: date
    at: datetime | None = None


@asynccontextmanager
async def snapshot(folder: Folder, known: KnownAt | None, look: ExactLook | None) -> AsyncIterator[Snapshot]:
    """Yield a snapshot of the figures as known now (None) or at the moment `known`, whose edition is computed first.

    `look`: the look at exact amounts to note before anything is read; None if the command shows no amounts. Raises
    `NotComplete` if the figures lack events up to the moment, `Retryable` if the database does not answer.
    """
    edition, at, day = None, None, local_cluster.now(folder.root).astimezone(BELIZE).date()
    if known is not None:
        with ProgressBar("making the edition") as bar:
            async with open_ledger_pool(folder.root) as pool:
                [edition] = await ensure_editions(pool, folder.root, [known], bar.advanced)
                async with borrow_connection(pool) as connection:
                    at = await _time(connection, known)
                    day = at.astimezone(BELIZE).date()
    async with connected(folder, "officer", "reporting") as reader:
        if look is not None:
            await note_exact_look(reader, look)
        async with reader.transaction(isolation="repeatable_read", readonly=True):
            yield Snapshot(reader, edition, day, at)


async def note_look_without_snapshot(folder: Folder, look: ExactLook) -> None:
    """Note a look at exact amounts that are read without a snapshot, such as the amounts of a release.

    Raises `Retryable` if the database does not answer.
    """
    async with connected(folder, "officer", "reporting") as connection:
        await note_exact_look(connection, look)


async def _time(connection: Connection, known: KnownAt) -> datetime:
    return known if isinstance(known, datetime) else await accepted_at(connection, known)
