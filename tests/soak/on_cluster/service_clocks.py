"""Clocks of services that can be set while they run, by Debian's libfaketime, which each of them has preloaded.

Only the second copy of each service has one. Its monotonic clock stays right, as it does when a machine's date is set.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

COPIES: Final = ("intake-2", "referral-2", "case-tracker-2", "reporting-2")
PACKAGES: Final[Mapping[str, str]] = {"faketime": "faketime"}
RIGHT: Final = "+0"
INSIDE: Final = "/run/clock"
"""Folder inside a container with the file `now` and the library."""


def library() -> Path:
    """Return the path of libfaketime on this machine. Raises `StopIteration` where it is not installed."""
    return next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))


def environment() -> dict[str, str]:
    """Return the variables of a container whose clock can be set."""
    return {
        "LD_PRELOAD": f"{INSIDE}/libfaketime.so.1",
        "FAKETIME_TIMESTAMP_FILE": f"{INSIDE}/now",
        "FAKETIME_CACHE_DURATION": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }


@dataclass(frozen=True, slots=True)
class ServiceClocks:
    """A folder for each service with a clock, with the file that says what its time is."""

    folder: Path

    def place(self, service: str) -> Path:
        """Return the folder of a service's clock."""
        return self.folder / service

    def make(self) -> None:
        """Make the folders with right clocks and the library."""
        for service in COPIES:
            self.place(service).mkdir(parents=True, exist_ok=True)
            (self.place(service) / "libfaketime.so.1").write_bytes(library().read_bytes())
            self.set(service, RIGHT)

    def set(self, service: str, offset: str) -> None:
        """Set a service's clock. `offset`: as libfaketime has it, such as `+1d`; `RIGHT` is the machine's own time."""
        new = self.place(service) / "new"
        new.write_text(f"{offset}\n", encoding="ascii")
        new.replace(self.place(service) / "now")
