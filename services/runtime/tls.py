"""TLS of our servers: the certificate and the context made of it."""

import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Final

CIPHERS: Final = "ECDHE+AESGCM:ECDHE+CHACHA20"
"""For TLS 1.2: authenticated encryption and forward secrecy only. TLS 1.3 has no other suites."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate and its key, as files."""

    chain: Path
    key: Path | None


def tls_context(certificate: Certificate) -> ssl.SSLContext:
    """Make the context of a server: TLS 1.2 with authenticated suites only, or 1.3; without renegotiation."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(certificate.chain, certificate.key)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.set_ciphers(CIPHERS)
    made.options |= ssl.OP_NO_RENEGOTIATION | ssl.OP_NO_COMPRESSION | ssl.OP_CIPHER_SERVER_PREFERENCE
    return made
