"""The folder of each process: its settings as `KEY=VALUE` lines, and the files that they name.

A container or systemd unit finds the content of DIR/<process>/ below one path, and the settings name files there. The
names of the files must stay stable, because manifests and units name them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from infra.local import connection_settings
from infra.local.protected_files import CLOSED, keep_private
from services.console.local_cluster import ON_KAFKA
from services.console.service_settings import SERVICES

MOUNT: Final = Path("/run/atips")
"""The path below which a process finds its files."""

DATABASE_CA: Final = "postgres-ca.pem"

NAMES: Final[Mapping[str, str]] = {
    "ATIPS_KAFKA_CA": "kafka-ca.pem",
    "ATIPS_KAFKA_PASSWORD_FILE": "kafka.password",
    "ATIPS_POSTGRES_DSN_FILE": "postgres.dsn",
    "ATIPS_QUARANTINE_KEY_FILE": "quarantine.key",
    "ATIPS_SYSTEMS_FILE": "systems.json",
    "ATIPS_IDENTITY_KEY_FILE": "identity.key",
    "ATIPS_IDENTITY_DSN_FILE": "identity.dsn",
    "ATIPS_HTTP_CERTIFICATE": "http.crt",
    "ATIPS_HTTP_KEY": "http.key",
    "ATIPS_WEB_CERTIFICATE": "web.crt",
    "ATIPS_WEB_KEY": "web.key",
}
"""Name of the file below the process's folder to which each setting points."""
FOLDERS: Final[Mapping[str, str]] = {"ATIPS_WEB_AGENCY_KEYS": "agencies"}
"""Name of the folder below the process's folder to which each setting points."""

PORTS: Final[Mapping[str, Mapping[str, str]]] = {
    "intake": {"ATIPS_ADMIN_PORT": "9401", "ATIPS_HTTP_HOST": "0.0.0.0", "ATIPS_HTTP_PORT": "8443"},  # noqa: S104
    "referral": {"ATIPS_ADMIN_PORT": "9402"},
    "case_tracker": {"ATIPS_ADMIN_PORT": "9403"},
    "reporting": {"ATIPS_ADMIN_PORT": "9404"},
    "web": {"ATIPS_ADMIN_PORT": "9405", "ATIPS_WEB_HOST": "0.0.0.0", "ATIPS_WEB_PORT": "8444"},  # noqa: S104
}
"""Ports of each process, all different, so that all may run on one machine. Offices reach 8443 and 8444."""

_PLAIN: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+=.,:;/@%[]{}()*!~^")
"""Characters that Docker, systemd and Kubernetes all take literally in a file of settings."""


class LayoutError(ValueError):
    """A setting's value has a character that Docker, systemd or Kubernetes would change in a file of settings."""


@dataclass(frozen=True, slots=True)
class ProcessFolder:
    """The folder of one process: its settings, and the content of its files by their paths below the folder."""

    name: str
    settings: Mapping[str, str]
    files: Mapping[str, str] = field(repr=False)

    def env(self) -> str:
        """Return the settings as sorted lines KEY=VALUE. Raises `LayoutError` for a value that is not literal."""
        for name, value in self.settings.items():
            if not _PLAIN.issuperset(value):
                message = f"{name}: a blank, a quotation mark or the like cannot stand in a file of settings"
                raise LayoutError(message)
        return "".join(f"{name}={value}\n" for name, value in sorted(self.settings.items()))


def folders(data_dir: Path, mount: Path = MOUNT) -> Iterator[ProcessFolder]:
    """Yield the folder of each service's process, built from the data folder. The settings name files below `mount`."""
    for name in SERVICES:
        yield of_process(
            name, connection_settings.environment(data_dir, name if name in ON_KAFKA else None, name), mount
        )


def of_process(name: str, environment: Mapping[str, str], mount: Path = MOUNT) -> ProcessFolder:
    """Build the folder of one process, without writing it.

    `environment`: the process's settings, which name files of this machine. In the folder's settings these names are
    below `mount`, and the files' contents are in `files`.
    """
    settings: dict[str, str] = {}
    files: dict[str, str] = {}
    for variable, value in {**environment, **PORTS[name]}.items():
        if variable in NAMES:
            settings[variable] = str(mount / NAMES[variable])
            files |= _file(variable, Path(value), mount)
        elif variable in FOLDERS:
            settings[variable] = str(mount / FOLDERS[variable])
            files |= {
                f"{FOLDERS[variable]}/{each.name}": each.read_text(encoding="utf-8")
                for each in sorted(Path(value).glob("*.json"))
            }
        else:
            settings[variable] = value
    return ProcessFolder(name, settings, files)


def write(to: Path, found: ProcessFolder) -> bool:
    """Write a process's folder below `to`, readable by its owner only, and remove other files in it.

    Returns whether anything changed.
    """
    wanted = {**found.files, f"{found.name}.env": found.env()}
    folder = to / found.name
    made = {name for name, text in wanted.items() if write_private_file(folder / name, text)}
    for name in FOLDERS.values():
        if name in {Path(each).name for each in found.settings.values()}:
            (folder / name).mkdir(mode=CLOSED, exist_ok=True)  # also without a file in it
    surplus = [each for each in folder.rglob("*") if each.is_file() and str(each.relative_to(folder)) not in wanted]
    for each in surplus:
        each.unlink()
    return bool(made or surplus)


def write_private_file(file: Path, text: str) -> bool:
    """Write a file that only its owner may read, unless it has this text already; returns whether it was written."""
    for above in reversed(file.parents):
        if not above.exists():
            above.mkdir(mode=CLOSED)
    return keep_private(file, text)


def database_files(dsn: str, name: str, directory: Path | None) -> dict[str, str]:
    """Return file names and contents: the DSN, and the authority's certificate if the DSN names one of this machine.

    `directory`: folder in which the reader of the DSN finds both files; None writes the certificate's bare name.
    """
    parts = urlsplit(dsn)
    options = dict(parse_qsl(parts.query))
    authority = options.get("sslrootcert")
    if authority is None or not Path(authority).is_absolute():
        return {name: dsn + "\n"}
    options["sslrootcert"] = str(directory / DATABASE_CA) if directory is not None else DATABASE_CA
    way = urlunsplit(parts._replace(query=urlencode(options, quote_via=quote, safe="/")))
    return {name: way + "\n", DATABASE_CA: Path(authority).read_text(encoding="utf-8")}


def _file(variable: str, source: Path, mount: Path) -> dict[str, str]:
    name = NAMES[variable]
    if variable == "ATIPS_SYSTEMS_FILE" and not source.exists():
        return {name: "{}\n"}
    text = source.read_text(encoding="utf-8")
    return database_files(text.strip(), name, mount) if name.endswith(".dsn") else {name: text}
