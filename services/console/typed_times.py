"""Times as people type them. An office reads them too: nothing here needs the services."""

from datetime import datetime

from schemas.times import BELIZE, YEARS
from services.console.say import wrong


def instant(text: str) -> datetime:
    """Read a time, Belize's where it has no offset; leaves with 2 for what is none, or is in no year of ours."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        wrong(f"{text} is no time; write 2024-03-01T18:00:00-06:00")
    if found.year not in YEARS:
        wrong(f"{text} is in no year from {YEARS[0]} to {YEARS[-1]}")
    return found if found.tzinfo is not None else found.replace(tzinfo=BELIZE)
