"""Lists for a terminal of 80 columns: a block of lines for each row. Ids are never cut: they are typed again."""

from collections.abc import Iterable, Iterator
from textwrap import wrap
from typing import Final

from rich.console import Console

COLUMNS: Final = 80
INDENT: Final = "  "


def wrapped(text: str, indent: str = INDENT, *, hanging: str | None = None) -> list[str]:
    """Break a text into lines of at most 80 columns, between words alone; an id stays whole whatever its length.

    `hanging`: indent of the second line and those behind it.
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
    """Join the parts that say something by two spaces."""
    return "  ".join(each for each in parts if each)


def show(console: Console, lines: Iterable[str], style: str | None = None) -> None:
    """Print lines as they are: a longer one, such as an id in a narrow terminal, runs on and loses nothing."""
    for each in lines:
        console.print(each, style=style, markup=False, soft_wrap=True)


def heading(text: str) -> Iterator[str]:
    """Yield an empty line and a heading."""
    yield ""
    yield text
