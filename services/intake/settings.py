"""What an operator may set for intake, beside what every service has."""

from datetime import timedelta
from pathlib import Path

from services.runtime.settings import Settings as RuntimeSettings


class Settings(RuntimeSettings):
    """intake's settings; the quarantine key is read from its file once, at the start."""

    quarantine_key_file: Path
    relay_age_limit_seconds: float = 30.0

    def quarantine_key(self) -> bytes:
        """Read the key of the quarantine."""
        return quarantine_key(self.quarantine_key_file)

    @property
    def relay_age_limit(self) -> timedelta:
        """How long an event may wait for the log before this service says that it is not ready."""
        return timedelta(seconds=self.relay_age_limit_seconds)


def quarantine_key(path: Path) -> bytes:
    """Read a key of the quarantine: 32 bytes in hex; a ValueError does not show them."""
    try:
        key = bytes.fromhex(path.read_text().strip())
    except ValueError:
        key = b""
    if len(key) != 32:  # noqa: PLR2004 - AES-256
        msg = "the quarantine key is 32 bytes, written as 64 hexadecimal digits"
        raise ValueError(msg)
    return key
