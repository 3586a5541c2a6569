"""`atips findings`: figures and records of a period that cannot all be right, with the records that each names.

What reporting finds between figures is evaluated now; what the case tracker and the referral service found is asked.
"""

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from infra.local.folder import Folder
from schemas.codebook.governance import FindingSeverity
from schemas.times import Period
from services.console import local
from services.console.answering import answering, parsed
from services.console.case.within import FindingLine, in_cases, in_referrals, merged, shown_to, sight_of_findings
from services.console.knowing import KNOWN_AT_HELP, moment
from services.console.options import DEFAULT, AsJson, DataDir, ExpectationsFile, LangOption, Language, PeriodText
from services.console.say import emit, out
from services.console.seeing import AsAgency, viewer
from services.console.snapshot import snapshot
from services.reporting import findings as evaluation
from services.reporting.domain.rules import FindingState
from services.reporting.editions import KnownAt
from services.reporting.expectations import expectations
from services.reporting.findings import Findings
from services.reporting.silence import SilenceQuestion


def findings(
    *,
    period: PeriodText = "",
    known_at: Annotated[str, typer.Option("--known-at", metavar="N|T", help=KNOWN_AT_HELP)] = "",
    expected: ExpectationsFile = None,
    lang: LangOption = Language.EN,
    data_dir: DataDir = DEFAULT,
    settled: Annotated[
        bool, typer.Option("--settled", help="Also what a later event has settled within a case.")
    ] = False,
    agency: AsAgency = "council",
    as_json: AsJson = False,
) -> None:
    """Print what contradicts itself in a period, this year's without --period, and what was expected and is missing.

    A finding within a case stands in the period in which the last of its records happened.
    """
    agency = viewer(agency)
    asked = parsed(period, data_dir)
    known = moment(known_at) if known_at else None
    folder = Folder(local.running(data_dir).data_dir)
    with answering():
        report, within = asyncio.run(found(folder, asked, known, expected, settled=settled))
        every = merged(report.findings, within)
        # Asked last: who was kept from a case meanwhile hears nothing of it.
        all_found = shown_to(asyncio.run(sight_of_findings(folder, agency, every)), every)
    if as_json:
        emit({"findings": plain(all_found, lang), "complete_to": report.complete_to, "withheld": report.withheld})
        return
    console = out()
    console.print(table(all_found, str(asked), lang))
    withheld = f"; {report.withheld} entities withheld" if report.withheld else ""
    console.print(f"complete to event {report.complete_to}{withheld}", markup=False)


async def found(
    folder: Folder, period: Period, known: KnownAt | None, expected: Path | None, *, settled: bool
) -> tuple[Findings, list[FindingLine]]:
    """Evaluate the rules as a reader, and ask what was found in cases: now, or as known at a moment."""
    table = expectations(expected)
    async with snapshot(folder, known) as seen:
        between = await evaluation.findings(
            seen.connection, SilenceQuestion(period, table, seen.day), edition=seen.edition
        )
        decided = [
            *await in_cases(folder, period, seen.at, settled=settled),
            *await in_referrals(folder, period, seen.at, settled=settled),
        ]
        return between, decided


def plain(each_found: Iterable[FindingLine], lang: Language = Language.EN) -> list[dict[str, Any]]:
    """Give findings as programs read them."""
    return [
        {
            "finding": each.finding,
            "case": each.case,
            "code": None if each.code is None else each.code.value,
            "severity": each.severity.value,
            "state": each.state.value,
            "records": list(each.records),
            "text": each.en if lang is Language.EN else each.es,
        }
        for each in each_found
    ]


def table(each_found: Iterable[FindingLine], title: str, lang: Language = Language.EN) -> Table:
    """Give findings as people read them; the records are for those who go and look."""
    made_of = Table("state", "severity", "finding", "records", title=title, title_justify="left")
    for each in each_found:
        text = each.en if lang is Language.EN else each.es
        within = f" in {each.case}" if each.case is not None else ""
        named = text if each.finding is None else f"{text}\n{each.finding}{within}"
        danger = each.severity is FindingSeverity.CRITICAL and each.state is FindingState.OPEN
        style = "bold red" if danger else None
        made_of.add_row(each.state.value, each.severity.value, named, "\n".join(each.records), style=style)
    return made_of


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(findings)
