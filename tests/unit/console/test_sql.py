"""`atips sql`: what becomes of the address of the database, which holds a password."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from infra.local.cluster import Cluster
from infra.local.data_folder import Folder
from infra.local.protected_files import write_private
from services.console import local_cluster
from services.console.__main__ import app


@pytest.mark.parametrize(
    ("servers", "asked", "bundled"),
    [
        ("127.0.0.1:5432/atips", "127.0.0.1:5432/atips", True),
        # The bundled one knows no TLS.
        ("db.example:5432/atips?sslmode=verify-full", "db.example:5432/atips?sslmode=verify-full", False),
        # A session that is read-only is never one that may be written to.
        ("a:1,b:2/atips?target_session_attrs=read-write", "a:1,b:2/atips?target_session_attrs=primary", False),
    ],
)
def test_the_password_is_on_no_command_line(
    servers: str, asked: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, bundled: bool
) -> None:
    folder, started = Folder(tmp_path), list[tuple[list[str], dict[str, str]]]()
    folder.dsn_file("me_read").parent.mkdir(parents=True)
    write_private(folder.dsn_file("me_read"), f"postgresql://me_read:s%40cret@{servers}\n")
    monkeypatch.setattr(local_cluster, "running_cluster", lambda _: Cluster.at(tmp_path))

    def become(program: str, command: list[str], environment: dict[str, Any]) -> None:
        assert program == command[0]
        started.append((command, environment))

    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(os, "execve", become)
    done = CliRunner().invoke(app, ["sql", "-c", "SELECT 1", "--csv", "--data-dir", str(tmp_path)])
    [(command, environment)] = started
    assert (done.exit_code, environment["PGPASSWORD"]) == (0, "s@cret")
    assert (command[0] != "/usr/bin/psql") is bundled
    assert command[-1] == f"postgresql://me_read@{asked}"
    assert "cret" not in " ".join(command)
    assert "default_transaction_read_only=on" in environment["PGOPTIONS"]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (("--as", "me_officer"), 2),
        (("--officer", "ana"), 2),
        (("--as", "auditor", "--officer", "ana"), 2),
        (("--as", "me_officer", "--officer", "ana"), 1),
        (("--as", "owner"), 2),
    ],
)
def test_an_officer_looks_by_name_and_no_other_role_has_one(
    asked: tuple[str, ...], code: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(local_cluster, "running_cluster", lambda _: Cluster.at(tmp_path))
    done = CliRunner().invoke(app, ["sql", *asked, "-c", "SELECT 1", "--data-dir", str(tmp_path)])
    assert done.exit_code == code, done.output
