"""For each agency, configuration files of programs that are not ours: Kafka's own tools and kcat.

Kafka's tools come in with the password (SASL_SSL), kcat with the certificate: the one that Debian ships fails at SCRAM.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.local import access
from infra.local.folder import CLOSED, Folder, write_private

if TYPE_CHECKING:
    from pathlib import Path

LOGIN_MODULE = "org.apache.kafka.common.security.scram.ScramLoginModule"


def write(data_dir: Path) -> None:
    """Write `clients/<agency>/client.properties` and `kcat.conf` as the addresses are now."""
    deployment = access.deployment(data_dir)
    for agency in deployment.agencies:
        folder = Folder(data_dir).clients / agency
        folder.mkdir(exist_ok=True, mode=CLOSED)
        group = deployment.group(agency)
        write_private(folder / "client.properties", _java(access.client(data_dir, agency), group))
        if by_certificate := access.client(data_dir, agency, mtls=True):
            write_private(folder / "kcat.conf", _librdkafka(by_certificate))


def _java(settings: access.Settings, group: str) -> str:
    login = f'{LOGIN_MODULE} required username="{settings["sasl.username"]}" password="{settings["sasl.password"]}";'
    return _lines(
        {
            "bootstrap.servers": settings["bootstrap.servers"],
            "security.protocol": settings["security.protocol"],
            "sasl.mechanism": settings["sasl.mechanism"],
            "sasl.jaas.config": login,
            "ssl.truststore.type": "PEM",
            "ssl.truststore.location": settings["ssl.ca.location"],
            "group.id": group,
        }
    )


def _librdkafka(settings: access.Settings) -> str:
    return _lines({**settings, "partitioner": "murmur2_random"})


def _lines(settings: access.Settings) -> str:
    return "".join(f"{name}={value}\n" for name, value in settings.items())
