"""`atips export`: figures, events, the catalogue and tables of other standards as files."""

import asyncio
from typing import Annotated, Final, TypeAlias

import typer

from infra.local.data_folder import Folder
from services.console import local_cluster
from services.console.export import database_rows, standard
from services.console.export.database_rows import FigureReader
from services.console.export.writing import FileFormat, FormatOption, Package, TargetPath, write
from services.console.figure_arguments import leave_without_figures, parsed
from services.console.options import DEFAULT, AsJson, By, DataDir, LangOption, Numbers, PeriodText, split
from services.console.release.disclosure_in_force import PolicyFile, policy_in_force
from services.export.contract_tables import catalogue as catalogue_tables
from services.export.event_ledger_table import events as events_table
from services.export.figure_table import definitions
from services.export.figure_table import figures as figures_table
from services.presentation.bilingual_text import Language
from services.reporting.domain.disclosure.outlets import Outlet

export = typer.Typer(no_args_is_help=True, help="Write figures, events, the catalogue or other standards as files.")

Officer: TypeAlias = Annotated[
    str, typer.Option("--officer", metavar="NAME", help="Account of the M&E officer who needs exact figures.")
]
SharingReason: TypeAlias = Annotated[
    str, typer.Option("--reason", metavar="TEXT", help="Why exact figures are needed. It is noted with the name.")
]

_CONTRACT: Final = "contract"


@export.command("figures")
def figures(
    *,
    to: TargetPath,
    format_: FormatOption = FileFormat.CSV,
    package: Package = False,
    period: PeriodText = "",
    number: Numbers = None,
    by: By = None,
    officer: Officer = "",
    reason: SharingReason = "",
    lang: LangOption = Language.EN,
    policy: PolicyFile = None,
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Write the figures of the quarters and years within a period, this year without --period.

    Small numbers are not shown. With --officer and --reason they are exact, with months, and the question is noted.
    Files with small numbers left out are not written when the disclosure policy's review is overdue.
    """
    asked, reader = parsed(period, data_dir), FigureReader(officer, reason)
    folder = Folder(local_cluster.running_cluster(data_dir).data_dir)
    with leave_without_figures():
        policy_in_force(folder, policy, Outlet.EXACT_FILE if reader.exact else Outlet.FIGURE_FILE, lang)
        rows, defined = database_rows.run(folder, reader, asked, split(number), split(by))
    table = figures_table(rows, lang.value, exact=reader.exact)
    shown = {row["figure"] for row in rows}
    notes = definitions([row for row in defined if row["figure"] in shown], lang.value)
    known_at = max((row["known_at"] for row in rows), default=0)
    write([table, notes], format_, to, package=package, version=str(known_at), as_plain=as_json)


@export.command("events")
def events(
    *,
    to: TargetPath,
    format_: FormatOption = FileFormat.PARQUET,
    package: Package = False,
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Write the ledger for an auditor: one row for each event, with its hash and without what it says."""
    folder = Folder(local_cluster.running_cluster(data_dir).data_dir)
    with leave_without_figures():
        rows = asyncio.run(database_rows.ledger_events(folder))
    table = events_table(rows)
    last = max((row["n"] for row in rows), default=0)
    write([table], format_, to, package=package, version=str(last), as_plain=as_json)


@export.command("catalogue")
def catalogue(
    *, to: TargetPath, format_: FormatOption = FileFormat.CSV, package: Package = False, as_json: AsJson = False
) -> None:
    """Write the contract: types of events, and with --package or XLSX their fields and code lists. Needs no cluster."""
    write(catalogue_tables(), format_, to, package=package, version=_CONTRACT, as_plain=as_json)


export.command("standard")(standard.standard)


def register(app: typer.Typer) -> None:
    """Add the command group `export` to the app."""
    app.add_typer(export, name="export")
