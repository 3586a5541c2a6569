"""The cluster of a data folder: its ports and addresses, its clock, and whether it runs."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from infra.local import deployment_on_existing_servers, ports, public_addresses
from infra.local.cluster import Cluster
from infra.local.data_folder import Folder
from services.console.agency_connection import connected
from services.console.options import DEFAULT, in_folder
from services.console.output import fail
from services.console.service_settings import SERVICES
from services.runtime.clock import clock

HTTP: Final = "intake.http"
"""Name of the port of intake over HTTPS, in `ports_of`."""

PAGES: Final = "web.http"
"""Name of the port of the pages over plain HTTP, in `ports_of`."""

PAGES_OVER_TLS: Final = "web.https"
"""Name of the port of the pages and their data over HTTPS, in `ports_of`."""
SQL_OVER_TLS: Final = "web.sql"
"""Name of the port of SQL over TLS for people, in `ports_of`."""

ON_KAFKA: Final = frozenset(SERVICES) - {"web"}
_PORTS: Final = "admin.json"
_CONNECT: Final = ", or connect this PC: atips connect FILE"


def admin_ports(data_dir: Path) -> dict[str, int]:
    """Return the admin port of each service, of the present or the last run."""
    found = ports_of(data_dir)
    return {name: found[name] for name in SERVICES if name in found}


def http_address(data_dir: Path) -> str | None:
    """Return the HTTPS address of intake; None before the first start."""
    if (elsewhere := public_addresses.read(data_dir)) is not None:
        return elsewhere.intake
    port = ports_of(data_dir).get(HTTP)
    return None if port is None else f"https://{ports.HOST}:{port}"


def pages(data_dir: Path) -> str | None:
    """Return the plain HTTP address of the pages on this machine; None before the first start."""
    port = ports_of(data_dir).get(PAGES)
    return None if port is None else f"http://{ports.HOST}:{port}"


def pages_over_tls(data_dir: Path) -> str | None:
    """Return the HTTPS address of the pages; None before they were first served over HTTPS."""
    if (elsewhere := public_addresses.read(data_dir)) is not None:
        return elsewhere.pages
    port = ports_of(data_dir).get(PAGES_OVER_TLS)
    return None if port is None else f"https://{ports.HOST}:{port}"


def sql_over_tls(data_dir: Path) -> dict[str, object] | None:
    """Return libpq settings (host, port, sslmode, sslrootcert) of SQL over TLS; None for an existing server."""
    port = ports_of(data_dir).get(SQL_OVER_TLS)
    if port is None or deployment_on_existing_servers.is_provisioned(data_dir):
        return None
    authority = str(Folder(data_dir).ca)
    return {"host": "localhost", "port": port, "sslmode": "verify-full", "sslrootcert": authority}


def remember(data_dir: Path, chosen: Mapping[str, int]) -> None:
    """Store the ports of the services, so that the next start uses them again where they are free."""
    (data_dir / _PORTS).write_text(json.dumps(dict(chosen)) + "\n", encoding="utf-8")


def ports_of(data_dir: Path) -> dict[str, int]:
    """Return the ports of the present or the last run, by name; empty before the first."""
    try:
        found: dict[str, int] = json.loads((data_dir / _PORTS).read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):  # never written, or the machine stopped before it was on disk
        return {}
    return found


def now(data_dir: Path) -> datetime:
    """Return the time by the clock of a data folder, which may be shifted where data are invented."""
    file = Folder(data_dir).clock
    return clock(file if file.exists() else None).now()


def running_cluster(data_dir: Path, *, connectable: bool = False) -> Cluster:
    """Return the folder's cluster if it runs, or if the folder was provisioned. Otherwise exit with 1 and advice.

    The services of a provisioned folder run elsewhere, and commands reach its servers. `connectable`: the command also
    works on a connected PC, which the advice then mentions.
    """
    cluster = Cluster.at(data_dir)
    if not cluster.running and not deployment_on_existing_servers.is_provisioned(data_dir):
        connection = connected(data_dir)
        if connection is not None:
            at = connection.pages.get("address")
            look = f" What your account may see is on the pages: {at}" if at else ""
            fail(
                f"This PC is connected as {connection.agency}: this command works at the machine of the cluster alone."
                + look
            )
        # A data folder that exists or was named comes before a connection, so connecting would not help.
        connect = _CONNECT if connectable and data_dir == DEFAULT and not DEFAULT.exists() else ""
        fail(f"No cluster runs in {data_dir}. Start one: atips up {in_folder(data_dir)}{connect}")
    return cluster
