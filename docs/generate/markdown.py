"""Markdown: tables and code."""

import re
from collections.abc import Iterable, Sequence


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Give a Markdown table, with an empty line behind it; nothing without rows."""
    lines = ["| " + " | ".join(_cell(each) for each in row) + " |" for row in rows]
    if not lines:
        return []
    return ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads), *lines, ""]


def _cell(text: str) -> str:
    return re.sub(r"\s+", " ", text).replace("|", "\\|").strip()


def code_span(text: object) -> str:
    """Give a text as code; nothing for an empty one."""
    return f"`{text}`" if str(text) else ""


def default_of(value: object) -> str:
    """Give a default as code; nothing for one that says nothing."""
    return "" if value in (None, False, "") or " at 0x" in repr(value) else code_span(value)
