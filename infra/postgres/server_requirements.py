"""Requirements on the database server. `read` asks the server for its facts; `checks` compares them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from infra.check_row import Check, CheckState, needed

if TYPE_CHECKING:
    from collections.abc import Iterator

    import asyncpg

SERVER: Final = "PostgreSQL"
OLDEST: Final = 150000
"""PostgreSQL 15, as `server_version_num` writes it: views with the caller's rights are needed."""
CONNECTIONS: Final = 120
"""Connections that a deployment needs: ten for each of ten processes, and twenty for people's tools and migrations."""
SCRAM: Final = "scram-sha-256"
SKEW_SECONDS: Final = 300.0
"""Services accept no event while the clocks differ by more than this."""

_FACTS: Final = """
SELECT
    current_setting('server_version') AS version,
    current_setting('server_version_num')::int AS version_number,
    (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS superuser,
    pg_is_in_recovery() AS standby,
    current_setting('password_encryption') AS password_encryption,
    coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false) AS tls,
    host(inet_client_addr()) AS client,
    current_setting('fsync') = 'on' AND current_setting('full_page_writes') = 'on' AS durable,
    current_setting('synchronous_standby_names') AS standbys,
    current_setting('max_connections')::int AS connections,
    (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
        AND usename <> ALL ($1::name[]))::int AS connections_of_others,
    extract(epoch FROM clock_timestamp())::float8 AS clock
"""


@dataclass(frozen=True, slots=True)
class DatabaseFacts:
    """The server as its administrator's connection sees it. `client` is our address; None over a local socket."""

    version: str
    version_number: int
    superuser: bool
    standby: bool
    password_encryption: str
    tls: bool
    client: str | None
    durable: bool
    standbys: str
    connections: int
    connections_of_others: int
    clock: float


async def read(server: asyncpg.Connection, ours: tuple[str, ...]) -> DatabaseFacts:
    """Ask the server for its facts. `ours`: roles whose connections do not count as those of others."""
    row = await server.fetchrow(_FACTS, list(ours))
    return DatabaseFacts(**dict(row or {}))


def checks(facts: DatabaseFacts, now: float) -> Iterator[Check]:
    """Compare the server with the requirements; yields a row for each. `now`: this machine's time, in s since 1970."""
    yield needed(
        SERVER,
        "version",
        facts.version_number >= OLDEST,
        f"PostgreSQL {facts.version}",
        "Version 15 or later is needed",
    )
    yield needed(
        SERVER,
        "administrator",
        facts.superuser,
        "a superuser" if facts.superuser else "no superuser",
        "Name a superuser in the DSN file. Only one may make roles and the database, and close the server's own"
        " functions to everybody (locks, signals, large objects). Services never use it",
    )
    yield needed(
        SERVER,
        "primary",
        not facts.standby,
        "a standby" if facts.standby else "takes writes",
        "Name the primary, or all servers with target_session_attrs=read-write",
    )
    yield needed(
        SERVER,
        "passwords",
        facts.password_encryption == SCRAM,
        f"password_encryption is {facts.password_encryption}",
        "Set it to scram-sha-256, and let pg_hba.conf ask for scram-sha-256",
    )
    yield _tls(facts)
    yield needed(
        SERVER,
        "durability",
        facts.durable,
        "fsync and full_page_writes are on" if facts.durable else "fsync or full_page_writes is off",
        "Set both on: a crash would lose what was acknowledged. Services set synchronous_commit=on themselves",
    )
    yield _standbys(facts)
    yield _connections(facts)
    yield _clock(facts, now)


def _tls(facts: DatabaseFacts) -> Check:
    if facts.tls:
        return Check(SERVER, "TLS", CheckState.OK, "this connection is encrypted")
    if facts.client in {None, "127.0.0.1", "::1"}:
        return Check(SERVER, "TLS", CheckState.NOTE, "not encrypted; the server is on this machine")
    text = "not encrypted. Set ssl=on, and sslmode=verify-full with sslrootcert in the DSN"
    return Check(SERVER, "TLS", CheckState.MISSING, text)


def _standbys(facts: DatabaseFacts) -> Check:
    if facts.standbys:
        return Check(SERVER, "standby", CheckState.OK, f"each commit is confirmed by {facts.standbys}")
    text = "no standby confirms commits: what is acknowledged is lost with this machine (synchronous_standby_names)"
    return Check(SERVER, "standby", CheckState.NOTE, text)


def _connections(facts: DatabaseFacts) -> Check:
    free = facts.connections - facts.connections_of_others
    found = f"max_connections is {facts.connections}, others use {facts.connections_of_others}"
    return needed(SERVER, "connections", free >= CONNECTIONS, found, f"{CONNECTIONS} are needed: two of each process")


def _clock(facts: DatabaseFacts, now: float) -> Check:
    apart = abs(facts.clock - now)
    found = f"{apart:.0f} s apart from this machine's"
    return needed(SERVER, "clock", apart <= SKEW_SECONDS, found, "Set both right: nothing is accepted until then")
