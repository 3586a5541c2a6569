"""Layout of lists for a terminal of 80 columns: a block of lines for each row. Ids are never cut, to be copied."""

from collections.abc import Iterable, Iterator
from textwrap import wrap
from typing import Final

from rich.console import Console

COLUMNS: Final = 80
INDENT: Final = "  "


def wrapped(text: str, indent: str = INDENT, *, hanging: str | None = None) -> list[str]:
    """Break a text between words into lines of at most 80 columns. A longer word, such as an id, is not broken.

    `hanging`: indent of all lines after the first; None adds `INDENT` to `indent`.
    """
    behind = indent + INDENT if hanging is None else hanging
    return wrap(
        text,
        COLUMNS,
        initial_indent=indent,
        subsequent_indent=behind,
        break_long_words=False,
        break_on_hyphens=False,
    )


def joined(parts: Iterable[str | None]) -> str:
    """Join the parts that are neither None nor empty, with two blanks between them."""
    return "  ".join(each for each in parts if each)


def show(console: Console, lines: Iterable[str], style: str | None = None) -> None:
    """Print lines without wrapping: a line longer than the terminal is wide is not cut."""
    for each in lines:
        console.print(each, style=style, markup=False, soft_wrap=True)


def heading(text: str) -> Iterator[str]:
    """Yield an empty line and a heading."""
    yield ""
    yield text
