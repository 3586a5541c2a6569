"""TLS of the services' servers: the certificate, and the context made of it."""

import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Final

CIPHERS: Final = "ECDHE+AESGCM:ECDHE+CHACHA20"
"""Suites for TLS 1.2: only authenticated encryption with forward secrecy. TLS 1.3 has no other suites."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """Files of a certificate and its key. `key` is None if the file `chain` has the key too."""

    chain: Path
    key: Path | None


def tls_context(certificate: Certificate) -> ssl.SSLContext:
    """Return a server's context: TLS 1.2 with authenticated suites only, or TLS 1.3; no renegotiation."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(certificate.chain, certificate.key)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.set_ciphers(CIPHERS)
    made.options |= ssl.OP_NO_RENEGOTIATION | ssl.OP_NO_COMPRESSION | ssl.OP_CIPHER_SERVER_PREFERENCE
    return made
