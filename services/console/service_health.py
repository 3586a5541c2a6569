"""Health of the services on this machine: their answers at the admin port, or the end of their output."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Final

from prometheus_client.parser import text_string_to_metric_families

from infra.local import ports

# The error's name at the beginning of a trace's last line; the text after it may contain personal data.
_ERROR: Final = re.compile(rb"[A-Za-z_][A-Za-z0-9_.]*(Error|Exception|Interrupt)(?=:|$)")


@dataclass(frozen=True, slots=True)
class Health:
    """A service's health: ready, or the reasons against it by name. `reasons` is None when it does not answer."""

    ready: bool
    reasons: Mapping[str, str] | None


def last_logged_reason(log: bytes) -> str:
    """Return why a process ended, from its output: the logged reason, or the name of an error without its text."""
    last = log.splitlines()[-1] if log.strip() else b""
    try:
        said = json.loads(last)
    except ValueError:
        kind = _ERROR.match(last)
        return kind[0].decode() if kind else "it did not say why"
    return str(said.get("reason", said.get("error"))) if isinstance(said, dict) else "it did not say why"


def health(port: int) -> Health:
    """Ask a service at its admin port for `/readyz`; without an answer it is not ready and `reasons` is None."""
    try:
        answer = json.loads(_asked(port, "/readyz"))
    except (OSError, HTTPException, ValueError):
        return Health(ready=False, reasons=None)
    return Health(ready=bool(answer["ready"]), reasons=answer["reasons"])


def sweeps(port: int) -> float:
    """Return how many sweeps for passed deadlines left nothing unpublished, by the service's metric.

    Raises OSError or HTTPException without an answer.
    """
    families = text_string_to_metric_families(_asked(port, "/metrics").decode("utf-8"))
    return sum(sample.value for each in families for sample in each.samples if sample.name == "atips_sweeps_total")


def _asked(port: int, path: str) -> bytes:
    connection = HTTPConnection(ports.HOST, port, timeout=3)
    try:
        connection.request("GET", path)
        return connection.getresponse().read()
    finally:
        connection.close()
