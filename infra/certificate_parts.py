"""Shared parts of our certificates, for every issuer: EC P-256, a name within the organisation, a purpose."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from cryptography import x509
from cryptography.x509.oid import NameOID

if TYPE_CHECKING:
    from datetime import datetime

    from cryptography.hazmat.primitives.asymmetric import ec

ORGANISATION: Final = "A-TIPs"
CLOCK_SKEW: Final = timedelta(hours=1)
"""A certificate is valid from this long before it was made: other machines' clocks may be late."""


def certificate_builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, now: datetime, life: timedelta
) -> x509.CertificateBuilder:
    """Return the builder of a certificate that is valid for `life`. The caller adds the purpose and signs."""
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCK_SKEW)
        .not_valid_after(now + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def holder_name(common: str) -> x509.Name:
    """Return the X.509 name of a certificate's holder: our organisation, and `common` as common name."""
    return x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANISATION), x509.NameAttribute(NameOID.COMMON_NAME, common)]
    )


def key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    """Return the certificate extension that lets the key sign certificates and revocation lists, or else data only."""
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
