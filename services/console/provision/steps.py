"""The steps of `atips provision`: folder, database, migrations, broker, keys, and the folders that are handed on."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from infra.check_row import Check, CheckState
from infra.local import existing_servers
from infra.local.existing_servers import ExistingServers
from infra.local.folder import Folder
from infra.local.provision import provision_kafka, provision_postgres
from infra.local.public_addresses import PublicAddresses
from schemas.topics import Deployment
from services.console import keys
from services.console.provision import agency_folders, checking, process_folders
from services.runtime.migrate import migrate


@dataclass(frozen=True, slots=True)
class ProvisionOutcome:
    """The outcome: notes about rights, processes whose folder changed, and systems whose keys were handed out now."""

    told: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    handed_out: tuple[str, ...] = ()


class NeedsMissing(Exception):
    """Something that provisioning needs is not there; the message has a line for each."""

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
    """Provision both servers, migrate, and write the folders; a second run changes nothing.

    Where a check finds that something is missing, `NeedsMissing` is raised and nothing is made. Raises what
    `existing.prepared` does too, and what the servers' clients do.
    """
    progress("checks")
    found = checking.rows(Folder(data_dir), existing_servers.state_of(data_dir, servers, deployment))
    if missing := [each for each in found if each.state is CheckState.MISSING]:
        raise NeedsMissing(missing)
    with existing_servers.prepared(data_dir, servers, deployment, doors) as state:
        progress("database")
        told = provision_postgres(data_dir, state)
        progress("migrations")
        asyncio.run(migrate(Folder(data_dir).dsn_file("migrator").read_text(encoding="utf-8").strip()))
        progress("topics and rights")
        told += provision_kafka(data_dir, state)
        progress("keys")
        keys.ensure(data_dir, doors.intake)
        keys.ensure_pages(data_dir, doors.for_pages)
        if to is None:
            return ProvisionOutcome(told)
        progress("folders")
        handed_out = agency_folders.hand_out(data_dir, doors.intake, to)
        changed = tuple(
            each.name for each in process_folders.folders(data_dir, mount) if process_folders.write(to, each)
        )
        return ProvisionOutcome(told, changed, handed_out)
