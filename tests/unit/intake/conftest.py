"""A database of a test's own for intake: a copy of the migrated one on the run's server, used in intake's role."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import asyncpg
import orjson
import pytest

from services.intake.handlers import JudgedBatch, SubmissionHandler
from services.intake.ports import Inbox, OnCommitted
from services.intake.quarantine_encryption import Seal
from services.intake.settings import Settings
from services.intake.store.acceptance_line import Inbox as StoredInbox
from services.intake.store.routing_index import Routes
from services.runtime import postgres
from services.runtime.postgres import Connection, borrow_connection
from services.runtime.record import Record
from tests.support.database import Server
from tests.unit.intake.samples import DEPLOYMENT, NOW, NOW_MS, Standing

SEAL: Final = Seal(bytes(32))


@dataclass
class Database:
    """intake's tables, seen as intake (`pool`) and as the server's administrator."""

    pool: asyncpg.Pool
    admin_dsn: str = field(repr=False)
    owner_dsn: str = field(repr=False)
    offset: int = field(default=0)

    def records(self, values: Sequence[object], agency: str = "bpd") -> list[Record]:
        """Give the next records of an agency's topic; anything but bytes and None is written as JSON."""
        made = [
            Record(
                DEPLOYMENT.inbound(agency),
                0,
                self.offset + number,
                NOW_MS,
                None,
                value if isinstance(value, bytes) or value is None else orjson.dumps(value),
                (),
            )
            for number, value in enumerate(values)
        ]
        self.offset += len(made)
        return made

    def door(self, inbox: Inbox | None = None, hand: OnCommitted | None = None) -> SubmissionHandler:
        """Give a door to this database."""
        return SubmissionHandler(DEPLOYMENT, inbox or StoredInbox(), Routes(), SEAL, Standing(), hand=hand)

    async def judged(self, values: Sequence[object], agency: str = "bpd") -> JudgedBatch:
        """Judge a batch."""
        return await self.door().prepare(self.records(values, agency), NOW)

    async def submit(
        self, values: Sequence[object], agency: str = "bpd", inbox: Inbox | None = None, hand: OnCommitted | None = None
    ) -> JudgedBatch:
        """Pass a batch through the door in one transaction, as the consumer's loop does."""
        door = self.door(inbox, hand)
        prepared = await door.prepare(self.records(values, agency), NOW)
        async with borrow_connection(self.pool) as connection, connection.transaction():
            await door.apply(prepared, connection)
        await door.committed(prepared)
        return prepared

    @asynccontextmanager
    async def owner(self) -> AsyncIterator[Connection]:
        """Connect as the owner of the tables, as the commands that change what intake may not."""
        connection = await asyncpg.connect(self.owner_dsn, server_settings={"search_path": "intake"})
        try:
            yield connection
        finally:
            await connection.close()

    async def administer(self, statement: str, *arguments: object) -> list[Any]:
        """Do what intake may not."""
        settings = {"search_path": "intake", "session_replication_role": "replica"}  # past what is append-only
        connection = await asyncpg.connect(self.admin_dsn, server_settings=settings)
        try:
            return list(await connection.fetch(statement, *arguments))
        finally:
            await connection.close()

    async def restart_without(self, *constraints: str) -> None:
        """Empty the line, and take keys of the inbox away."""
        await self.administer("TRUNCATE inbox, resubmission, quarantine, act, same, copy")
        await self.administer("UPDATE line SET last_n = 0, last_repeat = 0")
        for constraint in constraints:
            await self.administer(f"ALTER TABLE inbox DROP CONSTRAINT {constraint} CASCADE")

    async def rows(self, table: str) -> list[Any]:
        """Give a table's rows in the order of their key."""
        return await self.administer(f"SELECT * FROM {table} ORDER BY 1")

    async def faults(self) -> list[str]:
        """Say what breaks a law of the line: the checker that the planted bugs must not get past."""
        (line,) = await self.rows("line")
        accepted, refused = await self.rows("inbox"), await self.rows("quarantine")
        repeats = await self.rows("resubmission")
        numbers = sorted(row["n"] for row in accepted + refused)
        keys = [(row["source"], row["id"]) for row in accepted]
        times = [row["accepted_at"] for row in sorted(accepted + refused, key=lambda row: row["n"])]
        laws = {
            "each n is in exactly one of inbox and quarantine": numbers == list(range(1, line["last_n"] + 1)),
            "each key is accepted once": len(set(keys)) == len(keys),
            "times never go back": times == sorted(times),
            "repetitions have no gaps": [row["seq"] for row in repeats] == list(range(1, line["last_repeat"] + 1)),
        }
        return [law for law, kept in laws.items() if not kept]


@asynccontextmanager
async def opened(server: Server, folder: Path) -> AsyncIterator[Database]:
    """Give a database of its own for as long as the block lasts; the folder gets the way into it."""
    async with server.copy() as name:
        (folder / "intake.dsn").write_text(server.dsn("intake", name))
        settings = Settings.model_construct(postgres_dsn_file=folder / "intake.dsn")
        pool = await postgres.pool(settings, "intake")
        try:
            yield Database(pool, server.of_admin(name), server.dsn("owner", name))
        finally:
            async with asyncio.timeout(10):
                await pool.close()


@pytest.fixture
async def database(server: Server, tmp_path: Path) -> AsyncIterator[Database]:
    """A database of this test's own."""
    async with opened(server, tmp_path) as made:
        yield made


async def waits_for_a_lock(connection: Connection) -> bool:
    """Whether some session of this database waits for an advisory lock."""
    waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    return bool(await connection.fetchval(waiting))
