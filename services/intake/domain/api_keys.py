"""An agency's API key: 256 random bits as text, of which intake keeps only a hash.

A fast hash without salt is enough: 256 random bits cannot be found by trying, unlike a password.
"""

import hashlib
import re
from base64 import urlsafe_b64encode
from typing import Final, NamedTuple

from services.intake.domain.systems import MAIN

ENTROPY_BYTES: Final = 32

_PREFIX: Final = "atips_"
"""Start of each key, by which scanners of repositories and mails find a leaked key."""

_FORM: Final = re.compile(_PREFIX + "[A-Za-z0-9_-]{43}")


class Holder(NamedTuple):
    """Holder of an API key: an agency, and one of its systems."""

    agency: str
    system: str


def holder_of_label(agency: str, label: str) -> Holder:
    """Return the holder that a key's label names.

    `bpd` and `bpd.2` name the main system of agency `bpd`, `bpd.jail.2` names its system `jail`.
    """
    parts = label.split(".")
    of_system = len(parts) == 3 and parts[0] == agency  # noqa: PLR2004 - agency, system, generation
    return Holder(agency, parts[1] if of_system else MAIN)


def key_from_entropy(entropy: bytes) -> str:
    """Return the API key made of `entropy`, which must be 32 bytes of a cryptographic random source.

    Raises `ValueError` for another length.
    """
    if len(entropy) != ENTROPY_BYTES:
        message = "a key is made of 32 bytes"
        raise ValueError(message)
    return _PREFIX + urlsafe_b64encode(entropy).rstrip(b"=").decode()


def hash_of_key(key: str) -> bytes | None:
    """Return the SHA-256 of an API key, as it is stored; None if the text does not have the form of a key."""
    return hashlib.sha256(key.encode()).digest() if _FORM.fullmatch(key) else None
