"""Encryption of each agency's secret for its own numbers, as the database keeps it: AES-256-GCM.

The key is derived from intake's identity key. The key id names the key of a secret and reveals nothing about that key.
"""

import hashlib
import hmac
import os
from dataclasses import dataclass, field
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES: Final = 12
_SEPARATOR: Final = "\x1f"


@dataclass(frozen=True, slots=True)
class SealedKey:
    """An encrypted secret, its nonce and the id of the key that decrypts it."""

    key_id: str
    nonce: bytes = field(repr=False)
    sealed: bytes = field(repr=False)


def key_id(identity_key: bytes) -> str:
    """Return the id of the key that encrypts the secrets: 16 hexadecimal digits."""
    return _made(identity_key, "name").hex()[:16]


def close(identity_key: bytes, agency: str, secret: bytes) -> SealedKey:
    """Encrypt an agency's secret."""
    nonce = os.urandom(_NONCE_BYTES)
    sealed = AESGCM(_made(identity_key, "key")).encrypt(nonce, secret, agency.encode())
    return SealedKey(key_id(identity_key), nonce, sealed)


def opened(identity_key: bytes, agency: str, found: SealedKey) -> bytes | None:
    """Decrypt an agency's secret; None where key or agency are not the ones of `close`."""
    try:
        return AESGCM(_made(identity_key, "key")).decrypt(found.nonce, found.sealed, agency.encode())
    except InvalidTag:
        return None


def _made(identity_key: bytes, use: str) -> bytes:
    said = _SEPARATOR.join(("atips own numbers", use))
    return hmac.digest(identity_key, said.encode(), hashlib.sha256)
