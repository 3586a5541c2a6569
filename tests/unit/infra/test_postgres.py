"""The database server: begun anew after a kill, silent about data, verifiers in place of passwords."""

import asyncio
import base64
import hashlib
import hmac
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest

from infra.local import ports, postgres
from infra.local.data_folder import Folder
from infra.local.process import tied_to_parent
from infra.local.protected_files import PASSABLE
from infra.local.provision import dsn_for
from infra.postgres.roles import quoted
from infra.postgres.scram import scram_verifier
from tests.support.database import TEMPLATE, Server
from tests.unit.infra.test_process import until


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    monkeypatch.setattr(postgres, "binaries", lambda: tmp_path / "bin")
    made = Folder(tmp_path / "data")
    made.make()
    made.postgres.mkdir()
    return made


def test_ready_is_what_the_server_of_that_pid_says(folder: Folder) -> None:
    assert not postgres.is_ready(folder, 7)
    postgres.data(folder).mkdir()
    file = postgres.data(folder) / "postmaster.pid"
    for text, ready in (
        ("", False),
        ("7\n/d\n1\n5432\n\n127.0.0.1\n  1 2\nstarting\n", False),
        ("6\n/d\n1\n5432\n\n127.0.0.1\n  1 2\nready   \n", False),  # left behind by a server that was killed
        ("7\n/d\n1\n5432\n\n127.0.0.1\n  1 2\nready   \n", True),
    ):
        file.write_text(text, encoding="utf-8")
        assert postgres.is_ready(folder, 7) is ready


@pytest.mark.parametrize(("program", "kept"), [("firefox", False), ("/usr/lib/postgresql/17/bin/postgres", True)])
def test_a_killed_server_s_process_id_that_another_program_has_is_in_nobody_s_way(
    folder: Folder, program: str, *, kept: bool
) -> None:
    data = postgres.data(folder)
    data.mkdir()
    (data / "PG_VERSION").touch()
    with subprocess.Popen([program, "-c", "read line"], executable=shutil.which("sh"), stdin=subprocess.PIPE) as other:
        until(lambda: Path(f"/proc/{other.pid}/cmdline").read_bytes().startswith(program.encode()))
        (data / "postmaster.pid").write_text(f"{other.pid}\n{data}\n", encoding="ascii")
        postgres.prepare(folder, {"postgres": 1})
        assert (data / "postmaster.pid").exists() is kept


@pytest.mark.parametrize("text", ["", "no number\n"])
def test_a_lock_file_that_says_nothing_is_left_to_the_server(folder: Folder, text: str) -> None:
    data = postgres.data(folder)
    data.mkdir()
    (data / "PG_VERSION").touch()
    (data / "postmaster.pid").write_text(text, encoding="ascii")
    postgres.prepare(folder, {"postgres": 1})
    assert (data / "postmaster.pid").exists()


def test_a_first_start_that_was_killed_is_begun_anew(tmp_path: Path) -> None:
    """At whatever point: what it left looks like a database, and none of ours would ever be found in it."""
    tmp_path.chmod(PASSABLE)
    folder = Folder(tmp_path / "data")
    folder.make()
    first = subprocess.Popen([sys.executable, "-c", FIRST_START.format(root=str(folder.root))])
    until(lambda: any(folder.postgres.rglob("PG_VERSION")))
    first.kill()
    first.wait()
    chosen = ports.choose(postgres.PORTS, {})
    command = postgres.prepare(folder, chosen)
    server = subprocess.Popen([*postgres.unprivileged(folder), *tied_to_parent(signal.SIGQUIT), *command])
    try:
        until(lambda: postgres.is_ready(folder, server.pid) or server.poll() is not None)
        password = folder.password_file(postgres.SUPERUSER).read_text(encoding="utf-8").strip()
        address = f"{ports.HOST}:{chosen['postgres']}"
        assert asyncio.run(_answers(f"postgresql://{postgres.SUPERUSER}:{password}@{address}/postgres"))
    finally:
        server.send_signal(signal.SIGQUIT)
        server.wait()


async def _answers(dsn: str) -> bool:
    connection = await asyncpg.connect(dsn)
    try:
        return bool(await connection.fetchval("SELECT true"))
    finally:
        await connection.close()


FIRST_START = """
from pathlib import Path
from infra.local import postgres
from infra.local.data_folder import Folder
postgres.prepare(Folder(Path({root!r})), {{"postgres": 5432}})
"""


def test_the_log_can_hold_no_statement_no_parameter_and_no_value() -> None:
    assert postgres.SETTINGS["log_min_messages"] == "log"
    assert postgres.SETTINGS["log_statement"] == "none"
    assert postgres.SETTINGS["log_min_error_statement"] == "panic"
    assert postgres.SETTINGS["log_parameter_max_length_on_error"] == "0"
    assert postgres.SETTINGS["log_error_verbosity"] == "terse"


def test_the_verifier_proves_the_password_and_does_not_hold_it() -> None:
    verifier = scram_verifier("pencil", salt=b"0123456789abcdef", iterations=4096)
    scheme, rest, keys = verifier.split("$")
    iterations, salt = rest.split(":")
    stored_key, server_key = (base64.b64decode(key) for key in keys.split(":"))
    salted = hashlib.pbkdf2_hmac("sha256", b"pencil", base64.b64decode(salt), int(iterations))
    client_key = hmac.digest(salted, b"Client Key", "sha256")
    assert scheme == "SCRAM-SHA-256"
    assert hashlib.sha256(client_key).digest() == stored_key
    assert hmac.digest(salted, b"Server Key", "sha256") == server_key
    assert "pencil" not in verifier
    assert scram_verifier("pencil") != scram_verifier("pencil")  # salted


def test_a_dsn_of_another_role_keeps_server_and_options() -> None:
    dsn = "postgresql://postgres:secret@db.example:5432/postgres?sslmode=require"
    assert dsn_for(dsn, "intake", "p/w", "atips") == "postgresql://intake:p%2Fw@db.example:5432/atips?sslmode=require"
    assert dsn_for("postgresql://db.example/postgres", "owner", "x", "t1") == "postgresql://owner:x@db.example/t1"
    several = "postgresql://root@a:1,b:2/postgres?target_session_attrs=read-write&sslmode=verify-full"
    for role, attribute in (("intake", "read-write"), ("auditor", "read-write"), ("me_read", "primary")):
        wanted = f"postgresql://{role}:x@a:1,b:2/atips?target_session_attrs={attribute}&sslmode=verify-full"
        assert dsn_for(several, role, "x", "atips") == wanted


async def test_the_order_of_texts_is_no_matter_of_the_server_s_language(server: Server) -> None:
    connection = await asyncpg.connect(server.admin)
    kept = await connection.fetchrow(
        "SELECT pg_encoding_to_char(encoding), datlocprovider, datcollate, datctype FROM pg_database"
        " WHERE datname = $1",
        TEMPLATE,
    )
    await connection.close()
    assert kept is not None
    assert tuple(kept) == ("UTF8", b"c", "C", "C")


def test_names_are_quoted() -> None:
    assert quoted('a"b') == '"a""b"'
