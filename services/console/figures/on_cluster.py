"""`atips figures` on the machine of the cluster: figures and rates, read from its database."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Final

import typer

from infra.local.data_folder import Folder
from schemas.times import Period
from services.console import definitions, figure_rates, local_cluster
from services.console.as_of_and_known_at import cut_period, parse_known_at
from services.console.consistent_figure_reads import snapshot
from services.console.definitions import Language
from services.console.figure_arguments import leave_without_figures, must_be_known, parsed, today
from services.console.figures import show
from services.console.figures.figure_options import FigureOptions
from services.console.figures.series import FigureSeries, filled, plain_series, show_series, written
from services.console.new_output_file import new_file
from services.console.options import split
from services.console.output import emit, fail_wrong_usage, out
from services.export.figure_workbook import workbook
from services.presentation import rates as rates_as_told
from services.presentation.overlapping_row_warnings import overlapping
from services.presentation.period_parsing import series
from services.reporting.domain.figures.all_figures import chosen
from services.reporting.domain.rates import Variant, rate
from services.reporting.domain.read.claims_beside_figures import EACH, NUMBER, ClaimBeside, claims_in
from services.reporting.domain.read.reading import Reading
from services.reporting.jobs.as_of_editions import KnownAt
from services.reporting.read import queries
from services.reporting.read.exact_look_log import ExactLook, exact_look
from services.reporting.read.figure_changes_between_event_numbers import DifferenceQuestion
from services.reporting.read.queries import FigureReport

_EVERY: Final = "all"


def figures(options: FigureOptions) -> None:
    """Print the figures that the options ask for, from the database of the cluster."""
    lang, share, as_json = options.lang, options.share, options.as_json
    by, numbers = split(options.by), split(options.number)
    if options.defined:
        if share:
            _define_rates(share, lang, as_json=as_json)
        else:
            _define(by, numbers, lang, as_json=as_json)
        return
    data_dir = options.data_dir
    asked = DifferenceQuestion(cut_period(parsed(options.period, data_dir), options.as_of), by, numbers)
    known = parse_known_at(options.known_at) if options.known_at else None
    if share:
        _divide(share, asked, known, lang, data_dir, as_json=as_json)
        return
    must_be_known(asked.numbers, asked.by)
    folder = Folder(local_cluster.running_cluster(data_dir, connectable=options.xlsx is None).data_dir)
    if options.each or options.as_csv or options.xlsx:
        _show_periods(folder, asked, known, options)
        return
    with leave_without_figures():
        report, claims, wholes, at = asyncio.run(_report(folder, asked, known, today(data_dir)))
    if as_json:
        emit(show.plain(report, claims) | show.whole(wholes) | show.known(report, at))
    else:
        show.show(report, asked.period, claims, at, lang)
        for line in overlapping(report.figures, wholes, lang):
            out().print(line, markup=False)


def _show_periods(folder: Folder, asked: DifferenceQuestion, known: KnownAt | None, options: FigureOptions) -> None:
    """Print or write the figures of each period of a series, or of the whole period where there is no series."""
    periods = list(series(asked.period, options.each)) if options.each else [asked.period]
    with leave_without_figures():
        found, at = asyncio.run(_reports(folder, asked, periods, known, today(options.data_dir)))
    reports, xlsx = filled(found), options.xlsx
    if xlsx is not None:
        with new_file(xlsx, "--xlsx"), xlsx.open("xb") as file:
            file.write(workbook([report for _, report in reports], asked.by, at, options.lang))
        out().print(str(xlsx), markup=False)
        return
    _print_series(reports, at, asked.by, options.lang, as_csv=options.as_csv, as_json=options.as_json)


def _define(by: tuple[str, ...], numbers: tuple[str, ...], lang: Language, *, as_json: bool) -> None:
    with leave_without_figures():
        figures = chosen(numbers, by)
    if as_json:
        emit({"definitions": [definitions.plain(figure) for figure in figures]})
    else:
        definitions.show(out(), figures, lang)
        if not numbers and not by:
            out().print(definitions.trial_rule_sentence(lang), markup=False)


def _divide(
    name: str, asked: DifferenceQuestion, known: KnownAt | None, lang: Language, data_dir: Path, *, as_json: bool
) -> None:
    """Print the rate `name`, or every rate for "all", of the period's cohort. Exits with 2 for an undeclared rate."""
    variants = _variants(name)
    numbers = {each for variant in variants for each in rates_as_told.figures_of_rate(variant)}
    folder = Folder(local_cluster.running_cluster(data_dir).data_dir)
    with leave_without_figures():
        report, _, _, at = asyncio.run(_report(folder, replace(asked, numbers=tuple(numbers)), known, today(data_dir)))
    found = {reading.number: reading for reading in report.figures}
    shares = [
        rate(variant, *(found[number] for number in rates_as_told.figures_of_rate(variant))) for variant in variants
    ]
    if as_json:
        told = {"rates": [rates_as_told.plain(each) for each in shares], "complete_to": report.complete_to}
        emit(told | show.known(report, at))
        return
    for each in shares:
        figure_rates.show(out(), each, lang)
    out().print(show.known_to(report, at, lang), markup=False)


def _variants(name: str) -> list[Variant]:
    if name not in {_EVERY, *Variant}:
        fail_wrong_usage(f"No such rate is declared, and nothing else is divided; there are {', '.join(Variant)}.")
    return list(Variant) if name == _EVERY else [Variant(name)]


def _define_rates(name: str, lang: Language, *, as_json: bool) -> None:
    variants = _variants(name)
    if as_json:
        emit({"rates": [rates_as_told.plain_definition(each) for each in variants]})
    else:
        figure_rates.define(out(), variants, lang)


def _look(asked: DifferenceQuestion, known: KnownAt | None) -> ExactLook:
    return exact_look("atips figures", asked.numbers, asked.period, asked.by, known)


async def _report(
    folder: Folder, asked: DifferenceQuestion, known: KnownAt | None, day: date
) -> tuple[FigureReport, list[ClaimBeside], Sequence[Reading], datetime | None]:
    """Return (report, claims about its figures, undivided amounts of broken-down figures, time of `known` or None)."""
    async with snapshot(folder, known, _look(asked, known)) as seen:
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
    """Return the report of each period, all from one snapshot, and the time of `known` (None without it)."""
    async with snapshot(folder, known, _look(asked, known)) as seen:
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
