"""`atips report`: the Council's annual report, made from the figures, as HTML, PDF, workbook or JSON."""

import asyncio
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Final

import typer
from markupsafe import Markup

from infra.local.data_folder import Folder
from schemas.times import YEARS, Period
from services.charts.drawn_charts import Charts
from services.console import local_cluster
from services.console.as_of_and_known_at import open_ledger_pool, parse_known_at
from services.console.consistent_figure_reads import Snapshot, note_look_without_snapshot, snapshot
from services.console.figure_arguments import leave_without_figures
from services.console.new_output_file import new_file
from services.console.options import DEFAULT, KNOWN_AT_HELP, DataDir, ExpectationsFile, LangOption
from services.console.output import fail, fail_wrong_usage, out
from services.console.release.disclosure_in_force import PolicyFile, policy_in_force
from services.presentation.bilingual_text import Language
from services.report import release_source
from services.report.domain.document import Document
from services.report.domain.document_building import document
from services.report.domain.report_input import ReportSource
from services.report.file_formats import ReportFormat, file_name, render_report
from services.report.queries import EarlierState, FiguresKeepChanging, ReportQuestion, read
from services.reporting.council_input_tables import expectations
from services.reporting.domain.read.expected_reports import ExpectationRow
from services.reporting.jobs.as_of_editions import KnownAt, accepted_at
from services.reporting.read import figure_findings as evaluation
from services.reporting.read import queries
from services.reporting.read.completeness_grid import PublishingGrid, PublishingGridQuestion, read_publishing_grid
from services.reporting.read.exact_look_log import exact_look
from services.reporting.read.figure_findings import Findings
from services.reporting.read.queries import FigureReport, Question
from services.reporting.release.artefact import ReleaseEdition
from services.reporting.release.registry import KeptRelease, ReleaseRegistry, ReleaseStep
from services.runtime.postgres import borrow_connection

_COMMAND: Final = "atips report"
_STANDARD_OUTPUT: Final = "-"


@dataclass(frozen=True, slots=True)
class SnapshotFigures:
    """Reads the report's figures, publishing grid and findings from one snapshot. `expected`: who must report what."""

    seen: Snapshot
    expected: Sequence[ExpectationRow]

    async def reports(self, questions: Sequence[Question], /) -> list[FigureReport]:
        """Return the figures' report for each question, in the same order."""
        return await queries.reports(self.seen.connection, questions, edition=self.seen.edition)

    async def publishing_grid(self, period: Period, day: date, /) -> PublishingGrid:
        """Return which agencies published what in the period; `day`: date on which lateness is judged."""
        asked = PublishingGridQuestion(period, self.expected, day)
        return await read_publishing_grid(self.seen.connection, asked, edition=self.seen.edition)

    async def findings(self, period: Period, day: date, /) -> Findings:
        """Return the findings between figures of the period; `day`: date on which lateness is judged."""
        asked = PublishingGridQuestion(period, self.expected, day)
        return await evaluation.findings(self.seen.connection, asked, edition=self.seen.edition)


def report(
    year: Annotated[int, typer.Argument(metavar="YEAR", help="The year that is reported on, as 2024.")],
    *,
    lang: LangOption = Language.EN,
    form: Annotated[ReportFormat, typer.Option("--format", help="The form of the report.")] = ReportFormat.PDF,
    known_at: Annotated[str, typer.Option("--known-at", metavar="N|T", help=KNOWN_AT_HELP)] = "",
    since: Annotated[
        str,
        typer.Option(
            "--since",
            metavar="N|T",
            help="List the changes since this moment. Without it, the changes since the last release.",
        ),
    ] = "",
    file: Annotated[
        str,
        typer.Option("--out", metavar="FILE", help="The new file; - prints. Without it JSON is printed."),
    ] = "",
    release: Annotated[
        int | None,
        typer.Option("--release", metavar="N", help="Make it of a frozen release: what is withheld there is here."),
    ] = None,
    expected: ExpectationsFile = None,
    policy: PolicyFile = None,
    data_dir: DataDir = DEFAULT,
) -> None:
    """Make the Council's annual report of a year from the figures, as known now or at a moment.

    Without --out the file is atips-report-YEAR-LANG.FORMAT, in this folder. A report for everybody is not made when the
    disclosure policy's review is overdue.
    """
    if release is not None and (known_at or since):
        fail_wrong_usage("--release is frozen: --known-at and --since do not go with it.")
    if year not in YEARS:
        fail_wrong_usage(f"YEAR: a year from {YEARS[0]} to {YEARS[-1]}")
    known, before = (
        parse_known_at(known_at) if known_at else None,
        parse_known_at(since, name="--since") if since else None,
    )
    folder = Folder(local_cluster.running_cluster(data_dir).data_dir)
    with leave_without_figures():
        try:
            if release is None:
                made = asyncio.run(_source(folder, year, (known, before), expectations(expected)))
            else:
                made = asyncio.run(_released(folder, year, release))
        except FiguresKeepChanging:
            fail("The figures change faster than they can be read. Try again, or name a state: --known-at N")
        policy_in_force(folder, policy, made.audience.outlet, lang)
    _write(file, form, document(lang, made))


async def _source(
    folder: Folder, year: int, moments: tuple[KnownAt | None, KnownAt | None], expected: Sequence[ExpectationRow]
) -> ReportSource:
    known, before = moments
    async with snapshot(folder, known, exact_look(_COMMAND, (), year, (), known)) as seen:
        asked = ReportQuestion(year, seen.day, expected)
        figures = SnapshotFigures(seen, expected)
        complete_to = (await queries.reports(seen.connection, [Question(asked.period, (), ("O9",))]))[0].complete_to
        at = seen.at or await _accepted(folder, complete_to)
        last = None if before is not None else await _last_release(folder, str(year), complete_to)
        moment_before = before if last is None else last.artefact.head.known_at
        if moment_before is None:
            return await read(figures, asked, at)
        async with snapshot(folder, moment_before, None) as earlier:  # the first snapshot has noted the look
            number = None if last is None else last.number
            state = EarlierState(SnapshotFigures(earlier, expected), _number(earlier), earlier.at, number)
            return await read(figures, asked, at, state)


async def _last_release(folder: Folder, period: str, complete_to: int) -> KeptRelease | None:
    async with open_ledger_pool(folder.root) as pool, borrow_connection(pool) as connection:
        return last_of_council(await ReleaseRegistry(connection).all(), period, complete_to)


def last_of_council(releases: Iterable[KeptRelease], period: str, complete_to: int) -> KeptRelease | None:
    """Return the last published council release of a period that counts no event after `complete_to`; None without one.

    A public release is left out: it withholds numbers, and the report shows exact ones.
    """
    found = None
    for each in releases:
        head = each.artefact.head
        of_council = each.state is ReleaseStep.PUBLISHED and head.edition is ReleaseEdition.COUNCIL
        if of_council and head.period == period and head.known_at <= complete_to:
            found = each
    return found


async def _released(folder: Folder, year: int, number: int) -> ReportSource:
    """Return a release as the source of a report. Exits with 2 if it is unknown or not of this year, 1 if changed."""
    await note_look_without_snapshot(folder, exact_look(_COMMAND, (), year, (), f"release {number}"))
    async with open_ledger_pool(folder.root) as pool, borrow_connection(pool) as connection:
        kept = next((each for each in await ReleaseRegistry(connection).all() if each.number == number), None)
    if kept is None:
        fail_wrong_usage(f"There is no release {number}. List them: atips release show")
    prepared = kept.taken(ReleaseStep.PREPARED)
    if not kept.unchanged or prepared is None:
        fail(f"The bytes of release {number} are not those that were frozen.")
    try:
        found = release_source.source(kept.artefact, prepared.at, kept.state)
    except release_source.NotOfAYear:
        fail_wrong_usage(
            f"Release {number} is of {kept.artefact.head.period}, and a report is of one calendar year. "
            "Choose a release of one: atips release show"
        )
    if found.year != year:
        fail_wrong_usage(
            f"Release {number} is of {found.year}, not of {year}. Ask for {found.year}, or list them: "
            "atips release show"
        )
    return found


async def _accepted(folder: Folder, n: int) -> datetime:
    async with open_ledger_pool(folder.root) as pool, borrow_connection(pool) as connection:
        return await accepted_at(connection, n)


def _number(seen: Snapshot) -> int:
    return 0 if seen.edition is None else seen.edition.known_at


def _write(file: str, form: ReportFormat, made: Document) -> None:
    """Draw charts, render the report and write it to a new file, or print it. Exits with 1 if it cannot be written."""
    drawn = asyncio.run(_drawn(made)) if form.drawn else {}
    content = render_report(made, form, drawn)
    if file == _STANDARD_OUTPUT or (not file and form is ReportFormat.JSON):
        sys.stdout.buffer.write(content)
        return
    path = Path(file or file_name(made, form))
    with new_file(path, "--out"), path.open("xb") as opened:
        opened.write(content)
    out().print(str(path), markup=False)


async def _drawn(made: Document) -> dict[str, Markup]:
    charts = Charts()
    try:
        return await charts.in_turn(made.title, {each.name: each.chart for each in made.pictures()})
    finally:
        await charts.close()


def register(app: typer.Typer) -> None:
    """Add the command `report` to the app."""
    app.command()(report)
