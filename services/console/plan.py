"""`atips plan`: the strategy's indicators and budget from the plan's table, beside the reported figures."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Final, NamedTuple

import typer
from rich.table import Table

from infra.local.data_folder import Folder
from schemas.times import Period
from services.console import local_cluster
from services.console.as_of_and_known_at import parse_known_at
from services.console.consistent_figure_reads import snapshot
from services.console.figure_arguments import leave_without_figures, parsed
from services.console.figures import show
from services.console.options import DEFAULT, KNOWN_AT_HELP, AsJson, DataDir, LangOption, PeriodText
from services.console.output import emit, out
from services.presentation.bilingual_text import Language
from services.presentation.plan_texts import NOTES, STANDINGS, dollars, unit_text
from services.reporting.council_input_tables import plan as table_of
from services.reporting.domain.read import progress_against_plan
from services.reporting.domain.read.progress_against_plan import Money, PlannedIndicator
from services.reporting.jobs.as_of_editions import KnownAt
from services.reporting.read import queries
from services.reporting.read.exact_look_log import exact_look
from services.reporting.read.queries import FigureReport


class PlanReading(NamedTuple):
    """Indicators and budget lines of a period, and the figures' report from which they were read."""

    lines: Sequence[PlannedIndicator]
    money: Sequence[Money]
    report: FigureReport


def plan(
    *,
    period: PeriodText = "",
    table: Annotated[
        Path | None,
        typer.Option(
            "--plan",
            envvar="ATIPS_PLAN_FILE",
            metavar="FILE",
            help="The plan's objectives and indicators, in place of our table, which is empty.",
        ),
    ] = None,
    known_at: Annotated[str, typer.Option("--known-at", metavar="N|T", help=KNOWN_AT_HELP)] = "",
    lang: LangOption = Language.EN,
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Print the strategy's indicators at the period's end: objective, baseline, target, level; and the money.

    Baselines and targets are those of the plan's rows on the period's last day. So an edit of the plan changes no past
    year. A report that says otherwise has a note.
    """
    asked = parsed(period, data_dir, planned=True)
    known = parse_known_at(known_at) if known_at else None
    folder = Folder(local_cluster.running_cluster(data_dir).data_dir)
    with leave_without_figures():
        found = asyncio.run(_found(folder, asked, known, table))
    if as_json:
        emit(plain(found))
        return
    console = out()
    console.print(_indicators(found.lines, str(asked), lang))
    console.print(_money(found.money, lang))
    console.print(show.known_to(found.report, None), markup=False)


async def _found(folder: Folder, period: Period, known: KnownAt | None, table: Path | None) -> PlanReading:
    whole = table_of(table)
    named = whole.on(period.last).figures()
    async with snapshot(folder, known, exact_look("atips plan", (), period, (), known)) as seen:
        reported = await queries.figures(
            seen.connection,
            period,
            progress_against_plan.BY_INDICATOR,
            [progress_against_plan.INDICATORS],
            edition=seen.edition,
        )
        # INDICATORS stands first because an empty list of numbers would mean all figures.
        counted = [progress_against_plan.INDICATORS, *named]
        counts = await queries.figures(seen.connection, period, (), counted, edition=seen.edition)
        money = await queries.figures(
            seen.connection,
            period,
            progress_against_plan.BY_OBJECTIVE,
            [progress_against_plan.PLANNED, progress_against_plan.SPENT],
            edition=seen.edition,
        )
    of = {
        number: [row for row in money.figures if row.number == number]
        for number in (progress_against_plan.PLANNED, progress_against_plan.SPENT)
    }
    values = {row.number: row.value for row in counts.figures}
    return PlanReading(
        progress_against_plan.indicators(whole, period.last, reported.figures, values),
        progress_against_plan.budgets(of[progress_against_plan.PLANNED], of[progress_against_plan.SPENT]),
        reported,
    )


def plain(found: PlanReading) -> dict[str, Any]:
    """Return the output of `atips plan --json`: a dict of indicators, budget (cents), complete_to and withheld."""
    return {
        "indicators": [
            {
                "indicator": line.indicator,
                "objective": line.objective,
                "area": line.area,
                "en": None if line.planned is None else line.planned.en,
                "es": None if line.planned is None else line.planned.es,
                "unit": None if line.planned is None else line.planned.unit,
                "baseline": line.baseline,
                "target": line.target,
                "level": line.level,
                "figure": None if line.planned is None else line.planned.figure,
                "counted": line.counted,
                "standing": line.standing,
                "notes": [note.value for note in line.notes],
            }
            for line in found.lines
        ],
        "budget": [
            {"area": row.area, "objective": row.objective, "planned_cents": row.planned, "spent_cents": row.spent}
            for row in found.money
        ],
        "complete_to": found.report.complete_to,
        "withheld": found.report.withheld,
    }


_HEADS: Final = (
    ("no.", "indicator", "objective", "area", "baseline", "target", "level", "counted", "target is", "note"),
    ("n.º", "indicador", "objetivo", "área", "línea de base", "meta", "nivel", "contado", "la meta está", "nota"),
)
_MONEY_HEADS: Final = (
    ("area", "objective", "planned, BZ$", "spent, BZ$"),
    ("área", "objetivo", "previsto, BZ$", "gastado, BZ$"),
)


def _indicators(lines: Sequence[PlannedIndicator], title: str, lang: Language) -> Table:
    spanish = int(lang is Language.ES)
    made_of = Table(*_HEADS[spanish], title=title, title_justify="left")
    for line in lines:
        row = line.planned
        text = "" if row is None else f"{row.es if spanish else row.en} ({unit_text(row.unit, lang)})"
        numbers = (_amount(each) for each in (line.baseline, line.target, line.level, line.counted))
        notes = ", ".join(NOTES[note][spanish] for note in line.notes)
        of = line.objective or "", line.area or ""
        made_of.add_row(line.indicator, text, *of, *numbers, STANDINGS[line.standing][spanish], notes)
    return made_of


def _money(rows: Sequence[Money], lang: Language) -> Table:
    made_of = Table(*_MONEY_HEADS[lang is Language.ES])
    for row in rows:
        made_of.add_row(row.area, row.objective or "", dollars(row.planned), dollars(row.spent))
    return made_of


def _amount(each: int | None) -> str:
    return "—" if each is None else f"{each:,}"


def register(app: typer.Typer) -> None:
    """Add the command `plan` to the app."""
    app.command()(plan)
