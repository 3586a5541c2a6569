"""`atips export standard`: figures in the tables of international standards, with the reason beside each empty cell."""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Annotated, Any

import typer

from infra.local.data_folder import Folder
from schemas.times import YEARS, Period
from services.console import local_cluster
from services.console.export import database_rows
from services.console.export.database_rows import FigureReader, Rows
from services.console.export.published_release_rows import in_force, released_rows
from services.console.export.victim_records import records
from services.console.export.writing import FileFormat, FormatOption, Package, TargetPath, write
from services.console.figure_arguments import leave_without_figures
from services.console.options import DEFAULT, AsJson, DataDir
from services.console.output import fail_wrong_usage
from services.console.release.disclosure_in_force import PolicyFile, policy_in_force
from services.export.standards.cell_answers import AnswerKey, AnswerSource, SeenValue, answers_table
from services.export.standards.figure_mapping import mapping
from services.export.standards.records.policy import RecordStandard
from services.export.standards.sdmx import Observation, sdmx
from services.reporting.domain.disclosure.outlets import Outlet


class Standard(StrEnum):
    """Names of the standards that `atips export standard` takes."""

    GLOTIP = "glotip"
    SDG = "sdg"
    TIP = "tip"
    ICCS = "iccs"
    SDMX = "sdmx"
    HTCDS = "htcds"
    CTDC = "ctdc"
    ICTIP = "ictip"


def standard(
    name: Annotated[
        Standard, typer.Argument(metavar="NAME", help="glotip, sdg, tip, iccs, sdmx, htcds, ictip or ctdc.")
    ],
    *,
    year: Annotated[int, typer.Option("--year", min=YEARS[0], max=YEARS[-1], help="Calendar year that has ended.")],
    to: TargetPath,
    format_: FormatOption = FileFormat.CSV,
    package: Package = False,
    release: Annotated[
        int | None,
        typer.Option("--release", metavar="N", help="Answer from a public release alone, so that it may be handed on."),
    ] = None,
    officer: Annotated[str, typer.Option("--officer", metavar="NAME", help="Account of an M&E officer.")] = "",
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why exact figures are needed.")] = "",
    policy: PolicyFile = None,
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Write the tables of a standard for a year. An empty cell has the reason beside it.

    UNODC's questionnaire (glotip), SDG indicator 16.2.2 (sdg), items of the State Department's report (tip), offences
    by ICCS (iccs). All figures as SDMX-CSV 2.0 (sdmx). With --release they answer from a published public release,
    which was audited. Only such tables may leave the committees. Without it small numbers stay empty, unless a named
    officer asks for exact ones with a reason, which is noted. Records of single victims (htcds, ictip, ctdc) leave only
    where the Council's policy allows it. Nothing is written when the disclosure policy's review is overdue.
    """
    if release is not None and (officer or name.value in set(RecordStandard)):
        fail_wrong_usage("--release is frozen: it has no exact small numbers and no records, so neither goes with it.")
    folder = Folder(local_cluster.running_cluster(data_dir).data_dir)
    with leave_without_figures():
        policy_in_force(folder, policy, Outlet.STANDARD_TABLE)
    if name.value in set(RecordStandard):
        record = records(folder, RecordStandard(name.value), year)
        write([record], format_, to, package=package, version=str(year), as_plain=as_json)
        return
    reader = FigureReader(officer, reason)
    if name is Standard.SDMX and reader.exact:
        fail_wrong_usage(
            "SDMX is for loading elsewhere: it holds no exact small numbers, so --officer does not go with it."
        )
    said = None if name is Standard.SDMX else mapping(name.value)
    numbers = [] if said is None else sorted({cell.figure for cell in said.cells if cell.figure})
    with leave_without_figures():
        if release is None:
            rows, _ = database_rows.run(folder, reader, Period.parse(str(year)), numbers, ())
            source = AnswerSource.OFFICER if reader.exact else AnswerSource.COMMITTEE
            known_at, version = min((row["known_at"] for row in rows), default=0), ""
        else:
            kept = in_force(folder, release)
            rows, source = released_rows(kept.artefact, year), AnswerSource.RELEASE
            known_at, version = kept.artefact.head.known_at, f"-release-{release}"
    if said is None:
        table = sdmx(map(_observation, rows), known_at, source.note)
    else:
        table = answers_table(said, year, _seen(rows, str(year)), known_at, source)
    table = replace(table, for_anybody=source is AnswerSource.RELEASE)
    write([table], format_, to, package=package, version=f"{year}-{known_at}{version}", as_plain=as_json)


def _seen(rows: Rows, year: str) -> Mapping[AnswerKey, SeenValue]:
    return {
        AnswerKey(row["figure"], row["dimension"], row["code"]): SeenValue(
            row["value"], row.get("status") or _status(row["value"]), row["definition"]
        )
        for row in rows
        if row["period"] == year
    }


def _status(value: float | None) -> str:
    return "not_available" if value is None else "shown"


def _observation(row: Mapping[str, Any]) -> Observation:
    names = ("figure", "period", "dimension", "code", "value", "shown", "marks", "unit", "definition")
    return Observation(**{name: row[name] for name in names})
