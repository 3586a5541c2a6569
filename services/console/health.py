"""Health of the services on this machine: their answers at the admin port, or their last words before they ended."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Final

from prometheus_client.parser import text_string_to_metric_families

from infra.local import ports

# The beginning of a trace's last line; what follows may be somebody's.
_ERROR: Final = re.compile(rb"[A-Za-z_][A-Za-z0-9_.]*(Error|Exception|Interrupt)(?=:|$)")


@dataclass(frozen=True, slots=True)
class Health:
    """A service's health: ready, or the reasons against it. No reasons (None) means that it does not answer."""

    ready: bool
    reasons: Mapping[str, str] | None


def told_at_last(log: bytes) -> str:
    """Give why a process of ours ended, by all that it wrote: its reason, or the kind of an error and no text of it."""
    last = log.splitlines()[-1] if log.strip() else b""
    try:
        said = json.loads(last)
    except ValueError:
        kind = _ERROR.match(last)
        return kind[0].decode() if kind else "it did not say why"
    return str(said.get("reason", said.get("error"))) if isinstance(said, dict) else "it did not say why"


def health(port: int) -> Health:
    """Ask a service at its admin port."""
    try:
        answer = json.loads(_asked(port, "/readyz"))
    except (OSError, HTTPException, ValueError):
        return Health(ready=False, reasons=None)
    return Health(ready=bool(answer["ready"]), reasons=answer["reasons"])


def sweeps(port: int) -> float:
    """Give how many sweeps of a service found nothing due unsaid. Raises OSError, HTTPException without an answer."""
    families = text_string_to_metric_families(_asked(port, "/metrics").decode("utf-8"))
    return sum(sample.value for each in families for sample in each.samples if sample.name == "atips_sweeps_total")


def _asked(port: int, path: str) -> bytes:
    connection = HTTPConnection(ports.HOST, port, timeout=3)
    try:
        connection.request("GET", path)
        return connection.getresponse().read()
    finally:
        connection.close()
