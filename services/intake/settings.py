"""What an operator may set for intake, beside what every service has."""

from datetime import timedelta
from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from services.runtime.settings import Settings as RuntimeSettings


class Settings(RuntimeSettings):
    """intake's settings; keys are read from their files once, at the start."""

    quarantine_key_file: Path
    relay_age_limit_seconds: float = 30.0

    # The door over HTTPS, or in the clear behind something that ends it; port 0 is no door. It needs the identities.
    http_host: str = "127.0.0.1"
    http_port: int = 0
    http_certificate: Path | None = None
    http_key: Path | None = None
    http_requests_per_second: float = Field(default=20.0, gt=0)
    http_requests_at_once: float = Field(default=100.0, ge=1)
    identity_dsn_file: Path | None = None
    identity_key_file: Path | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.http_port and (self.identity_dsn_file is None or self.identity_key_file is None):
            msg = "a door over HTTP needs the identities: their DSN and their key, as files"
            raise ValueError(msg)
        return self

    def quarantine_key(self) -> bytes:
        """Read the key of the quarantine."""
        return quarantine_key(self.quarantine_key_file)

    def identity_key(self) -> bytes:
        """Read the key of the identities."""
        return _key(self.identity_key_file or Path(), "identity")

    def identity_database(self) -> "Settings":
        """Give the way into the identities' schema, in the role that owns it."""
        return self.model_copy(update={"postgres_dsn_file": self.identity_dsn_file})

    @property
    def relay_age_limit(self) -> timedelta:
        """How long an event may wait for the log before this service says that it is not ready."""
        return timedelta(seconds=self.relay_age_limit_seconds)


def quarantine_key(path: Path) -> bytes:
    """Read a key of the quarantine: 32 bytes in hex; a ValueError does not show them."""
    return _key(path, "quarantine")


def _key(path: Path, of: str) -> bytes:
    try:
        key = bytes.fromhex(path.read_text().strip())
    except ValueError:
        key = b""
    if len(key) != 32:  # noqa: PLR2004 - AES-256, HMAC-SHA-256
        msg = f"the {of} key is 32 bytes, written as 64 hexadecimal digits"
        raise ValueError(msg)
    return key
