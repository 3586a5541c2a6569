"""`atips figures`: the running figures of a period, from the cluster here, or over HTTPS where this PC is connected."""

from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from services.console.account_token import AccountToken, has_token
from services.console.agency_connection import connected
from services.console.figures import over_https
from services.console.figures.figure_options import FigureOptions
from services.console.options import DEFAULT, KNOWN_AT_HELP, AsJson, AsOf, By, DataDir, Numbers, PeriodText
from services.console.output import fail_wrong_usage
from services.presentation.bilingual_text import Language
from services.presentation.period_parsing import SeriesLength


def figures(
    *,
    period: PeriodText = "",
    by: By = None,
    number: Numbers = None,
    as_of: AsOf = "",
    known_at: Annotated[str, typer.Option("--known-at", metavar="N|T", help=KNOWN_AT_HELP)] = "",
    defined: Annotated[bool, typer.Option("--definitions", help="Print what each figure counts, not amounts.")] = False,
    lang: Annotated[Language, typer.Option(help="The language of definitions and labels.")] = Language.EN,
    share: Annotated[
        str, typer.Option("--rate", metavar="NAME", help="Divide two figures as declared; all: each.")
    ] = "",
    each: Annotated[
        SeriesLength | None,
        typer.Option("--each", help="One column for each month, quarter or year."),
    ] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV, one row for each figure and period.")] = False,
    xlsx: Annotated[
        Path | None,
        typer.Option("--xlsx", metavar="FILE", help="Write a workbook, a new file."),
    ] = None,
    token_file: AccountToken = None,
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Print the figures of a period, this year's without --period: as they are, or as they were known.

    Amounts: "?" was counted by nobody, and "12 + ?" has a part that nobody counted. "42 (1 possibly twice)" rests in
    part on what only a witness told. A connected PC shows what your account sees (atips sign-in). With --definitions:
    what each figure counts, and with --rate all what each rate divides.
    """
    if share and (by or number):
        fail_wrong_usage("--rate divides what is declared, of everybody: --by and --number do not go with it.")
    if (each or as_csv or xlsx) and (share or defined):
        fail_wrong_usage("--each, --csv and --xlsx are for amounts: --rate and --definitions do not go with them.")
    options = FigureOptions(
        period=period,
        by=by,
        number=number,
        as_of=as_of,
        known_at=known_at,
        defined=defined,
        lang=lang,
        share=share,
        each=each,
        as_csv=as_csv,
        xlsx=xlsx,
        token_file=token_file,
        data_dir=data_dir,
        as_json=as_json,
    )
    # Definitions need no account where the packages of a server are installed.
    if connected(data_dir) is not None and (not defined or has_token(data_dir, token_file)):
        over_https.figures(options)
    else:
        import_module("services.console.figures.on_cluster").figures(options)


def register(app: typer.Typer) -> None:
    """Add the command `figures` to the app."""
    app.command(epilog="Numbers and names: atips help figures. Rates: atips help rates.")(figures)
