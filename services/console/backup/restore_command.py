"""`atips restore` and `atips backup drill`: restore a deployment from a backup, to keep it or only to check it."""

import tempfile
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from services.console.backup import prometheus
from services.console.backup.database_only_restore import DatabaseRestore
from services.console.backup.exit_on_error import leave_on_failure
from services.console.backup.restoring import DeploymentRestore, RestoredDeployment, RestoreRequest
from services.console.options import AsJson, in_folder
from services.console.output import emit, fail_wrong_usage, out
from services.console.up import stages
from services.presentation.bilingual_text import pluralize

From: TypeAlias = Annotated[
    Path, typer.Option("--from", metavar="DIR", help="The backup folder.", file_okay=False, exists=True)
]
KeysFrom: TypeAlias = Annotated[
    Path, typer.Option("--keys-from", metavar="DIR2", help="The folder of the keys.", file_okay=False, exists=True)
]


def drill(*, source: From, keys_from: KeysFrom, as_json: AsJson = False) -> None:
    """Restore the newest backup into a folder that is removed, check everything, and print RPO and RTO.

    RPO is the age of the backup: what was accepted since would be lost. RTO is the time until a restored deployment
    may be started.
    """
    begun, now = time.monotonic(), datetime.now(UTC)
    with tempfile.TemporaryDirectory(prefix="atips-drill-") as place:
        Path(place).chmod(0o711)
        request = RestoreRequest(source, keys_from, Path(place) / "restored", same_ports=False)
        with leave_on_failure(), stages("restoring") as stage:
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
    point: Annotated[
        str, typer.Option("--backup", metavar="NAME", help="Restore this backup. Without it, the newest.")
    ] = "",
    at: Annotated[
        str,
        typer.Option("--at", metavar="TIME", help="Restore the state at a time, such as 2025-03-31T12:00:00-06:00."),
    ] = "",
    before: Annotated[
        int | None, typer.Option("--before", metavar="N", min=1, help="Restore the state before event N was accepted.")
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
        fail_wrong_usage("--backup, --at and --before are three ways to say one thing: give one of them.")
    if log_only and (at or before is not None):
        fail_wrong_usage("--log-only follows the database, wherever its tool brought it: leave out --at and --before.")
    request = RestoreRequest(source, keys_from, data_dir, point, _instant(at) if at else None, before, log_only)
    if database_only and log_only:
        fail_wrong_usage("--database-only and --log-only exclude each other: give only one.")
    with leave_on_failure(), stages("restoring") as stage:
        restored = (DatabaseRestore if database_only else DeploymentRestore)(request, stage).run()
    if as_json:
        emit(asdict(restored))
        return
    _show(restored)
    out().print(f"Restored. Start it: atips up {in_folder(data_dir)}", markup=False)


def _show(restored: RestoredDeployment) -> None:
    records, keys = pluralize(restored.records, "record"), pluralize(restored.keys_left_out, "key")
    erasures = pluralize(restored.erased_again, "erasure")
    lines = (
        f"{restored.point}, made at {restored.made_at[:19]}Z: up to n {restored.n}, {records}",
        "The figures and every copy equal a replay of the restored log.",
        f"Published again: {erasures}. Left out: {keys}." if restored.erased_again or restored.keys_left_out else "",
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
        fail_wrong_usage("--at: an instant with its offset, such as 2025-03-31T12:00:00-06:00")
    return found
