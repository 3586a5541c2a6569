"""Parsing and writing of days, months, years and moments as clerks write them: day before month.

Times are Belize's. `05/03/2024` is 5 March. `5/3/2024` and `05/03/24` are refused as ambiguous, because spreadsheet
programs write them for either order of day and month.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Final

from schemas.errors import Reason
from schemas.times import BELIZE, TIMESTAMP, Precision
from services.sheet.cell_errors import SheetRule, WrongCell

_CLOCK: Final = r"(?:[ T](?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?)?"
_FORMS: Final = (
    re.compile(rf"(?P<year>[0-9]{{4}})-(?P<month>[0-9]{{2}})-(?P<day>[0-9]{{2}}){_CLOCK}"),
    re.compile(rf"(?P<day>[0-9]{{2}})/(?P<month>[0-9]{{2}})/(?P<year>[0-9]{{4}}){_CLOCK}"),
    re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})"),
    re.compile(r"(?P<month>[0-9]{2})/(?P<year>[0-9]{4})"),
    re.compile(r"(?P<year>[0-9]{4})"),
)
_FINEST: Final = (
    ("hour", Precision.INSTANT),
    ("day", Precision.DAY),
    ("month", Precision.MONTH),
    ("year", Precision.YEAR),
)
_EITHER_ORDER: Final = re.compile(r"[0-9]{1,2}[/.-][0-9]{1,2}[/.-](?:[0-9]{2}){1,2}")
_DAY_NUMBER: Final = re.compile(r"[1-9][0-9]{4}(?:[.,][0-9]+)?")
_RFC_3339: Final = re.compile(TIMESTAMP[1:-1])


def read(text: str) -> tuple[datetime, Precision]:
    """Parse a day, month, year or moment, and return (time, precision); of a day, month or year the time is its begin.

    Raises `WrongCell` for a text that is no date, can be read in two ways, or is out of range.
    """
    try:
        if found := _found(text):
            for zone in (UTC, BELIZE):
                found[0].astimezone(zone)
            return found
    except OverflowError:
        raise WrongCell(Reason.OUT_OF_RANGE) from None
    except ValueError:
        raise WrongCell(SheetRule.NO_SUCH_DAY) from None
    if _DAY_NUMBER.fullmatch(text):
        raise WrongCell(SheetRule.DAY_NUMBER)
    raise WrongCell(SheetRule.AMBIGUOUS if _EITHER_ORDER.fullmatch(text) else Reason.WRONG_FORM)


def _found(text: str) -> tuple[datetime, Precision] | None:
    if _RFC_3339.fullmatch(text):
        return datetime.fromisoformat(text), Precision.INSTANT
    fitting = filter(None, (form.fullmatch(text) for form in _FORMS))
    return next((_made(each.groupdict()) for each in fitting), None)


def _made(parts: Mapping[str, str | None]) -> tuple[datetime, Precision]:
    given = {name: int(value) for name, value in parts.items() if value is not None}
    precision = next(precision for part, precision in _FINEST if part in given)
    whole = {"month": 1, "day": 1, **given}
    return datetime(**whole, tzinfo=BELIZE), precision


def day(text: str) -> date:
    """Parse a day without a time. Raises `WrongCell` for any other text, also for a month or a moment."""
    found, precision = read(text)
    if precision is not Precision.DAY:
        raise WrongCell(Reason.WRONG_FORM)
    return found.date()


def moment(text: str) -> datetime:
    """Parse a moment; a day alone means its beginning. Raises `WrongCell` for any other text, also for a month."""
    found, precision = read(text)
    if precision not in {Precision.INSTANT, Precision.DAY}:
        raise WrongCell(Reason.WRONG_FORM)
    return found


def stamp(at: datetime) -> str:
    """Return a moment as in events: RFC 3339, in Belize's time; in UTC if Belize's offset then had seconds."""
    local = at.astimezone(BELIZE)
    offset = local.utcoffset()
    return (at.astimezone(UTC) if offset is None or offset.seconds % 60 else local).isoformat()


def written(at: datetime, precision: Precision) -> str:
    """Return the text that `read` turns into this time and precision."""
    local = at.astimezone(BELIZE)
    match precision:
        case Precision.YEAR:
            return f"{local.year:04d}"
        case Precision.MONTH:
            return f"{local.year:04d}-{local.month:02d}"
        case Precision.DAY:
            return local.date().isoformat()
        case _:
            return stamp(at)


def moment_written(at: datetime) -> str:
    """Return the text that `moment` turns into this time: the day alone if it is the day's beginning."""
    local = at.astimezone(BELIZE)
    return written(at, Precision.DAY if local.time() == time() else Precision.INSTANT)
