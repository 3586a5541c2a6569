"""A real PostgreSQL of this room's own, without Kafka, started on first use: a migrated database for each test."""

import asyncio
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from secrets import token_hex

import asyncpg
import pytest

from infra.local import ports, postgres
from infra.local.folder import Folder, secret
from infra.local.process import tied_to_parent
from infra.local.provision import dsn_for
from infra.postgres.provision import ROLES, provision
from services.runtime.migrate import migrate

START_SECONDS = 60.0
TEMPLATE = "atips"


@dataclass(frozen=True, slots=True)
class Server:
    """The server's administrator and the passwords of the roles."""

    admin: str
    passwords: dict[str, str]

    def dsn(self, role: str, database: str) -> str:
        return dsn_for(self.admin, role, self.passwords[role], database)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = Folder(tmp_path_factory.mktemp("reporting"))
    folder.make()
    chosen = ports.choose(postgres.PORTS, {})
    command = postgres.prepare(folder, chosen)
    password = secret(folder.password_file(postgres.SUPERUSER))
    with (folder.log / "postgres.log").open("wb") as log:
        process = subprocess.Popen(
            [*postgres.unprivileged(folder), *tied_to_parent(signal.SIGQUIT), *command],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        deadline = time.monotonic() + START_SECONDS
        while not postgres.is_ready(folder, process.pid):
            assert process.poll() is None, "PostgreSQL ended at once"
            assert time.monotonic() < deadline, "PostgreSQL did not start"
            time.sleep(0.02)
        admin = f"postgresql://{postgres.SUPERUSER}:{password}@{ports.HOST}:{chosen['postgres']}/postgres"
        found = Server(admin, {role: token_hex(8) for role in ROLES})
        asyncio.run(provision(admin, TEMPLATE, found.passwords))
        asyncio.run(migrate(found.dsn("owner", TEMPLATE), ("reporting",)))
        yield found
    finally:
        process.send_signal(signal.SIGQUIT)
        process.wait(START_SECONDS)


@dataclass(slots=True)
class Database:
    """A migrated database of one test."""

    server: Server
    name: str
    stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def pool(self, role: str = "reporting") -> asyncpg.Pool:
        pool = await asyncpg.create_pool(
            self.server.dsn(role, self.name), min_size=1, max_size=3, server_settings={"search_path": "reporting"}
        )
        self.stack.push_async_callback(pool.close)
        return pool

    async def connect(self, role: str = "reporting") -> "asyncpg.Connection[asyncpg.Record]":
        connection = await asyncpg.connect(
            self.server.dsn(role, self.name), server_settings={"search_path": "reporting"}
        )
        self.stack.push_async_callback(connection.close)
        return connection


@asynccontextmanager
async def a_database(server: Server) -> AsyncIterator[Database]:
    """A database for as long as the block lasts."""
    name = f"t{token_hex(4)}"
    admin = await asyncpg.connect(server.admin)
    try:
        await admin.execute(f'CREATE DATABASE "{name}" TEMPLATE {TEMPLATE}')
        found = Database(server, name)
        async with found.stack:
            yield found
        await admin.execute(f'DROP DATABASE "{name}"')
    finally:
        await admin.close()


@pytest.fixture
async def database(server: Server) -> AsyncIterator[Database]:
    async with a_database(server) as found:
        yield found
