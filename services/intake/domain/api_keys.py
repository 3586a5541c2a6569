"""An agency's API key: 256 random bits as text, of which intake keeps only a hash.

A fast hash without salt is enough: unlike a password, so many random bits cannot be found by trying.
"""

import hashlib
import re
from base64 import urlsafe_b64encode
from typing import Final, NamedTuple

from services.intake.domain.systems import MAIN

ENTROPY_BYTES: Final = 32

_PREFIX: Final = "atips_"
"""Prefix by which scanners of repositories and mails find a leaked key."""

_FORM: Final = re.compile(_PREFIX + "[A-Za-z0-9_-]{43}")


class Holder(NamedTuple):
    """The holder of a key: a system of an agency."""

    agency: str
    system: str


def holder(agency: str, label: str) -> Holder:
    """Return the holder by a key's label: `bpd` and `bpd.2` name the agency, `bpd.jail.2` its system `jail`."""
    parts = label.split(".")
    of_system = len(parts) == 3 and parts[0] == agency  # noqa: PLR2004 - agency, system, generation
    return Holder(agency, parts[1] if of_system else MAIN)


def written(entropy: bytes) -> str:
    """Return the key made of `entropy`: 32 bytes of a cryptographic random source. Raises `ValueError` otherwise."""
    if len(entropy) != ENTROPY_BYTES:
        message = "a key is made of 32 bytes"
        raise ValueError(message)
    return _PREFIX + urlsafe_b64encode(entropy).rstrip(b"=").decode()


def hashed(key: str) -> bytes | None:
    """Return the SHA-256 of a key, as it is stored; None for a text that does not have the form of a key."""
    return hashlib.sha256(key.encode()).digest() if _FORM.fullmatch(key) else None
