"""`python -m infra.cluster.container_secrets DIR`: make each container's folder of certificates, passwords, settings.

Makes files that are missing and certificates that expire within 60 days; the others stay. Each folder is one
container's volume, and holds no secret of another. OUTSIDE (environment): the host by which agencies reach brokers.
"""

from __future__ import annotations

import base64
import os
import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from infra.cluster import broker_properties
from infra.cluster.certificate_authority import Authority, KeyAndCertificate, today
from infra.local.protected_files import secret, write_private, write_public

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

DATABASES: Final = (1, 2)
AUTHORITY_FILE: Final = "/run/authority/ca.crt"
"""The authority's certificate, as each container sees it."""


def make(root: Path, outside: str, now: datetime) -> None:
    """Write the folder of each container below `root`: keys, certificates, passwords and configuration.

    `outside`: the host by which agencies reach the brokers. A container waits for the file that is written last in its
    folder.
    """
    folders = (
        "authority",
        "public",
        "provision",
        *map(broker_properties.name, broker_properties.BROKERS),
        *map(database, DATABASES),
    )
    for name in folders:
        (root / name).mkdir(exist_ok=True, parents=True)
    authority = _authority(root, now)
    write_public(root / "public" / "ca.crt", authority.pem().certificate)
    _brokers(root, authority, outside, now)
    _databases(root, authority, now)
    admin = _kept(root / "provision", "admin", authority, (), now, principal=broker_properties.ADMIN)
    write_private(root / "provision" / "admin.key", admin.key)
    password = quote(secret(root / "authority" / "superuser.password"), safe="")
    write_private(root / "provision" / "admin.dsn", dsn("postgres", password, "postgres") + "\n")


def database(node: int) -> str:
    """Return the database's host name inside the deployment."""
    return f"postgres-{node}"


def dsn(user: str, password: str, name: str) -> str:
    """Return a DSN that names both database servers; clients use the one that takes writes."""
    hosts = ",".join(f"{database(node)}:5432" for node in DATABASES)
    options = f"target_session_attrs=read-write&sslmode=verify-full&sslrootcert={quote(AUTHORITY_FILE, safe='/')}"
    return f"postgresql://{user}:{password}@{hosts}/{name}?{options}"


def _authority(root: Path, now: datetime) -> Authority:
    key, certificate = root / "authority" / "ca.key", root / "authority" / "ca.crt"
    if key.exists():
        return Authority.load(
            KeyAndCertificate(key.read_text(encoding="ascii"), certificate.read_text(encoding="ascii"))
        )
    authority = Authority.make(now)
    write_private(certificate, authority.pem().certificate)
    write_private(key, authority.pem().key)
    return authority


def _brokers(root: Path, authority: Authority, outside: str, now: datetime) -> None:
    cluster = root / "authority" / "cluster.id"
    if not cluster.exists():
        write_private(cluster, base64.urlsafe_b64encode(secrets.token_bytes(16)).decode("ascii").rstrip("=") + "\n")
    for node in broker_properties.BROKERS:
        folder = root / broker_properties.name(node)
        hosts = (broker_properties.name(node), "localhost", "127.0.0.1", outside)
        issued = _kept(folder, "broker", authority, hosts, now, principal=broker_properties.BROKER)
        whole = issued.key + issued.certificate + authority.pem().certificate
        write_private(folder / "keystore.pem", whole)
        write_private(folder / "cluster.id", cluster.read_text(encoding="ascii"))
        write_private(folder / "server.properties", broker_properties.properties(node, outside))


def _databases(root: Path, authority: Authority, now: datetime) -> None:
    for node in DATABASES:
        folder = root / database(node)
        for name in ("superuser", "replicator"):
            write_private(folder / f"{name}.password", secret(root / "authority" / f"{name}.password") + "\n")
        hosts = (database(node), "localhost", "127.0.0.1")
        issued = _kept(folder, "server", authority, hosts, now, principal=database(node))
        write_private(folder / "server.key", issued.key)


def _kept(
    folder: Path, file: str, authority: Authority, hosts: Sequence[str], now: datetime, *, principal: str
) -> KeyAndCertificate:
    """Return the key and certificate FILE.key and FILE.crt of a folder; missing or expiring ones are made anew."""
    key, certificate = folder / f"{file}.key", folder / f"{file}.crt"
    if key.exists() and certificate.exists():
        found = KeyAndCertificate(key.read_text(encoding="ascii"), certificate.read_text(encoding="ascii"))
        if found.holds(now):
            return found
    issued = authority.issue(principal, hosts, now)
    write_private(certificate, issued.certificate)
    write_private(key, issued.key)
    return issued


def main(arguments: Sequence[str]) -> None:
    """Run `make` for the folder that is the only argument, with OUTSIDE of the environment or `localhost`."""
    (root,) = arguments
    make(Path(root), os.environ.get("OUTSIDE", "localhost"), today())


if __name__ == "__main__":
    main(sys.argv[1:])
