"""SCRAM verifiers of PostgreSQL: passwords reach the server as these alone, and are compared by them."""

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
    """Give what PostgreSQL stores for a password (RFC 5803's form), for ASCII passwords."""
    salt = secrets.token_bytes(16) if salt is None else salt
    salted = hashlib.pbkdf2_hmac("sha256", password.encode("ascii"), salt, iterations)
    client_key = hmac.digest(salted, b"Client Key", "sha256")
    stored_key = hashlib.sha256(client_key).digest()
    server_key = hmac.digest(salted, b"Server Key", "sha256")
    return f"SCRAM-SHA-256${iterations}:{_base64(salt)}${_base64(stored_key)}:{_base64(server_key)}"


def opens(verifier: str, password: str) -> bool:
    """Whether a password is that of a verifier which PostgreSQL stores."""
    found = _VERIFIER.fullmatch(verifier)
    if found is None:
        return False
    again = scram_verifier(password, base64.b64decode(found["salt"]), int(found["iterations"]))
    return hmac.compare_digest(verifier.encode(), again.encode())


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")
