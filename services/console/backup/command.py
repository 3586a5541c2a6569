"""`atips backup`, its `verify`, `list` and `drill`, and `atips restore`."""

import time
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Final, TypeAlias

import typer
from rich.table import Table

from infra.local.data_folder import Folder
from services.console import local_cluster
from services.console.backup import checking, keys_archive, making_backup, signed_document
from services.console.backup.exit_on_error import leave_on_failure
from services.console.backup.making_backup import BackupRequest
from services.console.backup.manifest import BackupPoint
from services.console.backup.restore_command import drill, restore
from services.console.options import DEFAULT, AsJson, DataDir
from services.console.output import emit, err, fail_wrong_usage, out
from services.console.progress_bar import ProgressBar
from services.console.up import stages

BASE_EVERY_HOURS: Final = 24.0
"""Age from which a new base backup is taken. A restore replays the log since the base: a day takes up to minutes."""
backup = typer.Typer(
    invoke_without_command=True,
    help="Copy database, log and keys together, so that `atips restore` brings them back to one moment.",
)
BackupFolder: TypeAlias = Annotated[Path, typer.Argument(metavar="DIR", help="The folder of --to.", file_okay=False)]
SignersKeys: TypeAlias = Annotated[
    Path | None, typer.Option("--keys-from", metavar="DIR2", help="The folder of the keys; `verify` checks it as well.")
]


@backup.callback()
def make(
    context: typer.Context,
    *,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="DIR", help="The backup folder; each backup adds to it.")
    ] = None,
    keys_to: Annotated[
        Path | None, typer.Option("--keys-to", metavar="DIR2", help="The folder of the keys, apart from DIR.")
    ] = None,
    keep: Annotated[int, typer.Option(min=0, help="Keep so many backups and remove older ones; 0: keep all.")] = 0,
    base_every: Annotated[
        float, typer.Option(metavar="HOURS", min=0, help="Take a new base backup when the last one is so old.")
    ] = BASE_EVERY_HOURS,
    log_only: Annotated[
        bool, typer.Option("--log-only", help="The database has a backup tool of its own: it gets a restore point.")
    ] = False,
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Back up a running deployment. Repeat it every five minutes: what was added since is copied, and no more.

    DIR gets the database and the log, DIR2 the keys and the erasure register. Keep the two apart.
    """
    if context.invoked_subcommand is not None:
        return
    if to is None or keys_to is None:
        fail_wrong_usage("Name both folders: atips backup --to DIR --keys-to DIR2")
    root = local_cluster.running_cluster(data_dir).data_dir
    begun = time.monotonic()
    with leave_on_failure(), stages("backing up") as stage:
        point = making_backup.make_backup_point(
            BackupRequest(root, to, keys_to, timedelta(hours=base_every), keep, log_only), stage
        )
    if keys_archive.on_one_disk(to, keys_to):
        err().print(f"{to} and {keys_to} lie on one disk: copy one of them elsewhere.", style="yellow", markup=False)
    if as_json:
        emit(_plain(point) | {"seconds": round(time.monotonic() - begun, 2)})
    else:
        out().print(f"{point.point}: up to n {point.n}, {_size(point)} in {to}, keys in {keys_to}", markup=False)


@backup.command("list")
def listed(
    folder: BackupFolder,
    *,
    data_dir: DataDir = DEFAULT,
    keys_from: SignersKeys = None,
    as_json: AsJson = False,
) -> None:
    """List the backups in a folder, the oldest first."""
    with leave_on_failure():
        found = checking.points(folder, _public(keys_from, data_dir))
    if as_json:
        emit({"backups": [_plain(point) for point in found]})
        return
    table = Table("backup", "made at", "up to n", "base backup", "size")
    for point in found:
        base = point.database.base or "by its own tool"
        table.add_row(point.point, point.made_at[:19] + "Z", str(point.n), base, _size(point))
    out().print(table)


@backup.command()
def verify(
    folder: BackupFolder,
    *,
    data_dir: DataDir = DEFAULT,
    keys_from: SignersKeys = None,
    as_json: AsJson = False,
) -> None:
    """Check the signature of each backup and the digest of every file. Exits with 1 when anything is wrong.

    The signatures are checked with the public key in DIR2, or with the data folder's own.
    """
    with leave_on_failure(), ProgressBar("checking files") as bar:
        found = checking.points(folder, _public(keys_from, data_dir))
        faults = checking.faults(folder, found, bar.advanced)
        if keys_from is not None:
            faults += checking.key_faults(keys_from, found)
    if as_json:
        emit(
            {
                "backups": len(found),
                "files": len({file.path for each in found for file in each.files()}),
                "faults": faults,
            }
        )
    else:
        for fault in faults:
            err().print(fault, style="red", markup=False)
        out().print(f"{len(found)} backups, {len(faults)} faults", markup=False)
    if faults:
        raise typer.Exit(1)


def _public(keys_from: Path | None, data_dir: Path) -> Any:  # noqa: ANN401 - a public key
    if keys_from is not None:
        return signed_document.read_public_key(keys_from)
    found = signed_document.public_key(Folder(data_dir.absolute()))
    if found is None:
        fail_wrong_usage("Whose signatures count? Name the folder of the keys: --keys-from DIR2")
    return found


def _plain(point: BackupPoint) -> dict[str, Any]:
    return {
        "backup": point.point,
        "made_at": point.made_at,
        "n": point.n,
        "lsn": point.database.lsn,
        "base": point.database.base or None,
        "bytes": sum(file.size for file in point.files()),
        "erasures": len(point.erasures),
    }


def _size(point: BackupPoint) -> str:
    return f"{sum(file.size for file in point.files()) / 1_000_000:.1f} MB"


def register(app: typer.Typer) -> None:
    """Add the command group `backup` and the command `restore` to the app."""
    backup.command()(drill)
    app.add_typer(backup, name="backup")
    app.command()(restore)
