"""The cluster's own certificate authority: one certificate for each server, one for each principal.

EC P-256, keys in files of mode 600. The common name is the principal; the broker maps it and nothing else.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from types import MappingProxyType
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from infra.certificate_parts import certificate_builder, holder_name, key_usage
from infra.local.protected_files import keep_private, write_first, write_private

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from infra.local.data_folder import Folder

AUTHORITY = "ca"
BROKER = "broker"  # the broker's own principal
HTTP = "intake-http"  # intake's HTTPS API; no principal of the broker's
HTTP_HOST = "intake"  # the name by which clients may call it, whatever its address
PAGES = "pages-https"  # the pages and their data over HTTPS; no principal of the broker's
ADMIN = "admin"  # the super user; has a certificate and no password
SERVED = {BROKER: ["localhost"], HTTP: ["localhost", HTTP_HOST], PAGES: ["localhost", "pages"]}  # servers' host names
AUTHORITY_LIFE = timedelta(days=3650)
CERTIFICATE_LIFE = timedelta(days=730)
RENEW_BEFORE = timedelta(days=60)


class PkiError(Exception):
    """Certificates are not usable or cannot be made; the message says why, and what to do."""


def ensure(
    folder: Folder,
    principals: Iterable[str],
    now: datetime,
    authority_key: Path | None = None,
    names: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> None:
    """Make keys and certificates that are missing, expire within 60 days, or are not valid yet. Others stay.

    `names`: by server of `SERVED`, further host names or addresses that its certificate must have.

    `authority_key`: file of the authority's key outside the folder. A key inside the folder is moved there. The file
    need not exist while no certificate must be made.
    Raises `PkiError` where the authority's certificate is not valid yet: this machine's clock is or was wrong. Also
    where the authority's key is needed and does not exist.
    """
    key_file = folder.key(AUTHORITY) if authority_key is None else authority_key
    _move_out(folder.key(AUTHORITY), key_file)
    _ensure_authority(folder, key_file, now)
    wanting = [
        principal
        for principal in (BROKER, HTTP, PAGES, ADMIN, *principals)
        if _expires_soon(folder.certificate(principal), now)
        or _begins(folder.certificate(principal)) > now
        or _lacks(folder.certificate(principal), names.get(principal, ()))
    ]
    if wanting:
        authority = _loaded(folder, key_file, wanting)
        for principal in wanting:
            _issue(folder, authority, principal, now, names.get(principal, ()))
    server = (folder.key(BROKER), folder.certificate(BROKER), folder.ca)
    keep_private(folder.pki / "broker.pem", "".join(part.read_text(encoding="ascii") for part in server))


Authority = tuple[x509.Certificate, ec.EllipticCurvePrivateKey]


def _move_out(inside: Path, key_file: Path) -> None:
    """Move the authority's key out of the folder. Raises `PkiError` where another key is there already."""
    if key_file != inside and inside.exists():
        write_first(key_file, inside.read_text(encoding="ascii"))
        if key_file.read_bytes() != inside.read_bytes():
            message = f"{key_file} holds another key than {inside}: take one of them away"
            raise PkiError(message)
        inside.unlink()


def _ensure_authority(folder: Folder, key_file: Path, now: datetime) -> None:
    """Make the authority where there is none or where it expires soon.

    Raises `PkiError` where the authority's certificate is not valid yet, and where `key_file` holds another's key.
    """
    if _expires_soon(folder.ca, now):
        if key_file.exists() and not _is_of(key_file, folder.ca):
            message = (
                f"{key_file} holds the key of another authority, or of a start that was broken off: name another file"
            )
            raise PkiError(message)
        key = ec.generate_private_key(ec.SECP256R1())
        name = holder_name("authority")
        certificate = (
            certificate_builder(name, name, key, now, AUTHORITY_LIFE)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(key_usage(signs_certificates=True), critical=True)
            .sign(key, hashes.SHA256())
        )
        _write(key_file, folder.ca, key, certificate)
        for stale in folder.pki.glob("*.crt"):  # signed by the authority that is gone
            if stale != folder.ca:
                stale.unlink()
    elif (begins := _begins(folder.ca)) > now:
        message = (
            f"the authority in {folder.pki} holds from {begins:%Y-%m-%d %H:%M} UTC on only, and it is"
            f" {now:%Y-%m-%d %H:%M}: set this machine's clock right. If it was ahead when the authority was made,"
            " remove that folder, start again, and give each office its new certificates"
        )
        raise PkiError(message)


def _is_of(key_file: Path, certificate_file: Path) -> bool:
    """Whether a private key is that of a certificate; also where there is no certificate and the key is beside it."""
    if not certificate_file.exists():
        return key_file.parent == certificate_file.parent
    key = serialization.load_pem_private_key(key_file.read_bytes(), password=None)
    return key.public_key() == x509.load_pem_x509_certificate(certificate_file.read_bytes()).public_key()


def _loaded(folder: Folder, key_file: Path, wanting: Sequence[str]) -> Authority:
    """Load the authority's certificate and key. Raises `PkiError` without the key; `wanting` need a certificate."""
    try:
        pem = key_file.read_bytes()
    except OSError:
        message = (
            f"the authority's key is needed to make certificates for {', '.join(wanting)}, and is not at {key_file}."
            " Put it there, or set ATIPS_CA_KEY_FILE, for this start"
        )
        raise PkiError(message) from None
    loaded = serialization.load_pem_private_key(pem, password=None)
    if not isinstance(loaded, ec.EllipticCurvePrivateKey):
        message = f"{key_file.name}: not an EC key"
        raise TypeError(message)
    return x509.load_pem_x509_certificate(folder.ca.read_bytes()), loaded


def _issue(folder: Folder, authority: Authority, principal: str, now: datetime, names: Sequence[str]) -> None:
    issuer, issuer_key = authority
    key = ec.generate_private_key(ec.SECP256R1())
    life = min(CERTIFICATE_LIFE, issuer.not_valid_after_utc - now)
    purposes = [ExtendedKeyUsageOID.SERVER_AUTH] if principal in {HTTP, PAGES} else [ExtendedKeyUsageOID.CLIENT_AUTH]
    builder = certificate_builder(holder_name(principal), issuer.subject, key, now, life).add_extension(
        x509.BasicConstraints(ca=False, path_length=None), critical=True
    )
    if principal == BROKER:
        purposes.append(ExtendedKeyUsageOID.SERVER_AUTH)
    if principal in SERVED:
        served = dict.fromkeys((*SERVED[principal], "127.0.0.1", *names))
        alternative = x509.SubjectAlternativeName([_general_name(each) for each in served])
        builder = builder.add_extension(alternative, critical=False)
    certificate = (
        builder.add_extension(key_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()),
            critical=False,
        )
        .sign(issuer_key, hashes.SHA256())
    )
    _write(folder.key(principal), folder.certificate(principal), key, certificate)


def _write(
    key_file: Path, certificate_file: Path, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate
) -> None:
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    write_private(key_file, pem.decode("ascii"))
    write_private(certificate_file, certificate.public_bytes(serialization.Encoding.PEM).decode("ascii"))


def _expires_soon(certificate_file: Path, now: datetime) -> bool:
    try:
        certificate = x509.load_pem_x509_certificate(certificate_file.read_bytes())
    except FileNotFoundError:
        return True
    return certificate.not_valid_after_utc - now < RENEW_BEFORE


def _lacks(certificate_file: Path, names: Sequence[str]) -> bool:
    """Whether a server's certificate must name a host that it does not name."""
    if not names:
        return False
    certificate = x509.load_pem_x509_certificate(certificate_file.read_bytes())
    named = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return any(_general_name(each) not in named for each in names)


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _begins(certificate_file: Path) -> datetime:
    return x509.load_pem_x509_certificate(certificate_file.read_bytes()).not_valid_before_utc


def today() -> datetime:
    """Return the system's time, by which certificates are valid, even beside a demo whose clock is in another year."""
    return datetime.now(UTC)
