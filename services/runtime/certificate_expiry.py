"""Expiry of the certificates that a service uses, as a metric."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from cryptography import x509

from services.runtime import metrics


def expose(certificates: Mapping[str, Path]) -> None:
    """Expose the expiry of each file, by what it is used for. A file is read again at each scrape."""
    for use, file in certificates.items():
        metrics.CERTIFICATE_EXPIRES.labels(use).set_function(partial(_expiry, file))


def _expiry(file: Path) -> float:
    """Give when the first certificate of a chain expires, in seconds since the epoch; 0 for what cannot be read."""
    try:
        return x509.load_pem_x509_certificate(file.read_bytes()).not_valid_after_utc.timestamp()
    except (OSError, ValueError):
        return 0.0
