"""Shared parts of the commands about figures: typed periods and lists, and the reason for no answer."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from difflib import get_close_matches
from pathlib import Path

from schemas.times import BELIZE, Period
from services.console import local
from services.console.say import fail, wrong
from services.presentation import periods
from services.reporting.domain.figures.table import FIGURES, UndeclaredBreakdown, UnknownFigure, chosen, row_of
from services.reporting.jobs.editions import NotComplete
from services.reporting.read.silence import NothingCounted
from services.runtime.errors import Halt, Retryable


@contextmanager
def answering() -> Iterator[None]:
    """Leave, with a word, when figures cannot be given."""
    try:
        yield
    except (UnknownFigure, UndeclaredBreakdown) as error:
        wrong(str(error))
    except NotComplete as error:
        fail(str(error))
    except NothingCounted:
        fail("no version of the figures has counted every partition yet")
    except Halt as error:
        fail(str(error))
    except Retryable as error:
        fail(f"PostgreSQL does not answer: {error}")


def must_be_known(numbers: Sequence[str], by: Sequence[str]) -> None:
    """Leave with 2 for an unknown figure, and for a breakdown that a figure does not keep: before anything is made."""
    known = {each.number: row_of(each.number) for each in FIGURES.values()}
    for number in numbers:
        if number not in known and number not in known.values():
            named = next((each.number for each in FIGURES.values() if each.name == number), None)
            near = [named] if named else get_close_matches(number.upper(), known, n=3, cutoff=0.5)
            hint = f"Did you mean {' or '.join(near)}? " if near else ""
            wrong(f"There is no figure {number}. {hint}List them: atips figures --definitions")
    with answering():
        chosen(numbers, by)


def parsed(period: str, data_dir: Path, *, planned: bool = False) -> Period:
    """Read a period, the data folder's present year where none is given.

    Leaves with 2 for what is none, and for one that lies in the future unless it may be `planned`.
    """
    day = today(data_dir)
    try:
        found = periods.period(period or str(day.year))
    except ValueError as error:
        wrong(f"--period: {error}")
    if found.first > day and not planned:
        wrong(f"--period: {period} lies in the future, today is {day}. Nothing can have happened in it yet.")
    return found


def today(data_dir: Path) -> date:
    """Give the day in Belize by the clock of the data folder."""
    return local.now(data_dir).astimezone(BELIZE).date()


def split(given: list[str] | None) -> tuple[str, ...]:
    """Give the values of an option that may be given again or joined by commas."""
    return tuple(value for each in given or () for value in each.split(",") if value)
