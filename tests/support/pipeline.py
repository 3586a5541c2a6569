"""One pipeline of a test's own: topics under its own name, its own database, intake and reporting as processes.

They run as in earnest, on the real broker and database of the test run; a failpoint or a planted bug is handed in.
"""

import asyncio
import json
import os
import subprocess
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Self, TypeVar

import asyncpg
import pytest
from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient

from infra.local import connection_settings
from infra.local.cluster import Cluster
from infra.local.data_folder import Folder
from infra.local.protected_files import write_private
from schemas.codec import decode
from schemas.ids import Kind
from schemas.service_decisions import Entered
from schemas.topics import Deployment
from tests.support import forked_services
from tests.support.cluster import environment, make_deployment

T = TypeVar("T")

ROOT = Path(__file__).resolve().parents[2]
AGENCIES = ("bpd", "dhs", "labour", "odpp")
PARTITIONS = 2
ROLES = (
    "postgres",
    "migrator",
    "registrar",
    "officer",
    "intake",
    "identity",
    "referral",
    "case_tracker",
    "reporting",
    "me_read",
)
# What a process that was put to sleep holds is free after this long; the relay speaks every second.
SILENCE_SECONDS = "3"
# Long enough for a loaded machine; a test that passes never waits so long.
DEADLINE_SECONDS = 45.0
# Records that may wait for the broker: the client holds twice as many.
AHEAD = 50_000


class Expired(AssertionError):
    """A condition did not come true within its deadline."""


_LEADERLESS: Final = frozenset({KafkaError.NOT_LEADER_FOR_PARTITION, KafkaError.LEADER_NOT_AVAILABLE})


def wait_for(condition: Callable[[], T | None], what: str, seconds: float = DEADLINE_SECONDS) -> T:
    """Give the condition's first true value, asked every few milliseconds."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    msg = f"not within {seconds:.0f} s: {what}"
    raise Expired(msg)


async def awaited(condition: Callable[[], Awaitable[T | None]], what: str, seconds: float = DEADLINE_SECONDS) -> T:
    """Do the same for a condition that is a coroutine."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        value = await condition()
        if value:
            return value
        await asyncio.sleep(0.02)
    msg = f"not within {seconds:.0f} s: {what}"
    raise Expired(msg)


UNSHARED: Final = {
    "share_records_per_second": "1e9",
    "share_records_per_day": "1e12",
    "share_entity_events_per_day": "1e12",
    "share_bytes_per_second": "1e12",
}
"""intake's settings for who measures how much it can take: no client has a share."""


@dataclass(slots=True)
class Service:
    """A running service process and its log."""

    name: str
    process: forked_services.Process
    log: Path

    @property
    def running(self) -> bool:
        """Whether it still runs."""
        return self.process.poll() is None

    def text(self) -> str:
        """Return its log so far."""
        return self.log.read_text()

    def kill(self) -> None:
        """End it as a crash would."""
        self.process.kill()
        self.process.wait(30)

    def stop(self) -> int:
        """End it as an operator would; gives its exit code."""
        self.process.terminate()
        return self.process.wait(30)

    def ended(self, seconds: float = DEADLINE_SECONDS) -> int:
        """Wait until it ends by itself; gives its exit code (negative: the signal)."""
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            msg = f"{self.name} still runs after {seconds:.0f} s"
            raise Expired(msg) from None


@dataclass(slots=True)
class Pipeline:
    """Everything between a submission and a figure, for one test or one module of tests."""

    cluster: Cluster
    deployment: Deployment
    folder: Path
    services: list[Service] = field(default_factory=list)
    submitted: list[tuple[str, bytes]] = field(default_factory=list)
    extra: dict[str, dict[str, str]] = field(default_factory=dict)
    """Further settings by service, in lower case without prefix, of every start."""
    _producers: list[Producer] = field(default_factory=list)

    @classmethod
    async def make(
        cls,
        cluster: Cluster,
        admin: AdminClient,
        folder: Path,
        *,
        agencies: Sequence[str] = AGENCIES,
        partitions: int = PARTITIONS,
        watched: bool = True,
    ) -> Self:
        """Make topics and a database, a copy of the migrated one; `watched`: it notes every step of every position."""
        made = cls(cluster, make_deployment(admin, *agencies, partitions=partitions), folder)
        await made._create_database(made.deployment.name)
        if watched:
            await made.watch_positions()
        return made

    async def with_database(self, folder: Path, name: str, source: str = "atips") -> Self:
        """Give the same topics with another database, made as a copy of `source`; `folder` has its connections."""
        made = replace(self, folder=folder, services=[], submitted=list(self.submitted), _producers=[])
        await made._create_database(name, source)
        return made

    async def _create_database(self, name: str, source: str = "atips") -> None:
        server = await asyncpg.connect(self.dsn("postgres", "postgres"))
        try:
            await server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}" STRATEGY file_copy')
        finally:
            await server.close()
        for role in ROLES:
            write_private(self.dsn_file(role), self.dsn(role, name) + "\n")

    async def watch_positions(self) -> None:
        """Note every step of every position from now on."""
        connection = await self.connect()
        try:
            await connection.execute(_POSITION_HISTORY)
        finally:
            await connection.close()

    def close(self) -> None:
        """End what still runs."""
        for service in self.services:
            if service.running:
                service.kill()

    def dsn_file(self, role: str) -> Path:
        """Return the file with a role's data source name for this pipeline's database."""
        return self.folder / f"{role}.dsn"

    async def connect(self, role: str = "postgres") -> "asyncpg.Connection[asyncpg.Record]":
        """Open a connection to this pipeline's database; of the administrator one that triggers do not hinder."""
        settings = {"session_replication_role": "replica"} if role == "postgres" else {}
        return await asyncpg.connect(self.dsn_file(role).read_text().strip(), server_settings=settings)

    async def connect_as(self, agency: str) -> "asyncpg.Connection[asyncpg.Record]":
        """Open a connection to the case tracker's tables in this pipeline's database, as an agency."""
        dsn = Folder(self.cluster.data_dir).database(agency).read_text().strip()
        own = dsn.rpartition("/")[0] + f"/{self.deployment.name}"
        return await asyncpg.connect(own, server_settings={"search_path": "case_tracker"})

    def environment(self, service: str, **settings: str) -> dict[str, str]:
        """Give a service's variables; on the broker it is the super user (the rights have tests of their own)."""
        found = environment(self.cluster, self.deployment, self.dsn_file(service))
        if service == "intake":
            folder = Folder(self.cluster.data_dir)
            found |= {
                "ATIPS_QUARANTINE_KEY_FILE": str(folder.quarantine_key),
                "ATIPS_IDENTITY_KEY_FILE": str(folder.identity_key),
                "ATIPS_IDENTITY_DSN_FILE": str(self.dsn_file("identity")),
            }
        if service in {"referral", "case_tracker"}:
            found["ATIPS_SESSION_SECONDS"] = "1"  # a killed worker's partitions are free sooner
        if service == "reporting" and "PYTEST_VERSION" in os.environ:
            # Tables for readers in SQL have tests of their own; here each start would fill them for years back.
            found["ATIPS_VALUES_SECONDS"] = "3600"
        found["ATIPS_SILENT_SESSION_SECONDS"] = SILENCE_SECONDS
        said = self.extra.get(service, {}) | settings
        return found | {f"ATIPS_{name.upper()}": value for name, value in said.items()}

    def start(self, service: str, *, bug: str = "", form: str = "", **settings: str) -> Service:
        """Start a service; `bug` names one of tests/faults/planted_bug.py, settings are ATIPS_* in lower case.

        `form` names a module that runs the service in another form.
        """
        number = sum(1 for each in self.services if each.name == service)
        log = self.folder / f"{service}-{number}.log"
        module = ["tests.faults.planted_bug", bug, service] if bug else [form or f"services.{service}"]
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("ATIPS_")}
        process = forked_services.started(module, inherited | self.environment(service, **settings), log)
        started = Service(service, process, log)
        self.services.append(started)
        return started

    def publish(self, submissions: Iterable[tuple[str, bytes]]) -> None:
        """Write (agency, bytes) pairs to the agencies' inbound topics and wait for the broker."""
        producer = self._producer()
        failures: list[str] = []
        for agency, value in submissions:
            producer.produce(
                self.deployment.inbound(agency),
                value,
                on_delivery=lambda error, _: failures.append(str(error)) if error else None,
            )
            self.submitted.append((agency, value))
            producer.poll(0)
            while len(producer) > AHEAD:
                producer.poll(0.1)
        producer.flush(DEADLINE_SECONDS)
        assert not failures, failures[:3]

    def read(self, topic: str) -> list[Any]:
        """Give every record that a topic has now."""
        consumer = Consumer(
            {
                **connection_settings.admin(self.cluster.data_dir),
                "group.id": f"{self.deployment.name}.test",
                "enable.auto.commit": False,
                "auto.offset.reset": "error",
            }
        )
        try:
            bounds = {
                part: consumer.get_watermark_offsets(TopicPartition(topic, part), 10) for part in self._parts(topic)
            }
            ends = {part: end for part, (_, end) in bounds.items()}
            consumer.assign([TopicPartition(topic, part, begin) for part, (begin, _) in bounds.items()])
            wanted = sum(end - begin for begin, end in bounds.values())
            records: list[Any] = []
            deadline = time.monotonic() + DEADLINE_SECONDS
            while len(records) < wanted and time.monotonic() < deadline:
                found = [record for record in consumer.consume(1000, 0.1) if record.error() is None]
                records += [record for record in found if (record.offset() or 0) < ends[record.partition() or 0]]
            assert len(records) == wanted
            return records
        finally:
            consumer.close()

    def entries(self, kind: Kind, entity: str) -> list[Entered]:
        """Give what the log of a kind has of an entity, in its order."""
        found = []
        for record in self.read(self.deployment.log(kind)):
            if record.key() == entity.encode():
                headers = dict(record.headers())
                at = datetime.fromtimestamp(int(headers["accepted_at"]) / 1000, UTC)
                found.append(Entered(int(headers["n"]), at, decode(record.value())))
        return found

    def ends(self, topics: Sequence[str]) -> dict[tuple[str, int], int]:
        """Give the end offset of each partition of the topics, once the broker leads all of them."""
        consumer = Consumer(
            {**connection_settings.admin(self.cluster.data_dir), "group.id": f"{self.deployment.name}.test"}
        )

        def told() -> dict[tuple[str, int], int] | None:
            try:
                return {
                    (topic, part): consumer.get_watermark_offsets(TopicPartition(topic, part), 10)[1]
                    for topic in topics
                    for part in self._parts(topic)
                }
            except KafkaException as error:
                if error.args[0].code() not in _LEADERLESS:
                    raise
                return None

        try:
            return wait_for(told, "the broker tells the ends")
        finally:
            consumer.close()

    def receipts(self, agency: str) -> list[dict[str, Any]]:
        """Give what the agency finds on its delivery topic, the data of each receipt."""
        return [found["data"] for found in self.delivered(agency) if "submission" in found["type"]]

    def delivered(self, agency: str) -> list[dict[str, Any]]:
        """Give all that the agency finds there: receipts, and what it is to act on or should know."""
        return [json.loads(record.value()) for record in self.read(self.deployment.delivery(agency))]

    def _parts(self, topic: str) -> range:
        return range(self.deployment.partitions if topic in self.deployment.logs else 1)

    def _producer(self) -> Producer:
        if not self._producers:
            self._producers.append(
                Producer(
                    {
                        **connection_settings.admin(self.cluster.data_dir),
                        "enable.idempotence": True,
                        "linger.ms": 5,
                        "partitioner": "murmur2_random",
                    }
                )
            )
        return self._producers[0]

    def dsn(self, role: str, database: str) -> str:
        """Give a role's data source name for any database of the run's server."""
        dsn = Folder(self.cluster.data_dir).dsn_file(role).read_text().strip()
        return dsn.rpartition("/")[0] + f"/{database}"


# Every step of every stored position, so that one that goes back or skips is seen afterwards.
_POSITION_HISTORY = """
CREATE SCHEMA watch;
GRANT USAGE ON SCHEMA watch TO PUBLIC;
CREATE TABLE watch.step (seq bigint GENERATED ALWAYS AS IDENTITY, reader text, topic_id uuid, part integer,
    before bigint, after bigint, epoch_before bigint, epoch_after bigint);
CREATE FUNCTION watch.note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    INSERT INTO watch.step (reader, topic_id, part, before, after, epoch_before, epoch_after)
    VALUES (TG_TABLE_SCHEMA, NEW.topic_id, NEW.part, OLD.next_offset, NEW.next_offset, OLD.epoch, NEW.epoch);
    RETURN NULL;
END $$;
CREATE TRIGGER watched AFTER UPDATE ON intake.position FOR EACH ROW EXECUTE FUNCTION watch.note();
CREATE TRIGGER watched AFTER UPDATE ON referral.position FOR EACH ROW EXECUTE FUNCTION watch.note();
CREATE TRIGGER watched AFTER UPDATE ON case_tracker.position FOR EACH ROW EXECUTE FUNCTION watch.note();
CREATE TRIGGER watched AFTER UPDATE ON reporting.position FOR EACH ROW EXECUTE FUNCTION watch.note();
"""


@pytest.fixture
async def pipeline(
    request: pytest.FixtureRequest, cluster: Cluster, admin: AdminClient, tmp_path: Path
) -> AsyncIterator[Pipeline]:
    """A pipeline whose services are not running yet. The marker `pipeline` gives other options of `Pipeline.make`."""
    marker = request.node.get_closest_marker("pipeline")
    made = await Pipeline.make(cluster, admin, tmp_path, **(marker.kwargs if marker else {}))
    yield made
    made.close()
