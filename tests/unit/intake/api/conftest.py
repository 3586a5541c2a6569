"""The door over HTTP without a socket: the whole application over a real database, asked as an agency."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

import asyncpg
import httpx2
import orjson
import pytest
from starlette.types import ASGIApp

from schemas import codec
from services.intake.api.api_key_holders import Lookup
from services.intake.api.app import application
from services.intake.api.body_memory import BodyMemory
from services.intake.api.dependencies import Parts
from services.intake.api.group_commit import HttpGroup
from services.intake.api.limits import HttpLimits
from services.intake.api.list_limiter import ListLimiter
from services.intake.api.rate_limits import CallerRateLimit, system_limits
from services.intake.domain.api_keys import hash_of_key, key_from_entropy
from services.intake.domain.client_rate_limits import SHARES
from services.intake.own_number_secret_encryption import encrypt_secret
from services.intake.settings import Settings
from services.intake.store.api_keys import Keys
from services.intake.store.own_number_ids import register
from services.runtime import postgres
from tests.support.database import Server
from tests.unit.intake.conftest import Database
from tests.unit.intake.samples import DEPLOYMENT, NOW, Standing

EVENT: Final = "application/cloudevents+json"
BATCH: Final = "application/cloudevents-batch+json"
PROBLEM: Final = "application/problem+json"
KEYS: Final = {agency: key_from_entropy(agency[:1].encode() * 32) for agency in ("bpd", "dhs")}
SECRET: Final = b"s" * 32
"""Of each agency, for its own numbers."""
GENEROUS: Final = HttpLimits(
    refusals_per_second=1e6,
    refusals_at_once=1e6,
    handshakes_per_second=1e6,
    handshakes_at_once=1e6,
    list_rest=0.0,
)
OFTEN: Final = (1e6, 1e6)


@dataclass
class Api:
    """The application, and its tables beside it."""

    app: ASGIApp
    parts: Parts
    database: Database

    @asynccontextmanager
    async def client(self, agency: str | None = "bpd", **headers: str) -> AsyncIterator[httpx2.AsyncClient]:
        """Call as an agency, or as nobody."""
        said = headers if agency is None else {"authorization": f"Bearer {KEYS[agency]}", **headers}
        transport = httpx2.ASGITransport(app=self.app, raise_app_exceptions=False)
        async with httpx2.AsyncClient(transport=transport, base_url="http://intake", headers=said) as client:
            yield client

    async def ask(
        self,
        method: str,
        path: str,
        agency: str | None = "bpd",
        *,
        content: bytes | None = None,
        headers: dict[str, str] | None = None,
        params: dict[str, str] | None = None,
    ) -> httpx2.Response:
        """Ask one thing."""
        async with self.client(agency) as client:
            return await client.request(method, path, content=content, headers=headers, params=params)

    async def post(
        self, value: object, agency: str | None = "bpd", *, content_type: str = EVENT, query: str = ""
    ) -> httpx2.Response:
        """Submit; anything but bytes is written as JSON."""
        body = value if isinstance(value, bytes) else orjson.dumps(value)
        headers = {"content-type": content_type}
        return await self.ask("POST", f"/v1/events{query}", agency, content=body, headers=headers)


@asynccontextmanager
async def serving(
    database: Database, server: Server, tmp_path: Path, limits: HttpLimits = GENEROUS, rate: tuple[float, float] = OFTEN
) -> AsyncIterator[Api]:
    """Build it as `__main__` does, and let its group run."""
    codec.make_ready(strict=True)
    name = database.admin_dsn.rpartition("/")[2]
    file = tmp_path / "identity.dsn"
    file.write_text(server.dsn("identity", name))
    identities = await postgres.pool(Settings.model_construct(postgres_dsn_file=file), "identity", size=2)
    group = HttpGroup(database.pool, database.door(), Standing(), relay_age_limit=timedelta(seconds=30))
    parts = Parts(
        pool=database.pool,
        identities=identities,
        identity_key=bytes(32),
        group=group,
        clock=Standing(),
        agencies=frozenset(DEPLOYMENT.agencies),
        limits=limits,
        callers=CallerRateLimit("requests", *rate),
        strangers=CallerRateLimit("wrong_keys", limits.refusals_per_second, limits.refusals_at_once),
        keys=Lookup(database.pool, limits.answer_seconds),
        shares=system_limits(SHARES),
        held=BodyMemory(limits.held_bytes, limits.bodies_per_agency),
        lists=ListLimiter(database.pool, limits.answer_seconds, limits.list_rest, limits.lists_waiting),
    )
    async with database.owner() as owner:
        for agency, key in KEYS.items():
            await Keys(owner).add(agency, hash_of_key(key) or b"", label="test", at=NOW)
            await register(owner, agency, encrypt_secret(bytes(32), agency, SECRET), NOW)
    stop = asyncio.Event()
    running = asyncio.create_task(group.run(stop))
    try:
        yield Api(application(parts), parts, database)
    finally:
        stop.set()
        await running
        await identities.close()


@pytest.fixture
async def api(database: Database, server: Server, tmp_path: Path) -> AsyncIterator[Api]:
    """The door with no limit that a test could meet by chance."""
    async with serving(database, server, tmp_path) as made:
        yield made


async def tables(database: Database) -> str:
    """Give all that intake keeps, as text."""
    connection = await asyncpg.connect(database.admin_dsn)
    try:
        names = await connection.fetch(
            "SELECT schemaname || '.' || tablename AS name FROM pg_tables WHERE schemaname IN ('intake', 'identity')"
        )
        rows = [row for each in names for row in await connection.fetch(f"SELECT * FROM {each['name']}")]
    finally:
        await connection.close()
    return repr([tuple(row) for row in rows])
