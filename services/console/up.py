"""`atips up` and `atips down`: start a cluster in the background, and stop it."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import typer
from rich.markup import escape
from rich.table import Table

from infra.local.cluster import Cluster, ClusterError
from infra.local.data_folder import Folder
from infra.local.data_folder_lock import AlreadyRunningError
from infra.local.environment_variables import SettingsError
from services.console import cluster_start, local_cluster, status
from services.console.options import DEFAULT, AsJson, DataDir, in_folder
from services.console.output import emit, err, fail, out

_DETAIL: Final = re.compile(r"(: | \().*", re.DOTALL)
"""Pattern of the part after a stage's name that changes while it lasts: reasons and seconds."""


def up(data_dir: DataDir = DEFAULT, as_json: AsJson = False) -> None:
    """Start Kafka, PostgreSQL and the services in a data folder, and leave them running.

    With ATIPS_KAFKA_BOOTSTRAP or ATIPS_POSTGRES_ADMIN_DSN_FILE set, an existing server is used instead.
    """
    try:
        with stages("starting", lines=True) as progress:
            cluster = cluster_start.start(data_dir, detached=True, progress=progress)
    except AlreadyRunningError as error:
        fail(f"{error}. Look at it: atips status{_here(data_dir)} · stop it: atips down{_here(data_dir)}")
    except (ClusterError, SettingsError) as error:
        fail(str(error))
    found = status.gather(cluster)
    if as_json:
        emit(found)
    else:
        _show(cluster, found)


def down(data_dir: DataDir = DEFAULT) -> None:
    """Stop everything that runs on a data folder; what it holds is kept."""
    cluster = local_cluster.running_cluster(data_dir)
    if not cluster.running:
        fail(f"The services of {data_dir} run elsewhere (atips provision): stop them there.")
    try:
        with stages("stopping"):
            cluster.stop()
    except ClusterError as error:
        fail(str(error))
    out().print(f"Stopped. What was published is kept in {data_dir}.", markup=False)


@contextmanager
def stages(first: str, *, lines: bool = False) -> Iterator[Callable[[str], None]]:
    """Show the present stage on a terminal while the body runs; yields the function that sets it.

    Without a terminal nothing is shown, or with `lines` one line for each stage on standard error.
    """
    console = err()
    if not console.is_terminal:
        yield _line_by_line() if lines else lambda _stage: None
        return
    with console.status(first) as line:
        yield line.update


def _line_by_line() -> Callable[[str], None]:
    """Return the function that prints a stage's name, the first time only. Stages that differ in digits are one."""
    printed = set[str]()

    def tell(stage: str) -> None:
        name = _DETAIL.sub("", stage)
        kind = re.sub(r"\d+", "", name)  # a stage that counts is one stage
        if kind not in printed:
            printed.add(kind)
            err().print(f"{name} …", markup=False)

    return tell


def _show(cluster: Cluster, found: dict[str, Any]) -> None:
    folder = Folder(_short(cluster.data_dir))
    deployment = cluster.environment(None, None)["ATIPS_DEPLOYMENT"]
    kafka = found["kafka"]
    table = Table.grid(padding=(0, 2))
    rows = {
        "Kafka": f"{kafka['bootstrap']}  {kafka['security']}, SCRAM-SHA-512; password of an agency: "
        f"{folder.password_file('<agency>')}",
        # Empty for an existing Kafka, whose own authority issues certificates.
        "": f"{kafka['mtls']}  mTLS; certificate and key: {folder.certificate('<agency>')} and .key"
        if kafka["mtls"]
        else "",
        "CA": str(folder.ca),
        "Topics": f"{deployment}.inbound.<agency>.v1 to publish, {deployment}.delivery.<agency>.v1 for receipts",
        "Pages": f"{local_cluster.pages(cluster.data_dir)}  "
        "for an account: atips users add NAME --role m_and_e --agency sib",
        "HTTP": f"{found['http']['intake']['address']}  key of an agency: {folder.api_key('<agency>')}",
        "PostgreSQL": f"to read the figures: {folder.dsn_file('me_read')}",
        "Clients": f"settings for Kafka's own tools, kcat and curl: {folder.clients}/<agency>/",
        "Logs": str(folder.log),
    }
    for name, text in rows.items():
        if text:
            table.add_row(name, escape(text))
    console = out()
    console.print(table, markup=False)
    for command in ("publish FILE --agency A", "figures", "status", "down"):
        console.print(f"  atips {command}{_here(cluster.data_dir)}", markup=False)


def _here(data_dir: Path) -> str:
    """Return the option for the data folder with a blank before it; empty for the default folder."""
    short = _short(data_dir)
    return "" if short == DEFAULT else f" {in_folder(short)}"


def _short(path: Path) -> Path:
    """Return a path relative to the working directory if it lies below it, else unchanged."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def register(app: typer.Typer) -> None:
    """Add the commands `up` and `down` to the app."""
    app.command()(up)
    app.command()(down)
