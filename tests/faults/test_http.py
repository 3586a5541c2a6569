"""The door over HTTP on the real parts: killed, without its database, poisoned; what it acknowledged is there."""

import os
import signal
import threading
from typing import Any

import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import Case
from schemathesis.core.result import Ok
from typing_extensions import override

from infra.local import ports
from infra.local.cluster import Cluster
from services.runtime.failpoints import NAMES
from tests.faults.test_outages import server
from tests.faults.test_poison import CANARY, POISON
from tests.support.intake_http import HttpIntake
from tests.support.pipeline import Pipeline, awaited, wait_for
from tests.support.promises import broken, settled
from tests.support.random_events import History

# The steps within the line are killed in test_crashes and test_changes, through the other door.
STEPS = [name for name in NAMES if name.startswith("http.")]


class Sender(threading.Thread):
    """An agency's system: sends one after the other until each has an answer, and keeps its receipts."""

    def __init__(self, door: HttpIntake, events: list[tuple[str, bytes]]) -> None:
        super().__init__()
        self.receipts: list[dict[str, Any]] = []
        self._door = door
        self._events = events
        self.start()

    @override
    def run(self) -> None:
        for agency, raw in self._events:
            self.receipts.append(self._door.sent(agency, raw))


async def missing(pipeline: Pipeline, receipts: list[dict[str, Any]]) -> list[int]:
    """The numbers of receipts that the inbox does not bear out."""
    connection = await pipeline.connect()
    rows = await connection.fetch("SELECT n, source, id::text AS id, digest, accepted_at FROM intake.inbox")
    await connection.close()
    kept = {(row["n"], row["source"], row["id"], row["digest"].hex(), row["accepted_at"]) for row in rows}
    said = [tuple(receipt[name] for name in ("n", "source", "id", "digest", "accepted_at")) for receipt in receipts]
    return [each[0] for each in said if each not in kept]


@pytest.mark.timeout(240)
async def test_killed_at_every_step_while_both_doors_take_the_same_events(pipeline: Pipeline) -> None:
    door = await HttpIntake.made(pipeline)
    pipeline.start("reporting")
    for number, step in enumerate(STEPS):
        armed = pipeline.start("intake", failpoint=f"{step}=kill@2", **door.settings)
        events = list(History(3000 + number).events(12))
        sender = Sender(door, events)
        pipeline.publish(events[::3])
        assert armed.ended() == -signal.SIGKILL
        again = pipeline.start("intake", **door.settings)
        sender.join()
        assert len(sender.receipts) == len(events)
        assert await missing(pipeline, sender.receipts) == []
        assert again.stop() == 0
    assert door.lost > 0
    pipeline.start("intake", **door.settings)
    await settled(pipeline)
    assert await broken(pipeline) == []


@pytest.mark.timeout(240)
async def test_the_database_is_killed_and_comes_back(pipeline: Pipeline, cluster: Cluster) -> None:
    door = await HttpIntake.made(pipeline)
    workers = [pipeline.start("intake", **door.settings), pipeline.start("reporting")]
    first = Sender(door, list(History(41).events(10)))
    first.join()
    before = server(cluster, "postgres")
    senders = [Sender(door, list(History(seed).events(15))) for seed in (42, 43)]
    os.kill(before["pid"], signal.SIGKILL)
    wait_for(lambda: server(cluster, "postgres")["restarts"] > before["restarts"], "the database is started again")
    wait_for(lambda: server(cluster, "postgres")["state"] == "running", "the database runs")
    for worker in workers:
        if not worker.running:
            pipeline.start(worker.name, **(door.settings if worker.name == "intake" else {}))
    for sender in senders:
        sender.join()
    receipts = [receipt for sender in (first, *senders) for receipt in sender.receipts]
    assert len(receipts) == 40
    assert door.later + door.lost > 0
    await settled(pipeline, 60)
    assert await missing(pipeline, receipts) == []
    assert await broken(pipeline) == []


async def test_poison_leaves_nothing_anywhere_and_holds_nobody_up(pipeline: Pipeline) -> None:
    door = await HttpIntake.made(pipeline)
    admin = ports.choose(["admin"], {})["admin"]
    worker = pipeline.start("intake", admin_port=str(admin), **door.settings)
    reporting = pipeline.start("reporting")
    valid = [(agency, raw) for agency, raw in History(9).events(40) if agency == "bpd"]
    door.sent(*valid[0])
    answers = [door.once("bpd", raw) for raw in POISON.values()]
    taken = [raw for raw, answer in zip(POISON.values(), answers, strict=True) if "receipt" in answer.json()]
    pipeline.submitted += [("bpd", raw) for raw in taken]
    answers.append(door.once("bpd", b"[]", content_type=CANARY))
    for agency, raw in valid[1:]:
        assert door.sent(agency, raw)["status"] == "accepted"
    await settled(pipeline)
    assert await broken(pipeline) == []
    assert {answer.status_code // 100 for answer in answers} == {4}

    refusals = [each for each in pipeline.receipts("bpd") if each["status"] == "refused"]
    assert len(refusals) == len(taken) == len(POISON) - 1  # one is too large to be read
    assert all(each["inbound"] == {"topic": None, "partition": None, "offset": None} for each in refusals)
    topics = [pipeline.deployment.quarantine, pipeline.deployment.delivery("bpd"), *pipeline.deployment.logs]
    seen = [repr((each.key(), each.value(), each.headers())) for topic in topics for each in pipeline.read(topic)]
    seen += [answer.text + repr(answer.headers) for answer in answers]
    seen += [httpx2.get(f"http://{ports.HOST}:{admin}/metrics").text, worker.text(), reporting.text()]
    connection = await pipeline.connect()
    tables = await connection.fetch(
        "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables"
        " WHERE schemaname IN ('intake', 'identity', 'reporting')"
    )
    seen += [repr(tuple(row)) for each in tables for row in await connection.fetch(f"SELECT * FROM {each['name']}")]
    assert len(seen) > 100
    assert not [text for text in seen if CANARY in text]

    assert fuzzed(door) > 100
    caught_up = "SELECT relay.last_n = line.last_n FROM intake.relay, intake.line"
    await awaited(lambda: connection.fetchval(caught_up), "the relay caught up")
    await connection.close()
    assert worker.running
    assert reporting.running


def fuzzed(door: HttpIntake) -> int:
    """Send what the document allows, and what it does not, to the process itself; gives how many were answered."""
    document = schemathesis.openapi.from_url(f"{door.url}/openapi.json")
    answers = []
    for operation in document.get_all_operations():
        assert isinstance(operation, Ok)

        @settings(max_examples=20, suppress_health_check=list(HealthCheck), database=None)
        @given(operation.ok().as_strategy())
        def one(case: Case[Any]) -> None:
            headers = {"authorization": f"Bearer {door.keys['bpd']}"}
            answers.append(case.call(base_url=door.url, headers=headers).status_code)

        one()
    assert {each for each in answers if each >= 500} == set()
    return len(answers)
