"""The only place that reads the wall clock; everything else is handed a time or a `Clock`.

A data folder of invented data may have a clock of its own, so that a demo or a drill can pass through a year.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from services.runtime.errors import Retryable

if TYPE_CHECKING:
    from services.runtime.postgres import Connection

SYNTHETIC: Final = "synthetic"
"""The marker beside a clock's file: only a data folder that holds it may run on another clock than the system's."""

APART: Final = timedelta(minutes=5)
"""Largest difference allowed between a machine's time and the database's. The shortest deadline is 15 minutes."""


class Clock(Protocol):
    """The port from which a service takes the time."""

    def now(self) -> datetime:
        """Give the present instant, aware and in UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Give the machine's time in UTC."""
        return datetime.now(UTC)


class NotSynthetic(ValueError):
    """A clock's file lies in a folder that is not marked as one of invented data."""


class HistoryClock:
    """Clock that gives the instant in a file (RFC 3339), or the machine's time while the file is empty.

    Raises `NotSynthetic` unless the file's folder holds the marker `SYNTHETIC`.
    """

    def __init__(self, file: Path) -> None:
        if not (file.parent / SYNTHETIC).exists():
            msg = "only a data folder marked synthetic may run on another clock than the system's"
            raise NotSynthetic(msg)
        self._file = file

    def now(self) -> datetime:
        """Read the file. Each change replaces the file at once, so that it is never half written."""
        text = self._file.read_text(encoding="utf-8").strip()
        return datetime.fromisoformat(text).astimezone(UTC) if text else datetime.now(UTC)


def clock(file: Path | None) -> Clock:
    """Give the `HistoryClock` of a file, or the machine's clock where `file` is None."""
    return SystemClock() if file is None else HistoryClock(file)


class ClocksDiffer(Retryable):
    """The machine's time and the database's differ by more than `APART`. The code cannot tell which one is wrong."""


def agree(clock: Clock, now: datetime, database: datetime) -> None:
    """Raise `ClocksDiffer` where a clock's time differs from the database's. A history clock is never compared.

    A wrong time could not be taken back: what was accepted or decided by it stays, and `accepted_at` never goes back.
    """
    if isinstance(clock, SystemClock) and abs(now - database) > APART:
        ahead = "ahead of" if now > database else "behind"
        msg = f"the machine's clock is {ahead} the database's by {abs(now - database).total_seconds():.0f} s"
        raise ClocksDiffer(msg)


async def agree_now(connection: "Connection", clock: Clock, now: datetime) -> None:
    """Ask the database for its time, and raise `ClocksDiffer` where `now` differs from it (see `agree`)."""
    agree(clock, now, await connection.fetchval("SELECT clock_timestamp()"))
