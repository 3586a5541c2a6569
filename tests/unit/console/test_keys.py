"""API keys follow the credentials at each start: what was cut short between broker and door is brought about."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from infra.local import credentials
from infra.local.credentials import Credential
from infra.local.folder import Folder, write_private
from infra.local.plan import deployment_to_plain
from schemas.topics import Deployment
from services.console import keys
from services.intake.store.keys import ApiKey
from tests.support.database import Server

NOW = datetime.now(UTC)
SOON, LATER = NOW + timedelta(hours=1), NOW + timedelta(hours=24)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A folder as a supervisor leaves it, as far as keys look."""
    made = Folder(tmp_path / "data")
    made.make()
    kafka = {"bootstrap": "127.0.0.1:1", "mtls": "127.0.0.1:2", "ca": str(made.ca), "existing": None}
    made.write_state({"deployment": deployment_to_plain(Deployment("t1", 1, ("bpd",))), "kafka": kafka})
    return made


async def started_after(folder: Folder, server: Server, *known: tuple[Credential, ...]) -> tuple[ApiKey, ...]:
    """The keys after as many starts, each with other credentials."""
    async with server.copy() as name:
        write_private(folder.dsn_file("owner"), server.dsn("owner", name) + "\n")
        for each in known:
            with credentials.changing(folder) as kept:
                credentials.keep(kept, *each)
            await asyncio.to_thread(keys.ensure, folder.root, 1)
        async with keys.table(folder) as table:
            return await table.list()


async def test_a_rotation_cut_short_ends_the_old_key_all_the_same(folder: Folder, server: Server) -> None:
    rotated = Credential("bpd", ends=SOON), Credential("bpd", generation=2)
    found = await started_after(folder, server, (Credential("bpd"),), rotated, rotated)
    assert {key.label: key.revoked_at for key in found} == {"bpd": SOON, "bpd.main.2": None}


async def test_a_key_that_ended_sooner_did(folder: Folder, server: Server) -> None:
    ending = [(Credential("bpd", ends=at),) for at in (None, SOON, LATER)]
    [key] = await started_after(folder, server, *ending)
    assert (key.label, key.revoked_at) == ("bpd", SOON)
