"""Figures as an XLSX workbook: a sheet of amounts, and a sheet of notes on what each figure counts."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from services.export.formats import WorkbookSheet, book
from services.export.table import CellValue
from services.presentation import declaration_terms
from services.presentation.bilingual_text import Language
from services.presentation.figure_amounts import plain as plain_amount
from services.presentation.figure_titles import TITLES
from services.presentation.period_parsing import period_text
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.read.queries import FigureReport

_HEADS: Final = {
    Language.EN: ("no.", "figure", "unit", "period"),
    Language.ES: ("n.º", "cifra", "unidad", "período"),
}
_AMOUNTS: Final = {
    Language.EN: (
        ("amount", "amount"),
        ("undated", "undated"),
        ("cut", "cut by the period"),
        ("unknown", "counted by nobody"),
        ("twice", "possibly twice"),
    ),
    Language.ES: (
        ("amount", "cantidad"),
        ("undated", "sin fecha"),
        ("cut", "cortados por el período"),
        ("unknown", "que nadie contó"),
        ("twice", "posiblemente dos veces"),
    ),
}
_SHEETS: Final = {Language.EN: ("Figures", "Notes"), Language.ES: ("Cifras", "Notas")}
_NOTES: Final = {
    Language.EN: ("no.", "what it counts", "how it is read", "unit", "version"),
    Language.ES: ("n.º", "qué cuenta", "cómo se lee", "unidad", "versión"),
}
_KNOWN: Final = {
    Language.EN: ("Complete to event", "Known at", "Entities withheld"),
    Language.ES: ("Completo hasta el evento", "Conocido a la fecha", "Entidades retenidas"),
}
_EMPTY: Final = {
    Language.EN: "An empty amount: nobody counted. These are identified and reported cases; they do not say how many "
    "victims there are.",
    Language.ES: "Una cantidad vacía: nadie contó. Son casos identificados y denunciados; no dicen cuántas "
    "víctimas hay.",
}


def workbook(reports: Sequence[FigureReport], by: Sequence[str], at: datetime | None, lang: Language) -> bytes:
    """Return a workbook with one row for each figure, period and combination of dimensions. No cell is a formula.

    `reports`: one for each period, all complete to one event; at least one. `by`: the dimensions of their breakdown.
    `at`: time of that state; None for now.
    """
    heads = [*_HEADS[lang], *(declaration_terms.word(declaration_terms.DIMENSIONS, name, lang.value) for name in by)]
    heads += [word for _, word in _AMOUNTS[lang]]
    plain = [
        plain_amount(reading) | {"period": period_text(reading.period)}
        for report in reports
        for reading in report.figures
    ]
    rows: list[list[CellValue]] = []
    for row in plain:
        title = getattr(TITLES[row["number"]], lang.value)
        unit = declaration_terms.word(declaration_terms.UNITS, row["unit"], lang.value)
        labels = [row["labels"].get(name, {}).get(lang.value, row["dimensions"].get(name, "")) for name in by]
        rows.append([row["number"], title, unit, row["period"], *labels, *(row[name] for name, _ in _AMOUNTS[lang])])
    last = reports[-1]
    known: tuple[CellValue, ...] = (last.complete_to, "" if at is None else at.isoformat(), last.withheld)
    below = [*zip(_KNOWN[lang], known, strict=True), (_EMPTY[lang],)]
    figures, notes = _SHEETS[lang]
    numbers = list(dict.fromkeys(row["number"] for row in plain))
    return book(
        [
            WorkbookSheet(figures, heads, rows, wide=(1,)),
            WorkbookSheet(notes, _NOTES[lang], list(_notes(numbers, lang)), below, wide=(1, 2), filtered=False),
        ]
    )


def _notes(numbers: Iterable[str], lang: Language) -> Iterator[Sequence[CellValue]]:
    for number in numbers:
        figure = FIGURES[number]
        reader = declaration_terms.word(declaration_terms.READERS, figure.reader, lang.value)
        unit = declaration_terms.word(declaration_terms.UNITS, figure.unit, lang.value)
        yield number, figure.es if lang is Language.ES else figure.en, reader, unit, figure.version
