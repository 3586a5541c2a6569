"""Clocks of services that can be set while they run. Only the second copy of each service has one.

All code of a service gets the time from `services.runtime.clock`. A module that Python imports at its start shifts that
clock by the seconds in a file. The machine's clock, timers and connections stay as they are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

COPIES: Final = ("intake-2", "referral-2", "case-tracker-2", "reporting-2")
INSIDE: Final = "/run/clock"
"""Folder inside a container with the module and the file."""
ENVIRONMENT: Final[Mapping[str, str]] = MappingProxyType({"PYTHONPATH": INSIDE})
ASKING: Final = ("python", "-c", "from services.runtime.clock import clock; print(clock(None).now().timestamp())")
"""Command in a container that prints its service's time, in seconds since 1970 (UTC)."""

_MODULE: Final = '''"""Shift the clock of services by the seconds in the file beside this module."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from services.runtime.clock import SystemClock

_SECONDS = Path(__file__).with_name("seconds")


def _now(self):
    return datetime.now(UTC) + timedelta(seconds=float(_SECONDS.read_text(encoding="ascii")))


SystemClock.now = _now
'''


@dataclass(frozen=True, slots=True)
class ServiceClocks:
    """A folder for each service with a clock, with the file that says how far it is off."""

    folder: Path

    def place(self, service: str) -> Path:
        """Return the folder of a service's clock."""
        return self.folder / service

    def make(self) -> None:
        """Make the folders, with right clocks."""
        for service in COPIES:
            self.place(service).mkdir(parents=True, exist_ok=True)
            (self.place(service) / "sitecustomize.py").write_text(_MODULE, encoding="utf-8")
            self.set(service, 0)

    def set(self, service: str, seconds: int) -> None:
        """Set a service's clock so many seconds ahead; a negative number sets it back."""
        new = self.place(service) / "new"
        new.write_text(str(seconds), encoding="ascii")
        new.replace(self.place(service) / "seconds")
