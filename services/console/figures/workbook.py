"""Figures as a workbook: numbers as numbers, and a sheet of notes that says what each figure counts."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from io import BytesIO
from typing import Final

import xlsxwriter

from services.console.figures import show
from services.console.figures.series import FigureSeries
from services.console.options import Language
from services.presentation import terms
from services.presentation.titles import TITLES
from services.reporting.domain.figures import FIGURES

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
_WIDE: Final = 60


def workbook(reports: FigureSeries, by: Sequence[str], at: datetime | None, lang: Language) -> bytes:
    """Write one row for each figure, period and combination of dimensions, and the notes. No cell is a formula."""
    written = BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True})
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    figures, notes = (book.add_worksheet(name) for name in _SHEETS[lang])
    heads = [*_HEADS[lang], *(terms.word(terms.DIMENSIONS, name, lang.value) for name in by)]
    heads += [word for _, word in _AMOUNTS[lang]]
    _row(figures, 0, heads, bold)
    figures.freeze_panes(1, 0)
    figures.set_column(1, 1, _WIDE)
    rows = [row for _, report in reports for row in show.plain(report)["figures"]]
    for place, row in enumerate(rows, 1):
        title = getattr(TITLES[row["number"]], lang.value)
        unit = terms.word(terms.UNITS, row["unit"], lang.value)
        labels = [row["labels"].get(name, {}).get(lang.value, row["dimensions"].get(name, "")) for name in by]
        amounts = [row[name] for name, _ in _AMOUNTS[lang]]
        _row(figures, place, [row["number"], title, unit, row["period"], *labels, *amounts])
    if rows:
        figures.autofilter(0, 0, len(rows), len(heads) - 1)
    numbers = list(dict.fromkeys(row["number"] for row in rows))
    _notes(notes, numbers, lang, (bold, wrapped))
    _, last = reports[-1]
    known = (last.complete_to, "" if at is None else at.isoformat(), last.withheld)
    below = [*zip(_KNOWN[lang], known, strict=True), (_EMPTY[lang],)]
    for place, cells in enumerate(below, len(numbers) + 2):
        _row(notes, place, cells)
    book.close()
    return written.getvalue()


def _notes(
    sheet: xlsxwriter.worksheet.Worksheet,
    numbers: Iterable[str],
    lang: Language,
    styles: tuple[xlsxwriter.format.Format, xlsxwriter.format.Format],
) -> None:
    bold, wrapped = styles
    _row(sheet, 0, _NOTES[lang], bold)
    sheet.set_column(1, 2, _WIDE)
    for place, number in enumerate(numbers, 1):
        figure = FIGURES[number]
        reader = terms.word(terms.READERS, figure.reader, lang.value)
        unit = terms.word(terms.UNITS, figure.unit, lang.value)
        said = figure.es if lang is Language.ES else figure.en
        _row(sheet, place, [number, said, reader, unit, figure.version], wrapped)


def _row(
    sheet: xlsxwriter.worksheet.Worksheet,
    place: int,
    cells: Sequence[object],
    style: xlsxwriter.format.Format | None = None,
) -> None:
    """Write a row: a number as a number, everything else as text, nothing for what nobody counted."""
    for column, cell in enumerate(cells):
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            sheet.write_number(place, column, cell, style)
        elif cell is not None:
            sheet.write_string(place, column, str(cell), style)
