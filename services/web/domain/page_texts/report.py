"""Words of the pages of the annual report."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from services.presentation.bilingual_text import Words

WORDS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "report": Words("Annual report", "Informe anual"),
        "report_of_year": Words("Annual report {year}", "Informe anual {year}"),
        "report_years": Words(
            "The Council's report of a year, made of the figures as they are known now.",
            "El informe del Consejo de un año, hecho de las cifras como se conocen ahora.",
        ),
        "report_being_made": Words(
            "The report is being made from the figures. It takes some seconds.",
            "El informe se está haciendo con las cifras. Tarda unos segundos.",
        ),
        "report_files": Words("The same report as a file", "El mismo informe como archivo"),
        "report_html": Words("Page (HTML)", "Página (HTML)"),
        "report_pdf": Words("PDF, for print and for screen readers", "PDF, para imprimir y para lectores de pantalla"),
        "report_xlsx": Words("Workbook (XLSX)", "Libro de cálculo (XLSX)"),
        "report_json": Words("JSON, for programs", "JSON, para programas"),
    }
)
