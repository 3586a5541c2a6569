"""Metric of the expiry of the certificates that a service uses."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from cryptography import x509

from services.runtime import metrics


def expose_expiry_metrics(certificates: Mapping[str, Path]) -> None:
    """Expose the expiry of each certificate file, by its use. A file is read again at each scrape of the metrics."""
    for use, file in certificates.items():
        metrics.CERTIFICATE_EXPIRES.labels(use).set_function(partial(_expiry, file))


def _expiry(file: Path) -> float:
    """Return the expiry of a chain's first certificate, in seconds since 1970; 0.0 if the file cannot be read."""
    try:
        return x509.load_pem_x509_certificate(file.read_bytes()).not_valid_after_utc.timestamp()
    except (OSError, ValueError):
        return 0.0
