"""The steps of `atips provision`: database, migrations, broker, keys, and folders of processes and agencies."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from infra.check_row import Check, CheckState
from infra.local import deployment_on_existing_servers
from infra.local.data_folder import Folder
from infra.local.deployment_on_existing_servers import ExistingServers
from infra.local.provision import provision_kafka, provision_postgres
from infra.local.public_addresses import PublicAddresses
from schemas.topics import Deployment
from services.console import api_keys
from services.console.provision import agency_folders, checking, process_folders
from services.runtime.migrate import migrate


@dataclass(frozen=True, slots=True)
class ProvisionOutcome:
    """Outcome of `atips provision`.

    `told`: notes about rights on the servers. `changed`: processes whose folder changed. `handed_out`: systems whose
    keys were written into agencies' folders now.
    """

    told: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    handed_out: tuple[str, ...] = ()


class NeedsMissing(Exception):
    """A requirement of provisioning is missing; the message has a line for each."""

    def __init__(self, missing: Sequence[Check]) -> None:
        super().__init__("\n".join(f"{each.server}, {each.subject}: {each.text}" for each in missing))


def provision(
    data_dir: Path,
    servers: ExistingServers,
    deployment: Deployment,
    doors: PublicAddresses,
    *,
    to: Path | None,
    mount: Path = process_folders.MOUNT,
    progress: Callable[[str], None] = lambda _: None,
) -> ProvisionOutcome:
    """Provision both servers, migrate, and write the folders. A second run changes nothing.

    `doors`: public addresses of intake and the pages. `to`: folder for process and agency folders; None writes none.
    Raises `NeedsMissing`, and changes nothing, when a check finds something missing. Raises the errors of
    `prepare_existing_servers` and of the servers' clients.
    """
    progress("checks")
    found = checking.rows(Folder(data_dir), deployment_on_existing_servers.state_of(data_dir, servers, deployment))
    if missing := [each for each in found if each.state is CheckState.MISSING]:
        raise NeedsMissing(missing)
    with deployment_on_existing_servers.prepare_existing_servers(data_dir, servers, deployment, doors) as state:
        progress("database")
        told = provision_postgres(data_dir, state)
        progress("migrations")
        asyncio.run(migrate(Folder(data_dir).dsn_file("migrator").read_text(encoding="utf-8").strip()))
        progress("topics and rights")
        told += provision_kafka(data_dir, state)
        progress("keys")
        api_keys.ensure(data_dir, doors.intake)
        api_keys.ensure_pages(data_dir, doors.for_pages)
        if to is None:
            return ProvisionOutcome(told)
        progress("folders")
        handed_out = agency_folders.hand_out(data_dir, doors.intake, to)
        changed = tuple(
            each.name for each in process_folders.folders(data_dir, mount) if process_folders.write(to, each)
        )
        return ProvisionOutcome(told, changed, handed_out)
