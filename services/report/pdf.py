"""The document as a PDF by typst that conforms to PDF/UA-1 and PDF/A-2a. Equal documents give equal bytes."""

import re
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import orjson
import typst
from markupsafe import Markup

from services.charts.drawing_process import FONT_PACKAGE
from services.presentation.bilingual_text import Words
from services.report.domain.document import Document
from services.report.domain.grammar import counted
from services.report.json_document import plain

_TEMPLATE: Final = Path(__file__).resolve().parent / "templates" / "report.typ"
_AUTHOR: Final = Words("Anti-Trafficking in Persons Council, Belize", "Consejo contra la Trata de Personas, Belice")
_FOOT: Final = Words("{title}. Complete to event {n}.", "{title}. Completo hasta el evento {n}.")
_CONTENTS: Final = Words("Contents", "Contenido")
_WIDTH: Final = re.compile(r'<svg\b[^>]*\bwidth="([0-9.]+)"')
_POINTS: Final = 0.55
"""Points for one pixel of a chart, so that the widest chart fits the page."""
_BESIDE: Final = 330.0
"""Widest chart, in points, that has its narrow table beside it and not below."""
_NARROW: Final = 46
"""Most letters in a line of a narrow table: the lengths of the longest text of each column, added up."""
_SHORT: Final = 22
"""A text column of at most this many letters is as wide as its longest text."""
_LONGEST: Final = 90
"""Letters above which a text makes its column no wider and wraps."""


def pdf(document: Document, drawn: Mapping[str, Markup]) -> bytes:
    """Return the document as PDF. `drawn`: the charts as SVG, by name; without its chart only a table is shown."""
    told = plain(document)
    for section in told["sections"]:
        for block in section["blocks"]:
            _prepare(block, drawn)
    told |= {
        "author": _AUTHOR.of(document.lang),
        "contents": _CONTENTS.of(document.lang),
        "footer": foot(document),
    }
    written: bytes = typst.compile(
        str(_TEMPLATE),
        format="pdf",
        font_paths=[str(files(FONT_PACKAGE) / "files")],
        ignore_system_fonts=True,
        sys_inputs={"document": orjson.dumps(told).decode()},
        pdf_standards=["ua-1", "a-2a"],
    )
    return written


def foot(document: Document) -> str:
    """Return the footer text of each page."""
    return _FOOT.of(document.lang).format(title=document.title, n=counted(document.complete_to))


def _prepare(block: dict[str, Any], drawn: Mapping[str, Markup]) -> None:
    """Add the template's layout data to a block: widths of columns, and a chart's SVG and width."""
    if block["kind"] == "chart":
        svg = drawn.get(block["name"]) or None
        width = None if svg is None else _WIDTH.search(svg)
        block["svg"] = None if width is None else str(svg)
        block["width"] = 0 if width is None else float(width[1]) * _POINTS
        block["table"]["widths"] = _widths(block["table"])
        block["beside"] = _narrow(block["table"]) and block["width"] <= _BESIDE
    elif block["kind"] == "table":
        block["widths"] = _widths(block)


def _widths(table: dict[str, Any]) -> list[object]:
    """Return each column's width for the template: `auto`, or a number of shares of the remaining width."""
    widths: list[object] = []
    for column, numeric in enumerate(table["numeric"]):
        longest = max((len(row[column]["text"]) for row in table["rows"]), default=0)
        widths.append("auto" if numeric or longest <= _SHORT else min(longest, _LONGEST))
    return widths


def _narrow(table: dict[str, Any]) -> bool:
    texts = [table["heads"], *([cell["text"] for cell in row] for row in table["rows"])]
    return sum(max(len(row[column]) for row in texts) for column in range(len(table["heads"]))) <= _NARROW
