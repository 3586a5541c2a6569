"""The only module that reads the wall clock. All other code is given a time or a `Clock`.

A data folder of invented data may have a clock of its own, so that a demo or a drill can cover a year.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from services.runtime.errors import Retryable

if TYPE_CHECKING:
    from services.runtime.postgres import Connection

SYNTHETIC: Final = "synthetic"
"""Name of the marker file beside a clock's file. Only a data folder with it may have a clock of its own."""

APART: Final = timedelta(minutes=5)
"""Largest difference allowed between a machine's time and the database's. The shortest deadline is 15 minutes."""


class Clock(Protocol):
    """Port from which a service gets the present time."""

    def now(self) -> datetime:
        """Return the present time, in UTC with its zone."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the machine's time in UTC."""
        return datetime.now(UTC)


class NotSynthetic(ValueError):
    """Raised for a clock's file in a folder that is not marked as one of invented data."""


class HistoryClock:
    """Clock that returns the time written in a file (RFC 3339), or the machine's time if the file is empty.

    Raises `NotSynthetic` unless the file's folder has the marker file `SYNTHETIC`.
    """

    def __init__(self, file: Path) -> None:
        if not (file.parent / SYNTHETIC).exists():
            msg = "only a data folder marked synthetic may run on another clock than the system's"
            raise NotSynthetic(msg)
        self._file = file

    def now(self) -> datetime:
        """Return the time in the file. Writers replace the file as a whole, so it is never half written."""
        text = self._file.read_text(encoding="utf-8").strip()
        return datetime.fromisoformat(text).astimezone(UTC) if text else datetime.now(UTC)


def clock(file: Path | None) -> Clock:
    """Return the `HistoryClock` of a file, or the machine's clock if `file` is None. Raises `NotSynthetic`."""
    return SystemClock() if file is None else HistoryClock(file)


class ClocksDiffer(Retryable):
    """Raised if the machine's time and the database's differ by more than `APART`. Either may be wrong."""


def check_clocks_agree(clock: Clock, now: datetime, database: datetime) -> None:
    """Raise `ClocksDiffer` if the time `now` of a `SystemClock` differs from the database's by more than `APART`.

    A `HistoryClock` is never compared. Acceptances and decisions with a wrong time could not be taken back, and
    `accepted_at` never goes back.
    """
    if isinstance(clock, SystemClock) and abs(now - database) > APART:
        ahead = "ahead of" if now > database else "behind"
        msg = f"the machine's clock is {ahead} the database's by {abs(now - database).total_seconds():.0f} s"
        raise ClocksDiffer(msg)


async def check_database_clock(connection: "Connection", clock: Clock, now: datetime) -> None:
    """Ask the database for its time, and raise `ClocksDiffer` if `now` differs from it (see `check_clocks_agree`)."""
    check_clocks_agree(clock, now, await connection.fetchval("SELECT clock_timestamp()"))
