"""`atips figures`: the running figures of a period, as the role that may only read them."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Final

import typer

from infra.local.folder import Folder
from schemas.times import Period
from services.console import definitions, figure_rates, local_cluster
from services.console.clock_options import KNOWN_AT_HELP, AsOf, cut, moment
from services.console.definitions import Language
from services.console.figure_arguments import leave_without_figures, must_be_known, parsed, split, today
from services.console.figures import show
from services.console.figures.series import FigureSeries, filled, plain_series, show_series, written
from services.console.new_file import new_file
from services.console.options import DEFAULT, AsJson, By, DataDir, Numbers, PeriodText
from services.console.say import emit, out, wrong
from services.console.snapshot import snapshot
from services.export.figure_workbook import workbook
from services.presentation import rates as rates_as_told
from services.presentation.overlap import overlapping
from services.presentation.periods import SeriesLength, series
from services.reporting.domain.figures.table import chosen
from services.reporting.domain.rates import Variant, rate
from services.reporting.domain.read.claims import EACH, NUMBER, ClaimBeside, claims_in
from services.reporting.domain.read.reading import Reading
from services.reporting.jobs.editions import KnownAt
from services.reporting.read import queries
from services.reporting.read.differences import DifferenceQuestion
from services.reporting.read.queries import FigureReport

_EVERY: Final = "all"


def figures(
    *,
    period: PeriodText = "",
    by: By = None,
    number: Numbers = None,
    as_of: AsOf = "",
    known_at: Annotated[str, typer.Option("--known-at", metavar="N|T", help=KNOWN_AT_HELP)] = "",
    defined: Annotated[
        bool, typer.Option("--definitions", help="Print what each figure counts, instead of amounts; needs no cluster.")
    ] = False,
    lang: Annotated[Language, typer.Option(help="The language of definitions and labels.")] = Language.EN,
    share: Annotated[
        str, typer.Option("--rate", metavar="NAME", help="Divide two figures, in one of the declared ways; all: each.")
    ] = "",
    each: Annotated[
        SeriesLength | None,
        typer.Option("--each", help="Print one column for each month, quarter or year of the period."),
    ] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV, one row for each figure and period.")] = False,
    xlsx: Annotated[
        Path | None,
        typer.Option("--xlsx", metavar="FILE", help="Write a workbook, a new file, with a sheet of definitions."),
    ] = None,
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Print the figures of a period, this year's without --period: as they are, or as they were known.

    An amount of "12 + ?" has a part that nobody counted, "?" was counted by nobody; "42 (1 possibly twice)" rests in
    part on what only a witness told. With --definitions: what each figure counts, and with --rate all what each rate
    divides.
    """
    if share and (by or number):
        wrong("--rate divides what is declared, of everybody: --by and --number do not go with it.")
    if (each or as_csv or xlsx) and (share or defined):
        wrong("--each, --csv and --xlsx are for amounts: --rate and --definitions do not go with them.")
    if defined and share:
        _define_rates(share, lang, as_json=as_json)
        return
    if defined:
        _define(split(by), split(number), lang, as_json=as_json)
        return
    asked = DifferenceQuestion(cut(parsed(period, data_dir), as_of), split(by), split(number))
    known = moment(known_at) if known_at else None
    if share:
        _divide(share, asked, known, lang, data_dir, as_json=as_json)
        return
    must_be_known(asked.numbers, asked.by)
    folder = Folder(local_cluster.running(data_dir).data_dir)
    if each or as_csv or xlsx:
        periods = list(series(asked.period, each)) if each else [asked.period]
        with leave_without_figures():
            found, at = asyncio.run(_reports(folder, asked, periods, known, today(data_dir)))
        reports = filled(found)
        if xlsx is not None:
            with new_file(xlsx, "--xlsx"), xlsx.open("xb") as file:
                file.write(workbook([report for _, report in reports], asked.by, at, lang))
            out().print(str(xlsx), markup=False)
            return
        _print_series(reports, at, asked.by, lang, as_csv=as_csv, as_json=as_json)
        return
    with leave_without_figures():
        report, claims, wholes, at = asyncio.run(_report(folder, asked, known, today(data_dir)))
    if as_json:
        emit(show.plain(report, claims) | show.whole(wholes) | show.known(report, at))
    else:
        show.show(report, asked.period, claims, at, lang)
        for line in overlapping(report.figures, wholes, lang):
            out().print(line, markup=False)


def _define(by: tuple[str, ...], numbers: tuple[str, ...], lang: Language, *, as_json: bool) -> None:
    with leave_without_figures():
        figures = chosen(numbers, by)
    if as_json:
        emit({"definitions": [definitions.plain(figure) for figure in figures]})
    else:
        definitions.show(out(), figures, lang)
        if not numbers and not by:
            out().print(definitions.courts(lang), markup=False)


def _divide(
    name: str, asked: DifferenceQuestion, known: KnownAt | None, lang: Language, data_dir: Path, *, as_json: bool
) -> None:
    """Print the declared rates of a cohort; whatever else somebody would divide is refused."""
    variants = _variants(name)
    numbers = {each for variant in variants for each in rates_as_told.needed(variant)}
    folder = Folder(local_cluster.running(data_dir).data_dir)
    with leave_without_figures():
        report, _, _, at = asyncio.run(_report(folder, replace(asked, numbers=tuple(numbers)), known, today(data_dir)))
    found = {reading.number: reading for reading in report.figures}
    shares = [rate(variant, *(found[number] for number in rates_as_told.needed(variant))) for variant in variants]
    if as_json:
        told = {"rates": [rates_as_told.plain(each) for each in shares], "complete_to": report.complete_to}
        emit(told | show.known(report, at))
        return
    for each in shares:
        figure_rates.show(out(), each, lang)
    out().print(show.known_to(report, at, lang), markup=False)


def _variants(name: str) -> list[Variant]:
    if name not in {_EVERY, *Variant}:
        wrong(f"No such rate is declared, and nothing else is divided; there are {', '.join(Variant)}.")
    return list(Variant) if name == _EVERY else [Variant(name)]


def _define_rates(name: str, lang: Language, *, as_json: bool) -> None:
    variants = _variants(name)
    if as_json:
        emit({"rates": [rates_as_told.plain_definition(each) for each in variants]})
    else:
        figure_rates.define(out(), variants, lang)


async def _report(
    folder: Folder, asked: DifferenceQuestion, known: KnownAt | None, day: date
) -> tuple[FigureReport, list[ClaimBeside], Sequence[Reading], datetime | None]:
    """Give the figures, what is claimed of them, each whole where they are broken down, and the time of the moment."""
    async with snapshot(folder, known) as seen:
        read = partial(queries.figures, seen.connection, asked.period, edition=seen.edition, today=day)
        report = await read(asked.by, asked.numbers)
        claims = await read(EACH, [NUMBER])
        whole: Sequence[Reading] = ()
        if asked.by:
            numbers = [figure.number for figure in chosen(asked.numbers, asked.by)]
            whole = (await read((), numbers)).figures
        return report, claims_in(claims.figures), whole, seen.at


async def _reports(
    folder: Folder, asked: DifferenceQuestion, periods: Sequence[Period], known: KnownAt | None, day: date
) -> tuple[FigureSeries, datetime | None]:
    """Give the figures of each period, all from one snapshot, and the time of the moment."""
    async with snapshot(folder, known) as seen:
        found = [
            (
                each,
                await queries.figures(seen.connection, each, asked.by, asked.numbers, edition=seen.edition, today=day),
            )
            for each in periods
        ]
        return found, seen.at


def _print_series(
    reports: FigureSeries, at: datetime | None, by: Sequence[str], lang: Language, *, as_csv: bool, as_json: bool
) -> None:
    if as_csv:
        typer.echo(written(reports, by, lang), nl=False)
    elif as_json:
        emit(plain_series(reports) | show.known(reports[-1][1], at))
    else:
        show_series(reports, at, lang)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Numbers and names: atips help figures. Rates: atips help rates.")(figures)
