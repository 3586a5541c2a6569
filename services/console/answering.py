"""Shared parts of the commands about figures: typed periods and lists, and the reason for no answer."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from schemas.times import BELIZE, YEARS, Period
from services.console import local
from services.console.say import fail, wrong
from services.reporting.domain.figures import UndeclaredBreakdown, UnknownFigure, chosen
from services.reporting.editions import NotComplete
from services.reporting.silence import NothingCounted
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


def must_be_known(numbers: Iterable[str], by: Iterable[str]) -> None:
    """Leave with 2 for a figure that there is not, or that does not keep the breakdown: before anything is made."""
    with answering():
        chosen(numbers, by)


def parsed(period: str, data_dir: Path) -> Period:
    """Read a period, the data folder's present year where none is given; leaves with 2 for what is none."""
    try:
        return Period.parse(period or str(local.now(data_dir).astimezone(BELIZE).year))
    except ValueError as error:
        wrong(f"--period: {error}")


def instant(text: str) -> datetime:
    """Read a time, Belize's where it has no offset; leaves with 2 for what is none, or is in no year of ours."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        wrong(f"{text} is no time; write 2024-03-01T18:00:00-06:00")
    if found.year not in YEARS:
        wrong(f"{text} is in no year from {YEARS[0]} to {YEARS[-1]}")
    return found if found.tzinfo is not None else found.replace(tzinfo=BELIZE)


def split(given: list[str] | None) -> tuple[str, ...]:
    """Give the values of an option that may be given again or joined by commas."""
    return tuple(value for each in given or () for value in each.split(",") if value)
