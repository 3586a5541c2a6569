"""Figures of one period as a terminal table and as JSON, with the facts and claims beside each amount."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from rich.table import Column, Table

from schemas.times import BELIZE, Period
from services.console.output import out
from services.presentation import figure_amounts
from services.presentation.bilingual_text import Language, Words
from services.presentation.figure_row_texts import (
    amount_of,
    complete_text,
    dimensions_text,
    name_of,
    notes_of,
    withheld_text,
)
from services.presentation.figure_titles import TITLES
from services.presentation.units import unit
from services.reporting.domain.read.claims_beside_figures import ClaimBeside, ClaimStanding, claims_on_reading
from services.reporting.domain.read.reading import Reading
from services.reporting.read.queries import FigureReport

_HEADS: Final = {
    "number": Words("no.", "n.º"),
    "figure": Words("figure", "cifra"),
    "by": Words("by", "por"),
    "amount": Words("amount", "cantidad"),
    "unit": Words("unit", "unidad"),
    "note": Words("note", "nota"),
}
_CLAIMS: Final = Words("{agency} claims {amount}", "{agency} declara {amount}")
_WORDS_ONLY: Final = Words("words only", "solo en palabras")
_CONTESTED: Final = Words(", contested", ", en disputa")
_NOT_COUNTED: Final = Words(
    "not all events are counted yet, so no figure is shown: atips status shows what waits; ask again in a minute",
    "aún no se han contado todos los eventos, por eso no hay cifras: atips status muestra lo pendiente; pregunte de"
    " nuevo en un minuto",
)
_BEFORE_ANY: Final = Words("as known before any event was accepted", "como se sabía antes de aceptar evento alguno")
_AS_KNOWN: Final = Words("as known at event {n}, {time} in Belize", "como se sabía en el evento {n}, {time} en Belice")


def whole(wholes: Sequence[Reading]) -> dict[str, Any]:
    """Return {"whole": number to value} of broken-down figures, as rows need not add up to it; else empty."""
    return {"whole": {each.number: each.value for each in wholes}} if wholes else {}


def known(report: FigureReport, at: datetime | None) -> dict[str, Any]:
    """Return {"known_at": event number} for JSON. `at`: time of the moment; for None (now) the dict is empty."""
    return {} if at is None else {"known_at": report.complete_to}


def known_to(report: FigureReport, at: datetime | None, lang: Language = Language.EN) -> str:
    """Return the line that says up to which event the figures are complete, or as of when they were known.

    `at`: time of the moment that was asked for; None means now.
    """
    if at is None:
        return complete_text(report.complete_to, report.withheld, lang)
    if not report.complete_to:
        return _BEFORE_ANY.of(lang)
    time = f"{at.astimezone(BELIZE):%Y-%m-%d %H:%M}"
    return _AS_KNOWN.of(lang).format(n=report.complete_to, time=time) + withheld_text(report.withheld, lang)


def plain(report: FigureReport, claims: Iterable[ClaimBeside] = ()) -> dict[str, Any]:
    """Return a dict of figures, complete_to and withheld for JSON. A figure has `claimed` if a document claims it."""
    return {
        "figures": [
            figure_amounts.plain(figure) | _claimed(claims_on_reading(figure, claims)) for figure in report.figures
        ],
        "complete_to": report.complete_to,
        "withheld": report.withheld,
    }


def _claimed(claims: Sequence[ClaimBeside]) -> dict[str, Any]:
    """Return the JSON fields `claimed` and `contested` of a figure; empty if no document states an amount for it."""
    if not claims:
        return {}
    stated = [{"agency": each.agency, "document": each.document, "amount": each.amount} for each in claims]
    return {"claimed": stated, "contested": any(each.standing is ClaimStanding.CONTESTED for each in claims)}


def titled(reading: Reading) -> dict[str, Any]:
    """Return a reading as JSON-ready values with the figure's title, like a row of the pages' JSON."""
    return figure_amounts.plain(reading) | {"title": TITLES[reading.number]._asdict()}


def show(
    report: FigureReport,
    period: Period,
    claims: Sequence[ClaimBeside] = (),
    at: datetime | None = None,
    lang: Language = Language.EN,
) -> None:
    """Print the figures of a period as a table with notes, and below it up to which event they are complete.

    `claims`: amounts that documents claim for figures. `at`: moment at which the figures were known; None means now.
    """
    table = Table(*heads(lang, "amount", "unit", "note"), title=str(period), title_justify="left")
    for figure in report.figures:
        row = titled(figure)
        notes = ", ".join((*notes_of(row, lang), *_claims(figure, claims, lang)))
        measure = unit(figure.unit, figure.value, lang)
        table.add_row(
            figure.number, name_of(row, lang), dimensions_text(row, lang), amount_of(row, lang=lang), measure, notes
        )
    console = out()
    console.print(table)
    if report.version is None:
        console.print(_NOT_COUNTED.of(lang), markup=False)
    console.print(known_to(report, at, lang), markup=False)


def heads(lang: Language, *names: str) -> list[Column]:
    """Return the columns of a table of figures: number, figure, breakdown, then `names`. No cell is cut."""
    number, *others = (_HEADS[name].of(lang) for name in ("number", "figure", "by", *names))
    return [Column(number, no_wrap=True), *(Column(each, overflow="fold") for each in others)]


def _claims(figure: Reading, claims: Sequence[ClaimBeside], lang: Language) -> Iterator[str]:
    """Yield a note for each amount that a document claims for the figure."""
    for claim in claims_on_reading(figure, claims):
        amount = _WORDS_ONLY.of(lang) if claim.amount is None else f"{claim.amount:,}"
        contested = _CONTESTED.of(lang) if claim.standing is ClaimStanding.CONTESTED else ""
        yield _CLAIMS.of(lang).format(agency=claim.agency, amount=amount) + contested
