"""Intake's door over HTTP in a pipeline: a key for each agency, and a sender who sends until there is an answer."""

import time
from dataclasses import dataclass
from typing import Any, Self

import asyncpg
import httpx2

from infra.local import ports
from infra.local.data_folder import Folder
from services.intake.domain.api_keys import hash_of_key, key_from_entropy
from services.intake.own_number_secret_encryption import encrypt_secret
from services.intake.store import own_number_ids
from services.intake.store.api_keys import Keys
from services.runtime.clock import SystemClock
from tests.support.pipeline import DEADLINE_SECONDS, Expired, Pipeline

EVENT = "application/cloudevents+json"
LATER = {429, 503}


@dataclass(slots=True)
class HttpIntake:
    """Intake over HTTP, with its address. `lost`: number of requests without an answer. `later`: number put off."""

    pipeline: Pipeline
    port: int
    keys: dict[str, str]
    lost: int = 0
    later: int = 0

    @classmethod
    async def made(cls, pipeline: Pipeline) -> Self:
        """Give each agency of the pipeline a key, and a secret of its own numbers."""
        keys = {agency: key_from_entropy(agency.encode().ljust(32)) for agency in pipeline.deployment.agencies}
        dsn = pipeline.dsn_file("registrar").read_text().strip()
        connection = await asyncpg.connect(dsn, server_settings={"search_path": "intake"})
        identity = bytes.fromhex(Folder(pipeline.cluster.data_dir).identity_key.read_text("utf-8").strip())
        for agency, key in keys.items():
            now = SystemClock().now()
            await Keys(connection).add(agency, hash_of_key(key) or b"", label="test", at=now)
            await own_number_ids.register(
                connection, agency, encrypt_secret(identity, agency, agency.encode().ljust(32)), now
            )
        await connection.close()
        return cls(pipeline, ports.choose(["http"], {})["http"], keys)

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://{ports.HOST}:{self.port}"

    @property
    def settings(self) -> dict[str, str]:
        """Return the settings that open it, for `Pipeline.start`. No client comes too often."""
        return {"http_port": str(self.port), "http_requests_per_second": "1e6", "http_requests_at_once": "1e6"}

    def once(self, agency: str, raw: bytes, *, content_type: str = EVENT) -> httpx2.Response:
        """Send, and give the answer, whatever it is; raises httpx2's error where there is none."""
        headers = {"authorization": f"Bearer {self.keys[agency]}", "content-type": content_type}
        return httpx2.post(f"{self.url}/v1/events", content=raw, headers=headers, timeout=20, trust_env=False)

    def sent(self, agency: str, raw: bytes) -> dict[str, Any]:
        """Send until there is an answer that stands, as a client should; gives the receipt. Noted as submitted."""
        deadline = time.monotonic() + DEADLINE_SECONDS
        self.pipeline.submitted.append((agency, raw))
        while time.monotonic() < deadline:
            try:
                answer = self.once(agency, raw)
            except httpx2.TransportError:
                self.lost += 1
            else:
                if answer.status_code not in LATER:
                    found: dict[str, Any] = answer.json()
                    receipt: dict[str, Any] = found.get("receipt", found)
                    return receipt
                assert int(answer.headers["retry-after"]) > 0
                self.later += 1
            time.sleep(0.05)
        msg = f"no answer that stands within {DEADLINE_SECONDS:.0f} s"
        raise Expired(msg)
