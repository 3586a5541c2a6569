"""The file that `atips users token --to` writes is the header that curl sends, and a token file of the commands."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from infra.local.data_folder import Folder
from services.console import account_token, local_cluster, users
from services.console.__main__ import app
from services.console.release.releasing_account import token_from
from services.web.domain.account_rules import token_hash

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)


class Kept:
    """Keeps hashes of tokens in place of the database."""

    def __init__(self) -> None:
        self.hashes: list[bytes] = []

    async def add_token(self, hashed: bytes, *_: object, **__: object) -> bool:
        self.hashes.append(hashed)
        return True


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Kept:
    found = Kept()

    @asynccontextmanager
    async def accounts(_: Folder) -> AsyncIterator[Kept]:
        yield found

    monkeypatch.setattr(users, "_folder", lambda _: Folder(tmp_path))
    monkeypatch.setattr(users, "_accounts", accounts)
    monkeypatch.setattr(local_cluster, "now", lambda _: NOW)
    return found


def test_a_file_with_a_token_is_a_header_and_commands_read_it(kept: Kept, tmp_path: Path) -> None:
    file = tmp_path / "sib-reader.token"
    done = CliRunner().invoke(app, ["users", "token", "sib-reader", "--days", "90", "--to", str(file)])
    assert done.exit_code == 0, done.output
    assert "curl -H @sib-reader.token" in done.stdout
    header, _, token = file.read_text(encoding="utf-8").rstrip("\n").rpartition(" ")
    assert header == "Authorization: Bearer"
    assert kept.hashes == [token_hash(token)]
    assert file.stat().st_mode & 0o777 == 0o600
    assert token not in done.output
    assert account_token.read_given_token(file) == token_from(file) == token


def test_a_file_of_an_earlier_version_is_read_too(tmp_path: Path) -> None:
    file = tmp_path / "bare.token"
    file.touch(mode=0o600)
    file.write_text("secret\n", encoding="utf-8")
    assert account_token.read_given_token(file) == token_from(file) == "secret"
