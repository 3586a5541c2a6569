"""A real provider on this machine (nanoidp, OAuth 2.1), and a browser that signs in there."""

import re
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import yaml

from services.runtime.clock import SystemClock
from services.web.api.app import application
from services.web.api.dependencies import Parts
from services.web.domain.provider_sign_in_rules import Grant
from services.web.domain.roles import Role
from services.web.identity_provider import BACK, Provider, ProviderSettings
from tests.unit.web.doubles import BASE

USERS = {
    "pat": ["atips-police-officers", "everybody"],
    "otto": ["everybody"],
    "amy": ["atips-police-officers", "atips-auditors"],
}
GROUPS = {
    "atips-police-officers": Grant(Role.OFFICER, "bpd"),
    "atips-auditors": Grant(Role.AUDITOR, "council"),
}
PASSWORD = "invented password"
TLS = ssl.create_default_context()
"""Made once: to make it takes longer than a sign-in."""
CLIENT, OTHER = "atips", "another"


@dataclass
class Running:
    """The provider's process: its address, and the file of its users."""

    issuer: str
    users: Path

    def settings(self, client: str = CLIENT) -> ProviderSettings:
        """Give our settings at the provider."""
        return ProviderSettings(self.issuer, client, f"secret of {client}", BASE + BACK, GROUPS)

    def provider(self, client: str = CLIENT) -> Provider:
        """Give our side, by the machine's clock, as the provider lives."""
        return Provider(self.settings(client), SystemClock())


@contextmanager
def running(folder: Path) -> Iterator[Running]:
    """Run the provider until the block ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    issuer = f"http://127.0.0.1:{port}"
    clients = [
        {"client_id": name, "client_secret": f"secret of {name}", "redirect_uris": [BASE + BACK]}
        for name in (CLIENT, OTHER)
    ]
    oauth = {"issuer": issuer, "audience": "resource", "token_expiry_minutes": 10, "clients": clients}
    plain = {"config_version": 1, "server": {"host": "127.0.0.1", "port": port}, "oauth": oauth}
    (folder / "settings.yaml").write_text(yaml.safe_dump(plain))
    users = {name: {"password": PASSWORD, "groups": groups} for name, groups in USERS.items()}
    (folder / "users.yaml").write_text(yaml.safe_dump({"config_version": 1, "users": users}))
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "nanoidp", "--config", str(folder), "--profile", "oauth21"],
            stdout=log,
            stderr=log,
            cwd=folder,
        )
        try:
            _wait_for(issuer, process, folder / "log")
            yield Running(issuer, folder / "users.yaml")
        finally:
            process.terminate()
            process.wait(10)


def _wait_for(issuer: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        assert process.poll() is None, log.read_text()
        try:
            if httpx2.get(issuer + "/api/health", trust_env=False, verify=TLS).is_success:
                return
        except httpx2.HTTPError:
            time.sleep(0.05)
    raise AssertionError(log.read_text())


class Browser:
    """A browser with cookies of its own for our pages and for the provider. It stops before each address of ours."""

    def __init__(self, ours: httpx2.AsyncClient, theirs: httpx2.AsyncClient) -> None:
        self.ours = ours
        self._theirs = theirs

    async def go(self, address: str) -> httpx2.Response:
        """Open one of our pages, and follow it as far as the provider."""
        return await self.ours.get(address)

    async def sign_in(self, start: str, who: str) -> str:
        """Begin at our page, sign in at the provider, and give the address that it sends us back to."""
        sent = await self.go(start)
        assert sent.status_code == 303, sent.text
        return await self.at_provider(sent.headers["location"], who)

    async def at_provider(self, address: str, who: str) -> str:
        """Fill in the provider's form."""
        shown = await self._theirs.get(address)
        assert shown.status_code == 200, shown.text
        [transaction] = set(re.findall(r'name="transaction_id" value="([^"]+)"', shown.text))
        form = {"transaction_id": transaction, "username": who, "password": PASSWORD}
        answer = await self._theirs.post(address.partition("?")[0], data=form)
        if answer.status_code == 200 and 'name="password"' in answer.text:  # it asks for both on pages of their own
            answer = await self._theirs.post(address.partition("?")[0], data=form)
        back = answer.headers.get("location", "")
        parts = urlsplit(back)
        return f"{parts.path}?{parts.query}"


@asynccontextmanager
async def browser(parts: Parts) -> AsyncIterator[Browser]:
    """Open a browser."""
    transport: Any = httpx2.ASGITransport(application(parts), raise_app_exceptions=True)
    async with (
        httpx2.AsyncClient(transport=transport, base_url=BASE) as ours,
        httpx2.AsyncClient(trust_env=False, verify=TLS) as theirs,
    ):
        yield Browser(ours, theirs)
