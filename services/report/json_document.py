"""The document as JSON: its sentences, tables and charts, with the values behind them."""

from typing import Any

from services.report.domain.document import (
    Block,
    Document,
    Heading,
    Paragraph,
    Picture,
    ReportTable,
    StatedFinding,
    TableCell,
)
from services.report.domain.figure_values import FigureValue


def plain(document: Document) -> dict[str, Any]:
    """Return the document as a dict for JSON."""
    return {
        "lang": document.lang.value,
        "year": document.year,
        "title": document.title,
        "subtitle": document.subtitle,
        "caveat": document.caveat,
        "audience": document.audience,
        "freshness": document.freshness,
        "complete_to": document.complete_to,
        "version": document.version,
        "published_on": document.published_on,
        "sections": [
            {"name": each.name, "title": each.title, "blocks": [_block(block) for block in each.blocks]}
            for each in document.sections
        ],
    }


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Heading(text):
            return {"kind": "heading", "text": text}
        case Paragraph(text):
            return {"kind": "paragraph", "text": text}
        case StatedFinding(text, values):
            return {"kind": "statement", "text": text, "values": [value(each) for each in values]}
        case ReportTable():
            return {"kind": "table", **_table(block)}
        case Picture():
            chart = {"name": block.name, "title": block.chart.title, "sentence": block.chart.sentence}
            return {"kind": "chart", **chart, "table": _table(block.table)}


def _table(table: ReportTable) -> dict[str, Any]:
    return {
        "title": table.title,
        "heads": list(table.heads),
        "numeric": list(table.numeric),
        "rows": [[_cell(cell) for cell in row] for row in table.rows],
        "note": table.note,
    }


def _cell(cell: TableCell) -> dict[str, Any]:
    return {
        "text": cell.text,
        "amount": cell.amount,
        "value": None if cell.value is None else value(cell.value),
    }


def value(each: FigureValue) -> dict[str, Any]:
    """Return a figure's value as a dict for JSON."""
    return {
        "number": each.number,
        "period": each.period,
        "dimensions": dict(each.dimensions),
        "amount": each.amount,
        "band": None if each.band is None else list(each.band),
        "withheld": each.withheld,
        "undated": each.undated,
        "cut": each.cut,
        "unknown": each.unknown,
        "twice": each.twice,
    }
