"""Offices that were cut off come back all at once with full spools, on the real door: nothing lost, nothing twice."""

import json
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest
from confluent_kafka.admin import AdminClient

from infra.local import connection_settings, pki, ports
from infra.local.cluster import Cluster
from infra.local.data_folder import Folder, throwaway
from schemas.ids import Kind
from schemas.justice.police import ArrestMade, ArrestMadeV1
from services.client import Client, Http, Kafka
from services.client.receipt_and_errors import IntakeConnection, Receipt
from services.intake.domain.api_keys import hash_of_key, key_from_entropy
from services.intake.store.api_keys import Keys
from tests.support.pipeline import Pipeline, Service, wait_for

OFFICES, EACH, OVER_KAFKA = 300, 4, 4
AT_ONCE = 40
KEY = key_from_entropy(bytes(range(32)))
DAY = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)
PATIENCE = 240.0


@dataclass
class Offices:
    """The offices of one agency, and what the doors answered them."""

    pipeline: Pipeline
    folder: Path
    address: str
    answers: Counter[int] = field(default_factory=Counter)
    published: dict[str, bytes] = field(default_factory=dict)

    def door(self, number: int) -> IntakeConnection:
        """Most come over HTTP, a few over Kafka."""
        if number < OVER_KAFKA:
            deployment = self.pipeline.deployment
            config = {
                **connection_settings.admin(self.pipeline.cluster.data_dir),
                "group.id": f"{deployment.name}.test",
            }
            return Kafka(config, inbound=deployment.inbound("bpd"), delivery=deployment.delivery("bpd"))
        door = Http(self.address, key=KEY, ca=Folder(self.pipeline.cluster.data_dir).ca)
        door._client.event_hooks = {"response": [self._note]}
        return door

    def fill(self, number: int) -> Client:
        """Publish what an office kept while it was cut off."""
        client = Client(f"bpd/office-{number}", self.door(number), self.folder / f"{number}.db")
        for _ in range(EACH):
            said = ArrestMade(person=client.mint(Kind.PERSON), arrest=client.mint(Kind.ARREST))
            event = client.event(ArrestMadeV1, said, time=DAY)
            client.publish(event)
            [(_, value)] = [(each.id, each.value) for each in client._spool.waiting(EACH) if each.id == event.id]
            self.published[event.id] = value
        return client

    def _note(self, response: httpx2.Response) -> None:
        self.answers[response.status_code] += 1


@contextmanager
def in_memory() -> Iterator[Path]:
    made = throwaway()
    try:
        yield made
    finally:
        for file in made.iterdir():
            file.unlink()
        made.rmdir()


@pytest.fixture
async def offices(cluster: Cluster, admin: AdminClient, tmp_path: Path) -> AsyncIterator[Offices]:
    pipeline = await Pipeline.make(cluster, admin, tmp_path, agencies=("bpd",))
    owner = await pipeline.connect()
    await owner.execute("SET search_path TO intake")
    key_hash = hash_of_key(KEY)
    assert key_hash is not None
    await Keys(owner).add("bpd", key_hash, label="offices", at=DAY)
    await owner.close()
    [port] = ports.choose(["http"], {}).values()
    with in_memory() as folder:
        yield Offices(pipeline, folder, f"https://{ports.HOST}:{port}")
    pipeline.close()


def start(offices: Offices) -> Service:
    folder = Folder(offices.pipeline.cluster.data_dir)
    systems = offices.folder / "systems.json"
    systems.write_text(json.dumps({"enrolled": [f"bpd/office-{number}" for number in range(OFFICES)]}))
    return offices.pipeline.start(
        "intake",
        http_port=offices.address.rpartition(":")[2],
        http_certificate=str(folder.certificate(pki.HTTP)),
        http_key=str(folder.key(pki.HTTP)),
        identity_dsn_file=str(offices.pipeline.dsn_file("identity")),
        identity_key_file=str(folder.identity_key),
        systems_file=str(systems),
        http_requests_per_second="100",  # one agency has them all
    )


async def accepted(offices: Offices) -> list[tuple[str, bytes]]:
    connection = await offices.pipeline.connect()
    rows = await connection.fetch("SELECT id::text, payload FROM intake.inbox ORDER BY n")
    refused = await connection.fetchval("SELECT count(*) FROM intake.quarantine")
    await connection.close()
    assert refused == 0
    return [(row["id"], row["payload"]) for row in rows]


@pytest.mark.timeout(480)
async def test_offices_that_come_back_at_once_lose_nothing_and_count_once(offices: Offices) -> None:
    with ExitStack() as open_clients:
        clients = [open_clients.enter_context(offices.fill(number)) for number in range(OFFICES)]
        intake = start(offices)
        with ThreadPoolExecutor(AT_ONCE) as crowd:
            flushing = [crowd.submit(client.flush, PATIENCE) for client in clients]
            wait_for(lambda: sum(each.done() for each in flushing) > OFFICES // 10, "some are through", PATIENCE)
            intake.kill()  # and whoever waits for an answer sends the same again
            start(offices)
            receipts: list[Receipt] = [receipt for each in flushing for receipt in each.result(PATIENCE)]
        assert [client.waiting for client in clients] == [0] * OFFICES
    assert Counter(receipt.id for receipt in receipts) == Counter(list(offices.published))
    assert {receipt.status for receipt in receipts} <= {"accepted", "duplicate"}
    found = await accepted(offices)
    assert len(found) == len(offices.published)
    assert dict(found) == offices.published
    # Too much at once is told (429), and what cannot be promised (503); nothing else goes wrong.
    assert set(offices.answers) <= {202, 429, 503}
