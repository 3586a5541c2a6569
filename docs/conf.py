"""Settings of Sphinx for `make docs`."""

from typing import Any

from sphinx.application import Sphinx

from docs.generate.pages import write

project = "atips"
author = "The A-TIPs Council's maintainers"
extensions = ["myst_parser"]
html_theme = "furo"
html_title = "atips"
language = "en"
source_suffix = {".md": "markdown"}
myst_heading_anchors = 3
# These pages link to files of the repository, which are no pages.
suppress_warnings = ["myst.xref_missing"]


def mark_spanish(_app: Sphinx, page: str, _template: str, context: dict[str, Any], _tree: object) -> None:
    """Mark the pages of docs/es as Spanish, so that screen readers and browsers take them as Spanish."""
    if page.startswith("es/"):
        context["language"] = "es"


def setup(app: Sphinx) -> None:
    """Write the pages of the reference, and connect the settings that are functions."""
    write()
    app.connect("html-page-context", mark_spanish)
