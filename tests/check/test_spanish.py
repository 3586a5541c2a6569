"""Spanish pages of the docs keep step with the English ones, and use the words of pages and sheets."""

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import pytest

from schemas.type_table import FACTS
from services.sheet.column import columns_of
from services.sheet.heading_texts import heading
from tests.check.translation import COLUMNS, DOCS, LINE_OF_LINK, SPANISH, differences

OWN: Final = frozenset({Path("index.md")})
"""Pages with a content of their own in Spanish."""
PAGES: Final = sorted(
    path.relative_to(DOCS) for path in [*(DOCS / "users").glob("*.md"), DOCS / "pages.md", DOCS / "glossary.md"]
)
SPOKEN: Final = ("schemas", "services")
"""Folders whose files hold what pages, sheets and commands say in Spanish."""


def read(page: Path) -> str:
    return (DOCS / page).read_text(encoding="utf-8")


def leads(page: Path, other: Path, name: str) -> str:
    """Give the line that leads from a page to the one in the other language."""
    return f"[{name}]({Path(os.path.relpath(other, page.parent)).as_posix()})"


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_the_spanish_page_keeps_step(page: Path) -> None:
    found = differences(page, read(page), read(SPANISH / page))
    assert not found, "\n".join([*found, "Write the same in both languages: docs/contributing.md, Documentation."])


@pytest.mark.parametrize("page", [*PAGES, *OWN], ids=str)
def test_each_page_begins_with_a_link_to_the_other_language(page: Path) -> None:
    assert read(page).splitlines()[LINE_OF_LINK] == leads(page, SPANISH / page, "Español")
    assert read(SPANISH / page).splitlines()[LINE_OF_LINK] == leads(SPANISH / page, page, "English")


def words_of_the_field(glossary: str) -> list[str]:
    """Give the Spanish words of the glossary's table of words in both languages."""
    rows = re.findall(r"^\| (.+) \| .+ \|$", glossary[glossary.index("| español |") :], flags=re.MULTILINE)
    return [word for row in rows[1:] for word in row.split(", ")]


def unknown(words: Iterable[str]) -> list[str]:
    """Give the words that neither pages nor sheets nor code lists use."""
    files = [path for folder in SPOKEN for path in (DOCS.parent / folder).rglob("*.py")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in files).casefold()
    return [word for word in words if word.casefold() not in text]


def test_the_glossary_has_the_words_of_pages_and_sheets() -> None:
    words = words_of_the_field(read(SPANISH / "glossary.md"))
    assert len(words) > 30
    assert unknown(words) == []


def test_a_word_that_no_page_uses_is_found() -> None:
    assert unknown(["derivación", "remisión"]) == ["derivación"]


def test_a_spanish_page_names_columns_as_a_spanish_sheet_has_them() -> None:
    columns = [each for name in FACTS for each in columns_of(name).values()]
    assert COLUMNS.items() <= {(heading(each, "es"), each.name) for each in columns}


def test_no_spanish_page_is_left_over() -> None:
    found = {path.relative_to(DOCS / SPANISH) for path in (DOCS / SPANISH).rglob("*.md")}
    assert found == {*PAGES, *OWN}


ENGLISH_SAMPLE = """# Send

[Español](../es/users/clerk.md)

Give `--agency` within 20 seconds ([start](../index.md), [limits](../limits.md)). It counts **once**, for thirty days.

```
atips template arrest.made --lang en
atips publish a.csv # at once
```

The column `person` is needed.

| word | meaning |
|---|---|
| row | one event |

1. Take a sheet.

## When a row changes
"""
SPANISH_SAMPLE = """# Enviar

[English](../../users/clerk.md)

Indique `--agency` en 20 segundos ([inicio](../index.md), [límites](../../limits.md)).
Cuenta **una vez**, durante treinta días.

```
atips template arrest.made --lang es
atips publish a.csv # de inmediato
```

La columna `persona (id)` es obligatoria.

| palabra | significado |
|---|---|
| fila | un evento |

1. Tome una hoja.

## Cuando cambia una fila
"""


@pytest.mark.parametrize(
    ("current", "behind", "what"),
    [
        ("atips publish a.csv #", "atips publish b.csv #", "code_blocks"),
        ("\n## Cuando cambia una fila", "", "headings"),
        ("\n## Cuando", "\n### Cuando", "headings"),
        ("| fila | un evento |\n", "", "columns_of_rows"),
        ("| fila | un evento |", "| fila | un | evento |", "columns_of_rows"),
        ("1. Tome una hoja.", "1. Tome una hoja.\n2. Envíela.", "list_items"),
        ("una hoja.\n", "una hoja.\n\nNo se envía nada.\n", "paragraphs"),
        ("**una vez**", "una vez", "bold_words"),
        ("[límites](../../limits.md)", "límites", "links"),
        ("../index.md", "../../index.md", "the English page"),
        ("`--agency`", "la institución", "inline_code"),
        ("20 segundos", "30 segundos", "numbers"),
        ("treinta días", "sesenta días", "numbers"),
        ("`persona (id)`", "`persona (n.º propio)`", "inline_code"),
        ("template arrest.made --lang es", "template arrest.made --lang en --out a.csv", "code_blocks"),
    ],
)
def test_a_page_that_is_behind_is_found(current: str, behind: str, what: str) -> None:
    page = Path("users/clerk.md")
    assert differences(page, ENGLISH_SAMPLE, SPANISH_SAMPLE) == []
    assert current in SPANISH_SAMPLE
    (found,) = differences(page, ENGLISH_SAMPLE, SPANISH_SAMPLE.replace(current, behind))
    assert what in found
