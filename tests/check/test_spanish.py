"""Spanish pages of the docs keep step with the English ones: commands, headings, tables, lists, links and numbers."""

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from itertools import groupby
from pathlib import Path
from typing import Final

import pytest

DOCS: Final = Path(__file__).resolve().parents[2] / "docs"
SPANISH: Final = Path("es")
OWN: Final = frozenset({Path("index.md")})
"""Pages with a content of their own in Spanish."""
PAGES: Final = sorted(
    path.relative_to(DOCS) for path in [*(DOCS / "users").glob("*.md"), DOCS / "pages.md", DOCS / "glossary.md"]
)

LINE_OF_LINK: Final = 2
"""The line, counted from 0, that leads to the page in the other language: after the title and an empty line."""

SPOKEN: Final = ("schemas", "services")
"""Folders whose files hold what pages, sheets and commands say in Spanish."""

_FENCE: Final = re.compile(r"^[ ]*```(.*)$")
_COMMENT: Final = re.compile(r"(?:^|\s+)#\s.*$")
_PARAGRAPH: Final = "paragraph"
_HEADING: Final = re.compile(r"^(#+) ")
_ITEM: Final = re.compile(r"^\s*(?:\*|\d+\.) ")
_ROW: Final = re.compile(r"^\s*\|")
_LINK: Final = re.compile(r"\]\(([^)#]*)[^)]*\)")
_SPAN: Final = re.compile(r"`[^`]+`")
_NUMBER: Final = re.compile(r"\d(?:[\d.,:/-]*\d)?")


@dataclass(frozen=True, slots=True)
class Section:
    """Parts of a section that are the same in both languages; a name of a field says the part in a message."""

    title: str = field(compare=False)
    heading: int
    code_blocks: tuple[str, ...]
    columns_of_rows: tuple[int, ...]
    paragraphs: int
    list_items: int
    bold_words: int
    links: tuple[str, ...]
    inline_code: tuple[str, ...]
    numbers: tuple[str, ...]


def plain(code: list[str]) -> str:
    """Give a block of code without its comments."""
    lines = [_COMMENT.sub("", line).rstrip() for line in code]
    return "\n".join(line for line in lines if line)


def target(page: Path, link: str) -> str:
    """Give the English page, file or address that a link of a page leads to.

    Raises ValueError for a Spanish page's link to an English page that is there in Spanish.
    """
    if "://" in link or not link:
        return link
    found = Path(os.path.normpath(page.parent / link))
    if page.is_relative_to(SPANISH):
        if (DOCS / SPANISH / found).is_file():
            message = f"the link to {found} leads to the English page"
            raise ValueError(message)
        if found.is_relative_to(SPANISH):
            found = found.relative_to(SPANISH)
    return str(found)


def sections(page: Path, text: str) -> Iterator[Section]:
    """Yield the sections of a page, whose path is relative to docs; the link to the other language is left out."""
    prose, codes, code, inside = list[str](), list[str](), list[str](), False
    for number, line in enumerate(text.splitlines()):
        if fence := _FENCE.match(line):
            if inside:
                codes.append(plain(code))
            code, inside = [fence[1]], not inside
        elif inside:
            code.append(line)
        elif number != LINE_OF_LINK:
            if _HEADING.match(line):
                yield section(page, prose, codes)
                prose, codes = [], []
            prose.append(line)
    yield section(page, prose, codes)


def kind_of(line: str) -> str:
    """Say of what a line outside of code blocks is a part; a line that goes on with an item is no paragraph."""
    if _HEADING.match(line) or _ROW.match(line) or _ITEM.match(line) or not line or line.startswith(" "):
        return "other"
    return _PARAGRAPH


def section(page: Path, prose: list[str], codes: list[str]) -> Section:
    """Give the section of a page that has these lines outside of code blocks, and these code blocks."""
    heading = _HEADING.match(prose[0]) if prose else None
    text = " ".join(_ITEM.sub("", line).strip() for line in prose)
    words = _SPAN.sub("", text)
    return Section(
        title=prose[0].lstrip("# ") if prose else "",
        heading=len(heading[1]) if heading else 0,
        code_blocks=tuple(codes),
        columns_of_rows=tuple(_SPAN.sub("", line).count("|") for line in prose if _ROW.match(line)),
        paragraphs=sum(kind is _PARAGRAPH for kind, _ in groupby(prose, key=kind_of)),
        list_items=sum(bool(_ITEM.match(line)) for line in prose),
        bold_words=words.count("**"),
        links=tuple(sorted(target(page, link) for link in _LINK.findall(words))),
        inline_code=tuple(sorted(_SPAN.findall(text))),
        numbers=tuple(sorted(_NUMBER.findall(_LINK.sub("]", words)))),
    )


def differences(page: Path, english: str, spanish: str) -> list[str]:
    """Say where the Spanish text of a page is behind the English one."""
    try:
        pair = list(sections(page, english)), list(sections(SPANISH / page, spanish))
    except ValueError as error:
        return [str(error)]
    headings = [[each.heading for each in side] for side in pair]
    if headings[0] != headings[1]:
        return [f"the levels of headings are {headings[0]} in English and {headings[1]} in Spanish"]
    return [
        f"{page}, “{en.title}”: {part.name}: {unlike(getattr(en, part.name), getattr(es, part.name))}"
        for en, es in zip(*pair, strict=True)
        for part in fields(Section)
        if part.compare and getattr(en, part.name) != getattr(es, part.name)
    ]


def unlike(english: object, spanish: object) -> str:
    """Say what one side has and the other has not; in which order, where both have the same."""
    if isinstance(english, tuple) and isinstance(spanish, tuple) and Counter(english) != Counter(spanish):
        ours, theirs = Counter(english) - Counter(spanish), Counter(spanish) - Counter(english)
        return f"only in English {list(ours.elements())}, only in Spanish {list(theirs.elements())}"
    return f"{english} in English, {spanish} in Spanish"


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


def test_no_spanish_page_is_left_over() -> None:
    found = {path.relative_to(DOCS / SPANISH) for path in (DOCS / SPANISH).rglob("*.md")}
    assert found == {*PAGES, *OWN}


ENGLISH_SAMPLE = """# Send

[Español](../es/users/clerk.md)

Give `--agency` within 20 seconds ([start](../index.md), [limits](../limits.md)). It counts **once**.

```
atips publish a.csv # at once
```

| word | meaning |
|---|---|
| row | one event |

1. Take a sheet.

## When a row changes
"""
SPANISH_SAMPLE = """# Enviar

[English](../../users/clerk.md)

Indique `--agency` en 20 segundos ([inicio](../index.md), [límites](../../limits.md)). Cuenta **una vez**.

```
atips publish a.csv # de inmediato
```

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
    ],
)
def test_a_page_that_is_behind_is_found(current: str, behind: str, what: str) -> None:
    page = Path("users/clerk.md")
    assert differences(page, ENGLISH_SAMPLE, SPANISH_SAMPLE) == []
    assert current in SPANISH_SAMPLE
    (found,) = differences(page, ENGLISH_SAMPLE, SPANISH_SAMPLE.replace(current, behind))
    assert what in found
