"""Findings as sentences: a figure's amount, the facts beside it, and the comparison with the year before."""

from collections.abc import Iterator
from typing import Final

from services.presentation import declaration_terms
from services.presentation.bilingual_text import Language, Words
from services.presentation.figure_titles import TITLES
from services.presentation.labels import label_in
from services.report.domain.content.entry_kinds import ToldFigure
from services.report.domain.document import StatedFinding
from services.report.domain.figure_values import FigureValue
from services.report.domain.grammar import beside_sentences, cell_text, counted, day
from services.report.domain.report_input import ReportSource, YearBefore
from services.reporting.domain.figures.all_figures import FIGURES

_MORE: Final = Words("That is {d} more than in {before} ({m}).", "Son {d} más que en {before} ({m}).")
_FEWER: Final = Words("That is {d} fewer than in {before} ({m}).", "Son {d} menos que en {before} ({m}).")
_ONE_MORE: Final = Words("That is {d} more than in {before} ({m}).", "Es {d} más que en {before} ({m}).")
_ONE_FEWER: Final = Words("That is {d} fewer than in {before} ({m}).", "Es {d} menos que en {before} ({m}).")
_SAME: Final = Words("In {before} it was the same number ({m}).", "En {before} fue la misma cantidad ({m}).")
_OTHERWISE: Final = Words("For {before}: {m}.", "Para {before}: {m}.")
_BROKEN: Final = Words(
    "It is not compared with {before}: the definition changed on {on}.",
    "No se compara con {before}: la definición cambió el {on}.",
)
_NOBODY: Final = Words("{title}: nobody stated a number.", "{title}: nadie indicó la cantidad.")
_WITHHELD: Final = Words(
    "{title}: the number is withheld, so that nobody can be recognised.",
    "{title}: la cantidad se reserva, para que nadie pueda ser reconocido.",
)
_BANDED: Final = Words("{title}: {band}.", "{title}: {band}.")


def statement(lang: Language, source: ReportSource, entry: ToldFigure) -> StatedFinding | None:
    """Return the finding of an entry.

    Returns None if the release does not have the value, or if the amount of the figure `entry.within` is 0.
    """
    value = source.values.row(entry.number, source.period, entry.dimensions)
    whole = source.values.whole(entry.within, source.period) if entry.within else None
    if value is None or (whole is not None and _nothing(whole)):
        return None
    before = _before(source, entry)
    parts = [_said(lang, source, entry, value), *beside_sentences(lang, value)]
    if before is not None:
        parts.append(_compared(lang, source, value, before))
    elif entry.compared and source.before is YearBefore.COMPARED and has_changed_definition(entry.number, source.year):
        on = day(lang, FIGURES[entry.number].valid_from)
        parts.append(_BROKEN.of(lang).format(before=source.period_before, on=on))
    return StatedFinding(" ".join(parts), (value,) if before is None else (value, before))


def has_changed_definition(number: str, year: int) -> bool:
    """Whether a figure's definition changed in a year, so that the year before cannot be compared with it."""
    figure = FIGURES[number]
    return figure.version > 1 and figure.valid_from.year == year


def title(lang: Language, value: FigureValue) -> str:
    """Return a figure's short title, followed by its dimensions with their values."""
    name = TITLES[value.number].of(lang)
    of = ", ".join(
        f"{declaration_terms.word(declaration_terms.DIMENSIONS, name, lang.value)}: "
        f"{label_in(value.period, value.number, name, code).of(lang)}"
        for name, code in value.dimensions.items()
    )
    return f"{name}, {of}" if of else name


def _nothing(value: FigureValue) -> bool:
    return value.amount == 0 and not value.unknown


def _before(source: ReportSource, entry: ToldFigure) -> FigureValue | None:
    if (
        not entry.compared
        or source.before is not YearBefore.COMPARED
        or has_changed_definition(entry.number, source.year)
    ):
        return None
    return source.values.row(entry.number, source.period_before, entry.dimensions)


def _said(lang: Language, source: ReportSource, entry: ToldFigure, value: FigureValue) -> str:
    if value.withheld:
        return _WITHHELD.of(lang).format(title=title(lang, value))
    if value.band is not None:
        return _BANDED.of(lang).format(title=title(lang, value), band=cell_text(lang, value))
    if value.amount is None:
        return _NOBODY.of(lang).format(title=title(lang, value))
    return entry.sentence.said(lang, value.amount, year=source.year)


def _compared(lang: Language, source: ReportSource, value: FigureValue, before: FigureValue) -> str:
    m, year = cell_text(lang, before), source.period_before
    if value.amount is None or before.amount is None or value.unknown or before.unknown:
        return _OTHERWISE.of(lang).format(before=year, m=m)
    difference = value.amount - before.amount
    return _form(difference).of(lang).format(d=counted(abs(difference)), before=year, m=m)


def _form(difference: int) -> Words:
    if difference == 0:
        return _SAME
    if difference > 0:
        return _ONE_MORE if difference == 1 else _MORE
    return _ONE_FEWER if difference == -1 else _FEWER


def sentences(lang: Language, source: ReportSource, entries: Iterator[ToldFigure]) -> Iterator[StatedFinding]:
    """Yield the findings of several entries. Entries for which `statement` returns None are skipped."""
    for entry in entries:
        found = statement(lang, source, entry)
        if found is not None:
            yield found
