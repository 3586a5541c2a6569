"""A clock for tests that move time themselves."""

from dataclasses import dataclass
from datetime import datetime


@dataclass
class StoppedClock:
    """A clock that stands until it is moved."""

    at: datetime

    def now(self) -> datetime:
        return self.at
