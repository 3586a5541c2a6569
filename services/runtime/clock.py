"""The only place that reads the wall clock; everything else is handed a time or a `Clock`.

A folder of invented data may live on a clock of its own, so that a demo or a drill can live through a year.
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
"""How far a machine's time may be from the database's; the shortest deadline that is told is a quarter of an hour."""


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
    """Stands at the instant that a file holds (RFC 3339) until it is written again; an empty one is the present."""

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
    """Give the clock of the settings: a history's, or the machine's."""
    return SystemClock() if file is None else HistoryClock(file)


class ClocksDiffer(Retryable):
    """The machine's time and the database's are not the same: one of them is wrong, and nobody here can tell which."""


def agree(clock: Clock, now: datetime, database: datetime) -> None:
    """Raise `ClocksDiffer` where a clock's time differs from the database's. A history clock is never compared.

    A wrong time could not be taken back: what was accepted or decided by it stays, and `accepted_at` never goes back.
    """
    if isinstance(clock, SystemClock) and abs(now - database) > APART:
        ahead = "ahead of" if now > database else "behind"
        msg = f"the machine's clock is {ahead} the database's by {abs(now - database).total_seconds():.0f} s"
        raise ClocksDiffer(msg)


async def agree_now(connection: "Connection", clock: Clock, now: datetime) -> None:
    """Do the same with what the database says that the time is."""
    agree(clock, now, await connection.fetchval("SELECT clock_timestamp()"))
