"""What commands about figures have in common: periods and lists as they are typed, and why there is no answer."""

from collections.abc import Iterator
from contextlib import contextmanager

from schemas.times import BELIZE, Period
from services.console.say import fail, wrong
from services.reporting.domain.figures import UndeclaredBreakdown, UnknownFigure
from services.reporting.editions import NotComplete
from services.reporting.silence import NothingCounted
from services.runtime.clock import SystemClock
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


def parsed(period: str) -> Period:
    """Read a period; leaves with 2 for what is none."""
    try:
        return Period.parse(period or str(SystemClock().now().astimezone(BELIZE).year))
    except ValueError as error:
        wrong(f"--period: {error}")


def split(given: list[str] | None) -> tuple[str, ...]:
    """Give the values of an option that may be given again or joined by commas."""
    return tuple(value for each in given or () for value in each.split(",") if value)
