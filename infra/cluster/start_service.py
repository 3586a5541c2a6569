"""`python -m infra.cluster.start_service NAME`: start of a service's container.

Waits for the settings that `atips provision` writes for the service, so that containers may start in any order. Then
replaces this process by the service.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

SETTINGS: Final = Path("/run/atips")
"""The folder in which a process finds its settings and secrets."""

PAUSE_SECONDS: Final = 0.5


class SettingsLineError(ValueError):
    """A line of a settings file is not NAME=VALUE."""


def settings(text: str) -> dict[str, str]:
    """Parse lines of NAME=VALUE into a dict. Quotes are part of the value; empty lines and comments are skipped.

    Raises `SettingsLineError` for another line.
    """
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, equals, value = line.partition("=")
        if not equals or not name.isidentifier():
            message = f"line {number} of the settings is not NAME=VALUE"
            raise SettingsLineError(message)
        found[name] = value
    return found


def merged(provisioned: Mapping[str, str], own: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of the service: the container's own variables override provisioned ones."""
    return {**provisioned, **own}


def wait_for_file(file: Path) -> str:
    """Wait until the file is there, and return its text."""
    told = False
    while not file.exists():
        if not told:
            sys.stderr.write(f"waiting for {file.name}: atips provision writes it\n")
            told = True
        time.sleep(PAUSE_SECONDS)
    return file.read_text(encoding="utf-8")


def main(arguments: list[str]) -> None:
    """Replace this process by the service that is the one argument."""
    (service,) = arguments
    environment = merged(settings(wait_for_file(SETTINGS / f"{service}.env")), os.environ)
    os.execve(sys.executable, [sys.executable, "-m", f"services.{service}"], environment)  # noqa: S606 - no shell


if __name__ == "__main__":
    main(sys.argv[1:])
