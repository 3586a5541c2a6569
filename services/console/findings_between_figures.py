"""Findings between figures, evaluated in the cluster's database. They name figures and reports, never a case."""

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from infra.local.data_folder import Folder
from schemas.times import Period
from services.console import local_cluster
from services.console.as_of_and_known_at import parse_known_at
from services.console.case.case_and_figure_findings import FindingLine, merged
from services.console.consistent_figure_reads import snapshot
from services.console.figure_arguments import leave_without_figures, parsed
from services.presentation.bilingual_text import Language
from services.reporting.council_input_tables import expectations
from services.reporting.jobs.as_of_editions import KnownAt
from services.reporting.read import figure_findings as evaluation
from services.reporting.read.completeness_grid import PublishingGridQuestion
from services.reporting.read.exact_look_log import exact_look
from services.reporting.read.figure_findings import Findings


def read_findings(period: str, known_at: str, expected: Path | None, data_dir: Path, lang: Language) -> dict[str, Any]:
    """Return the findings of a typed period: dict of period, findings, complete_to and withheld.

    `known_at`: typed number of events, day or time; empty means now. `expected`: table of expected reports; None
    means the shipped one. Exits with 2 for a wrong period or moment, with 1 if figures cannot be read.
    """
    asked = parsed(period, data_dir)
    known = parse_known_at(known_at) if known_at else None
    connectable = expected is None and not known_at.isdecimal()
    folder = Folder(local_cluster.running_cluster(data_dir, connectable=connectable).data_dir)
    with leave_without_figures():
        report = asyncio.run(_evaluated(folder, asked, known, expected))
    return {
        "period": str(asked),
        "findings": plain(merged(report.findings, ()), lang),
        "complete_to": report.complete_to,
        "withheld": report.withheld,
    }


async def _evaluated(folder: Folder, period: Period, known: KnownAt | None, expected: Path | None) -> Findings:
    table = expectations(expected)
    async with snapshot(folder, known, exact_look("atips findings", (), period, (), known)) as seen:
        asked = PublishingGridQuestion(period, table, seen.day)
        return await evaluation.findings(seen.connection, asked, edition=seen.edition)


def plain(every: Iterable[FindingLine], lang: Language = Language.EN) -> list[dict[str, Any]]:
    """Return the findings as a list of dicts for JSON, with their text in one language."""
    return [
        {
            "finding": each.finding,
            "case": each.case,
            "code": each.code.value,
            "severity": each.severity.value,
            "state": each.state.value,
            "records": list(each.records),
            "text": each.en if lang is Language.EN else each.es,
        }
        for each in every
    ]
