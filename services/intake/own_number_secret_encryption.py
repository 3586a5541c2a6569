"""Encryption of each agency's secret for own numbers, as the database stores it: AES-256-GCM.

The encryption key is derived from intake's identity key. The key id tells which key a secret needs, and reveals nothing
about that key.
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
    """Return the id of the key that encrypts the secrets: 16 hexadecimal digits. `identity_key`: intake's own."""
    return _made(identity_key, "name").hex()[:16]


def encrypt_secret(identity_key: bytes, agency: str, secret: bytes) -> SealedKey:
    """Return an agency's secret, encrypted."""
    nonce = os.urandom(_NONCE_BYTES)
    sealed = AESGCM(_made(identity_key, "key")).encrypt(nonce, secret, agency.encode())
    return SealedKey(key_id(identity_key), nonce, sealed)


def decrypt_secret(identity_key: bytes, agency: str, found: SealedKey) -> bytes | None:
    """Return an agency's secret, decrypted; None if the key or the agency is not that of the encryption."""
    try:
        return AESGCM(_made(identity_key, "key")).decrypt(found.nonce, found.sealed, agency.encode())
    except InvalidTag:
        return None


def _made(identity_key: bytes, use: str) -> bytes:
    said = _SEPARATOR.join(("atips own numbers", use))
    return hmac.digest(identity_key, said.encode(), hashlib.sha256)
