"""The place from which a command acts as an agency: the data folder of a local cluster, or an office's connection.

An office is any PC with a connection file. It has a folder of its own with the same layout as a data folder. Nothing
here needs the services, their database, or anything that Windows lacks: the cluster's modules are imported when used.
"""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any, Final, NoReturn, TypeAlias

import typer

from infra.local.data_folder import Folder
from infra.local.protected_files import CLOSED, write_private
from schemas.agencies import PUBLISHING
from schemas.topics import Deployment
from services.client.connection_file import ConnectionFile, NoConnection
from services.console.options import DEFAULT
from services.console.output import fail, fail_wrong_usage

VARIABLE: Final = "ATIPS_CONNECTION"
NOT_CONNECTED: Final = "This PC is not connected. Ask your operator for a connection file, then: atips connect FILE"
_MARK: Final = "connection.json"
_CURRENT: Final = "connected"

AgencyName: TypeAlias = Annotated[
    str,
    typer.Option("--agency", metavar="A", help="As which agency: its code. Not needed where this PC is connected."),
]


@dataclass(frozen=True, slots=True)
class Office:
    """The agency as which a command acts, and its way to the cluster.

    `root`: a data folder, or an office's folder with the same layout. `connection`: the office's connection file. It is
    None on the cluster's own machine, where `root` has the keys.
    """

    root: Path
    agency: str
    connection: ConnectionFile | None = None

    def now(self) -> datetime:
        """Return the current time of the cluster's clock, which may differ from this PC's where data are invented.

        With a connection, or in a dry run without a cluster, it is this PC's time.
        """
        by_this_pc = self.connection is not None or not self.root.exists()
        return datetime.now(UTC) if by_this_pc else _local().now(self.root)

    def kafka(self) -> tuple[dict[str, Any], Deployment]:
        """Return the Kafka client settings and the deployment. Exits with 1 if the agency has no credential here."""
        if self.connection is not None:
            return self.connection.kafka["config"], Deployment(name=self.connection.deployment)
        connections = import_module("infra.local.connection_settings")
        try:
            return connections.client(self.root, self.agency), connections.deployment(self.root)
        except (connections.RevokedError, connections.HandedOutError) as error:
            fail(str(error))


def time_at(data_dir: Path) -> datetime:
    """Return the current time: of this PC where it is connected, else of the local cluster's clock."""
    if connected(data_dir) is not None:
        return datetime.now(UTC)
    now: datetime = _local().now(data_dir)
    return now


def office(data_dir: Path, agency: str) -> Office:
    """Find the place to act from: this PC's connection, or a local cluster where `connected` finds no connection.

    Exits with 2 when no agency is given, or it is unknown or not the connection's; exits with 1 without a cluster.
    """
    connection = connected(data_dir)
    if connection is None:
        if not agency and not data_dir.exists():
            fail_wrong_usage(f"{NOT_CONNECTED}. On the machine of the cluster, name its folder: --data-dir D")
        must_publish(agency)
        return Office(_local().running_cluster(data_dir).data_dir, agency)
    if agency not in {"", connection.agency}:
        fail_wrong_usage(f"This PC is connected as {connection.agency}, not as {agency}. Leave --agency out.")
    return Office(_settled(connection), connection.agency, connection)


def must_publish(agency: str) -> None:
    """Exit with 2 when no agency is named, or one that publishes nothing."""
    if not agency:
        fail_wrong_usage(f"As which agency? Give --agency: one of {', '.join(PUBLISHING)}.")
    if agency not in PUBLISHING:
        fail_wrong_usage(f"No agency {agency} publishes here; there are {', '.join(PUBLISHING)}.")


def connected(data_dir: Path) -> ConnectionFile | None:
    """Return the connection that a command uses; None where it uses the data folder.

    A data folder other than the default comes first, then the file of ATIPS_CONNECTION. Then comes the default data
    folder if it exists, then the connection that `store_current_connection` stored last.
    """
    if data_dir != DEFAULT:
        return None
    if named := os.environ.get(VARIABLE):
        return read(Path(named))
    if DEFAULT.exists():
        return None
    try:
        current = (_home() / _CURRENT).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    return read(_home() / current / _MARK)


def fail_without_credential(root: Path, agency: str) -> NoReturn:
    """Exit with 1 and the reason why the data folder lacks an agency's credential: revoked, handed out, or lost."""
    connections, folder = import_module("infra.local.connection_settings"), Folder(root)
    try:
        connections.principal_of(folder, agency)
    except (connections.RevokedError, connections.HandedOutError, connections.NotStartedError) as error:
        fail(str(error))
    fail(
        f"{agency} has no credential here: {folder.client(agency)} is missing. "
        "Restore the file, or make a new credential: atips agency --help"
    )


def store_current_connection(connection: ConnectionFile) -> Path:
    """Store a connection as this PC's current one, and return the folder in which it is stored."""
    root = _settled(connection)
    write_private(_home() / _CURRENT, root.name + "\n")
    return root


def read(file: Path) -> ConnectionFile:
    """Read a connection file; exits with 1 when it cannot be read or is no connection file."""
    try:
        return ConnectionFile.read(file)
    except NoConnection as error:
        fail(f"{file}: {error}. Ask your operator for another file.")
    except OSError as error:
        fail(f"{file} cannot be read: {error.strerror}. Ask your operator for a connection file: atips agency add")


def _settled(connection: ConnectionFile) -> Path:
    """Write the connection into a folder with the layout of a data folder, and return that folder."""
    root = _home() / f"{connection.agency}.{connection.system}"
    folder = Folder(root)
    for each in (
        _home(),
        root,
        folder.clients,
        folder.secrets,
        folder.client(connection.agency).parent,
        root / "sheets",
    ):
        each.mkdir(mode=CLOSED, parents=True, exist_ok=True)
    text = connection.text()
    files = {
        root / _MARK: text,
        folder.client(connection.agency): text,
        folder.own_numbers_key(connection.agency): connection.own_numbers_key + "\n",
    }
    for path, content in files.items():
        if not path.exists() or path.read_text(encoding="utf-8") != content:
            write_private(path, content)
    return root


def _home() -> Path:
    return Path(typer.get_app_dir("atips"))


def _local() -> ModuleType:
    return import_module("services.console.local_cluster")
