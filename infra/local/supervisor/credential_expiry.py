"""The supervisor's watch over credentials: when one's time is over its rights are taken, beside everything else."""

from __future__ import annotations

import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from infra.local import credentials, pki
from infra.local.command import Command

if TYPE_CHECKING:
    from collections.abc import Callable

    from infra.local.folder import Folder
    from infra.local.process import Child

LOOK_SECONDS = 1.0


@dataclass(slots=True)
class CredentialExpiry:
    """Asked at every tick; what fails is tried again at a later look."""

    folder: Folder
    child: Callable[[Command], Child]
    process: Child | None = None
    _look_at: float = 0.0

    def step(self) -> None:
        """Start what takes the rights, where some are due and it does not run already. Never waits."""
        if time.monotonic() < self._look_at:
            return
        self._look_at = time.monotonic() + LOOK_SECONDS
        if self.process is not None and self.process.process is not None and self.process.process.poll() is None:
            return
        self.process = None
        if credentials.due(self.folder, pki.today()):
            argv = (sys.executable, "-m", "infra.local.enrolment", str(self.folder.root))
            self.process = self.child(Command("retire", argv, as_starter=True))
            with suppress(OSError):  # no room now
                self.process.start()
