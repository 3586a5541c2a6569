"""`atips backup`, its `verify`, `list` and `drill`, and `atips restore`."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Final, TypeAlias

import typer
from confluent_kafka import KafkaException
from rich.table import Table

from infra.local.cluster import ClusterError
from infra.local.folder import Folder
from infra.local.lock import AlreadyRunningError
from infra.local.postgres import PostgresError
from infra.local.postgres_backup import ArchiveError
from infra.local.recovery import RecoveryError
from infra.local.settings import SettingsError
from services.console import local
from services.console.backup import checking, keys, making, prometheus, signed
from services.console.backup.database_only import DatabaseRestore
from services.console.backup.errors import BackupError
from services.console.backup.making import BackupRequest
from services.console.backup.manifest import BackupPoint
from services.console.backup.restoring import DeploymentRestore, RestoredDeployment, RestoreRequest
from services.console.bar import Bar
from services.console.options import DEFAULT, AsJson, DataDir, in_folder
from services.console.say import emit, err, fail, out, wrong
from services.console.up import stages
from services.runtime.errors import ServiceError

BASE_EVERY_HOURS: Final = 24.0
"""How old a base backup may be. A restore replays the log since then: a day of it takes seconds to minutes."""

backup = typer.Typer(
    invoke_without_command=True,
    help="Copy database, log and keys together, so that `atips restore` brings them back to one moment.",
)

BackupFolder: TypeAlias = Annotated[Path, typer.Argument(metavar="DIR", help="The folder of --to.", file_okay=False)]
From: TypeAlias = Annotated[
    Path, typer.Option("--from", metavar="DIR", help="The backup folder.", file_okay=False, exists=True)
]
KeysFrom: TypeAlias = Annotated[
    Path, typer.Option("--keys-from", metavar="DIR2", help="The folder of the keys.", file_okay=False, exists=True)
]

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
        wrong("Name both folders: atips backup --to DIR --keys-to DIR2")
    root = local.running(data_dir).data_dir
    begun = time.monotonic()
    with _answering(), stages("backing up") as stage:
        point = making.made(BackupRequest(root, to, keys_to, timedelta(hours=base_every), keep, log_only), stage)
    if keys.on_one_disk(to, keys_to):
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
    with _answering():
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
    with _answering(), Bar("checking files") as bar:
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


@backup.command()
def drill(*, source: From, keys_from: KeysFrom, as_json: AsJson = False) -> None:
    """Restore the newest backup into a folder that is removed, check everything, and print RPO and RTO.

    RPO is the age of the backup: what was accepted since would be lost. RTO is the time until a restored deployment
    may be started.
    """
    begun, now = time.monotonic(), datetime.now(UTC)
    with tempfile.TemporaryDirectory(prefix="atips-drill-") as place:
        Path(place).chmod(0o711)
        request = RestoreRequest(source, keys_from, Path(place) / "restored", same_ports=False)
        with _answering(), stages("restoring") as stage:
            restored = DeploymentRestore(request, stage).run()
    prometheus.note(source, prometheus.DRILL, datetime.now(UTC))
    rpo = (now - datetime.fromisoformat(restored.made_at)).total_seconds()
    measured = {"rpo_seconds": round(rpo, 1), "rto_seconds": round(time.monotonic() - begun, 1)}
    if as_json:
        emit(asdict(restored) | measured)
    else:
        _show(restored)
        out().print(f"RPO {measured['rpo_seconds']} s · RTO {measured['rto_seconds']} s", markup=False)


def restore(
    *,
    source: From,
    keys_from: KeysFrom,
    data_dir: Annotated[Path, typer.Option("--data-dir", metavar="NEW", help="A new folder for the deployment.")],
    point: Annotated[str, typer.Option("--backup", metavar="NAME", help="This backup, in place of the newest.")] = "",
    at: Annotated[
        str, typer.Option("--at", metavar="TIME", help="As it was at a time, such as 2025-03-31T12:00:00-06:00.")
    ] = "",
    before: Annotated[
        int | None, typer.Option("--before", metavar="N", min=1, help="As it was before n was accepted.")
    ] = None,
    log_only: Annotated[
        bool, typer.Option("--log-only", help="The database was brought back by its own tool: restore keys and log.")
    ] = False,
    database_only: Annotated[
        bool,
        typer.Option(
            "--database-only",
            help="The database was lost and the broker's log was not: restore it there, and catch up from the log.",
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Restore a backup into a new data folder: keys, database, log. Nothing is left there unless every check passes.

    Checked are signatures, digests, the erasure register, each page of the database, and the figures against a replay
    of the restored log. Start the deployment then: atips up --data-dir NEW
    """
    if sum((bool(point), bool(at), before is not None)) > 1:
        wrong("--backup, --at and --before are three ways to say one thing: give one of them.")
    if log_only and (at or before is not None):
        wrong("--log-only follows the database, wherever its tool brought it: leave out --at and --before.")
    request = RestoreRequest(source, keys_from, data_dir, point, _instant(at) if at else None, before, log_only)
    if database_only and log_only:
        wrong("--database-only and --log-only: give one of them.")
    with _answering(), stages("restoring") as stage:
        restored = (DatabaseRestore if database_only else DeploymentRestore)(request, stage).run()
    if as_json:
        emit(asdict(restored))
        return
    _show(restored)
    out().print(f"Restored. Start it: atips up {in_folder(data_dir)}", markup=False)


def _show(restored: RestoredDeployment) -> None:
    lines = (
        f"{restored.point}, made at {restored.made_at[:19]}Z: up to n {restored.n}, {restored.records} records",
        "The figures and every copy equal a replay of the restored log.",
        f"{restored.erased_again} erasures were published again, {restored.keys_left_out} keys were left out."
        if restored.erased_again or restored.keys_left_out
        else "",
        " · ".join(f"{name} {seconds} s" for name, seconds in restored.seconds.items()),
    )
    for line in filter(None, lines):
        out().print(line, markup=False)


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        wrong("--at: an instant with its offset, such as 2025-03-31T12:00:00-06:00")
    return found


def _public(keys_from: Path | None, data_dir: Path) -> Any:  # noqa: ANN401 - a public key
    if keys_from is not None:
        return signed.read_public_key(keys_from)
    found = signed.public_key(Folder(data_dir.absolute()))
    if found is None:
        wrong("Whose signatures count? Name the folder of the keys: --keys-from DIR2")
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


@contextmanager
def _answering() -> Iterator[None]:
    """Leave with the reason of whatever stands in the way."""
    try:
        yield
    except (
        *(BackupError, ArchiveError, RecoveryError, ClusterError, PostgresError, SettingsError),
        *(AlreadyRunningError, ServiceError),
    ) as error:
        fail(str(error))
    except KafkaException as error:
        fail(f"Kafka does not answer: {error.args[0].name()}. Do it again once it does.")


def register(app: typer.Typer) -> None:
    """Add the two commands."""
    app.add_typer(backup, name="backup")
    app.command()(restore)
