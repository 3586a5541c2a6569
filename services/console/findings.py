"""`atips findings`: figures and records of a period that cannot all be right, with the records that each names."""

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from infra.local.folder import Folder
from schemas.times import Period
from services.console import local
from services.console.figures import answering, parsed
from services.console.knowing import KNOWN_AT_HELP, moment
from services.console.options import DEFAULT, AsJson, DataDir, ExpectationsFile, Lang, Language, PeriodText
from services.console.say import emit, out
from services.console.snapshot import snapshot
from services.reporting import findings as evaluation
from services.reporting.domain.rules import Finding
from services.reporting.editions import Moment
from services.reporting.expectations import expectations
from services.reporting.findings import Findings
from services.reporting.silence import Asked


def findings(
    *,
    period: PeriodText = "",
    known_at: Annotated[str, typer.Option("--known-at", metavar="N|T", help=KNOWN_AT_HELP)] = "",
    expected: ExpectationsFile = None,
    lang: Lang = Language.EN,
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Print what contradicts itself in a period, this year's without --period, and what was expected and is missing."""
    asked = parsed(period)
    known = moment(known_at) if known_at else None
    folder = Folder(local.running(data_dir).data_dir)
    with answering():
        report = asyncio.run(found(folder, asked, known, expected))
    if as_json:
        emit({"findings": plain(report.findings, lang), "complete_to": report.complete_to, "withheld": report.withheld})
        return
    console = out()
    console.print(table(report.findings, str(asked), lang))
    withheld = f"; {report.withheld} entities withheld" if report.withheld else ""
    console.print(f"complete to event {report.complete_to}{withheld}", markup=False)


async def found(folder: Folder, period: Period, known: Moment | None, expected: Path | None) -> Findings:
    """Evaluate the rules as a reader, now or as known at a moment."""
    table = expectations(expected)
    async with snapshot(folder, known) as seen:
        return await evaluation.findings(seen.connection, Asked(period, table, seen.day), edition=seen.edition)


def plain(each_found: Iterable[Finding], lang: Language = Language.EN) -> list[dict[str, Any]]:
    """Give findings as programs read them."""
    return [
        {
            "code": each.code.value,
            "severity": each.severity.value,
            "state": each.state.value,
            "records": list(each.records),
            "text": each.en if lang is Language.EN else each.es,
        }
        for each in each_found
    ]


def table(each_found: Iterable[Finding], title: str, lang: Language = Language.EN) -> Table:
    """Give findings as people read them; the records are for those who go and look."""
    made_of = Table("state", "severity", "finding", "records", title=title, title_justify="left")
    for each in each_found:
        text = each.en if lang is Language.EN else each.es
        made_of.add_row(each.state.value, each.severity.value, text, "\n".join(each.records))
    return made_of


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(findings)
