"""Parsing of typed times. It needs no package of a server, so it works on an office's PC too."""

from datetime import datetime

from schemas.times import BELIZE, YEARS
from services.console.output import fail_wrong_usage


def instant(text: str) -> datetime:
    """Parse an ISO time; one without an offset is a time of Belize.

    Exits with 2 if the text is no time, or if its year is not in `YEARS`.
    """
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        fail_wrong_usage(f"{text} is no time; write 2024-03-01T18:00:00-06:00")
    if found.year not in YEARS:
        fail_wrong_usage(f"{text} is in no year from {YEARS[0]} to {YEARS[-1]}")
    return found if found.tzinfo is not None else found.replace(tzinfo=BELIZE)
