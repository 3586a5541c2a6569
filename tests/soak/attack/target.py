"""A cluster as an attacker knows it: addresses, and the credentials of one careless agency."""

import json
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import httpx2

from infra.local import connection_settings
from tests.support.pipeline import ROOT

CARELESS: Final = "nopcan"
"""The agency whose credentials the attackers have."""


class Target:
    """A cluster as seen from outside, and the careless agency's credentials."""

    def __init__(self, data_dir: Path, seconds: float) -> None:
        self.data_dir = data_dir
        self.client: dict[str, Any] = json.loads((data_dir / "clients" / CARELESS / "client.json").read_text("utf-8"))
        self.state: dict[str, Any] = json.loads((data_dir / "state.json").read_text("utf-8"))
        self.admin_ports: dict[str, int] = json.loads((data_dir / "admin.json").read_text("utf-8"))
        self.deployment = connection_settings.deployment(data_dir)
        self.done = Counter[str]()
        self._until = time.monotonic() + seconds
        self._number = 0
        self._pace = threading.Event()
        self._trusting = ssl.create_default_context()
        self._trusting.check_hostname, self._trusting.verify_mode = False, ssl.CERT_NONE

    def each(self, seconds: float) -> Iterator[int]:
        """Count 0, 1, 2 … with a pause between, until the time is up."""
        number = 0
        while time.monotonic() < self._until:
            yield number
            number += 1
            self._pace.wait(seconds)

    def source_address(self) -> str:
        """Another address of this machine each time, as a botnet has."""
        self._number += 1
        return f"127.0.{self._number // 250 % 250 + 1}.{self._number % 250 + 1}"

    @property
    def http(self) -> tuple[str, int]:
        """Return the address of the HTTP door."""
        host, _, port = self.client["http"]["address"].rpartition("//")[2].partition(":")
        return host, int(port)

    @property
    def kafka(self) -> dict[str, Any]:
        """Librdkafka's settings of the careless agency."""
        return {**self.client["kafka"]["config"], "log_level": 0}

    def connection(self, address: tuple[str, int], *, source: str = "") -> socket.socket:
        """Open a bare connection from another address."""
        return socket.create_connection(address, timeout=5, source_address=(source or self.source_address(), 0))

    def wrapped(self, plain: socket.socket) -> ssl.SSLSocket:
        """Put TLS around it, trusting anybody."""
        return self._trusting.wrap_socket(plain, server_hostname="localhost")

    def posted(self, body: bytes, **headers: str) -> int:
        """POST as the careless agency; gives the status, 0 where there was no answer."""
        key = Path(self.client["http"]["key_file"]).read_text("utf-8").strip()
        sent = {"authorization": f"Bearer {key}", "content-type": "application/cloudevents+json", **headers}
        with suppress(httpx2.HTTPError):
            address = self.client["http"]["address"]
            answer = httpx2.post(f"{address}/v1/events", content=body, headers=sent, verify=self._trusting, timeout=20)
            return answer.status_code
        return 0

    def got(self, path: str) -> int:
        """GET from the door as the careless agency; gives the status, 0 where there was no answer."""
        key = Path(self.client["http"]["key_file"]).read_text("utf-8").strip()
        with suppress(httpx2.HTTPError):
            address = self.client["http"]["address"]
            headers = {"authorization": f"Bearer {key}"}
            return httpx2.get(f"{address}{path}", headers=headers, verify=self._trusting, timeout=20).status_code
        return 0

    def clerk(self) -> httpx2.Client:
        """Sign a clerk of the careless agency in at the pages."""
        words = ("users", "add", "careless", "--role", "clerk", "--agency", CARELESS, "--json")
        command = [sys.executable, "-m", "services.console", *words, "--data-dir", str(self.data_dir)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
        link: str = json.loads(done.stdout)["link"]
        base = link.partition("/link/")[0]
        client = httpx2.Client(base_url=base, headers={"origin": base}, timeout=20, trust_env=False)
        client.post(link)
        return client
