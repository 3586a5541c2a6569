"""`atips generation`: give the log more partitions, in topics of a new generation."""

import asyncio
from contextlib import nullcontext
from typing import Annotated

import typer

from infra.local import connection_settings, deployment_on_existing_servers
from infra.local.cluster import Cluster, ClusterError
from infra.local.data_folder import Folder
from infra.local.environment_variables import SettingsError
from infra.local.supervisor_plan import deployment_to_plain
from services.console import cluster_start
from services.console.options import DEFAULT, AsJson, DataDir, in_folder
from services.console.output import emit, fail, out
from services.console.topic_generation.steps import AdministeredServers, more_partitions
from services.console.up import stages
from services.presentation.bilingual_text import pluralize
from services.runtime.errors import ServiceError


def generation(
    partitions: Annotated[int, typer.Option("--partitions", min=2, metavar="N", help="Partitions from now on.")],
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Give the log N partitions, a larger multiple of those that it has, so that more workers share it.

    Stop every service first. The topics of another generation are made and filled from those of before, which stay as
    they are. Then every reader is moved over, in one transaction. Whatever interrupts it before that changes nothing.
    """
    folder = Folder(data_dir.absolute())
    if not folder.read_state():
        fail(f"{data_dir} holds no deployment.")
    if Cluster.at(data_dir).running:
        fail(f"The services run: stop them first: atips down {in_folder(data_dir)}")
    try:
        with stages("more partitions") as progress:
            elsewhere = deployment_on_existing_servers.is_provisioned(data_dir)
            with nullcontext() if elsewhere else cluster_start.servers(data_dir, progress):
                kafka = folder.read_state()["kafka"]["existing"]
                servers = AdministeredServers(
                    connection_settings.admin(data_dir),
                    folder.dsn_file("migrator").read_text(encoding="utf-8").strip(),
                    kafka["replication"] if kafka else 1,
                )
                made = asyncio.run(
                    more_partitions(servers, connection_settings.deployment(data_dir), partitions, progress)
                )
            state = folder.read_state()
            plain = deployment_to_plain(made.deployment)
            changed = {name: plain[name] for name in ("partitions", "generation")}
            folder.write_state(state | {"deployment": state["deployment"] | changed})
    except (ClusterError, SettingsError, ServiceError) as error:
        fail(str(error))
    found = {"generation": made.deployment.generation, "partitions": partitions, "records": made.records}
    if as_json:
        emit(found)
        return
    then = "atips provision --to DIR, and start the services" if elsewhere else f"atips up {in_folder(data_dir)}"
    size = f"{pluralize(partitions, 'partition')} and {pluralize(made.records, 'record')}"
    out().print(
        f"Generation {found['generation']} has {size}. Go on: {then}",
        markup=False,
    )


def register(app: typer.Typer) -> None:
    """Add the command `generation` to the app."""
    app.command()(generation)
