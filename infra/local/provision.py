"""Provisioning of a data folder's servers: topics, users and rights on the broker; roles and schemas in the database.

It runs at every start, when the servers answer and before services run.
"""

from __future__ import annotations

import asyncio
import secrets
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from confluent_kafka.admin import AdminClient

from infra.kafka import protocol_connections, quotas, rights
from infra.kafka import provision as kafka
from infra.local import connection_settings, issued_agency_credentials, pki
from infra.local.data_folder import Folder
from infra.local.ports import HOST
from infra.local.protected_files import CLOSED, keep_private, secret
from infra.local.supervisor_plan import deployment_from_plain
from infra.postgres import provision as postgres
from infra.postgres import roles
from schemas.agencies import SERVICES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from infra.kafka.rights import Systems
    from schemas.topics import Deployment, TopicSpec


@dataclass(frozen=True, slots=True)
class KafkaWanted:
    """Everything that a deployment needs on the Kafka cluster. Both the check and provisioning use it.

    `principals`: those whose passwords are kept here; of others' passwords only the broker has a verifier. `former`:
    principals of credentials that have ended.
    """

    deployment: Deployment
    specs: tuple[TopicSpec, ...]
    principals: tuple[str, ...]
    former: tuple[str, ...]
    systems: Systems
    quotas: Mapping[quotas.QuotaSubject, quotas.Quotas]

    @property
    def rights(self) -> frozenset[rights.Right]:
        """Every right of our principals."""
        return rights.access(self.specs, self.deployment, self.systems)


def wanted_on_kafka(folder: Folder, state: dict[str, Any]) -> KafkaWanted:
    """Return what the deployment in `state` needs, with the credentials of a folder, which need not exist yet."""
    existing, started, now = state["kafka"]["existing"], deployment_from_plain(state["deployment"]), pki.today()
    deployment = connection_settings.with_credentials(folder, started)
    handed_out = issued_agency_credentials.handed_out_principals(folder, started)
    principals = issued_agency_credentials.principals(folder, started, now)
    former = issued_agency_credentials.former(folder, started, now)
    of_agencies = [name for name in principals if name not in SERVICES]
    wanted = quotas.of_principals(of_agencies, (*SERVICES, *former))
    return KafkaWanted(
        deployment=deployment,
        specs=deployment.specs(existing["replication"] if existing else 1),
        principals=tuple(name for name in principals if name not in handed_out),
        former=former,
        systems=issued_agency_credentials.systems(folder, started, now),
        # Addresses of a cluster of others are its operator's concern.
        quotas=wanted if existing else wanted | quotas.of_addresses([HOST]),
    )


def users_to_set(admin: AdminClient, folder: Folder, state: dict[str, Any], wanted: KafkaWanted) -> tuple[str, ...]:
    """Return the principals whose password must be set on an existing cluster, because the kept one does not log in."""
    there = kafka.users(admin)
    kept = {name: folder.password_file(name) for name in wanted.principals}
    known = {
        name: file.read_text(encoding="utf-8").strip() for name, file in kept.items() if name in there and file.exists()
    }
    settings = {
        "bootstrap.servers": state["kafka"]["bootstrap"],
        "security.protocol": "SASL_SSL",
        "ssl.ca.location": state["kafka"]["ca"],
        "sasl.mechanism": "SCRAM-SHA-512",
    }
    refused = protocol_connections.principals_with_refused_password(settings, known)
    return tuple(name for name in wanted.principals if name not in known or name in refused)


def provision_kafka(data_dir: Path, state: dict[str, Any]) -> tuple[str, ...]:
    """Make users, rights, topics and quotas, as the administrator; return lines for a person about what was changed."""
    folder, existing, settings = Folder(data_dir), state["kafka"]["existing"], connection_settings.admin(data_dir)
    admin = AdminClient(settings)
    with issued_agency_credentials.on_broker(folder):
        wanted = wanted_on_kafka(folder, state)
        names = users_to_set(admin, folder, state, wanted) if existing else wanted.principals
        told = kafka.provision(
            admin,
            wanted.deployment,
            {name: secret(folder.password_file(name)) for name in names},
            replication=existing["replication"] if existing else 1,
            systems=wanted.systems,
            former=wanted.former,
        )
        told += quotas.settle(settings, wanted.quotas)
    return told


def provision_postgres(data_dir: Path, state: dict[str, Any]) -> tuple[str, ...]:
    """Create the database, roles and schemas, and a DSN file for each role and for each agency with a login.

    Returns an empty tuple, as there are no lines for a person.
    """
    folder = Folder(data_dir)
    database = state["postgres"]["database"]
    admin_dsn = Path(state["postgres"]["admin_dsn_file"]).read_text(encoding="utf-8").strip()
    passwords, agencies = passwords_kept(folder, state)
    for role, password in passwords.items():
        keep_private(folder.dsn_file(role), dsn_for(admin_dsn, role, password, database) + "\n")
    for former in (roles.OWNER, roles.FORMER_READER):  # of earlier versions: nobody logs in as these
        folder.dsn_file(former).unlink(missing_ok=True)
    for agency, of_agency in agencies.items():
        if of_agency is not None:
            _write_login(folder, state, agency, of_agency)
    asyncio.run(postgres.provision(admin_dsn, database, passwords, agencies))
    return ()


def passwords_kept(folder: Folder, state: dict[str, Any]) -> tuple[dict[str, str], dict[str, str | None]]:
    """Return (password by role, password by agency): the ones in the folder, and new ones for those that it lacks.

    The password is None for an agency whose password was handed out and is not kept here. Nothing is written.
    """
    started = deployment_from_plain(state["deployment"])
    by_role = {role: _password(folder.dsn_file(role)) for role in roles.ROLES}
    return by_role, {
        agency: None if _is_elsewhere(folder, started, agency) else _password(folder.database(agency))
        for agency in issued_agency_credentials.admitted(folder, started)
    }


def _is_elsewhere(folder: Folder, started: Deployment, agency: str) -> bool:
    """Whether the agency's password for the database was handed out, and is not kept here."""
    current = issued_agency_credentials.current(folder, started, agency)
    return current is not None and current.handed_out and not folder.database(agency).exists()


def database_login(folder: Folder, agency: str) -> str:
    """Write the DSN file of the agency's login to its folder, and return the password."""
    password = _password(folder.database(agency))
    _write_login(folder, folder.read_state(), agency, password)
    return password


def _write_login(folder: Folder, state: dict[str, Any], agency: str, password: str) -> None:
    admin_dsn = Path(state["postgres"]["admin_dsn_file"]).read_text(encoding="utf-8").strip()
    file = folder.database(agency)
    file.parent.mkdir(exist_ok=True, mode=CLOSED)
    way = dsn_for(admin_dsn, roles.login_of(agency), password, state["postgres"]["database"])
    keep_private(file, way + "\n")


def officer_login(folder: Folder, name: str) -> tuple[Path, str]:
    """Write the DSN file of a named M&E officer's login, and return (file, password)."""
    postgres_state = folder.read_state()["postgres"]
    admin_dsn = Path(postgres_state["admin_dsn_file"]).read_text(encoding="utf-8").strip()
    role = roles.officer_login(name)
    file = folder.dsn_file(role)
    password = _password(file)
    keep_private(file, dsn_for(admin_dsn, role, password, postgres_state["database"]) + "\n")
    return file, password


def _password(dsn_file: Path) -> str:
    """Return the password in a DSN file, or a new one where there is no file."""
    try:
        kept = urlsplit(dsn_file.read_text(encoding="utf-8").strip()).password
    except FileNotFoundError:
        kept = None
    return unquote(kept) if kept else secrets.token_hex(24)


# Options that select the server that takes writes. `read-write` also rejects read-only sessions on the primary.
_WRITABLE: Final = ("target_session_attrs=read-write", "target_session_attrs=primary")


def dsn_for(dsn: str, role: str, password: str, database: str) -> str:
    """Return the DSN of another role and database on the same server, with the same options.

    For a role whose sessions begin read-only, `read-write` is replaced by `primary`: else every session is refused.
    """
    parts = urlsplit(dsn)
    quoted = partial(quote, safe="")
    host = parts.netloc.rpartition("@")[2]
    query = parts.query.replace(*_WRITABLE) if roles.begins_read_only(role) else parts.query
    who = f"{quoted(role)}:{quoted(password)}"
    return urlunsplit(parts._replace(netloc=f"{who}@{host}", path=f"/{quoted(database)}", query=query))


STEPS: Final = {"database": provision_postgres, "broker": provision_kafka}


def main(arguments: Sequence[str]) -> None:
    """Provision the database or the broker of a data folder, as its state names it (`database | broker DATA_DIR`)."""
    step, data_dir = arguments
    told = STEPS[step](Path(data_dir), Folder(Path(data_dir)).read_state())
    sys.stderr.writelines(f"{line}\n" for line in told)


if __name__ == "__main__":
    main(sys.argv[1:])
