"""The document as an XLSX workbook of four sheets: findings, typed values, all tables, and notes."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from io import BytesIO
from typing import Final

import xlsxwriter

from services.presentation import declaration_terms
from services.presentation.bilingual_text import Words
from services.presentation.figure_titles import TITLES
from services.presentation.labels import label_in
from services.report.domain.document import Document, Heading, Paragraph, ReportTable, StatedFinding
from services.report.domain.figure_values import FigureValue
from services.reporting.domain.figures.all_figures import FIGURES

_FINDINGS: Final = Words("Findings", "Hallazgos")
_VALUES: Final = Words("Values", "Valores")
_TABLES: Final = Words("Tables", "Tablas")
_NOTES: Final = Words("Notes", "Notas")
_FINDING_HEADS: Final = Words("section|figures|text", "sección|cifras|texto")
_VALUE_HEADS: Final = Words(
    "no.|figure|unit|period|of|codes|value|lowest|highest|status|undated|cut by the period|counted by nobody|"
    "possibly twice",
    "n.º|cifra|unidad|período|de|códigos|valor|mínimo|máximo|estado|sin fecha|cortados por el período|que nadie contó|"
    "posiblemente dos veces",
)
_NOTE_HEADS: Final = Words("note|text", "nota|texto")
_EXACT: Final = Words("exact", "exacto")
_BANDED: Final = Words("banded", "en rango")
_WITHHELD: Final = Words("withheld", "reservado")
_NOT_AVAILABLE: Final = Words("nobody counted", "nadie contó")
_WIDE: Final = 60


def workbook(document: Document) -> bytes:
    """Return the workbook as the bytes of an XLSX file. Numbers are typed, and no cell is a formula."""
    written = BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True})
    # Without a given date the library writes the present time, and equal documents would give other bytes.
    book.set_properties({"title": document.title, "created": datetime.fromisoformat(document.published_on)})
    sheets = (
        (_FINDINGS, _findings(document), (1, 2)),
        (_VALUES, _values(document), (1, 4)),
        (_TABLES, _tables(document), (0, 1)),
        (_NOTES, _notes(document), (1, 1)),
    )
    for name, rows, wide in sheets:
        sheet = book.add_worksheet(name.of(document.lang))
        sheet.set_column(wide[0], wide[1], _WIDE)
        for place, cells in enumerate(rows):
            _row(sheet, place, cells)
    book.close()
    return written.getvalue()


def _findings(document: Document) -> Iterator[Iterable[object]]:
    yield _FINDING_HEADS.of(document.lang).split("|")
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, StatedFinding):
                numbers = dict.fromkeys(each.number for each in block.values)
                yield section.title, ", ".join(numbers), block.text
            elif isinstance(block, Paragraph):
                yield section.title, "", block.text
            elif isinstance(block, Heading):
                yield section.title, "", block.text.upper()


def _values(document: Document) -> Iterator[Iterable[object]]:
    lang = document.lang
    yield _VALUE_HEADS.of(lang).split("|")
    seen = set()
    for each in document.values():
        place = (each.number, each.period, frozenset(each.dimensions.items()))
        if place in seen:
            continue
        seen.add(place)
        of = ", ".join(label_in(each.period, each.number, *pair).of(lang) for pair in each.dimensions.items())
        codes = ",".join(f"{name}={code}" for name, code in sorted(each.dimensions.items()))
        low, high = each.band or (None, None)
        unit = declaration_terms.word(declaration_terms.UNITS, FIGURES[each.number].unit, lang.value)
        title = TITLES[each.number].of(lang)
        beside = (each.undated, each.cut, each.unknown, each.twice)
        yield each.number, title, unit, each.period, of, codes, each.amount, low, high, _status(each).of(lang), *beside


def _status(value: FigureValue) -> Words:
    if value.withheld:
        return _WITHHELD
    if value.band is not None:
        return _BANDED
    return _NOT_AVAILABLE if value.amount is None else _EXACT


def _tables(document: Document) -> Iterator[Iterable[object]]:
    for table in document.tables():
        yield (table.title,)
        yield table.heads
        yield from _rows(table)
        if table.note:
            yield (table.note,)
        yield ()


def _rows(table: ReportTable) -> Iterator[Iterable[object]]:
    """Yield the rows of a table: a cell is a number if its text is only that number, otherwise its text."""
    for row in table.rows:
        yield [cell.amount if cell.amount is not None and _plain(cell.text) else cell.text for cell in row]


def _plain(text: str) -> bool:
    return text.replace(",", "").isdigit()


def _notes(document: Document) -> Iterator[Iterable[object]]:
    yield _NOTE_HEADS.of(document.lang).split("|")
    yield "", document.caveat
    yield "", document.audience
    yield "", document.freshness
    yield "", document.version


def _row(sheet: xlsxwriter.worksheet.Worksheet, place: int, cells: Iterable[object]) -> None:
    """Write a row to a sheet: numbers as numbers, other values as text, None and empty text not at all."""
    for column, cell in enumerate(cells):
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            sheet.write_number(place, column, cell)
        elif cell is not None and cell != "":
            sheet.write_string(place, column, str(cell))
