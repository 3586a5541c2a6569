"""Grammar of the report in English and Spanish: plural forms of sentences, and texts of numbers, money and days."""

from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

from services.presentation import declaration_terms
from services.presentation.bilingual_text import Language, Words
from services.presentation.units import DOLLARS
from services.report.domain.figure_values import FigureValue
from services.reporting.domain.declaration.figure import Unit
from services.reporting.domain.figures.all_figures import FIGURES


class FormsByAmount(NamedTuple):
    """A sentence in three forms, for 0, 1 and any other amount, with placeholders such as `{n}` and `{year}`."""

    none: str
    one: str
    other: str

    def said(self, amount: int, **places: object) -> str:
        """Return the sentence for an amount. `places`: values of the placeholders besides `{n}`."""
        form = self.none if amount == 0 else self.one if amount == 1 else self.other
        return form.format(n=counted(amount), **places)


class SentenceForms(NamedTuple):
    """The forms of a sentence in English and Spanish."""

    en: FormsByAmount
    es: FormsByAmount

    def said(self, lang: Language, amount: int, **places: object) -> str:
        """Return the sentence for an amount in a language. `places`: values of the placeholders besides `{n}`."""
        forms = self.es if lang is Language.ES else self.en
        return forms.said(amount, **places)


_DOLLAR: Final = 100

_MONTHS: Final = {
    Language.EN: (
        *("January", "February", "March", "April", "May", "June", "July", "August", "September", "October"),
        *("November", "December"),
    ),
    Language.ES: (
        *("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre"),
        *("noviembre", "diciembre"),
    ),
}


def counted(amount: int) -> str:
    """Format a number with commas between thousands, as Belize does in both languages."""
    return f"{amount:,}"


def money(cents: int) -> str:
    """Format an amount of cents as Belize dollars, such as BZ$1,200 or BZ$0.50."""
    return f"BZ${cents // _DOLLAR:,}" if cents % _DOLLAR == 0 else f"BZ${cents / _DOLLAR:,.2f}"


def day(lang: Language, at: date) -> str:
    """Format a day in full: 30 November 2026, 30 de noviembre de 2026."""
    month = _MONTHS[lang][at.month - 1]
    return f"{at.day} de {month} de {at.year}" if lang is Language.ES else f"{at.day} {month} {at.year}"


def unit_of(lang: Language, number: str) -> str:
    """Return the name of the unit in which a figure is shown; money is shown in dollars."""
    unit = FIGURES[number].unit
    return DOLLARS.of(lang) if unit is Unit.MONEY else declaration_terms.word(declaration_terms.UNITS, unit, lang.value)


def cell_text(lang: Language, value: FigureValue | None) -> str:
    """Format a value for a table's cell. None: the release does not have it.

    Example: "7 + ?" means an amount of 7, and further records whose number nobody stated.
    """
    if value is None:
        return _LEFT_OUT.of(lang)
    if value.withheld:
        return _WITHHELD.of(lang)
    write = money if FIGURES[value.number].unit is Unit.MONEY else counted
    if value.band is not None:
        return _BAND.of(lang).format(low=write(value.band[0]), high=write(value.band[1]))
    if value.amount is None:
        return "—" if value.ended is not None else "?"
    return f"{write(value.amount)} + ?" if value.unknown else write(value.amount)


def beside_sentences(lang: Language, value: FigureValue) -> Iterator[str]:
    """Yield a sentence for each kind of fact beside the amount, and one if some may be counted twice."""
    for sentence, amount in (
        (_UNKNOWN, value.unknown),
        (_UNDATED, value.undated),
        (_CUT, value.cut),
        (_TWICE, value.twice),
    ):
        if amount:
            yield sentence.said(lang, amount)


_LEFT_OUT: Final = Words("not released", "no publicado")
_WITHHELD: Final = Words("withheld", "reservado")
_BAND: Final = Words("{low} to {high}", "de {low} a {high}")
_UNKNOWN: Final = SentenceForms(
    FormsByAmount("", "For 1 more record nobody stated a number.", "For {n} more records nobody stated a number."),
    FormsByAmount(
        "",
        "De 1 registro más nadie indicó la cantidad.",
        "De {n} registros más nadie indicó la cantidad.",
    ),
)
_UNDATED: Final = SentenceForms(
    FormsByAmount("", "1 more has no date and is not included.", "{n} more have no date and are not included."),
    FormsByAmount("", "1 más no tiene fecha y no se incluye.", "{n} más no tienen fecha y no se incluyen."),
)
_CUT: Final = SentenceForms(
    FormsByAmount(
        "",
        "1 more may or may not lie within the year and is not included.",
        "{n} more may or may not lie within the year and are not included.",
    ),
    FormsByAmount(
        "",
        "1 más puede ser del año o no serlo y no se incluye.",
        "{n} más pueden ser del año o no serlo y no se incluyen.",
    ),
)
_TWICE: Final = SentenceForms(
    FormsByAmount("", "1 of these may be counted twice.", "{n} of these may be counted twice."),
    FormsByAmount(
        "", "1 de esta cifra puede estar contado dos veces.", "{n} de esta cifra pueden estar contados dos veces."
    ),
)
