"""`atips provision`: its options and its output."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final, NoReturn, TypeAlias

import asyncpg
import typer
from confluent_kafka import KafkaException
from rich.markup import escape
from rich.table import Table

from infra.kafka.rights import ProvisionError
from infra.kafka.topics import TopicDiffersError
from infra.local import deployment_on_existing_servers, environment_variables, public_addresses
from infra.local.cluster import ClusterError
from infra.local.data_folder import Folder
from infra.local.data_folder_lock import AlreadyRunningError
from infra.local.deployment_on_existing_servers import ExistingError, ExistingServers
from infra.local.environment_variables import SettingsError
from infra.local.pki import PkiError
from infra.local.public_addresses import AddressError, PublicAddresses
from schemas.agencies import PUBLISHING
from schemas.topics import Deployment
from services.console.options import DEFAULT, AsJson, DataDir
from services.console.output import emit, fail, fail_wrong_usage, out
from services.console.provision import checking, process_folders, steps
from services.console.provision.process_folders import LayoutError
from services.console.provision.steps import NeedsMissing
from services.console.up import stages
from services.runtime.errors import ServiceError

Destination: TypeAlias = Annotated[
    Path | None,
    typer.Option("--to", metavar="DIR", help="Write a folder for each process, and one for each agency."),
]
Mount: TypeAlias = Annotated[
    Path, typer.Option("--mount", metavar="PATH", help="Path at which a process finds its folder.")
]
_VERDICTS: Final = {
    0: "Nothing to do: all is as it should be.",
    1: "Something is missing: see the rows that say so. Nothing was changed.",
    checking.SOMETHING_TO_DO: "Nothing is missing. atips provision changes what the rows say. Nothing was changed.",
}
_NAME_RULE: Final = "--deployment: lower-case letters and digits, as in names of topics."


def provision(
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing: say what is needed, and what would change.")
    ] = False,
    to: Destination = None,
    mount: Mount = process_folders.MOUNT,
    intake: Annotated[
        str | None, typer.Option("--intake", metavar="URL", help="Address at which offices reach intake.")
    ] = None,
    pages: Annotated[
        str | None, typer.Option("--pages", metavar="URL", help="Address at which offices reach the pages.")
    ] = None,
    inside: Annotated[
        str | None,
        typer.Option(
            "--intake-inside",
            metavar="URL[,URL]",
            help="Address at which the pages reach intake, if another; of several copies all.",
        ),
    ] = None,
    deployment: Annotated[
        str | None, typer.Option("--deployment", metavar="NAME", help="Prefix of topics, and name of the database.")
    ] = None,
    partitions: Annotated[
        int | None, typer.Option("--partitions", min=1, metavar="N", help="Partitions of each topic of the log.")
    ] = None,
    agency: Annotated[
        list[str] | None,
        typer.Option("--agency", metavar="A", help="Only this agency; may be given again. Without it all publish."),
    ] = None,
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Make what the services need on an existing Kafka and PostgreSQL. Nothing is started.

    The servers are named by the variables ATIPS_KAFKA_* and ATIPS_POSTGRES_ADMIN_DSN_FILE. The data folder keeps the
    secrets; a second run changes nothing. With --to, DIR/PROCESS/ holds the files of each process, and
    DIR/clients/AGENCY/ those of each agency. The data folder then does not keep the agencies' keys. With --check
    nothing is changed: 0 says that there is nothing to do, 3 that something would change, 1 that something is missing.
    """
    if check and to is not None:
        fail_wrong_usage("--check changes nothing, and so writes no folder: leave --to out.")
    for each in agency or ():
        if each not in PUBLISHING:
            fail_wrong_usage(f"No agency {each} publishes here; there are {', '.join(PUBLISHING)}.")
    if deployment is not None and not (deployment.isascii() and deployment.isalnum() and deployment.islower()):
        fail_wrong_usage(_NAME_RULE)
    if not mount.is_absolute():
        fail_wrong_usage(f"--mount: a path from the root, as the process sees it, such as {process_folders.MOUNT}.")
    with _complaining():
        servers = ExistingServers.named(environment_variables.inherited())
        asked = deployment_on_existing_servers.deployment_of(data_dir.absolute(), deployment, partitions, agency or ())
        if check:
            _check(data_dir.absolute(), servers, asked, as_json=as_json)
        addresses = _addresses(data_dir, intake, pages, inside)
        with stages("provisioning") as progress:
            made = steps.provision(
                data_dir.absolute(),
                servers,
                asked,
                addresses,
                to=None if to is None else to.absolute(),
                mount=mount,
                progress=progress,
            )
    if as_json:
        emit({"deployment": asked.name, "told": made.told, "changed": made.changed, "handed_out": made.handed_out})
        return
    console = out()
    for line in made.told:
        console.print(line, markup=False)
    console.print(f"{asked.name}: topics, users, rights, database and tables are as they should be.", markup=False)
    if to is not None:
        console.print(_handed(made, to), markup=False, soft_wrap=True)


def _check(root: Path, servers: ExistingServers, deployment: Deployment, *, as_json: bool) -> NoReturn:
    """Print every row of the check, and exit with 0, 1 or 3 as `checking.exit_code` says."""
    with stages("checking"):
        found = checking.rows(Folder(root), deployment_on_existing_servers.state_of(root, servers, deployment))
    code = checking.exit_code(found)
    if as_json:
        emit({"deployment": deployment.name, "exit": code, "checks": [each.plain() for each in found]})
    else:
        table = Table("server", "subject", "state", "found")
        for each in found:
            table.add_row(each.server, each.subject, str(each.state), escape(each.text))
        out().print(table)
        out().print(_VERDICTS[code], markup=False)
    raise typer.Exit(code)


def _handed(made: steps.ProvisionOutcome, to: Path) -> str:
    changed = f"written: {', '.join(made.changed)}" if made.changed else "nothing differs"
    if not made.handed_out:
        return f"{to}: {changed}."
    return (
        f"{to}: {changed}. Keys of {len(made.handed_out)} systems of agencies lie in {to / 'clients'} and nowhere else:"
        " hand each folder over, then delete it."
    )


def _addresses(data_dir: Path, intake: str | None, pages: str | None, inside: str | None) -> PublicAddresses:
    kept = public_addresses.read(data_dir) or PublicAddresses()
    return PublicAddresses(intake or kept.intake, pages or kept.pages, inside or kept.inside)


@contextmanager
def _complaining() -> Iterator[None]:
    """Exit with a message on an error of provisioning: with 2 for a wrong address, else with 1."""
    try:
        yield
    except AddressError as error:
        fail_wrong_usage(str(error))
    except (
        ExistingError,
        SettingsError,
        PkiError,
        LayoutError,
        NeedsMissing,
        ProvisionError,
        TopicDiffersError,
    ) as error:
        fail(str(error))
    except AlreadyRunningError as error:
        fail(f"{error}. Its cluster provisions the servers itself: atips down, or name another folder: --data-dir D")
    except (ServiceError, ClusterError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        fail(f"PostgreSQL: {type(error).__name__}: {error}")
    except KafkaException as error:
        fail(f"Kafka does not answer: {error.args[0].name()}")


def register(app: typer.Typer) -> None:
    """Add the command `provision` to the app."""
    app.command()(provision)
