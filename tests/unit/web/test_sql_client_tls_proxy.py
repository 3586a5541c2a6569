"""SQL over TLS in front of a real PostgreSQL, as psycopg and psql reach it: checked certificates, logins of people."""

import asyncio
import json
import re
import shutil
import socket
import ssl
import struct
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

import psycopg
import pytest

from infra.local import pki
from infra.local.data_folder import Folder
from infra.local.ports import HOST
from services.runtime import tls
from services.web import sql_client_tls_proxy
from services.web.settings import Settings
from services.web.sql_client_tls_proxy import PEOPLE, SqlServer
from tests.support.database import Server

QUESTION: Final = "SELECT current_user, inet_server_port() > 0, count(*) FROM generate_series(1, 1000)"


class Front(NamedTuple):
    """The port of SQL over TLS, and what a client needs to come in as `me_read`."""

    port: int
    database: str
    password: str
    authority: Path

    def settings(self, **other: object) -> dict[str, Any]:
        told: dict[str, Any] = {"host": "localhost", "port": self.port, "dbname": self.database, "user": "me_read"}
        told |= {"password": self.password, "sslmode": "verify-full", "sslrootcert": str(self.authority)}
        return told | {"connect_timeout": 5, **other}

    async def asked(self, question: str = QUESTION, **other: object) -> list[Any]:
        """Ask as a program does, on a thread of its own."""

        def ask() -> list[Any]:
            with psycopg.connect(**self.settings(**other)) as connection:
                assert connection.pgconn.ssl_in_use
                return connection.execute(question).fetchall()

        return await asyncio.to_thread(ask)

    async def refused(self, **other: Any) -> str:  # noqa: ANN401 - settings of a client
        with pytest.raises(psycopg.OperationalError) as error:
            await self.asked(**other)
        return str(error.value)


def a_folder(at: Path) -> Folder:
    folder = Folder(at)
    folder.make()
    pki.ensure(folder, [], datetime.now(UTC))
    return folder


async def begun(front: Front) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Say over TLS who comes, read the server's question for the password, and give none."""
    context = ssl.create_default_context(cafile=front.authority)
    reader, writer = await asyncio.open_connection(HOST, front.port)
    writer.write(struct.pack("!II", 8, 80877103))
    assert await reader.readexactly(1) == b"S"
    await writer.start_tls(context, server_hostname="localhost")
    said = f"user\0me_read\0database\0{front.database}\0\0".encode()
    writer.write(struct.pack("!II", 8 + len(said), 3 << 16) + said)
    kind, length = struct.unpack("!cI", await reader.readexactly(5))
    assert kind == b"R"
    await reader.readexactly(length - 4)
    return reader, writer


async def parted(writer: asyncio.StreamWriter) -> None:
    """Close a client's connection, and wait until it is: the end of TLS takes several rounds of the loop."""
    writer.transport.abort()
    with suppress(OSError):
        await asyncio.wait_for(writer.wait_closed(), 5)


@asynccontextmanager
async def fronted(server: Server, tmp_path: Path) -> AsyncIterator[Front]:
    folder = a_folder(tmp_path / "data")
    context = tls.tls_context(tls.Certificate(folder.certificate(pki.PAGES), folder.key(pki.PAGES)))
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    async with server.copy() as name:
        dsn = server.dsn("me_read", name)
        async with sql_client_tls_proxy.serving(HOST, port, context, SqlServer.of(dsn)):
            yield Front(port, name, urlsplit(dsn).password or "", folder.ca)


@pytest.fixture
async def front(server: Server, tmp_path: Path) -> AsyncIterator[Front]:
    async with fronted(server, tmp_path) as made:
        yield made


async def test_a_client_that_checks_the_certificate_reads_over_tls(front: Front) -> None:
    assert await front.asked() == [("me_read", True, 1000)]
    several = await asyncio.gather(*(front.asked() for _ in range(8)))
    assert several == [[("me_read", True, 1000)]] * 8
    [[whole]] = await front.asked("SELECT repeat('x', 3000000)")  # many times what a socket holds
    assert len(whole) == 3_000_000
    with pytest.raises(psycopg.errors.InsufficientPrivilege):  # the rights are the login's, as elsewhere
        await front.asked("SELECT * FROM reporting.exact_value")


async def test_psql_reads_over_tls_where_the_machine_has_one_that_speaks_it(front: Front) -> None:
    """The bundled psql is built without TLS. Every other client here is psycopg, which is always there."""
    environment = {"PGSSLMODE": "verify-full", "PGSSLROOTCERT": str(front.authority), "PGPASSWORD": front.password}
    address = f"postgresql://me_read@localhost:{front.port}/{front.database}"
    run = partial(subprocess.run, capture_output=True, text=True, timeout=30, check=False)
    for psql in filter(None, [shutil.which("psql")]):
        command = [psql, "-X", "-c", "\\conninfo", "-c", "SELECT count(*) FROM reporting.figure_value", address]
        told = await asyncio.to_thread(run, command, env=environment)
        assert told.returncode == 0, told.stderr
        assert "SSL" in told.stdout
        clear = await asyncio.to_thread(
            run, [psql, "-X", "-c", "SELECT 1", address], env=environment | {"PGSSLMODE": "disable"}
        )
        assert clear.returncode == 2
        assert "speaks TLS alone" in clear.stderr


async def test_without_tls_or_with_another_authority_nobody_comes_in(front: Front, tmp_path: Path) -> None:
    assert "speaks TLS alone" in await front.refused(sslmode="disable")
    other = a_folder(tmp_path / "other")
    assert "certificate verify failed" in await front.refused(sslrootcert=str(other.ca))
    assert 'does not match host name "atips.example"' in await front.refused(host="atips.example", hostaddr=HOST)
    assert "password authentication failed" in await front.refused(password="guessed")


@pytest.mark.parametrize(
    "login", ["reporting", "postgres", "web", "officer", "owner", "me_reader", "me_officer_", "ME_READ"]
)
async def test_programs_and_strangers_do_not_come_in_by_this_way(front: Front, login: str) -> None:
    assert "may not come in from elsewhere" in await front.refused(user=login)


async def test_a_stream_of_the_write_ahead_log_is_none_of_it(front: Front) -> None:
    assert "may not come in from elsewhere" in await front.refused(replication="database")


def test_logins_of_people_come_in() -> None:
    for login in ("me_read", "me_officer_sib-officer", "me_officer_a.b_c", "auditor", "agency_crime_stoppers"):
        assert PEOPLE.fullmatch(login)


CANCELS: Final = """
import json, sys, threading, psycopg
way, settings = json.loads(sys.argv[1])
with psycopg.connect(**settings, autocommit=True) as connection:
    asked = threading.Timer(0.5, getattr(connection, way))
    asked.start()
    try:
        connection.execute("SELECT count(*) FROM generate_series(1, 4000000000)")
    except psycopg.errors.QueryCanceled as error:
        print(error)
    asked.join()
"""


@pytest.mark.parametrize("way", ["cancel_safe", "cancel"])
async def test_a_statement_is_cancelled_over_tls_and_as_older_clients_do_in_the_clear(front: Front, way: str) -> None:
    """In a process of its own: the older call waits for the answer and lets no other thread run meanwhile."""
    told = await asyncio.to_thread(
        partial(subprocess.run, capture_output=True, text=True, timeout=30, check=False),
        [sys.executable, "-c", CANCELS, json.dumps([way, front.settings()])],
    )
    assert told.stdout.strip() == "canceling statement due to user request", told.stderr


@pytest.mark.parametrize(
    "begins",
    [
        b"",
        b"GET / HTTP/1.1\r\n\r\n",
        struct.pack("!II", 8, 80877103) + b"\0" * 600,  # the request for TLS, and then no TLS
        struct.pack("!II", 8, 80877104) * 3 + b"\xff" * 16,
        struct.pack("!II", 0, 0),
    ],
)
async def test_whatever_comes_first_harms_nobody_else(front: Front, begins: bytes) -> None:
    reader, writer = await asyncio.open_connection(HOST, front.port)
    writer.write(begins)
    writer.write_eof()
    with suppress(ConnectionResetError):
        await asyncio.wait_for(reader.read(), 5)
    await parted(writer)
    assert await front.asked() == [("me_read", True, 1000)]


async def test_a_client_that_says_nothing_is_not_waited_for(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sql_client_tls_proxy, "HANDSHAKE_SECONDS", 0.2)
    reader, writer = await asyncio.open_connection(HOST, front.port)
    assert await asyncio.wait_for(reader.read(), 5) == b""
    await parted(writer)


async def test_who_has_shown_no_password_gives_way_and_is_not_waited_for(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sql_client_tls_proxy, "MOST_CONNECTIONS", 1)
    async with fronted(server, tmp_path) as front:
        reader, writer = await begun(front)
        assert await front.asked() == [("me_read", True, 1000)]
        assert await asyncio.wait_for(reader.read(), 5) == b""
        await parted(writer)
    monkeypatch.setattr(sql_client_tls_proxy, "HANDSHAKE_SECONDS", 0.5)
    async with fronted(server, tmp_path / "again") as front:
        reader, writer = await begun(front)
        assert await asyncio.wait_for(reader.read(), 5) == b""
        await parted(writer)


async def test_who_has_come_in_stays_while_others_knock(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sql_client_tls_proxy, "MOST_CONNECTIONS", 2)
    monkeypatch.setattr(sql_client_tls_proxy, "HANDSHAKE_SECONDS", 1.0)
    async with fronted(server, tmp_path) as front:
        connection = await asyncio.to_thread(partial(psycopg.connect, **front.settings()))
        try:
            knocking = [await asyncio.open_connection(HOST, front.port) for _ in range(3)]
            for reader, writer in knocking:
                with suppress(ConnectionResetError):
                    assert await asyncio.wait_for(reader.read(), 5) == b""
                await parted(writer)
            answer = await asyncio.to_thread(connection.execute, "SELECT 1")
            assert answer.fetchall() == [(1,)]
        finally:
            await asyncio.to_thread(connection.close)


async def test_one_address_does_not_take_every_connection(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sql_client_tls_proxy, "MOST_OF_AN_ADDRESS", 1)
    async with fronted(server, tmp_path) as front:
        _, first = await begun(front)
        reader, writer = await asyncio.open_connection(HOST, front.port)
        with pytest.raises(ConnectionResetError):
            await asyncio.wait_for(reader.readexactly(1), 5)
        await parted(writer)
        await parted(first)
    assert sql_client_tls_proxy.MOST_OF_AN_ADDRESS < sql_client_tls_proxy.MOST_CONNECTIONS


def test_an_address_of_several_servers_is_none() -> None:
    with pytest.raises(ValueError, match="one server"):
        SqlServer.of("postgresql://me_read:x@/atips?host=a,b&port=1,2")


def test_the_port_needs_a_certificate() -> None:
    given: Any = {"postgres_dsn_file": "/dsn", "admin_port": 1, "web_port": 2, "web_sql_port": 3}
    with pytest.raises(ValueError, match="ATIPS_WEB_SQL_PORT need"):
        Settings(**given)


@pytest.mark.parametrize("page", ["users/m-and-e.md", "es/users/m-and-e.md"])
async def test_the_docs_say_how_every_client_of_libpq_checks_the_certificate(front: Front, page: str) -> None:
    """The line of the page, then the program that reads as the page says: no setting of TLS stands in it."""
    said = (Path(__file__).parents[3] / "docs" / page).read_text(encoding="utf-8")
    line = re.search(r"^export (PGSSLMODE=\S+) (PGSSLROOTCERT)=ca\.crt$", said, re.MULTILINE)
    assert line is not None
    assert line[1] == "PGSSLMODE=verify-full"
    dsn = f"postgresql://me_read:{front.password}@localhost:{front.port}/{front.database}"
    program = f"import psycopg\nwith psycopg.connect({dsn!r}) as found: print(found.pgconn.ssl_in_use)"
    told = await asyncio.to_thread(
        partial(subprocess.run, capture_output=True, text=True, timeout=30, check=False),
        [sys.executable, "-c", program],
        env={"PGSSLMODE": "verify-full", line[2]: str(front.authority)},
    )
    assert told.stdout.strip() == "True", told.stderr
