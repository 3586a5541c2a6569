"""The pages of the reference, written from the code that they are about.

`conf.py` calls `write` at each `make docs`. The pages in `docs/reference` are never edited, and git does not keep them.
"""

from collections.abc import Iterable
from typing import Final

from docs.generate.commands import commands
from docs.generate.contract import ROOT, areas, channels, codes, events
from docs.generate.http import api
from docs.generate.settings import settings
from services.intake.api.app import build_routes
from services.intake.api.openapi_document import data_models
from services.web.api.app import openapi_description

FOLDER: Final = ROOT / "docs" / "reference"


def write() -> None:
    """Write every page; one that has not changed is left as it is, so that Sphinx does not read it again."""
    pages = {
        "commands": commands(),
        "codes": codes(),
        "channels": channels(),
        "intake-api": api("HTTP interface of intake", build_routes().openapi(), frozenset(data_models())),
        "pages-api": api("HTTP interface of the pages", openapi_description(), frozenset()),
        "settings": settings(),
        **{f"events-{area}": events(area, types) for area, types in areas().items()},
    }
    pages["index"] = index(pages)
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.md"):
        if old.stem not in pages:
            old.unlink()
    for name, lines in pages.items():
        file, text = FOLDER / f"{name}.md", "\n".join(lines).rstrip() + "\n"
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8")


def index(pages: Iterable[str]) -> list[str]:
    """Give the page that leads to the others."""
    return [
        "# Reference",
        "",
        "These pages are written from the code at each `make docs`.",
        "",
        "```{toctree}",
        ":maxdepth: 1",
        "",
        *pages,
        "```",
    ]
