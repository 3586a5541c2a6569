"""Encryption of refused submissions in quarantine: AES-256-GCM under intake's key, bound to the inbound place.

A submission from HTTP has no place and is bound to its number. The key id tells which key a row needs, also after the
key was changed. It reveals nothing about the key.
"""

import hashlib
import hmac
import os
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from typing import Final

import orjson
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.intake.domain.outbox_rows import SealedRefusal
from services.intake.domain.refusal_attempts import RefusalFingerprint
from services.intake.domain.submission import Inbound, InboundHeaders, InboundPlace

# 96 random bits: safe for 2^32 messages under one key, far more refusals than there will ever be.
_NONCE_BYTES: Final = 12
_TAG_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class Original:
    """A refused submission as it was sent, byte for byte: Kafka key, headers and value."""

    key: bytes | None = field(repr=False)
    headers: InboundHeaders = field(repr=False)
    value: bytes | None = field(repr=False)


class Seal:
    """Encrypts and decrypts refused submissions under one key of 32 bytes. `key_id`: 16 hexadecimal digits."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)
        self._marker = hashlib.sha256(b"atips quarantine fingerprint\x1f" + key).digest()
        self.key_id = hashlib.sha256(b"atips quarantine key\x1f" + key).hexdigest()[:16]

    def fingerprint_of(self, inbound: Inbound) -> RefusalFingerprint:
        """Return a submission's fingerprint and encrypted size in bytes."""
        written = _written(inbound)
        return RefusalFingerprint(self._fingerprint(written), len(written) + _TAG_BYTES)

    def close(self, inbound: Inbound, n: int) -> SealedRefusal:
        """Encrypt the key, headers and value of the submission with number `n`."""
        written, nonce = _written(inbound), os.urandom(_NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, written, _bound_to(inbound.place, n))
        return SealedRefusal(self.key_id, nonce, sealed, self._fingerprint(written))

    def sealed_without_bytes(self, fingerprint: bytes) -> SealedRefusal:
        """Return a `SealedRefusal` without bytes: they are not kept, or another attempt keeps them."""
        return SealedRefusal(self.key_id, bytes(_NONCE_BYTES), b"", fingerprint)

    def _fingerprint(self, written: bytes) -> bytes:
        return hmac.digest(self._marker, written, "sha256")

    def open(self, sealed: SealedRefusal, place: InboundPlace | None, n: int) -> Original:
        """Return a submission, decrypted. `place` and `n`: its inbound place and its number.

        Raises `cryptography.exceptions.InvalidTag` if bytes, nonce, key or place are not those of `close`.
        """
        found = orjson.loads(self._cipher.decrypt(sealed.nonce, sealed.sealed, _bound_to(place, n)))
        headers = tuple((_name(said), _octets(value)) for said, value in found["headers"])
        return Original(_octets(found["key"]), headers, _octets(found["value"]))


def _written(inbound: Inbound) -> bytes:
    original = {
        "key": _text(inbound.key),
        "headers": [[_said(name), _text(value)] for name, value in inbound.headers],
        "value": _text(inbound.value),
    }
    return orjson.dumps(original)


def _bound_to(place: InboundPlace | None, n: int) -> bytes:
    return (f"{place.topic}|{place.partition}|{place.offset}" if place else f"n|{n}").encode()


def _said(name: str) -> str | list[str | None]:
    """Return a header's name; if it is not printable, in base64 as the only item of a list.

    JSON would need six bytes for each control character.
    """
    return name if name.isprintable() else [_text(name.encode())]


def _name(said: str | list[str]) -> str:
    return said if isinstance(said, str) else b64decode(said[0]).decode()


def _text(octets: bytes | None) -> str | None:
    return None if octets is None else b64encode(octets).decode()


def _octets(text: str | None) -> bytes | None:
    return None if text is None else b64decode(text)
