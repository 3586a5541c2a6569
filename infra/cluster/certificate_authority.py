"""The certificate authority of a deployment in containers: certificates for brokers, databases and the administrator.

EC P-256. The common name is the principal on the broker. A deployment with another authority puts its files in the same
places and never runs this.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from infra.certificate_parts import certificate_builder, holder_name, key_usage

if TYPE_CHECKING:
    from collections.abc import Sequence

AUTHORITY_LIFE: Final = timedelta(days=3650)
CERTIFICATE_LIFE: Final = timedelta(days=730)
RENEW_BEFORE: Final = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class KeyAndCertificate:
    """A key and its certificate, as PEM."""

    key: str
    certificate: str

    def holds(self, now: datetime) -> bool:
        """Whether the certificate is valid for more than 60 days from `now`, so that it need not be renewed."""
        return x509.load_pem_x509_certificate(self.certificate.encode()).not_valid_after_utc - now > RENEW_BEFORE


@dataclass(frozen=True, slots=True)
class Authority:
    """A key that signs, and its certificate, which all clients trust."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @classmethod
    def make(cls, now: datetime) -> Self:
        """Make a new authority."""
        key, name = ec.generate_private_key(ec.SECP256R1()), holder_name("authority")
        certificate = (
            certificate_builder(name, name, key, now, AUTHORITY_LIFE)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(key_usage(signs_certificates=True), critical=True)
            .sign(key, hashes.SHA256())
        )
        return cls(key, certificate)

    @classmethod
    def load(cls, issued: KeyAndCertificate) -> Self:
        """Load an authority from the PEM that `pem` gave. Raises `TypeError` for a key that is not EC."""
        key = serialization.load_pem_private_key(issued.key.encode(), password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            message = "the authority's key is not an EC key"
            raise TypeError(message)
        return cls(key, x509.load_pem_x509_certificate(issued.certificate.encode()))

    def pem(self) -> KeyAndCertificate:
        """Return the authority's own key and certificate as PEM."""
        return _pem(self.key, self.certificate)

    def issue(self, principal: str, hosts: Sequence[str], now: datetime) -> KeyAndCertificate:
        """Create a key and a certificate for a principal, valid for two years at most.

        `hosts`: names and addresses of a server's certificate. Without any, the certificate is a client's only.
        """
        key = ec.generate_private_key(ec.SECP256R1())
        life = min(CERTIFICATE_LIFE, self.certificate.not_valid_after_utc - now)
        purposes = [ExtendedKeyUsageOID.CLIENT_AUTH, *([ExtendedKeyUsageOID.SERVER_AUTH] if hosts else [])]
        builder = (
            certificate_builder(holder_name(principal), self.certificate.subject, key, now, life)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(key_usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
        )
        if hosts:
            names = x509.SubjectAlternativeName([_host(each) for each in dict.fromkeys(hosts)])
            builder = builder.add_extension(names, critical=False)
        return _pem(key, builder.sign(self.key, hashes.SHA256()))


def today() -> datetime:
    """Return the machine's time in UTC."""
    return datetime.now(UTC)


def _host(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _pem(key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> KeyAndCertificate:
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return KeyAndCertificate(private.decode(), certificate.public_bytes(serialization.Encoding.PEM).decode())
