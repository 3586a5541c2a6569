"""Rendering of the report's document in each of its file formats."""

from collections.abc import Mapping
from enum import StrEnum

import orjson
from markupsafe import Markup

from services.report.domain.document import Document
from services.report.html import page
from services.report.json_document import plain
from services.report.pdf import pdf
from services.report.workbook import workbook


class ReportFormat(StrEnum):
    """File formats of the report. The value is the ending of the file's name."""

    HTML = "html"
    PDF = "pdf"
    XLSX = "xlsx"
    JSON = "json"

    @property
    def media_type(self) -> str:
        """Media type of the format."""
        return {
            ReportFormat.HTML: "text/html; charset=utf-8",
            ReportFormat.PDF: "application/pdf",
            ReportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            ReportFormat.JSON: "application/json",
        }[self]

    @property
    def drawn(self) -> bool:
        """Whether the format shows charts."""
        return self in {ReportFormat.HTML, ReportFormat.PDF}


def render_report(document: Document, form: ReportFormat, drawn: Mapping[str, Markup]) -> bytes:
    """Return the document as bytes of a format. `drawn`: the charts as SVG by name, for formats that show charts."""
    match form:
        case ReportFormat.HTML:
            return page(document, drawn).encode()
        case ReportFormat.PDF:
            return pdf(document, drawn)
        case ReportFormat.XLSX:
            return workbook(document)
        case ReportFormat.JSON:
            return orjson.dumps(plain(document), option=orjson.OPT_INDENT_2) + b"\n"


def file_name(document: Document, form: ReportFormat) -> str:
    """Return the name of the file, such as atips-report-2024-en.pdf."""
    return f"atips-report-{document.year}-{document.lang.value}.{form.value}"
