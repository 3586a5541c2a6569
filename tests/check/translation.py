"""A page of the docs as its translation must keep it: commands, headings, tables, lists, links and numbers."""

import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from itertools import groupby
from pathlib import Path
from typing import Final

DOCS: Final = Path(__file__).resolve().parents[2] / "docs"
SPANISH: Final = Path("es")

LINE_OF_LINK: Final = 2
"""The line, counted from 0, that leads to the page in the other language: after the title and an empty line."""

IN_WORDS: Final = {
    "3": ("three", "tres"),
    "4": ("four", "cuatro"),
    "5": ("five", "cinco"),
    "6": ("six", "seis"),
    "7": ("seven", "siete"),
    "8": ("eight", "ocho"),
    "9": ("nine", "nueve"),
    "10": ("ten", "diez"),
    "12": ("twelve", "doce"),
    "15": ("fifteen", "quince"),
    "20": ("twenty", "veinte"),
    "30": ("thirty", "treinta"),
    "60": ("sixty", "sesenta"),
}
"""Numbers in words, English and Spanish. One and two are left out: Spanish has them in other places (una, los dos)."""

COLUMNS: Final = {
    "número de registro": "own_number",
    "fecha de registro": "recorded",
    "fecha del hecho": "occurred",
    "persona (id)": "person",
    "persona (n.º propio)": "own_person",
    "papel": "role",
    "grupo de edad": "age_group",
    "base": "basis",
    "dado por": "given_by",
    "tutor (id)": "guardian",
    "tutor (n.º propio)": "own_guardian",
    "fines": "purposes",
    "destinatarios": "recipients",
}
"""Columns of a sheet in Spanish, as a Spanish page names them, and in English."""

_FENCE: Final = re.compile(r"^[ ]*```(.*)$")
_COMMENT: Final = re.compile(r"(?:^|\s+)#\s.*$")
_PARAGRAPH: Final = "paragraph"
_HEADING: Final = re.compile(r"^(#+) ")
_ITEM: Final = re.compile(r"^\s*(?:\*|\d+\.) ")
_ROW: Final = re.compile(r"^\s*\|")
_LINK: Final = re.compile(r"\]\(([^)#]*)[^)]*\)")
_SPANISH_SHEET: Final = re.compile(r"(atips template .*)--lang es\b")
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


def in_english(code: str) -> str:
    """Give a Spanish page's code as the English page has it: for a Spanish sheet an English one, and its columns."""
    if code[1:-1] in COLUMNS:
        return f"`{COLUMNS[code[1:-1]]}`"
    return _SPANISH_SHEET.sub(r"\1--lang en", code)


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


def numbers_of(text: str, *, spanish: bool) -> Iterator[str]:
    """Yield the numbers of a text, in digits, also those that stand in words."""
    yield from _NUMBER.findall(text)
    words = re.findall(r"\w+", text.casefold())
    for number, each in IN_WORDS.items():
        yield from [number] * words.count(each[spanish])


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
    spanish = page.is_relative_to(SPANISH)
    spans = _SPAN.findall(text)
    return Section(
        title=prose[0].lstrip("# ") if prose else "",
        heading=len(heading[1]) if heading else 0,
        code_blocks=tuple(map(in_english, codes) if spanish else codes),
        columns_of_rows=tuple(_SPAN.sub("", line).count("|") for line in prose if _ROW.match(line)),
        paragraphs=sum(kind is _PARAGRAPH for kind, _ in groupby(prose, key=kind_of)),
        list_items=sum(bool(_ITEM.match(line)) for line in prose),
        bold_words=words.count("**"),
        links=tuple(sorted(target(page, link) for link in _LINK.findall(words))),
        inline_code=tuple(sorted(map(in_english, spans) if spanish else spans)),
        numbers=tuple(sorted(numbers_of(_LINK.sub("]", words), spanish=spanish))),
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
