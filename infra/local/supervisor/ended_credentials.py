"""The supervisor's check for credentials that have ended: a process takes their rights away."""

from __future__ import annotations

import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from infra.local import issued_agency_credentials, pki
from infra.local.supervised_command import Command

if TYPE_CHECKING:
    from collections.abc import Callable

    from infra.local.data_folder import Folder
    from infra.local.process import Child

LOOK_SECONDS = 1.0


@dataclass(slots=True)
class CredentialExpiry:
    """Starts a process that takes the rights of ended credentials. A failure is tried again a second later."""

    folder: Folder
    child: Callable[[Command], Child]
    process: Child | None = None
    _look_at: float = 0.0

    def step(self) -> None:
        """Start the process that takes away rights, if a credential has ended and no such process runs. Never waits.

        The supervisor calls it at every tick; it checks once a second.
        """
        if time.monotonic() < self._look_at:
            return
        self._look_at = time.monotonic() + LOOK_SECONDS
        if self.process is not None and self.process.process is not None and self.process.process.poll() is None:
            return
        self.process = None
        if issued_agency_credentials.credentials_to_retire(self.folder, pki.today()):
            argv = (sys.executable, "-m", "infra.local.agency_credential_changes", str(self.folder.root))
            self.process = self.child(Command("retire", argv, as_starter=True))
            with suppress(OSError):  # no room now
                self.process.start()
