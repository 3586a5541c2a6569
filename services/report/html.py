"""The document as HTML: as the body of a web page, and as one self-contained file."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from services.presentation.bilingual_text import Words
from services.report.domain.document import Document

_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).resolve().parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_CONTENTS: Final = Words("Contents", "Contenido")
_CHAPTER: Final = Words("Show or hide this chapter", "Mostrar u ocultar este capítulo")
_CHART: Final = Words("Chart", "Gráfico")


def body(document: Document, drawn: Mapping[str, Markup]) -> Markup:
    """Return the document as HTML for the body of a page. `drawn`: the charts as SVG, by name."""
    found = _TEMPLATES.get_template("document.html").render(
        document=document,
        drawn=drawn,
        kind=lambda block: type(block).__name__,
        contents=_CONTENTS.of(document.lang),
        chapter=_CHAPTER.of(document.lang),
        chart=_CHART.of(document.lang),
    )
    return Markup(found)  # noqa: S704 - the template escapes every text


def page(document: Document, drawn: Mapping[str, Markup]) -> str:
    """Return the document as one HTML file, with its style and without links to other files.

    `drawn`: the charts as SVG, by name.
    """
    return _TEMPLATES.get_template("page.html").render(document=document, body=body(document, drawn))
