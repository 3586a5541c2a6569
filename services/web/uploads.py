"""Uploaded sheets between dry run and send: in memory alone, some minutes long, bounded, of one session each."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from services.sheet.bounds import FILE_BYTES
from services.web.sheets import Checked

_MIB: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """Limits of uploads. The reason for each value stands beside its setting (`services/web/settings.py`)."""

    upload_bytes: int = min(5 * _MIB, FILE_BYTES)
    unpacked_bytes: int = 16 * _MIB
    rows: int = 2_000
    held_bytes: int = 64 * _MIB
    kept: timedelta = timedelta(minutes=10)


class TooMuchHeld(Exception):
    """All uploads together hold as many bytes as they may. Some are forgotten within minutes."""


@dataclass(slots=True, eq=False)
class Upload:
    """A sheet that was checked. `session` is the hash of the token of the session that it belongs to.

    `sending` is the one sending of its rows, once it began; whoever asks again waits for the same.
    """

    account: str
    session: bytes
    content: bytes = field(repr=False)
    checked: Checked = field(repr=False)
    ends_at: datetime
    sending: "asyncio.Task[Checked] | None" = None

    @property
    def sent(self) -> bool:
        """Whether its rows were sent, and the receipts are there."""
        return self.sending is not None and self.sending.done() and not self.failed

    @property
    def failed(self) -> bool:
        """Whether its sending ended without receipts, so that it may begin again."""
        task = self.sending
        return task is not None and task.done() and (task.cancelled() or task.exception() is not None)

    @property
    def now(self) -> Checked:
        """Give the sheet in its present state: as it was checked, or with its receipts."""
        return self.sending.result() if self.sent and self.sending is not None else self.checked


class Uploads:
    """Uploads by a token at random. An account keeps one: the next takes its place."""

    def __init__(self, limits: UploadLimits) -> None:
        self.limits = limits
        self.judging = asyncio.Semaphore(1)
        """Sheets are unpacked and read one at a time, so that memory and processor stay bounded."""
        self._kept: dict[str, Upload] = {}
        self._held = 0

    @property
    def held(self) -> int:
        """Bytes that uploads hold, those that still come in included."""
        return self._held

    def take(self, size: int) -> None:
        """Count bytes that come in. Raises `TooMuchHeld`."""
        if self._held + size > self.limits.held_bytes:
            raise TooMuchHeld
        self._held += size

    def release(self, size: int) -> None:
        """Count bytes no longer."""
        self._held -= size

    def keep(self, token: str, upload: Upload) -> None:
        """Keep an upload whose bytes were counted by `take`, until its time is over."""
        for known in [known for known, each in self._kept.items() if each.account == upload.account]:
            self.forget(known)
        self._kept[token] = upload
        seconds = self.limits.kept.total_seconds()
        asyncio.get_running_loop().call_later(seconds, self.forget, token)

    def find(self, token: str, session: bytes, now: datetime) -> Upload | None:
        """Give an upload of a session; None where it is forgotten, or another session's."""
        found = self._kept.get(token)
        if found is None or found.session != session:
            return None
        if now >= found.ends_at:
            self.forget(token)
            return None
        return found

    def forget(self, token: str) -> None:
        """Forget an upload; one that is being sent is sent to its end."""
        found = self._kept.pop(token, None)
        if found is not None:
            self.release(len(found.content))
