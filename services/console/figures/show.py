"""How figures are shown: amounts with what is beside them, for people and for programs."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from rich.table import Table

from schemas.times import BELIZE, Period
from services.console.say import out
from services.presentation import amounts, terms
from services.presentation.labels import label
from services.presentation.words import Language
from services.reporting.domain.declaration.figure import Reader
from services.reporting.domain.read.claims import Claimed, ClaimStanding, beside
from services.reporting.domain.read.reading import Reading
from services.reporting.read.queries import FigureReport

_ADDING: Final = frozenset({Reader.SUM, Reader.RUNNING_SUM, Reader.ACTIVE})
"""How figures are read whose rows somebody might add up."""


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


def whole(wholes: Sequence[Reading]) -> dict[str, Any]:
    """Give programs each figure that was broken down as it is without, for rows need not add up to it."""
    return {"whole": {each.number: each.value for each in wholes}} if wholes else {}


def known(report: FigureReport, at: datetime | None) -> dict[str, Any]:
    """Give programs the number that a moment stood for."""
    return {} if at is None else {"known_at": report.complete_to}


def known_to(report: FigureReport, at: datetime | None) -> str:
    """Say up to which event everything is in it, or as known at which moment."""
    withheld = f"; {report.withheld} entities withheld" if report.withheld else ""
    if at is None:
        return f"complete to event {report.complete_to}{withheld}"
    if not report.complete_to:
        return "as known before any event was accepted"
    return f"as known at event {report.complete_to}, {at.astimezone(BELIZE):%Y-%m-%d %H:%M} in Belize{withheld}"


def plain(report: FigureReport, claims: Iterable[Claimed] = ()) -> dict[str, Any]:
    """Give the report as programs read it."""
    return {
        "figures": [amounts.plain(figure) | _claimed(beside(figure, claims)) for figure in report.figures],
        "complete_to": report.complete_to,
        "withheld": report.withheld,
    }


def _claimed(claims: Sequence[Claimed]) -> dict[str, Any]:
    """Give what documents state of the figure, where any does; it is never in the amount."""
    if not claims:
        return {}
    stated = [{"agency": each.agency, "document": each.document, "amount": each.amount} for each in claims]
    return {"claimed": stated, "contested": any(each.standing is ClaimStanding.CONTESTED for each in claims)}


def _of_durations(figure: Reading) -> list[str]:
    ninth = f"; nine of ten within {figure.ninth_decile}" if figure.ninth_decile is not None else ""
    each = f": {', '.join(map(str, figure.each))}" if figure.each else ""
    since = "" if figure.oldest is None else f", the oldest since {figure.oldest}"
    return [f"median of {figure.ended}{each}{ninth}", f"{figure.under_way} under way{since}"]


def of(figure: Reading, lang: Language) -> str:
    """Say what an amount is broken down by, in words."""
    return ", ".join(
        f"{terms.word(terms.DIMENSIONS, name, lang)}: {getattr(label(figure.number, name, value), lang)}"
        for name, value in figure.dimensions.items()
    )


def show(
    report: FigureReport,
    period: Period,
    claims: Sequence[Claimed] = (),
    at: datetime | None = None,
    lang: Language = Language.EN,
) -> None:
    """Print the figures with their notes. Only what an amount is broken down by is told in the language."""
    table = Table("no.", "figure", "by", "amount", "unit", "note", title=str(period), title_justify="left")
    for figure in report.figures:
        notes = [] if (day := amounts.stands_at(figure)) is None else [f"at {day}"]
        notes += [f"{figure.undated} undated"] if figure.undated else []
        notes += [f"{figure.cut} cut by the period"] if figure.cut else []
        notes += [f"{figure.unknown} not counted by anybody"] if figure.unknown else []
        notes += _of_durations(figure) if figure.figure.reader is Reader.QUANTILE else []
        notes += [_beside(each) for each in beside(figure, claims)]
        table.add_row(
            figure.number, figure.name, of(figure, lang), amounts.told(figure), str(figure.unit), ", ".join(notes)
        )
    console = out()
    console.print(table)
    if report.version is None:
        console.print("no version of the figures has counted every partition yet", markup=False)
    console.print(known_to(report, at), markup=False)


def _beside(claim: Claimed) -> str:
    amount = "words only" if claim.amount is None else f"{claim.amount:,}"
    contested = ", contested" if claim.standing is ClaimStanding.CONTESTED else ""
    return f"{claim.agency} claims {amount}{contested}"
