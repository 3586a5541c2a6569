"""Uploaded sheets between check and sending: kept in memory only, for some minutes, each for one session."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from services.sheet.file_size_limits import FILE_BYTES
from services.web.uploaded_sheet_checks import Checked

_MIB: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """Limits of uploads. For the reason of each value see its setting in `services/web/settings.py`."""

    upload_bytes: int = min(5 * _MIB, FILE_BYTES)
    unpacked_bytes: int = 16 * _MIB
    rows: int = 2_000
    held_bytes: int = 64 * _MIB
    kept: timedelta = timedelta(minutes=10)


class TooMuchHeld(Exception):
    """All uploads together would hold more bytes than allowed. Some are removed within minutes."""


@dataclass(slots=True, eq=False)
class Upload:
    """A checked sheet. `session`: hash of the token of its session.

    `sending`: the task that sends its rows, once it began; a repeated request waits for the same task.
    """

    account: str
    session: bytes
    content: bytes = field(repr=False)
    checked: Checked = field(repr=False)
    ends_at: datetime
    sending: "asyncio.Task[Checked] | None" = None

    @property
    def sent(self) -> bool:
        """Whether its rows were sent and the receipts have arrived."""
        return self.sending is not None and self.sending.done() and not self.failed

    @property
    def failed(self) -> bool:
        """Whether sending the rows was cancelled or ended with an error. The rows may then be sent again."""
        task = self.sending
        return task is not None and task.done() and (task.cancelled() or task.exception() is not None)

    @property
    def now(self) -> Checked:
        """The latest result: of the check, or with receipts once the rows were sent."""
        return self.sending.result() if self.sent and self.sending is not None else self.checked


class Uploads:
    """Uploads by random token. An account has at most one: the next one replaces it."""

    def __init__(self, limits: UploadLimits) -> None:
        self.limits = limits
        self.judging = asyncio.Semaphore(1)
        """Sheets are unpacked and read one at a time, so that memory and processor stay bounded."""
        self._kept: dict[str, Upload] = {}
        self._held = 0

    @property
    def held(self) -> int:
        """Number of bytes of all uploads, including those still being received."""
        return self._held

    def take(self, size: int) -> None:
        """Count `size` received bytes. Raises `TooMuchHeld` if all uploads would then hold more than allowed."""
        if self._held + size > self.limits.held_bytes:
            raise TooMuchHeld
        self._held += size

    def release(self, size: int) -> None:
        """Stop counting bytes that are no longer in memory."""
        self._held -= size

    def keep(self, token: str, upload: Upload) -> None:
        """Keep an upload under a token for `limits.kept`. An earlier upload of its account is forgotten.

        `take` must have counted its bytes; they are released when the upload is forgotten.
        """
        for known in [known for known, each in self._kept.items() if each.account == upload.account]:
            self.forget(known)
        self._kept[token] = upload
        seconds = self.limits.kept.total_seconds()
        asyncio.get_running_loop().call_later(seconds, self.forget, token)

    def find(self, token: str, session: bytes, now: datetime) -> Upload | None:
        """Return an upload; None if it was removed, or is of another session."""
        found = self._kept.get(token)
        if found is None or found.session != session:
            return None
        if now >= found.ends_at:
            self.forget(token)
            return None
        return found

    def forget(self, token: str) -> None:
        """Remove an upload. Sending its rows, once begun, is not interrupted."""
        found = self._kept.pop(token, None)
        if found is not None:
            self.release(len(found.content))
