"""Settings with which a principal reaches a cluster: environment variables, librdkafka settings, DSN files.

Everything comes from the data folder. Environment variables name files with secrets, never the secrets.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infra.local import issued_agency_credentials, pki
from infra.local.data_folder import Folder
from infra.local.supervisor_plan import deployment_from_plain
from schemas.agencies import AGENCIES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from schemas.topics import Deployment


Settings = dict[str, str | int | float | bool]  # as confluent_kafka's clients take them


class NotStartedError(Exception):
    """No cluster was ever started on the data folder, so there is none to reach."""


class RevokedError(Exception):
    """The credential of the agency's own system was revoked."""


class HandedOutError(Exception):
    """The keys of the agency's own system were written into a connection file and are not kept here."""


class NoCertificateError(Exception):
    """The cluster is an existing one that others run: our authority's certificates are not valid there."""


def deployment(data_dir: Path) -> Deployment:
    """Return the deployment that the folder was started for, with the agencies and systems that were added since."""
    return with_credentials(Folder(data_dir), started(data_dir))


def with_credentials(folder: Folder, found: Deployment) -> Deployment:
    """Return a deployment with the agencies and systems that a folder has credentials of."""
    agencies = dict.fromkeys((*found.agencies, *issued_agency_credentials.agencies(folder)))
    systems = issued_agency_credentials.own_systems(folder)
    return replace(found, agencies=tuple(agencies), systems=systems, shared=_shared(folder, systems))


def _shared(folder: Folder, systems: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return sorted pairs (reader, sender): the reader reads the sender's receipts too, as the Council's list says."""
    try:
        said = json.loads(folder.systems.read_text(encoding="utf-8")).get("changes", ())
    except FileNotFoundError:
        return ()
    pairs = {tuple(each if each in systems else each.partition("/")[0] for each in pair) for pair in said}
    return tuple(sorted((reader, read) for reader, read in pairs if reader != read))


def started(data_dir: Path) -> Deployment:
    """Return the deployment that the folder was started for."""
    return deployment_from_plain(_state(Folder(data_dir))["deployment"])


def principal_of(folder: Folder, name: str) -> str:
    """Return the principal that the main system of the agency `name` uses now; another name is returned unchanged.

    Raises `RevokedError` if the agency has no credential, `HandedOutError` if its keys are not kept here.
    """
    if name not in AGENCIES:
        return name
    current = issued_agency_credentials.current(folder, started(folder.root), name)
    if current is None:
        message = f"{name} has no credential: atips agency add {name}"
        raise RevokedError(message)
    if current.handed_out:
        message = f"{name}'s keys were handed out in a connection file and are not kept here: atips connect FILE"
        raise HandedOutError(message)
    return current.principal


def principals(deployment: Deployment) -> tuple[str, ...]:
    """Return the principals with a password and a certificate of their own: agencies and services."""
    return deployment.publishers


def environment(data_dir: Path, principal: str | None, role: str | None, *, mtls: bool = False) -> dict[str, str]:
    """Return the ATIPS_* variables of a Kafka principal and a database role.

    `principal`: a service's name or an agency's code; None leaves out the variables of Kafka. `role`: None leaves out
    the variables of the database. `mtls`: log in by certificate in place of the password. Raises
    `NotStartedError`, the errors of `principal_of`, and `NoCertificateError` for `mtls` on an existing cluster.
    """
    folder = Folder(data_dir.absolute())  # who gets it may run anywhere
    state = _state(folder)
    plain = state["deployment"]
    found = {
        "ATIPS_DEPLOYMENT": plain["name"],
        "ATIPS_PARTITIONS": str(plain["partitions"]),
        "ATIPS_AGENCIES": ",".join(deployment(data_dir).agencies),
        "ATIPS_SYSTEMS": ",".join(deployment(data_dir).systems),
    }
    if (generation := plain.get("generation", 1)) > 1:
        found["ATIPS_GENERATION"] = str(generation)
    if principal is not None:
        found |= _kafka(folder, state["kafka"], principal_of(folder, principal), mtls=mtls)
    if role is not None:
        found["ATIPS_POSTGRES_DSN_FILE"] = str(folder.dsn_file(role))
    if folder.synthetic.exists() and folder.clock.exists():
        found["ATIPS_CLOCK_FILE"] = str(folder.clock)
    if role == "web":
        found |= {
            "ATIPS_WEB_AGENCY_KEYS": str(folder.web_keys),
            "ATIPS_WEB_CERTIFICATE": str(folder.certificate(pki.PAGES)),
            "ATIPS_WEB_KEY": str(folder.key(pki.PAGES)),
        }
    if principal == "intake":
        found |= {
            "ATIPS_QUARANTINE_KEY_FILE": str(folder.quarantine_key),
            "ATIPS_SYSTEMS_FILE": str(folder.systems),
            "ATIPS_IDENTITY_KEY_FILE": str(folder.identity_key),
            "ATIPS_IDENTITY_DSN_FILE": str(folder.dsn_file("identity")),
            "ATIPS_HTTP_CERTIFICATE": str(folder.certificate(pki.HTTP)),
            "ATIPS_HTTP_KEY": str(folder.key(pki.HTTP)),
        }
    return found


def administrator(data_dir: Path, role: str) -> dict[str, str]:
    """Return the ATIPS_* variables of the broker's administrator and a database role, also for an existing cluster."""
    existing = _state(Folder(data_dir))["kafka"]["existing"]
    if not existing:
        return environment(data_dir, pki.ADMIN, role, mtls=True)
    found = environment(data_dir, None, role) | {
        "ATIPS_KAFKA_CA": existing["ca"],
        "ATIPS_KAFKA_BOOTSTRAP": existing["admin_bootstrap"],
    }
    if existing["admin_certificate"]:
        return found | {
            "ATIPS_KAFKA_SECURITY": "SSL",
            "ATIPS_KAFKA_CERTIFICATE": existing["admin_certificate"],
            "ATIPS_KAFKA_KEY": existing["admin_key"],
        }
    return found | {
        "ATIPS_KAFKA_SECURITY": "SASL_SSL",
        "ATIPS_KAFKA_USERNAME": existing["admin_username"],
        "ATIPS_KAFKA_PASSWORD_FILE": existing["admin_password_file"],
    }


def _kafka(folder: Folder, kafka: Mapping[str, Any], principal: str, *, mtls: bool) -> dict[str, str]:
    found = {"ATIPS_KAFKA_CA": kafka["ca"]}
    if mtls and kafka["existing"]:
        message = "client certificates come from the authority of a cluster of our own: this one is not"
        raise NoCertificateError(message)
    if mtls:
        return found | {
            "ATIPS_KAFKA_BOOTSTRAP": kafka["mtls"],
            "ATIPS_KAFKA_SECURITY": "SSL",
            "ATIPS_KAFKA_CERTIFICATE": str(folder.certificate(principal)),
            "ATIPS_KAFKA_KEY": str(folder.key(principal)),
        }
    return found | {
        "ATIPS_KAFKA_BOOTSTRAP": kafka["bootstrap"],
        "ATIPS_KAFKA_SECURITY": "SASL_SSL",
        "ATIPS_KAFKA_USERNAME": principal,
        "ATIPS_KAFKA_PASSWORD_FILE": str(folder.password_file(principal)),
    }


def admin(data_dir: Path) -> Settings:
    """Return the librdkafka settings of the administrator."""
    state = _state(Folder(data_dir))
    return admin_of(state) if state["kafka"]["existing"] else client(data_dir, pki.ADMIN, mtls=True)


def admin_of(state: Mapping[str, Any]) -> Settings:
    """Return the librdkafka settings of the administrator of an existing cluster, from the content of state.json."""
    existing = state["kafka"]["existing"]
    settings = {"bootstrap.servers": existing["admin_bootstrap"], "ssl.ca.location": existing["ca"]}
    if existing["admin_certificate"]:
        return settings | {
            "security.protocol": "SSL",
            "ssl.certificate.location": existing["admin_certificate"],
            "ssl.key.location": existing["admin_key"],
        }
    return settings | {
        "security.protocol": "SASL_SSL",
        "sasl.mechanism": "SCRAM-SHA-512",
        "sasl.username": existing["admin_username"],
        "sasl.password": Path(existing["admin_password_file"]).read_text(encoding="utf-8").strip(),
    }


def client(data_dir: Path, principal: str, *, mtls: bool = False) -> Settings:
    """Return the librdkafka settings of a service, or of an agency's main system by the agency's code.

    With `mtls` they use the certificate; they are empty if the cluster is an existing one. Raises the errors of
    `principal_of`.
    """
    folder = Folder(data_dir.absolute())
    return of_principal(data_dir, principal_of(folder, principal), mtls=mtls)


def of_principal(data_dir: Path, principal: str, *, mtls: bool = False) -> Settings:
    """Return the librdkafka settings of a principal by its name on the broker, whose keys must lie in the folder."""
    folder = Folder(data_dir.absolute())
    kafka = _state(folder)["kafka"]
    if not mtls:
        return {
            "bootstrap.servers": kafka["bootstrap"],
            "security.protocol": "SASL_SSL",
            "ssl.ca.location": kafka["ca"],
            "sasl.mechanism": "SCRAM-SHA-512",
            "sasl.username": principal,
            "sasl.password": folder.password_file(principal).read_text(encoding="utf-8").strip(),
        }
    if kafka["existing"]:
        return {}
    return {
        "bootstrap.servers": kafka["mtls"],
        "security.protocol": "SSL",
        "ssl.ca.location": kafka["ca"],
        "ssl.certificate.location": str(folder.certificate(principal)),
        "ssl.key.location": str(folder.key(principal)),
    }


def _state(folder: Folder) -> dict[str, Any]:
    state = folder.read_state()
    if "kafka" not in state:
        message = f"{folder.root}: no cluster was ever started on this folder"
        raise NotStartedError(message)
    return state
