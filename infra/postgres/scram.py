"""SCRAM verifiers of PostgreSQL: the only form in which passwords reach the server and are compared."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from typing import Final

SCRAM_ITERATIONS: Final = 4096
_VERIFIER: Final = re.compile(r"SCRAM-SHA-256\$(?P<iterations>[0-9]{1,7}):(?P<salt>[A-Za-z0-9+/=]+)\$[A-Za-z0-9+/=:]+")


def scram_verifier(password: str, salt: bytes | None = None, iterations: int = SCRAM_ITERATIONS) -> str:
    """Return the verifier that PostgreSQL stores for an ASCII password, in the form of RFC 5803.

    `salt`: None makes a random one. Raises `UnicodeEncodeError` for a password that is not ASCII.
    """
    salt = secrets.token_bytes(16) if salt is None else salt
    salted = hashlib.pbkdf2_hmac("sha256", password.encode("ascii"), salt, iterations)
    client_key = hmac.digest(salted, b"Client Key", "sha256")
    stored_key = hashlib.sha256(client_key).digest()
    server_key = hmac.digest(salted, b"Server Key", "sha256")
    return f"SCRAM-SHA-256${iterations}:{_base64(salt)}${_base64(stored_key)}:{_base64(server_key)}"


def matches_password(verifier: str, password: str) -> bool:
    """Whether a stored verifier was made from this password."""
    found = _VERIFIER.fullmatch(verifier)
    if found is None:
        return False
    again = scram_verifier(password, base64.b64decode(found["salt"]), int(found["iterations"]))
    return hmac.compare_digest(verifier.encode(), again.encode())


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")
