"""`atips quarantine close` over a real database: several entries and a range, all or none."""

import asyncio
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from infra.local.cluster import Cluster
from infra.local.data_folder import Folder
from services.console.__main__ import app
from tests.support.database import Server
from tests.unit.intake.conftest import Database


async def test_several_entries_are_closed_or_none(
    database: Database, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Cluster, "running", property(lambda _: True))
    file = Folder(tmp_path).dsn_file("intake")
    file.parent.mkdir()
    file.write_text(server.dsn("intake", database.admin_dsn.rpartition("/")[2]), encoding="utf-8")
    await database.submit([b'{"one":', b'{"two":', b'{"three":', b'{"four":', b'{"five":'])

    def close(*names: str) -> Result:
        arguments = ["quarantine", "close", *names, "--reason", "no_event", "--operator", "ana"]
        return CliRunner().invoke(app, [*arguments, "--data-dir", str(tmp_path)])

    first = await asyncio.to_thread(close, "1", "4-4")
    assert (first.exit_code, first.stdout.count("is closed: no_event")) == (0, 2), first.output
    none = await asyncio.to_thread(close, "2", "4")
    assert (none.exit_code, none.stderr) == (
        1,
        "Entry 4 is closed already. Nothing was closed. Leave this entry out.\n",
    )
    rest = await asyncio.to_thread(close, "1-5")
    assert [line.split()[1] for line in rest.stdout.splitlines()] == ["2", "3", "5"]
    assert (await asyncio.to_thread(close, "1-5")).exit_code == 1
