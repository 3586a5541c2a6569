"""`atips quarantine redrive`: refused events sent again, unchanged, in their order."""

import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Generator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from infra.local import connection_settings
from infra.local.data_folder import Folder
from services.console import local_cluster, service_health
from services.console.options import DEFAULT, LONGEST, AsJson, DataDir
from services.console.output import emit, fail, fail_wrong_usage, out
from services.console.progress_bar import ProgressBar
from services.console.quarantine.listing import AgencyOption, Because, of_agency
from services.console.quarantine.quarantine_access import Operator, numbers_of
from services.console.service_settings import environment_of
from services.intake.domain.redrive_order import CAP, RedriveHold

GOOD: Final = frozenset({"accepted", "duplicate"})
_MEANING: Final = {
    "unconfirmed": "unconfirmed, sent and not judged in time: the same command waits for it again",
    "not_kept": "not kept, the quarantine was full: its publisher has to repair it and send it again",
    "locked": "locked, under another key or lost with a database: its publisher has to send it again",
}
_STYLES: Final = {"accepted": "green", "duplicate": "cyan", "refused": "red"}


def redrive(
    *,
    ids: Annotated[
        list[str] | None,
        typer.Option("--id", metavar="ID", help="Only this entry, by its number or its event's id; may be repeated."),
    ] = None,
    agency: AgencyOption = None,
    reason: Because = None,
    everything: Annotated[bool, typer.Option("--all", help="Every open entry.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be judged now; send nothing.")] = False,
    max_attempts: Annotated[
        int, typer.Option(min=1, metavar="N", help="Leave out what was tried N times or more, whoever tried.")
    ] = CAP,
    timeout: Annotated[
        float,
        typer.Option(min=0.1, max=LONGEST, metavar="SECONDS", help="Give up when intake judged nothing for so long."),
    ] = 30.0,
    operator: Operator,
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Send open entries again, unchanged, as their publisher sent them: after a fault of ours was repaired.

    An entry is not sent before an earlier one about the same person, case or activity that stays refused: repair or
    close that first. Killed, the same command goes on where it was. Exits with 1 unless all were accepted.
    """
    if not (ids or agency or reason or everything):
        fail_wrong_usage("Which? --id, --agency, --reason, or --all.")
    of_agency(agency)
    root = local_cluster.running_cluster(data_dir).data_dir
    asked = {
        "operator": operator,
        "agency": agency,
        "reason": reason,
        "numbers": numbers_of(root, ids) if ids else None,
        "dry_run": dry_run,
        "cap": max_attempts,
        "patience": timeout,
    }
    counts = _show(_process(root, asked), as_json=as_json)
    if not as_json:
        told = ", ".join(f"{count} {what}" for what, count in counts.items())
        out().print(f"{told or 'nothing is open'}{' (dry run: nothing was sent)' if dry_run else ''}", markup=False)
    if set(counts) - GOOD:
        raise typer.Exit(1)


def _process(root: Path, asked: Mapping[str, Any]) -> Generator[dict[str, Any], None, None]:
    """Run `services.intake.redrive`, and yield each JSON line that it prints; exits with 1 when it fails.

    The process is ended when the generator is closed.
    """
    environment = environment_of("intake") | connection_settings.administrator(root, "intake")
    environment["ATIPS_QUARANTINE_KEY_FILE"] = str(Folder(root).quarantine_key)
    command = [sys.executable, "-m", "services.intake.redrive", json.dumps(asked)]
    # Its log goes to a file: a pipe is not read while it works, and a full one would stop it.
    with (
        tempfile.TemporaryFile() as logged,
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=logged) as process,
    ):
        try:
            yield from map(json.loads, process.stdout or ())
            if process.wait():
                logged.seek(0)
                said = service_health.last_logged_reason(logged.read())
                fail(f"The redrive ended: {said}. The same command goes on where it was.")
        finally:
            process.terminate()


def _show(lines: Generator[dict[str, Any], None, None], *, as_json: bool) -> Counter[str]:
    counts: Counter[str] = Counter()
    with closing(lines), ProgressBar("tried again") as bar:
        asked = next(lines, {"asked": 0})["asked"]
        for line in lines:
            counts[line["what"]] += 1
            bar.advanced(counts.total(), asked)
            if as_json:
                emit(line)
            else:
                out().print(f"{line['entry']:>6}  {line['agency']}  {_told(line)}", style=_STYLES.get(line["what"]))
    return counts


def _told(line: Mapping[str, Any]) -> str:
    if line["why"] == RedriveHold.BEHIND:
        return f"held, waits for entry {line['behind']}"
    if line["why"] == RedriveHold.ATTEMPTS:
        return "held, tried too often (--max-attempts)"
    return f"{_MEANING.get(line['what'], line['what'])}  {line['why'] or ''} {line['pointer'] or ''}".rstrip()
