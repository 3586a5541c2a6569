"""The document in each of the forms in which it is handed out."""

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
    """A form of the report; its value is the ending of the file's name."""

    HTML = "html"
    PDF = "pdf"
    XLSX = "xlsx"
    JSON = "json"

    @property
    def media_type(self) -> str:
        """The media type of the form."""
        return {
            ReportFormat.HTML: "text/html; charset=utf-8",
            ReportFormat.PDF: "application/pdf",
            ReportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            ReportFormat.JSON: "application/json",
        }[self]

    @property
    def drawn(self) -> bool:
        """Whether the form shows charts."""
        return self in {ReportFormat.HTML, ReportFormat.PDF}


def rendered(document: Document, form: ReportFormat, drawn: Mapping[str, Markup]) -> bytes:
    """Give the document in a form. `drawn`: the charts as SVG, by their names, where the form shows charts."""
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
    """Give the name of the file: atips-report-2024-en.pdf."""
    return f"atips-report-{document.year}-{document.lang.value}.{form.value}"
