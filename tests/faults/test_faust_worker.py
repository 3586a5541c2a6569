"""Faust in its one safe form, on the real broker: nothing lost, nothing twice, the order per key kept.

What the form is for is shown first: Faust's own form goes on after a handler has raised, without what it held.
"""

import json
import os
import re
import signal
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest
from confluent_kafka import Consumer, ConsumerGroupTopicPartitions, Producer, TopicPartition
from confluent_kafka.admin import AdminClient

from infra.local import connection_settings
from infra.local.cluster import Cluster
from infra.local.data_folder import Folder
from infra.local.ports import choose
from infra.local.protected_files import write_private
from schemas.ids import Kind
from schemas.topics import Deployment
from services.runtime.failpoints import NAMES
from tests.faults.test_outages import server
from tests.support import forked_services
from tests.support.closing_proxy import ClosingProxy
from tests.support.cluster import environment, make_deployment
from tests.support.pipeline import ROOT, Service, awaited, wait_for
from tests.support.probe_service import SESSION_SECONDS, SQL, UNSAFE
from tests.wire.test_readiness import answer

STEPS = [name for name in NAMES if name.startswith("batch.")]
KEYS = 7

Row: TypeAlias = tuple[int, int, bytes, bytes, str]


@dataclass(slots=True)
class Probe:
    """A topic with something on it, a database, and whichever workers note it."""

    cluster: Cluster
    deployment: Deployment
    folder: Path
    services: list[Service] = field(default_factory=list)
    sent: int = 0

    @property
    def topic(self) -> str:
        return self.deployment.log(Kind.PERSON)

    @property
    def group(self) -> str:
        return self.deployment.group("referral")

    def database(self) -> str:
        base = Folder(self.cluster.data_dir).dsn_file("postgres").read_text().strip().rpartition("/")[0]
        return f"{base}/{self.deployment.name}"

    def start(self, form: str = "faust", **settings: str) -> Service:
        """Start a worker; as the super user of the broker where no other settings are given."""
        log = self.folder / f"{form}-{len(self.services)}.log"
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("ATIPS_")}
        own = environment(self.cluster, self.deployment, self.folder / "dsn")
        own |= {f"ATIPS_{name.upper()}": value for name, value in settings.items()}
        process = forked_services.started(["tests.support.probe_service", form], inherited | own, log)
        self.services.append(Service(form, process, log))
        return self.services[-1]

    def publish(self, count: int) -> None:
        """Write records whose values count on, a few keys taking turns."""
        producer = Producer({**connection_settings.admin(self.cluster.data_dir), "partitioner": "murmur2_random"})
        for number in range(self.sent, self.sent + count):
            producer.produce(self.topic, b"%d" % number, b"key-%d" % (number % KEYS), headers=[("n", b"%d" % number)])
        assert producer.flush(45) == 0
        self.sent += count

    async def noted(self) -> list[Row]:
        """Return the notes, in their order."""
        connection = await asyncpg.connect(self.database())
        try:
            rows = await connection.fetch("SELECT part, off, key, value, headers FROM probe.noted ORDER BY seq")
        finally:
            await connection.close()
        return [tuple(row) for row in rows]

    async def complete(self, seconds: float = 45.0) -> list[Row]:
        """Wait until every record is noted; nothing must be noted twice, nor out of its key's order."""

        async def all_there() -> list[Row] | None:
            rows = await self.noted()
            return rows if len({row[:2] for row in rows}) >= self.sent else None

        rows = await awaited(all_there, f"{self.sent} records are noted", seconds)
        assert len(rows) == self.sent
        for key in {row[2] for row in rows}:
            values = [int(row[3]) for row in rows if row[2] == key]
            assert values == sorted(values)
            assert all(values[at] - values[at - 1] == KEYS for at in range(1, len(values)))
        assert all(json.loads(row[4]) == [["n", row[3].decode()]] for row in rows)
        return rows

    def committed(self, form: str = "") -> int:
        """How far the group, or that of a form of Faust's own, is, over all partitions."""
        group = f"{self.deployment.name}.{form}" if form else self.group
        consumer = Consumer({**connection_settings.admin(self.cluster.data_dir), "group.id": group})
        try:
            places = [TopicPartition(self.topic, part) for part in range(self.deployment.partitions)]
            return sum(max(place.offset, 0) for place in consumer.committed(places, 10))
        finally:
            consumer.close()


def held(worker: Service) -> int:
    """Return how many partitions a worker said last that it held."""
    return int((re.findall(r'"held": ?(\d+)', worker.text()) or [0])[-1])


Made: TypeAlias = Callable[[], Awaitable[Probe]]


@pytest.fixture
def made(cluster: Cluster, admin: AdminClient, tmp_path: Path) -> Iterator[Made]:
    """Makes probes of a test's own; what still runs at its end is ended."""
    probes: list[Probe] = []

    async def make() -> Probe:
        deployment = make_deployment(admin, "dhs", partitions=2, rights=True)
        folder = tmp_path / deployment.name
        folder.mkdir()
        probe = Probe(cluster, deployment, folder)
        base = await asyncpg.connect(Folder(cluster.data_dir).dsn_file("postgres").read_text().strip())
        await base.execute(f'CREATE DATABASE "{deployment.name}"')
        await base.close()
        inside = await asyncpg.connect(probe.database())
        for statement in SQL:
            await inside.execute(statement)
        await inside.close()
        write_private(folder / "dsn", probe.database() + "\n")
        probes.append(probe)
        return probe

    yield make
    for probe in probes:
        for service in probe.services:
            if service.running:
                service.kill()


async def test_faust_in_its_own_forms_loses_what_a_raising_handler_held(made: Made) -> None:
    """The loss that the safe form is for: they go on, and never come back to what they dropped."""
    probe = await made()
    for form in UNSAFE:
        (probe.folder / f"raise-{form}").write_bytes(b"17")
        probe.start(form)
    probe.publish(60)

    async def went_on() -> bool:
        """Past what they dropped: seen by what they noted, or by what they committed."""
        rows = await probe.noted()
        beyond = {row[2].decode() for row in rows if int(row[3]) == probe.sent - 1}
        return all(form in beyond or probe.committed(form) == probe.sent for form in UNSAFE)

    wait_for(lambda: not list(probe.folder.glob("raise-*")), "each has raised")
    await awaited(went_on, "each went on")
    for form in UNSAFE:
        found = {int(row[3]) for row in await probe.noted() if row[2] == form.encode()}
        assert 17 not in found, form
        assert found < set(range(60))


async def test_a_handler_that_raises_ends_the_process_and_loses_nothing(made: Made) -> None:
    probe = await made()
    (probe.folder / "raise").write_bytes(b"17")
    worker = probe.start()
    probe.publish(60)
    assert worker.ended() == 1
    assert '"error": "ValueError"' in worker.text()
    assert "the handler's own fault" not in worker.text()
    again = probe.start()
    await probe.complete()
    assert again.stop() == 0
    wait_for(lambda: probe.committed() == probe.sent, "the group's offsets are told")


async def test_killed_at_every_step(made: Made) -> None:
    probe = await made()
    for step in STEPS:
        armed = probe.start(failpoint=f"{step}=kill")
        probe.publish(50)
        assert armed.ended() == -signal.SIGKILL, step
    probe.start()
    await probe.complete()


async def test_an_unknown_outcome_at_every_step(made: Made) -> None:
    """The process lives on and reads what is stored, whichever side of the commit it was."""
    probe = await made()
    armed = probe.start(failpoint=",".join(f"{step}=retry" for step in STEPS))
    while missed := [step for step in STEPS if f'"name": "{step}"' not in armed.text()]:
        assert probe.sent < 1000, missed
        probe.publish(50)
        await probe.complete()
    assert armed.running


async def test_partitions_move_while_records_flow(made: Made) -> None:
    probe = await made()
    workers = [probe.start()]
    for round_ in range(3):
        probe.publish(200)
        workers.append(probe.start())
        wait_for(lambda: '"assigned"' in workers[-1].text(), "the newcomer has a share")
        probe.publish(200)
        older = workers.pop(0)
        if round_ == 1:
            older.kill()
        else:
            assert older.stop() == 0
    probe.publish(100)
    await probe.complete()
    assert workers[0].stop() == 0


@pytest.mark.parametrize("form", ["faust", "consumer"])
async def test_a_worker_without_the_database_leaves_its_partitions_to_the_other_until_it_is_back(
    made: Made, form: str
) -> None:
    probe = await made()
    with ClosingProxy(Folder(probe.cluster.data_dir).read_state()["ports"]["postgres"]) as proxy:
        dsn = urlsplit(probe.database())
        (probe.folder / "cut-off").mkdir()
        through = probe.folder / "cut-off" / "dsn"
        address = f"{dsn.netloc.rpartition(':')[0]}:{proxy.port}"
        write_private(through, urlunsplit(dsn._replace(netloc=address)) + "\n")
        cut_off = probe.start(form, postgres_dsn_file=str(through))
        wait_for(lambda: held(cut_off) == 2, "it has all partitions")
        other = probe.start(form)
        wait_for(lambda: held(cut_off) == held(other) == 1, "each has its share")
        proxy.close()
        probe.publish(200)
        await probe.complete()
        assert (held(cut_off), held(other)) == (0, 2)
        assert cut_off.running
        proxy.open()
        wait_for(lambda: held(cut_off) == held(other) == 1, "each has its share again")
        probe.publish(200)
        await probe.complete()
    assert "partitions given up" in cut_off.text()
    assert "partitions given up" not in other.text()


async def test_a_slow_handler_keeps_its_partitions(made: Made) -> None:
    probe = await made()
    (probe.folder / "slow").write_text(str(3 * SESSION_SECONDS))
    worker = probe.start()
    probe.publish(30)
    await probe.complete()
    assert worker.text().count('"assigned"') == 1
    assert worker.text().count('"revoked"') == 0
    assert not list(ROOT.glob(f"{probe.group}*"))  # Faust's folder for tables


async def test_a_group_that_is_further_than_the_database_stops_the_worker(made: Made, admin: AdminClient) -> None:
    probe = await made()
    probe.publish(30)
    ahead = ConsumerGroupTopicPartitions(probe.group, [TopicPartition(probe.topic, 0, 1)])
    admin.alter_consumer_group_offsets([ahead])[probe.group].result(10)
    worker = probe.start()
    assert worker.ended() == 1
    assert "is committed up to 1 in the group, 0 is stored" in worker.text()
    assert await probe.noted() == []


@pytest.mark.parametrize("name", ["kafka", "postgres"])
async def test_killed_servers_come_back_while_records_flow(made: Made, cluster: Cluster, name: str) -> None:
    probe = await made()
    worker = probe.start()
    probe.publish(200)
    await probe.complete()
    before = server(cluster, name)
    os.kill(before["pid"], signal.SIGKILL)
    wait_for(lambda: server(cluster, name)["restarts"] > before["restarts"], f"{name} is started again")
    wait_for(lambda: server(cluster, name)["state"] == "running", f"{name} runs")
    probe.publish(200)
    if not worker.running:  # it may stop rather than guess; its supervisor starts it again
        probe.start()
    await probe.complete()
    assert len(worker.text().splitlines()) < 100  # the client's complaints are thinned out


async def test_both_transports_bring_the_handler_the_same(made: Made) -> None:
    probe = await made()
    probe.publish(300)
    faust = probe.start("faust")
    by_faust = await probe.complete()
    assert faust.stop() == 0
    connection = await asyncpg.connect(probe.database())
    await connection.execute("TRUNCATE probe.noted, probe.position")
    await connection.close()
    probe.start("consumer")
    by_consumer = await probe.complete()
    assert sorted(by_faust) == sorted(by_consumer)


def as_principal(probe: Probe, name: str) -> dict[str, str]:
    """Give the settings of a principal of its own, by SCRAM over TLS, and of a port to ask it at."""
    found = connection_settings.environment(probe.cluster.data_dir, name, None)
    kafka = {key.removeprefix("ATIPS_").lower(): value for key, value in found.items() if "KAFKA" in key}
    return kafka | {"admin_port": str(choose(["admin"], {})["admin"])}


async def test_it_needs_no_more_rights_than_its_principal_has(made: Made) -> None:
    probe = await made()
    probe.publish(10)
    settings = as_principal(probe, "referral")
    probe.start(**settings)
    first = wait_for(lambda: answer(int(settings["admin_port"])), "it listens")
    assert first["ready"] or first["reasons"] == {"assignment": "no assignment"}
    await probe.complete()
    last = answer(int(settings["admin_port"]))
    assert last is not None
    assert last["ready"]


async def test_without_rights_on_its_group_it_stops(made: Made) -> None:
    """Faust alone would ask again for ever: `reporting` may read the topic, but in another group."""
    probe = await made()
    worker = probe.start(**as_principal(probe, "reporting"))
    assert worker.ended() == 1
    assert "GROUP_AUTHORIZATION_FAILED" in worker.text()
