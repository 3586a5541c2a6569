"""Configuration files for Kafka's own tools and kcat, one set for each system of an agency.

Kafka's tools log in with the password (SASL_SSL), kcat with the certificate: Debian's kcat cannot log in with SCRAM.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from infra.local import connection_settings, issued_agency_credentials
from infra.local.data_folder import Folder
from infra.local.issued_agency_credentials import MAIN, Credential
from infra.local.protected_files import CLOSED, write_private

if TYPE_CHECKING:
    from pathlib import Path

JAVA, KCAT = "client.properties", "kcat.conf"
LOGIN_MODULE = "org.apache.kafka.common.security.scram.ScramLoginModule"


def write(data_dir: Path) -> None:
    """Write `client.properties` and `kcat.conf` of every system for the present addresses and credentials.

    The files of an agency's main system lie in `clients/<agency>/`, those of another one in a folder in it. The files
    of a credential that was revoked or handed out are deleted.
    """
    deployment, folder = connection_settings.started(data_dir), Folder(data_dir)
    for known in issued_agency_credentials.read(folder, deployment):
        of_system = files_of(folder, known)
        current = issued_agency_credentials.current(folder, deployment, known.agency, known.system)
        if current is None or current.handed_out:
            for name in (JAVA, KCAT):
                (of_system / name).unlink(missing_ok=True)
            continue
        of_system.parent.mkdir(exist_ok=True, mode=CLOSED)
        of_system.mkdir(exist_ok=True, mode=CLOSED)
        group = issued_agency_credentials.group(deployment, current)
        write_private(of_system / JAVA, _java(connection_settings.client(data_dir, current.principal), group))
        if by_certificate := connection_settings.client(data_dir, current.principal, mtls=True):
            write_private(of_system / KCAT, _librdkafka(by_certificate))


def files_of(folder: Folder, credential: Credential) -> Path:
    """Return the folder of a system's files."""
    of_agency = folder.clients / credential.agency
    return of_agency if credential.system == MAIN else of_agency / credential.system


def _java(settings: connection_settings.Settings, group: str) -> str:
    login = f'{LOGIN_MODULE} required username="{settings["sasl.username"]}" password="{settings["sasl.password"]}";'
    said = {
        "bootstrap.servers": settings["bootstrap.servers"],
        "security.protocol": settings["security.protocol"],
        "sasl.mechanism": settings["sasl.mechanism"],
        "sasl.jaas.config": login,
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": settings["ssl.ca.location"],
        "group.id": group,
    }
    # Java reads a backslash as JSON does, and any letter beyond Latin-1 only so.
    return _lines({name: json.dumps(value)[1:-1] for name, value in said.items()})


def _librdkafka(settings: connection_settings.Settings) -> str:
    return _lines({**settings, "partitioner": "murmur2_random"})


def _lines(settings: connection_settings.Settings) -> str:
    return "".join(f"{name}={value}\n" for name, value in settings.items())
