"""Figures for people and for programs: amounts with the facts beside them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from rich.table import Column, Table

from schemas.times import BELIZE, Period
from services.console.say import out
from services.presentation import amounts, declaration_terms
from services.presentation.labels import label
from services.presentation.titles import TITLES
from services.presentation.units import unit
from services.presentation.words import Language, Words
from services.reporting.domain.declaration.figure import Reader
from services.reporting.domain.read.claims import ClaimBeside, ClaimStanding, beside
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
_TWICE: Final = Words("{n} possibly twice", "{n} posiblemente dos veces")
_AT: Final = Words("at {day}", "al {day}")
_NOT_BEGUN: Final = Words("the period has not begun", "el período no ha comenzado")
_UNDATED: Final = Words("{n} undated", "{n} sin fecha")
_CUT: Final = Words("{n} cut by the period", "{n} en el borde del período")
_UNKNOWN: Final = Words("{n} not counted by anybody", "{n} que nadie contó")
_MEDIAN: Final = Words("median of {n}", "mediana de {n}")
_NINTH: Final = Words("; nine of ten within {n}", "; nueve de diez en {n}")
_UNDER_WAY: Final = Words("{n} under way", "{n} en curso")
_SINCE: Final = Words(", the oldest since {day}", ", desde {day} la más antigua")
_CLAIMS: Final = Words("{agency} claims {amount}", "{agency} declara {amount}")
_WORDS_ONLY: Final = Words("words only", "solo en palabras")
_CONTESTED: Final = Words(", contested", ", en disputa")
_NOT_COUNTED: Final = Words(
    "no version of the figures has counted every partition yet",
    "ninguna versión de las cifras ha contado todavía todas las particiones",
)
_COMPLETE: Final = Words("complete to event {n}", "completo hasta el evento {n}")
_BEFORE_ANY: Final = Words("as known before any event was accepted", "como se sabía antes de aceptar evento alguno")
_AS_KNOWN: Final = Words("as known at event {n}, {time} in Belize", "como se sabía en el evento {n}, {time} en Belice")
_WITHHELD: Final = Words("; {n} entities withheld", "; {n} entidades retenidas")
_WITHHELD_ONE: Final = Words("; {n} entity withheld", "; {n} entidad retenida")


def whole(wholes: Sequence[Reading]) -> dict[str, Any]:
    """Give programs each broken-down figure also as a whole, since rows need not add up to it."""
    return {"whole": {each.number: each.value for each in wholes}} if wholes else {}


def known(report: FigureReport, at: datetime | None) -> dict[str, Any]:
    """Give programs the number that a moment stood for."""
    return {} if at is None else {"known_at": report.complete_to}


def known_to(report: FigureReport, at: datetime | None, lang: Language = Language.EN) -> str:
    """Say up to which event everything is in it, or as known at which moment."""
    few = _WITHHELD_ONE if report.withheld == 1 else _WITHHELD
    withheld = few.of(lang).format(n=report.withheld) if report.withheld else ""
    if at is None:
        return _COMPLETE.of(lang).format(n=report.complete_to) + withheld
    if not report.complete_to:
        return _BEFORE_ANY.of(lang)
    time = f"{at.astimezone(BELIZE):%Y-%m-%d %H:%M}"
    return _AS_KNOWN.of(lang).format(n=report.complete_to, time=time) + withheld


def plain(report: FigureReport, claims: Iterable[ClaimBeside] = ()) -> dict[str, Any]:
    """Give the report as JSON-ready values."""
    return {
        "figures": [amounts.plain(figure) | _claimed(beside(figure, claims)) for figure in report.figures],
        "complete_to": report.complete_to,
        "withheld": report.withheld,
    }


def _claimed(claims: Sequence[ClaimBeside]) -> dict[str, Any]:
    """Give what documents state of the figure, where any does; it is never in the amount."""
    if not claims:
        return {}
    stated = [{"agency": each.agency, "document": each.document, "amount": each.amount} for each in claims]
    return {"claimed": stated, "contested": any(each.standing is ClaimStanding.CONTESTED for each in claims)}


def _of_durations(figure: Reading, lang: Language) -> list[str]:
    ninth = _NINTH.of(lang).format(n=figure.ninth_decile) if figure.ninth_decile is not None else ""
    each = f": {', '.join(map(str, figure.each))}" if figure.each else ""
    since = "" if figure.oldest is None else _SINCE.of(lang).format(day=figure.oldest)
    median, under_way = _MEDIAN.of(lang).format(n=figure.ended), _UNDER_WAY.of(lang).format(n=figure.under_way)
    return [median + each + ninth, under_way + since]


def of(figure: Reading, lang: Language) -> str:
    """Say what an amount is broken down by, in words."""
    return ", ".join(
        f"{declaration_terms.word(declaration_terms.DIMENSIONS, name, lang)}: "
        f"{getattr(label(figure.number, name, value), lang)}"
        for name, value in figure.dimensions.items()
    )


def show(
    report: FigureReport,
    period: Period,
    claims: Sequence[ClaimBeside] = (),
    at: datetime | None = None,
    lang: Language = Language.EN,
) -> None:
    """Print the figures with their notes."""
    table = Table(*heads(lang, "amount", "unit", "note"), title=str(period), title_justify="left")
    for figure in report.figures:
        told = amounts.amount_text(figure, _TWICE.of(lang), lang)
        notes = ", ".join(_notes(figure, claims, lang))
        table.add_row(
            figure.number, name(figure, lang), of(figure, lang), told, unit(figure.unit, figure.value, lang), notes
        )
    console = out()
    console.print(table)
    if report.version is None:
        console.print(_NOT_COUNTED.of(lang), markup=False)
    console.print(known_to(report, at, lang), markup=False)


def heads(lang: Language, *names: str) -> list[Column]:
    """Give the columns of a table of figures: number, figure, breakdown, and those named. None of them is cut."""
    number, *others = (_HEADS[name].of(lang) for name in ("number", "figure", "by", *names))
    return [Column(number, no_wrap=True), *(Column(each, overflow="fold") for each in others)]


def row_label(figure: Reading, lang: Language) -> str:
    """Name a row of a series. Example: "O9 persons_arrested, sex: Female, persons"."""
    return f"{figure.number} " + ", ".join(
        part for part in (name(figure, lang), of(figure, lang), unit(figure.unit, None, lang)) if part
    )


def name(figure: Reading, lang: Language) -> str:
    """Give a figure's name, by which commands ask for it; in Spanish its title."""
    return TITLES[figure.number].es if lang is Language.ES else figure.name


def _notes(figure: Reading, claims: Sequence[ClaimBeside], lang: Language) -> Iterator[str]:
    """Yield what stands beside an amount."""
    if (day := amounts.stands_at(figure)) is not None:
        yield _AT.of(lang).format(day=day)
    if figure.not_yet:
        yield _NOT_BEGUN.of(lang)
        return
    for form, count in ((_UNDATED, figure.undated), (_CUT, figure.cut), (_UNKNOWN, figure.unknown)):
        if count:
            yield form.of(lang).format(n=count)
    if figure.figure.reader is Reader.QUANTILE:
        yield from _of_durations(figure, lang)
    for claim in beside(figure, claims):
        amount = _WORDS_ONLY.of(lang) if claim.amount is None else f"{claim.amount:,}"
        contested = _CONTESTED.of(lang) if claim.standing is ClaimStanding.CONTESTED else ""
        yield _CLAIMS.of(lang).format(agency=claim.agency, amount=amount) + contested
