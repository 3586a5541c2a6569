"""An agency's API key: 256 random bits in writing, of which intake keeps a hash alone.

A fast hash is enough, and needs no salt: so many bits cannot be found by trying, unlike a password.
"""

import hashlib
import re
from base64 import urlsafe_b64encode
from typing import Final, NamedTuple

from services.intake.domain.systems import MAIN

ENTROPY_BYTES: Final = 32

_PREFIX: Final = "atips_"
"""By which scanners of repositories and mails find a key that went astray."""

_FORM: Final = re.compile(_PREFIX + "[A-Za-z0-9_-]{43}")


class Holder(NamedTuple):
    """The holder of a key: a system of an agency."""

    agency: str
    system: str


def holder(agency: str, label: str) -> Holder:
    """Give the holder of a key by its label, the principal of its credential: `bpd`, `bpd.jail.2`."""
    parts = label.split(".")
    of_system = len(parts) == 3 and parts[0] == agency  # noqa: PLR2004 - agency, system, generation
    return Holder(agency, parts[1] if of_system else MAIN)


def written(entropy: bytes) -> str:
    """A key from bytes that the caller drew from a source fit for secrets."""
    if len(entropy) != ENTROPY_BYTES:
        message = "a key is made of 32 bytes"
        raise ValueError(message)
    return _PREFIX + urlsafe_b64encode(entropy).rstrip(b"=").decode()


def hashed(key: str) -> bytes | None:
    """Give the stored form of a key: SHA-256; None for a text that cannot be a key."""
    return hashlib.sha256(key.encode()).digest() if _FORM.fullmatch(key) else None
