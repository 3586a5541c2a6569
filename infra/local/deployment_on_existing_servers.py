"""A deployment on an existing Kafka and PostgreSQL: its data folder is made, and nothing is started.

The folder keeps secrets as that of a local cluster does, so that later commands find servers and passwords there.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from infra.local import data_folder_lock, environment_variables, pki, public_addresses, remembered_servers
from infra.local.cluster_state import state_content
from infra.local.data_folder import Folder
from infra.local.protected_files import secret
from infra.local.supervisor_plan import StartPlan, deployment_from_plain
from schemas.topics import Deployment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from infra.local.environment_variables import ExistingKafka
    from infra.local.public_addresses import PublicAddresses

STAGE: Final = "provisioned"
"""The stage, in state.json, of a folder whose services run elsewhere."""
PARTITIONS: Final = 16
"""Partitions of each topic of a new log: the most workers that can share the work."""
NEEDED: Final = "ATIPS_KAFKA_BOOTSTRAP and ATIPS_POSTGRES_ADMIN_DSN_FILE"


class ExistingError(Exception):
    """The data folder belongs to another deployment or other servers; the message says what to do."""


@dataclass(frozen=True, slots=True)
class ExistingServers:
    """The existing servers that the environment names. `postgres`: the file with the administrator's DSN."""

    kafka: ExistingKafka
    postgres: Path

    @classmethod
    def named(cls, environment: Mapping[str, str]) -> ExistingServers:
        """Read the servers' variables. Raises `SettingsError` where one of the two servers is not named."""
        kafka, postgres = (
            environment_variables.existing_kafka(environment),
            environment_variables.existing_postgres(environment),
        )
        if kafka is None or postgres is None:
            message = f"name both existing servers: {NEEDED} (docs/bring-your-own.md)"
            raise environment_variables.SettingsError(message)
        return cls(kafka, postgres)


def deployment_of(
    data_dir: Path, name: str | None = None, partitions: int | None = None, agencies: Sequence[str] = ()
) -> Deployment:
    """Return the deployment of a folder, or a new one with these values.

    Raises `ExistingError` where the folder has a deployment with other values.
    """
    state = Folder(data_dir).read_state()
    asked = {"name": name, "partitions": partitions, "agencies": tuple(agencies) or None}
    if "deployment" not in state:
        new = Deployment(partitions=PARTITIONS)
        return Deployment(name or new.name, partitions or new.partitions, tuple(agencies) or new.agencies)
    found = deployment_from_plain(state["deployment"])
    for what, value in asked.items():
        if value is not None and value != getattr(found, what):
            message = f"{data_dir} is of a deployment with other {what}: use another folder: --data-dir D"
            raise ExistingError(message)
    return found


def state_of(data_dir: Path, servers: ExistingServers, deployment: Deployment) -> dict[str, Any]:
    """Return the content of state.json for a deployment on existing servers, without writing it.

    Raises `ExistingError` if the folder belongs to other servers.
    """
    plan = _plan(data_dir, servers, deployment)
    if why := remembered_servers.difference(plan):
        raise ExistingError(why)
    return state_content(STAGE, plan, {}, {}, {}) | {"supervisor": None}


@contextmanager
def prepare_existing_servers(
    data_dir: Path, servers: ExistingServers, deployment: Deployment, addresses: PublicAddresses
) -> Iterator[dict[str, Any]]:
    """Make the folder with its secrets and hold its lock while the block runs, so that no cluster starts on it.

    Yields the folder's state. Raises `ExistingError`, `PkiError`, and `AlreadyRunningError` where a cluster runs on it.
    """
    folder = Folder(data_dir)
    state = state_of(data_dir, servers, deployment)
    if folder.synthetic.exists():
        message = f"{data_dir} holds invented data: use another folder: --data-dir D"
        raise ExistingError(message)
    folder.make()
    with data_folder_lock.hold_lock(folder.lock):
        pki.ensure(
            folder,
            (),
            pki.today(),
            environment_variables.authority_key(environment_variables.inherited()),
            addresses.names(),
        )
        for key in (folder.quarantine_key, folder.identity_key):
            secret(key, entropy=32)
        public_addresses.keep(data_dir, addresses)
        if folder.read_state() != state:
            folder.write_state(state)
        yield state
        remembered_servers.remember(_plan(data_dir, servers, deployment))


def is_provisioned(data_dir: Path) -> bool:
    """Whether the services of the folder run elsewhere."""
    return Folder(data_dir).read_state().get("stage") == STAGE


def _plan(data_dir: Path, servers: ExistingServers, deployment: Deployment) -> StartPlan:
    return StartPlan(
        data_dir=data_dir,
        deployment=deployment,
        attached=True,
        throwaway=False,
        parent=0,
        existing_kafka=servers.kafka,
        existing_postgres=servers.postgres,
    )
