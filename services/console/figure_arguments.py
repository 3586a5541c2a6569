"""Shared parts of the commands about figures: checks of typed periods, figures and breakdowns, and error messages."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from schemas import nearest_codes
from schemas.times import BELIZE, Period
from services.console import local_cluster
from services.console.output import fail, fail_wrong_usage
from services.presentation import period_parsing
from services.presentation.figure_titles import TITLES
from services.reporting.domain.figures.all_figures import FIGURES, UndeclaredBreakdown, UnknownFigure, chosen, row_of
from services.reporting.jobs.as_of_editions import NotComplete
from services.reporting.read.completeness_grid import NothingCounted
from services.runtime.errors import Halt, Retryable

_MOST: Final = 3
"""Largest number of names that a message suggests."""
_ALIKE: Final = 0.6
"""Least similarity of a suggested name, from 0 to 1, as in difflib's `cutoff`."""


@contextmanager
def leave_without_figures() -> Iterator[None]:
    """Exit with a message when figures cannot be read: with 2 for an unknown figure or breakdown, else with 1."""
    try:
        yield
    except (UnknownFigure, UndeclaredBreakdown) as error:
        fail_wrong_usage(str(error))
    except NotComplete as error:
        fail(str(error))
    except NothingCounted:
        fail(
            "No figures can be shown yet: no version of them has counted every partition. "
            "Look at the progress: atips status"
        )
    except Halt as error:
        fail(str(error))
    except Retryable as error:
        fail(f"PostgreSQL does not answer: {error}")


def must_be_known(numbers: Sequence[str], by: Sequence[str]) -> None:
    """Exit with 2 for an unknown figure or dimension, and for a breakdown that a figure does not have.

    Called before an edition is computed or the database is read.
    """
    known = {each.number: row_of(each.number) for each in FIGURES.values()}
    for number in numbers:
        if number not in known and number not in known.values():
            near = _near_figures(number)
            fail_wrong_usage(f"There is no figure {number}. {_meant(near)}List them: atips figures --definitions")
    dimensions = {name for each in FIGURES.values() for breakdown in each.breakdowns for name in breakdown}
    for name in by:
        if name not in dimensions:
            meant = _meant(get_close_matches(name, sorted(dimensions), n=_MOST, cutoff=_ALIKE))
            fail_wrong_usage(f"There is no breakdown by {name}. {meant}List them: atips figures --definitions")
    with leave_without_figures():
        chosen(numbers, by)


def _near_figures(text: str) -> list[str]:
    """Return suggestions for a mistyped figure: by name, then number, then a word of a name, then title.

    Titles are compared in English and Spanish, ignoring capitals and accents.
    """
    named = [each.number for each in FIGURES.values() if each.name == text]
    number = text.upper().replace("0", "O", 1) if text.startswith("0") else text.upper()  # nought for the letter O
    rows = {row_of(each) for each in FIGURES}
    numbers = named or (
        [number] if number in rows else get_close_matches(number, list(FIGURES), n=_MOST, cutoff=_ALIKE)
    )
    if numbers:
        return numbers
    words = {word for each in FIGURES.values() for word in each.name.split("_")}
    near = set(get_close_matches(text.lower(), sorted(words), n=_MOST, cutoff=_ALIKE))
    by_name = [number for number, each in FIGURES.items() if near & set(each.name.split("_"))]
    return [f"{each} ({FIGURES[each].name})" for each in (by_name or _titled(text))[:_MOST]]


def _titled(text: str) -> list[str]:
    """Return the numbers of the figures whose English or Spanish title is like the text, the best first.

    If the text equals a title, only the figures with this title are returned.
    """
    titles: dict[str, set[str]] = {}
    for number, title in TITLES.items():
        for said in title:
            titles.setdefault(nearest_codes.plain(said), set()).add(number)
    return sorted(titles.get(nearest_codes.plain(text), ())) or list(nearest_codes.near(text, titles))


def _meant(near: Sequence[str]) -> str:
    return f"Did you mean {' or '.join(near)}? " if near else ""


def parsed(period: str, data_dir: Path, *, planned: bool = False) -> Period:
    """Parse a period; empty means the present year by the clock of the data folder.

    Exits with 2 when it is no period, or begins in the future and `planned` is false.
    """
    day = today(data_dir)
    try:
        found = period_parsing.period(period or str(day.year))
    except ValueError as error:
        fail_wrong_usage(f"--period: {error}")
    if found.first > day and not planned:
        fail_wrong_usage(f"--period: {period} lies in the future, today is {day}. Nothing can have happened in it yet.")
    return found


def today(data_dir: Path) -> date:
    """Return today's date in Belize by the clock of the data folder."""
    return local_cluster.now(data_dir).astimezone(BELIZE).date()
