"""`atips figures`: the running figures of a period, as the role that may only read them."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.table import Table

from infra.local.folder import Folder
from schemas.times import BELIZE, Period
from services.console import definitions, local, rates
from services.console.answering import answering, must_be_known, parsed, split
from services.console.definitions import Language
from services.console.knowing import KNOWN_AT_HELP, AsOf, cut, moment
from services.console.options import DEFAULT, AsJson, By, DataDir, Numbers, PeriodText
from services.console.say import emit, out, wrong
from services.console.snapshot import snapshot
from services.reporting import queries
from services.reporting.differences import Asked
from services.reporting.domain.claims import EACH, NUMBER, Claimed, Standing, beside, claims_in
from services.reporting.domain.figure import Reader
from services.reporting.domain.figures import chosen
from services.reporting.domain.rates import Variant, rate
from services.reporting.domain.reading import Reading
from services.reporting.editions import Moment
from services.reporting.queries import Report

_EVERY: Final = "all"
_ADDING: Final = frozenset({Reader.SUM, Reader.RUNNING_SUM, Reader.ACTIVE})
"""How figures are read whose rows somebody might add up."""


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
    lang: Annotated[Language, typer.Option(help="The definitions' language.")] = Language.EN,
    share: Annotated[
        str, typer.Option("--rate", metavar="NAME", help="Divide two figures, in one of the declared ways; all: each.")
    ] = "",
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Print the figures of a period, this year's without --period: as they are, or as they were known.

    An amount of "12 + ?" has a part that nobody counted, "?" was counted by nobody; "42 (1 possibly twice)" rests in
    part on what only a witness told. With --definitions: what each of the figures below counts, and with --rate all
    what each of the rates divides.
    """
    if share and (by or number):
        wrong("--rate divides what is declared, of everybody: --by and --number do not go with it.")
    if defined and share:
        _define_rates(share, lang, as_json=as_json)
        return
    if defined:
        _define(split(by), split(number), lang, as_json=as_json)
        return
    asked = Asked(cut(parsed(period, data_dir), as_of), split(by), split(number))
    known = moment(known_at) if known_at else None
    if share:
        _divide(share, asked, known, lang, data_dir, as_json=as_json)
        return
    must_be_known(asked.numbers, asked.by)
    folder = Folder(local.running(data_dir).data_dir)
    with answering():
        report, claims, wholes, at = asyncio.run(_report(folder, asked, known))
    if as_json:
        emit(plain(report, claims) | _whole(wholes) | _known(report, at))
    else:
        _show(report, asked.period, claims, at)
        for told in overlapping(report.figures, wholes):
            out().print(told, markup=False)


def _define(by: tuple[str, ...], numbers: tuple[str, ...], lang: Language, *, as_json: bool) -> None:
    with answering():
        figures = chosen(numbers, by)
    if as_json:
        emit({"definitions": [definitions.plain(figure) for figure in figures]})
    else:
        definitions.show(out(), figures, lang)
        if not numbers and not by:
            out().print(definitions.courts(lang), markup=False)


def _divide(name: str, asked: Asked, known: Moment | None, lang: Language, data_dir: Path, *, as_json: bool) -> None:
    """Print the declared rates of a cohort; whatever else somebody would divide is refused."""
    variants = _variants(name)
    numbers = {each for variant in variants for each in rates.needed(variant)}
    folder = Folder(local.running(data_dir).data_dir)
    with answering():
        report, _, _, at = asyncio.run(_report(folder, replace(asked, numbers=tuple(numbers)), known))
    found = {reading.number: reading for reading in report.figures}
    shares = [rate(variant, *(found[number] for number in rates.needed(variant))) for variant in variants]
    if as_json:
        emit({"rates": [rates.plain(each) for each in shares], "complete_to": report.complete_to} | _known(report, at))
        return
    for each in shares:
        rates.show(out(), each, lang)
    out().print(_known_to(report, at), markup=False)


def _variants(name: str) -> list[Variant]:
    if name not in {_EVERY, *Variant}:
        wrong(f"No such rate is declared, and nothing else is divided; there are {', '.join(Variant)}.")
    return list(Variant) if name == _EVERY else [Variant(name)]


def _define_rates(name: str, lang: Language, *, as_json: bool) -> None:
    variants = _variants(name)
    if as_json:
        emit({"rates": [rates.plain_definition(each) for each in variants]})
    else:
        rates.define(out(), variants, lang)


async def _report(
    folder: Folder, asked: Asked, known: Moment | None
) -> tuple[Report, list[Claimed], Sequence[Reading], datetime | None]:
    """Give the figures, what is claimed of them, each whole where they are broken down, and the time of the moment."""
    async with snapshot(folder, known) as seen:
        report = await queries.figures(seen.connection, asked.period, asked.by, asked.numbers, edition=seen.edition)
        claims = await queries.figures(seen.connection, asked.period, EACH, [NUMBER], edition=seen.edition)
        whole: Sequence[Reading] = ()
        if asked.by:
            numbers = [figure.number for figure in chosen(asked.numbers, asked.by)]
            whole = (await queries.figures(seen.connection, asked.period, (), numbers, edition=seen.edition)).figures
        return report, claims_in(claims.figures), whole, seen.at


def overlapping(rows: Iterable[Reading], wholes: Iterable[Reading]) -> list[str]:
    """Say where somebody who adds up the rows of a breakdown would count twice: what is in several is in each."""
    added = Counter[str]()
    for row in rows:
        added[row.number] += row.amount
    return [
        f"{whole.number}: its rows add up to {added[whole.number]}, and it is {whole.amount};"
        " what is in several of them counts once"
        for whole in wholes
        if whole.figure.reader in _ADDING and added[whole.number] > whole.amount
    ]


def _whole(wholes: Sequence[Reading]) -> dict[str, Any]:
    """Give programs each figure that was broken down as it is without, for rows need not add up to it."""
    return {"whole": {each.number: each.value for each in wholes}} if wholes else {}


def _known(report: Report, at: datetime | None) -> dict[str, Any]:
    """Give programs the number that a moment stood for."""
    return {} if at is None else {"known_at": report.complete_to}


def _known_to(report: Report, at: datetime | None) -> str:
    withheld = f"; {report.withheld} entities withheld" if report.withheld else ""
    if at is None:
        return f"complete to event {report.complete_to}{withheld}"
    if not report.complete_to:
        return "as known before any event was accepted"
    return f"as known at event {report.complete_to}, {at.astimezone(BELIZE):%Y-%m-%d %H:%M} in Belize{withheld}"


def plain(report: Report, claims: Iterable[Claimed] = ()) -> dict[str, Any]:
    """Give the report as programs read it."""
    return {
        "figures": [
            {
                "number": figure.number,
                "name": figure.name,
                "unit": figure.unit,
                "period": str(figure.period),
                "dimensions": dict(figure.dimensions),
                "amount": figure.value,
                **around(figure),
                **_claimed(beside(figure, claims)),
            }
            for figure in report.figures
        ],
        "complete_to": report.complete_to,
        "withheld": report.withheld,
    }


def _claimed(claims: Sequence[Claimed]) -> dict[str, Any]:
    """Give what documents state of the figure, where any does; it is never in the amount."""
    if not claims:
        return {}
    stated = [{"agency": each.agency, "document": each.document, "amount": each.amount} for each in claims]
    return {"claimed": stated, "contested": any(each.standing is Standing.CONTESTED for each in claims)}


def around(figure: Reading) -> dict[str, Any]:
    """Give what is beside an amount, or in it twice; of durations what a median alone would hide."""
    found: dict[str, Any] = {name: getattr(figure, name) for name in ("undated", "cut", "unknown", "twice")}
    if figure.figure.reader is not Reader.QUANTILE:
        return found
    return found | {
        "ended": figure.ended,
        "under_way": figure.under_way,
        "oldest_since": None if figure.oldest is None else figure.oldest.isoformat(),
        "ninth_decile": figure.ninth_decile,
        "each": figure.each,
    }


def _of_durations(figure: Reading) -> list[str]:
    ninth = f"; nine of ten within {figure.ninth_decile}" if figure.ninth_decile is not None else ""
    each = f": {', '.join(map(str, figure.each))}" if figure.each else ""
    since = "" if figure.oldest is None else f", the oldest since {figure.oldest}"
    return [f"median of {figure.ended}{each}{ninth}", f"{figure.under_way} under way{since}"]


def told(reading: Reading) -> str:
    """Give an amount as people read it: with what nobody counted, and with what may be in it twice."""
    if reading.value is None:
        counted = "—" if reading.figure.reader is Reader.QUANTILE else "?"
    else:
        counted = f"{reading.value} + ?" if reading.unknown else str(reading.value)
    return f"{counted} ({reading.twice} possibly twice)" if reading.twice else counted


def _show(report: Report, period: Period, claims: Sequence[Claimed] = (), at: datetime | None = None) -> None:
    table = Table("no.", "figure", "by", "amount", "unit", "note", title=str(period), title_justify="left")
    for figure in report.figures:
        notes = [f"{figure.undated} undated"] if figure.undated else []
        notes += [f"{figure.cut} cut by the period"] if figure.cut else []
        notes += [f"{figure.unknown} not counted by anybody"] if figure.unknown else []
        notes += _of_durations(figure) if figure.figure.reader is Reader.QUANTILE else []
        notes += [_beside(each) for each in beside(figure, claims)]
        dimensions = ", ".join(f"{name} {value}" for name, value in figure.dimensions.items())
        table.add_row(figure.number, figure.name, dimensions, told(figure), str(figure.unit), ", ".join(notes))
    console = out()
    console.print(table)
    if report.version is None:
        console.print("no version of the figures has counted every partition yet", markup=False)
    console.print(_known_to(report, at), markup=False)


def _beside(claim: Claimed) -> str:
    amount = "words only" if claim.amount is None else f"{claim.amount:,}"
    contested = ", contested" if claim.standing is Standing.CONTESTED else ""
    return f"{claim.agency} claims {amount}{contested}"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=f"{definitions.listed()}\n\n{rates.listed()}")(figures)
