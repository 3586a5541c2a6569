"""The cluster of a data folder, as the commands need it: its ports and addresses, its time, whether it runs."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from infra.local import existing_servers, ports, public_addresses
from infra.local.cluster import Cluster
from infra.local.folder import Folder
from services.console.agency_connection import connected
from services.console.options import DEFAULT, in_folder
from services.console.say import fail
from services.console.service_settings import SERVICES
from services.runtime.clock import clock

HTTP: Final = "intake.http"
"""Intake's door over HTTPS, among the ports."""

PAGES: Final = "web.http"
"""The pages in the clear, among the ports."""

PAGES_OVER_TLS: Final = "web.https"
"""The pages and their data over HTTPS, among the ports."""
SQL_OVER_TLS: Final = "web.sql"
"""SQL over TLS for people, among the ports."""

ON_KAFKA: Final = frozenset(SERVICES) - {"web"}
_PORTS: Final = "admin.json"
_CONNECT: Final = ", or connect this PC: atips connect FILE"


def admin_ports(data_dir: Path) -> dict[str, int]:
    """Give the ports at which the services of this folder say how they are, or said so when they last ran."""
    found = ports_of(data_dir)
    return {name: found[name] for name in SERVICES if name in found}


def http_address(data_dir: Path) -> str | None:
    """Give the address of intake's door over HTTPS; None before the first start."""
    if (elsewhere := public_addresses.read(data_dir)) is not None:
        return elsewhere.intake
    port = ports_of(data_dir).get(HTTP)
    return None if port is None else f"https://{ports.HOST}:{port}"


def pages(data_dir: Path) -> str | None:
    """Give the address of the pages; None before they were ever served."""
    port = ports_of(data_dir).get(PAGES)
    return None if port is None else f"http://{ports.HOST}:{port}"


def pages_over_tls(data_dir: Path) -> str | None:
    """Give the address of the pages over HTTPS; None before they were ever served so."""
    if (elsewhere := public_addresses.read(data_dir)) is not None:
        return elsewhere.pages
    port = ports_of(data_dir).get(PAGES_OVER_TLS)
    return None if port is None else f"https://{ports.HOST}:{port}"


def sql_over_tls(data_dir: Path) -> dict[str, object] | None:
    """Give where people reach the bundled database over TLS, as settings of a client; None for another database."""
    port = ports_of(data_dir).get(SQL_OVER_TLS)
    if port is None or existing_servers.is_provisioned(data_dir):
        return None
    authority = str(Folder(data_dir).ca)
    return {"host": "localhost", "port": port, "sslmode": "verify-full", "sslrootcert": authority}


def remember(data_dir: Path, chosen: Mapping[str, int]) -> None:
    """Write down the ports of the services, so that the next start takes them again where they are free."""
    (data_dir / _PORTS).write_text(json.dumps(dict(chosen)) + "\n", encoding="utf-8")


def ports_of(data_dir: Path) -> dict[str, int]:
    """Give the ports of the services when they last ran; none before."""
    try:
        found: dict[str, int] = json.loads((data_dir / _PORTS).read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):  # never written, or the machine stopped before it was on disk
        return {}
    return found


def now(data_dir: Path) -> datetime:
    """Give the time in a data folder: one of invented data may live on a clock of its own."""
    file = Folder(data_dir).clock
    return clock(file if file.exists() else None).now()


def running(data_dir: Path, *, connectable: bool = False) -> Cluster:
    """Give the folder's cluster. Where none runs, leave with a sentence on what to do: on a connected PC start none.

    `connectable`: the command works on a connected PC too. The services of a provisioned folder run elsewhere:
    commands reach its servers all the same.
    """
    cluster = Cluster.at(data_dir)
    if not cluster.running and not existing_servers.is_provisioned(data_dir):
        connection = connected(data_dir)
        if connection is not None:
            at = connection.pages.get("address")
            look = f" What your account may see is on the pages: {at}" if at else ""
            fail(
                f"This PC is connected as {connection.agency}: this command works at the machine of the cluster alone."
                + look
            )
        # A folder that is there, or was named, goes before a connection: to connect would not help.
        connect = _CONNECT if connectable and data_dir == DEFAULT and not DEFAULT.exists() else ""
        fail(f"No cluster runs in {data_dir}. Start one: atips up {in_folder(data_dir)}{connect}")
    return cluster
