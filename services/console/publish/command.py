"""The command: which agency, which way, and what to show meanwhile and at the end."""

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.progress import Progress

from infra.local import access
from schemas.agencies import PUBLISHING
from services.console import local
from services.console.options import DEFAULT, AsJson, DataDir
from services.console.publish import lines, rehearsal, wire
from services.console.publish.verdict import GOOD, Verdict
from services.console.say import emit, err, fail, out, wrong
from services.runtime.clock import SystemClock

# Whatever takes longer gets a bar.
PATIENCE_SECONDS: Final = 2.0


class Way(StrEnum):
    """The doors that there are."""

    KAFKA = "kafka"


def publish(
    file: Annotated[
        typer.FileBinaryRead, typer.Argument(metavar="FILE", help="JSON Lines, or one event; - for standard input.")
    ],
    *,
    agency: Annotated[str, typer.Option(metavar="A", help="As which agency: its code.")],
    via: Annotated[Way, typer.Option(help="Through which door.")] = Way.KAFKA,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Judge here, by intake's rules; send nothing.")] = False,
    timeout: Annotated[
        float, typer.Option(min=0.1, metavar="SECONDS", help="Give up when no receipt came for so long.")
    ] = 30.0,
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Publish events, one CloudEvent in JSON per line (or one in the whole file), and print a verdict for each.

    Exits with 1 unless all are accepted (now or before); what is unconfirmed can be published again, it counts once.
    """
    if agency not in PUBLISHING:
        wrong(f"No agency {agency} publishes here; there are {', '.join(PUBLISHING)}.")
    records = lines.read(file.read())
    if dry_run:
        verdicts = rehearsal.rehearse(agency, records, SystemClock().now())
    else:
        verdicts = _sent(data_dir, agency, records, via, timeout)
    try:
        counts = _show(verdicts, len(records), as_json=as_json)
    except wire.NotReachedError as error:
        fail(f"Kafka did not let {agency} in: {error}")
    if not as_json:
        told = ", ".join(f"{count} {status}" for status, count in counts.items())
        out().print(f"{told or 'nothing to publish'}{' (dry run: nothing was sent)' if dry_run else ''}", markup=False)
    if set(counts) - GOOD:
        raise typer.Exit(1)


def _sent(data_dir: Path, agency: str, records: tuple[lines.Line, ...], via: Way, timeout: float) -> Iterator[Verdict]:
    cluster = local.running(data_dir)
    match via:
        case Way.KAFKA:
            config = access.client(cluster.data_dir, agency)
            return wire.publish(config, access.deployment(cluster.data_dir), agency, records, timeout=timeout)


def _show(verdicts: Iterable[Verdict], total: int, *, as_json: bool) -> Counter[str]:
    """Print each verdict as it comes; gives how many there were of each.

    On a terminal the verdicts are the progress; where they go elsewhere and it takes long, a bar stands for them.
    """
    counts: Counter[str] = Counter()
    console, begun = out(), time.monotonic()
    bar = Progress(console=err(), transient=True, disable=console.is_terminal or not err().is_terminal)
    task = bar.add_task("published", total=total)
    try:
        for verdict in verdicts:
            counts[verdict.status] += 1
            if as_json:
                emit(verdict.plain())
            else:
                console.print(verdict.text())
            bar.update(task, advance=1)
            if time.monotonic() - begun > PATIENCE_SECONDS:
                bar.start()
    finally:
        bar.stop()
    return counts


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(publish)
