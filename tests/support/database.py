"""A real PostgreSQL without Kafka, for tests of what is stored: one server for a run, a migrated database for each.

`server` is started on first use, in memory where there is room: to make a database is to write three hundred files.
"""

import asyncio
import shutil
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from secrets import token_hex

import asyncpg
import pytest

from infra.local import ports, postgres
from infra.local.data_folder import Folder, throwaway
from infra.local.process import tied_to_parent
from infra.local.protected_files import secret
from infra.local.provision import dsn_for
from infra.postgres.provision import provision
from infra.postgres.roles import MIGRATOR, OWNER, ROLES, login_of
from schemas.agencies import PUBLISHING
from services.runtime.migrate import migrate

START_SECONDS = 60.0
TEMPLATE = "atips"
SCHEMAS = ("intake", "referral", "case_tracker", "reporting", "web")


_STANDS = """
SELECT advance_positions(ARRAY[topic_id], ARRAY[part], ARRAY[next_offset], ARRAY[epoch], ARRAY[$2::bigint])
FROM take_over_positions(ARRAY[gen_random_uuid()], ARRAY[0], ARRAY[$1::text])
"""


async def stands(service: "asyncpg.Pool | asyncpg.Connection[asyncpg.Record]", topic: str, next_offset: int) -> None:
    """Have a service stand at an offset of the first partition of a topic, as one that has read up to there."""
    assert await service.fetchval(_STANDS, topic, next_offset) == 1


@dataclass(frozen=True, slots=True)
class Server:
    """The server's administrator and the passwords of the roles."""

    admin: str
    passwords: dict[str, str]

    def dsn(self, role: str, database: str) -> str:
        """Return the DSN of a role. Nobody logs in as the owner, so `owner` gives the role that acts as it."""
        login = MIGRATOR if role == OWNER else role
        return dsn_for(self.admin, login, self.passwords[login], database)

    def of_admin(self, database: str) -> str:
        """The administrator's own way into a database."""
        return f"{self.admin.rpartition('/')[0]}/{database}"

    async def alter(self, database: str, schema: str, statement: str) -> str:
        """Do, as the administrator, what nobody else may, past the triggers; gives the command's tag."""
        settings = {"search_path": schema, "session_replication_role": "replica"}
        connection = await asyncpg.connect(self.of_admin(database), server_settings=settings)
        try:
            return await connection.execute(statement)
        finally:
            await connection.close()

    @asynccontextmanager
    async def copy(self) -> AsyncIterator[str]:
        """A migrated database for as long as the block lasts; gives its name."""
        name = f"t{token_hex(4)}"
        admin = await asyncpg.connect(self.admin)
        try:
            await admin.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY file_copy")  # a third of the work
            try:
                yield name
            finally:
                await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
        finally:
            await admin.close()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The database server of the test run, its template migrated."""
    folder = Folder(throwaway())
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
        agencies = {agency: token_hex(8) for agency in PUBLISHING}
        logins = {login_of(agency): password for agency, password in agencies.items()}
        found = Server(admin, {role: token_hex(8) for role in ROLES} | logins)
        asyncio.run(provision(admin, TEMPLATE, found.passwords, agencies))
        asyncio.run(migrate(found.dsn("owner", TEMPLATE), SCHEMAS))
        yield found
    finally:
        process.send_signal(signal.SIGQUIT)
        process.wait(START_SECONDS)
        shutil.rmtree(folder.root)
