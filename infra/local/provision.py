"""The steps between "broker and database answer" and "services may run": topics, users, rights; roles, schemas."""

from __future__ import annotations

import asyncio
import secrets
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from confluent_kafka.admin import AdminClient

from infra.kafka import provision as kafka
from infra.kafka import quotas
from infra.local import access, credentials, pki
from infra.local.folder import CLOSED, Folder, keep_private, secret
from infra.local.ports import HOST
from infra.postgres import provision as postgres
from schemas.agencies import SERVICES

if TYPE_CHECKING:
    from collections.abc import Sequence


def provision_kafka(data_dir: Path, state: dict[str, Any]) -> tuple[str, ...]:
    """Make users, rights, topics and quotas, as the administrator; gives what a person should know of the rights."""
    folder, existing = Folder(data_dir), state["kafka"]["existing"]
    started, now = access.started(data_dir), pki.today()
    settings = access.admin(data_dir)
    admin = AdminClient(settings)
    with credentials.on_broker(folder):
        principals = credentials.principals(folder, started, now)
        handed_out = credentials.elsewhere(folder, started)  # the broker has a verifier of theirs
        told = kafka.provision(
            admin,
            access.deployment(data_dir),
            {name: secret(folder.password_file(name)) for name in principals if name not in handed_out},
            replication=existing["replication"] if existing else 1,
            systems=credentials.systems(folder, started, now),
            former=(former := credentials.former(folder, started, now)),
        )
        of_agencies = [name for name in principals if name not in SERVICES]
        wanted = quotas.of_principals(of_agencies, (*SERVICES, *former))
        # Addresses of a cluster of others are its operator's concern.
        told += quotas.settle(settings, wanted if existing else wanted | quotas.of_addresses([HOST]))
    return told


def provision_postgres(data_dir: Path, state: dict[str, Any]) -> tuple[str, ...]:
    """Database, roles and schemas; a DSN file for each role, and one in the folder of each agency that may come in."""
    folder = Folder(data_dir)
    database = state["postgres"]["database"]
    admin_dsn = Path(state["postgres"]["admin_dsn_file"]).read_text(encoding="utf-8").strip()
    passwords = {role: _password(folder.dsn_file(role)) for role in postgres.ROLES}
    for role, password in passwords.items():
        keep_private(folder.dsn_file(role), dsn_for(admin_dsn, role, password, database) + "\n")
    for former in (postgres.OWNER, postgres.FORMER_READER):  # of earlier versions: nobody logs in as these
        folder.dsn_file(former).unlink(missing_ok=True)
    agencies = {
        agency: None if _is_elsewhere(folder, agency) else database_login(folder, agency)
        for agency in credentials.admitted(folder, access.started(data_dir))
    }
    asyncio.run(postgres.provision(admin_dsn, database, passwords, agencies))
    return ()


def _is_elsewhere(folder: Folder, agency: str) -> bool:
    """Whether the agency's password for the database was handed out, and is not kept here."""
    current = credentials.current(folder, access.started(folder.root), agency)
    return current is not None and current.handed_out and not folder.database(agency).exists()


def database_login(folder: Folder, agency: str) -> str:
    """Write the agency's way into the database to its folder, and give the password."""
    postgres_state = folder.read_state()["postgres"]
    admin_dsn = Path(postgres_state["admin_dsn_file"]).read_text(encoding="utf-8").strip()
    file = folder.database(agency)
    password = _password(file)
    file.parent.mkdir(exist_ok=True, mode=CLOSED)
    keep_private(file, dsn_for(admin_dsn, postgres.login_of(agency), password, postgres_state["database"]) + "\n")
    return password


def officer_login(folder: Folder, name: str) -> tuple[Path, str]:
    """Write a named M&E officer's way into the database to a file; give the file and the password."""
    postgres_state = folder.read_state()["postgres"]
    admin_dsn = Path(postgres_state["admin_dsn_file"]).read_text(encoding="utf-8").strip()
    role = postgres.officer_login(name)
    file = folder.dsn_file(role)
    password = _password(file)
    keep_private(file, dsn_for(admin_dsn, role, password, postgres_state["database"]) + "\n")
    return file, password


def _password(dsn_file: Path) -> str:
    """Give the password that the role has, or a new one."""
    try:
        kept = urlsplit(dsn_file.read_text(encoding="utf-8").strip()).password
    except FileNotFoundError:
        kept = None
    return unquote(kept) if kept else secrets.token_hex(24)


def dsn_for(dsn: str, role: str, password: str, database: str) -> str:
    """Give the DSN of another role and database on the same server, with the same options."""
    parts = urlsplit(dsn)
    quoted = partial(quote, safe="")
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{quoted(role)}:{quoted(password)}@{host}", path=f"/{quoted(database)}"))


STEPS: Final = {"database": provision_postgres, "broker": provision_kafka}


def main(arguments: Sequence[str]) -> None:
    """`database | broker DATA_DIR`: provision it as its state names it."""
    step, data_dir = arguments
    told = STEPS[step](Path(data_dir), Folder(Path(data_dir)).read_state())
    sys.stderr.writelines(f"{line}\n" for line in told)


if __name__ == "__main__":
    main(sys.argv[1:])
