"""Progress and result of a replay, as terminal text and as JSON."""

import sys
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final, Self

from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from services.console.output import err, out
from services.presentation.bilingual_text import pluralize
from services.reporting.replay.report import Audit, Fault, Mode, PlacedCopy, ReplayReport, Stage, StageProgress

_INSTEAD: Final = "an empty database is filled from them by --rebuild"
_OVERSTATED: Final = (
    "live says that it is complete to event {claimed}, and the relay has said no more than {said}. The rows of"
    " reporting.progress beyond that are not the relay's. Without them, reporting reads the relay's own when it starts"
)

_CELLS_DIFFER: Final = (
    "Publish no release until this is settled. Ledger and copies are as intake wrote them: an operator puts the"
    " replay's figures in place with atips replay --swap. docs/runbooks.md, Drift"
)
_LOG_DIFFERS: Final = (
    "Publish no release, delete nothing and move no position. If database or broker was restored: docs/backup.md,"
    " 'Database and log differ'. Else somebody wrote past intake: docs/runbooks.md, Drift"
)

SHOWN: Final = 20
"""Largest number of findings of each kind on a terminal; JSON has all."""

_STAGES: Final[Mapping[Stage, str]] = {
    "read": "reading", "fold": "folding", "audit": "auditing", "judge": "judging",
}  # fmt: skip


def well(report: ReplayReport) -> bool:
    """Whether the replay succeeded.

    In mode SWAP: the cells were swapped, without faults and without overstated progress. In another mode: replay and
    live are equal.
    """
    if report.mode is Mode.SWAP:
        return report.done and not (report.faults or report.overstated)
    return report.equal


def plain(report: ReplayReport) -> dict[str, Any]:
    """Return the report of a replay as a dict for `atips replay --json`."""
    return {
        "events": report.events,
        "seconds": round(report.seconds, 3),
        "digest": report.digest,
        "live_digest": report.live_digest,
        "equal": report.equal,
        "different": [
            {
                "figure": each.figure,
                "dimensions": dict(each.dimensions),
                "from": _day(each.key.on_from),
                "to": _day(each.key.on_to),
                "again": each.key.again,
                "live": each.live,
                "replayed": each.replayed,
            }
            for each in report.different
        ],
        "withheld": [{"entity": each.entity, "live": each.live, "replayed": each.replayed} for each in report.withheld],
        "ledger": [_plain(fault) for fault in report.of(Audit.LEDGER)],
        "routing": [_plain(fault) for fault in report.of(Audit.ROUTING)],
        "audited_to": report.audited_to,
        "said": report.said,
        "unsettled": report.unsettled,
        "unread": report.unread,
        "unsaid": report.unsaid,
        "unsaid_last": None if report.unsaid_last is None else _placed(report.unsaid_last),
        "run": report.run,
        "known_at": report.known_at,
        "of_edition": report.of_edition,
        "resumed": report.resumed,
        "mode": report.mode.value,
        "done": report.done,
        "copies": report.copies,
        "entities": report.entities,
        "version": report.version,
        "live_version": report.live_version,
    }


class StageBars:
    """A progress bar for each stage, with rate and remaining time; on standard error, only if it is a terminal."""

    def __init__(self) -> None:
        self._progress = Progress(
            TextColumn("{task.description:>9}"),
            BarColumn(),
            TextColumn("{task.completed:>9.0f} of {task.total:.0f} copies"),
            TextColumn("{task.fields[rate]:>9}/s"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=err(),
            disable=not sys.stderr.isatty(),
        )
        self._tasks: dict[Stage, TaskID] = {}

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def tell(self, step: StageProgress) -> None:
        """Show the progress of a stage."""
        if step.stage not in self._tasks:
            self._tasks[step.stage] = self._progress.add_task(_STAGES[step.stage], total=step.total, rate="")
        task = self._tasks[step.stage]
        self._progress.update(task, completed=step.done, total=step.total)
        self._progress.update(task, rate=f"{self._rate(task):.0f}")

    def _rate(self, task: TaskID) -> float:
        """Return the present rate in copies a second, or the stage's mean while no present rate is known."""
        [found] = [each for each in self._progress.tasks if each.id == task]
        return found.finished_speed or found.speed or (found.completed / found.elapsed if found.elapsed else 0.0)


def _plain(fault: Fault) -> dict[str, Any]:
    return {"wrong": fault.wrong.value, **_placed(fault)}


def _placed(found: Fault | PlacedCopy) -> dict[str, Any]:
    return {"n": found.n, "entity": found.entity, "partition": found.part, "offset": found.off}


def _day(day: date) -> str:
    ends = {date.min: "-infinity", date.max: "infinity"}
    return ends.get(day) or day.isoformat()


def show(report: ReplayReport) -> None:
    """Print the differences that a replay found, its notes, digests and verdict."""
    console = out()
    for title, rows in _findings(report):
        table = Table("what", "where", "live", "replayed", title=f"{title}: {len(rows)}", title_justify="left")
        for row in rows[:SHOWN]:
            table.add_row(*row)
        if rows:
            console.print(table)
        if len(rows) > SHOWN:
            console.print(f"and {len(rows) - SHOWN} more; --json names all", markup=False)
    rate = report.events / report.seconds if report.seconds else 0
    console.print(
        f"{pluralize(report.events, 'event')} in {pluralize(report.copies, 'copy', 'copies')} under"
        f" {pluralize(report.entities, 'entity', 'entities')},"
        f" {report.seconds:.1f} s, {rate:.0f} events/s; every copy audited to event {report.audited_to}",
        markup=False,
    )
    for note, style in _notes(report):
        console.print(note, style=style, markup=False)
    console.print(f"replay {report.digest}\nlive   {report.live_digest}", markup=False)
    console.print(_verdict(report), style="green" if well(report) else "red", markup=False)
    for line in _what_to_do(report):
        console.print(line, markup=False)


def _notes(report: ReplayReport) -> Iterator[tuple[str, str]]:
    """Yield remarks that qualify the verdict of a replay, as pairs of (text, style).

    Example: some copies were not judged. An empty style means plain text.
    """
    if report.known_at is not None:
        of = "the edition that is kept of it" if report.of_edition else "its ledger: no edition is kept of it"
        yield f"as known at event {report.known_at}; live is {of}", ""
    if report.resumed:
        yield f"replay {report.run} was gone on with: live is taken as it was when that began", ""
    yield from (
        (f"{pluralize(count, 'copy', 'copies')} {what}", "yellow") for count, what in _not_judged(report) if count
    )
    if report.overstated:
        yield _OVERSTATED.format(claimed=report.audited_to, said=report.said), "red"
    if report.live_version not in {None, report.version}:
        yield "live's cells are of another version of the folds: differences may be what the new one is for", ""


def _not_judged(report: ReplayReport) -> tuple[tuple[int, str], ...]:
    """Return (number of copies without a verdict, reason) for each reason; the number may be 0."""
    return (
        (report.unsettled, "not judged yet: what causes them may still be on its way"),
        (report.unread, "on the log are beyond where live stood: nothing is said of them"),
        (
            report.unsaid,
            "not judged: the relay has not said their numbers, so that they are under way, or not intake's"
            + ("" if report.unsaid_last is None else f"; the last is {_where(report.unsaid_last)}"),
        ),
    )


def _findings(report: ReplayReport) -> list[tuple[str, list[tuple[str, str, str, str]]]]:
    cells = [
        (
            each.figure,
            f"{', '.join(f'{name} {value}' for name, value in each.dimensions.items())}"
            f" {_day(each.key.on_from)}..{_day(each.key.on_to)}".strip(),
            str(each.live),
            str(each.replayed),
        )
        for each in report.different
    ]
    withheld = [(each.entity, "", each.live or "–", each.replayed or "–") for each in report.withheld]
    ledger, routing = (
        [(each.wrong.value, _where(each), "", "") for each in report.of(audit)]
        for audit in (Audit.LEDGER, Audit.ROUTING)
    )
    return [
        ("cells that differ", cells),
        ("entities withheld on one side", withheld),
        ("rows of the ledger against the topics", ledger),
        ("copies on the topics against the routing", routing),
    ]


def _where(found: Fault | PlacedCopy) -> str:
    at = "" if found.off is None else f", partition {found.part}, offset {found.off}"
    return f"event {found.n} under {found.entity}{at}"


def _what_to_do(report: ReplayReport) -> Iterator[str]:
    """Yield what to do about differences from live. Nothing for a swap, whose verdict says it, and for the past."""
    if report.mode is not Mode.SWAP and report.known_at is None and not report.equal:
        yield _LOG_DIFFERS if report.faults or report.overstated else _CELLS_DIFFER


def _verdict(report: ReplayReport) -> str:
    if report.mode is Mode.SWAP and not report.done and not report.of(Audit.LEDGER):
        return "not swapped: no edition of that time is kept; its figures are made when they are asked for"
    if report.mode is Mode.SWAP and not report.done:
        return f"not swapped: the ledger is not what the topics say; {_INSTEAD}"
    if report.mode is Mode.SWAP:
        return (
            "swapped" if well(report) else "swapped; what is named above is not as intake wrote it, and may be counted"
        )
    return f"{'rebuilt, ' if report.mode is Mode.REBUILD else ''}{'equal' if report.equal else 'different'}"
