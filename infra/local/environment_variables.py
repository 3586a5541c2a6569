"""Environment variables: settings for an existing Kafka and PostgreSQL, and those of servers and services.

Without the settings for existing ones, our own Kafka and PostgreSQL are started.
"""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

UTF_8 = {"LC_ALL": "C.UTF-8"}
CA_KEY_FILE = "ATIPS_CA_KEY_FILE"
SMALL_HEAPS = {"MALLOC_ARENA_MAX": "2"}
"""Limit of the C library's heaps. By default each thread has its own, and keeps most of it after a flood."""

OURS = "ATIPS_"


class SettingsError(Exception):
    """The environment names an existing server, but lacks variables that are needed to use it."""


@dataclass(frozen=True, slots=True)
class ExistingKafka:
    """An existing Kafka cluster that others run. Clients log in at `bootstrap` with SCRAM.

    The administrator logs in at `admin_bootstrap` with certificate and key, or with username and password.
    """

    bootstrap: str
    ca: Path
    admin_bootstrap: str
    admin_certificate: Path | None = None
    admin_key: Path | None = None
    admin_username: str | None = None
    admin_password_file: Path | None = None
    replication: int = 3

    def to_plain(self) -> dict[str, Any]:
        """Return the settings as JSON-ready values, for state.json."""
        return {name: str(value) if isinstance(value, Path) else value for name, value in asdict(self).items()}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> ExistingKafka:
        """Make the settings from the values that `to_plain` returned."""
        files = ("ca", "admin_certificate", "admin_key", "admin_password_file")
        typed: dict[str, Any] = {
            name: Path(value) if value and name in files else value for name, value in plain.items()
        }
        return cls(**typed)


def existing_kafka(environment: Mapping[str, str]) -> ExistingKafka | None:
    """Read the variables of an existing Kafka; None where ATIPS_KAFKA_BOOTSTRAP is not set.

    With it are needed ATIPS_KAFKA_CA, and either ATIPS_KAFKA_ADMIN_CERTIFICATE and _ADMIN_KEY or _ADMIN_USERNAME and
    _ADMIN_PASSWORD_FILE. Raises `SettingsError` if one is missing. _ADMIN_BOOTSTRAP is optional, and so is _REPLICATION
    (3 without it).
    """
    bootstrap = environment.get("ATIPS_KAFKA_BOOTSTRAP")
    if not bootstrap:
        return None
    files = {
        name: Path(environment[f"ATIPS_KAFKA_{name.upper()}"]).absolute()
        for name in ("ca", "admin_certificate", "admin_key", "admin_password_file")
        if environment.get(f"ATIPS_KAFKA_{name.upper()}")
    }
    found = ExistingKafka(
        bootstrap=bootstrap,
        ca=files.get("ca", Path()),
        admin_bootstrap=environment.get("ATIPS_KAFKA_ADMIN_BOOTSTRAP", bootstrap),
        admin_certificate=files.get("admin_certificate"),
        admin_key=files.get("admin_key"),
        admin_username=environment.get("ATIPS_KAFKA_ADMIN_USERNAME"),
        admin_password_file=files.get("admin_password_file"),
        replication=int(environment.get("ATIPS_KAFKA_REPLICATION", "3")),
    )
    by_certificate = found.admin_certificate is not None and found.admin_key is not None
    by_password = found.admin_username is not None and found.admin_password_file is not None
    if "ca" not in files or not (by_certificate or by_password):
        message = (
            "ATIPS_KAFKA_BOOTSTRAP is set: ATIPS_KAFKA_CA is needed too, and either ATIPS_KAFKA_ADMIN_CERTIFICATE and"
            " ATIPS_KAFKA_ADMIN_KEY or ATIPS_KAFKA_ADMIN_USERNAME and ATIPS_KAFKA_ADMIN_PASSWORD_FILE"
        )
        raise SettingsError(message)
    return found


def existing_postgres(environment: Mapping[str, str]) -> Path | None:
    """Read ATIPS_POSTGRES_ADMIN_DSN_FILE: the file with the administrator's DSN; None where it is not set."""
    dsn_file = environment.get("ATIPS_POSTGRES_ADMIN_DSN_FILE")
    return Path(dsn_file).absolute() if dsn_file else None


def authority_key(environment: Mapping[str, str]) -> Path | None:
    """Read ATIPS_CA_KEY_FILE: the file of the authority's key outside the data folder; None where it is not set."""
    file = environment.get(CA_KEY_FILE)
    return Path(file).absolute() if file else None


def inherited() -> dict[str, str]:
    """Return a copy of this process's environment."""
    return dict(os.environ)


def for_server(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of broker and database: few variables, so that none of the user's changes how they run."""
    return {name: environment[name] for name in ("PATH", "HOME", "LD_LIBRARY_PATH") if name in environment} | UTF_8


def for_service(environment: Mapping[str, str], names: Collection[str] = ()) -> dict[str, str]:
    """Return the environment of a service: all variables that are not ATIPS_*, and of these the ones in `names`.

    A service refuses a setting that it does not have. Addresses and credentials are added from the data folder.
    """
    return {
        **SMALL_HEAPS,
        **{name: value for name, value in environment.items() if not name.startswith(OURS) or name in names},
        "PYTHONSAFEPATH": "1",
    }
