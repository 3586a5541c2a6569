"""An empty database filled from the topics alone: as the lost one was, and it goes on as if nothing had happened."""

import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from confluent_kafka.admin import AdminClient

from infra.local.cluster import Cluster
from infra.local.folder import write_private
from services.console.replay.command import settings_of
from services.console.replay.restore import restored
from services.reporting.replay.report import Mode, Report
from services.reporting.replay.run import Plan, Replay
from tests.support.cluster import environment as environment_of
from tests.support.door import Door
from tests.support.generator import DENSE, History
from tests.support.pipeline import _POSITION_HISTORY, AGENCIES, ROLES, ROOT, Pipeline
from tests.support.promises import broken, settled

SAME = {
    "inbox": "SELECT * FROM intake.inbox ORDER BY n",
    "quarantine": "SELECT * FROM intake.quarantine ORDER BY n",
    "merged": "SELECT * FROM intake.merged ORDER BY entity",
    "same": "SELECT n FROM intake.same ORDER BY n",
    "linked": "SELECT * FROM intake.linked ORDER BY source, id",
    "copy": "SELECT * FROM intake.copy ORDER BY caused_by, n, entity",
    "line": "SELECT * FROM intake.line",
    "relay": "SELECT last_n, last_repeat FROM intake.relay",
    "relay_offset": "SELECT * FROM intake.relay_offset ORDER BY topic, part",
    "position": "SELECT topic_id, part, topic, next_offset FROM intake.position ORDER BY topic",
    "topic": "SELECT * FROM intake.topic ORDER BY topic",
}


@pytest.fixture
async def pipeline(cluster: Cluster, admin: AdminClient, tmp_path: Path) -> AsyncIterator[Pipeline]:
    made = await Pipeline.make(cluster, admin, tmp_path)
    try:
        yield made
    finally:
        made.close()


async def emptied(lost: Pipeline, folder: Path) -> Pipeline:
    """Give the same deployment with a database in which nothing ever was."""
    made = replace(lost, folder=folder, services=[], submitted=list(lost.submitted), _producers=[])
    name = f"{lost.deployment.name}_again"
    server = await asyncpg.connect(lost.dsn("postgres", "postgres"))
    await server.execute(f'CREATE DATABASE "{name}" TEMPLATE atips')
    await server.close()
    for role in ROLES:
        write_private(made.dsn_file(role), made.dsn(role, name) + "\n")
    connection = await made.connect()
    await connection.execute(_POSITION_HISTORY)
    await connection.close()
    return made


def restore(pipeline: Pipeline) -> "subprocess.CompletedProcess[bytes]":
    """Run it as the console does, with intake's role on the database."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ATIPS_")}
    environment |= environment_of(pipeline.cluster, pipeline.deployment, pipeline.dsn_file("intake"))
    return subprocess.run(
        [sys.executable, "-m", "services.intake.restore"], cwd=ROOT, env=environment, capture_output=True, check=False
    )


async def replayed(pipeline: Pipeline, mode: Mode) -> Report:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("ATIPS_")}
    environment = inherited | pipeline.environment("reporting")
    return await Replay(settings_of(environment), environment, Plan(mode, 2), lambda _: None).run()


async def tables(pipeline: Pipeline) -> dict[str, list[dict[str, Any]]]:
    connection = await pipeline.connect()
    found = {name: [dict(row) for row in await connection.fetch(sql)] for name, sql in SAME.items()}
    await connection.close()
    return found


async def test_a_lost_database_is_filled_from_the_topics_and_goes_on(
    pipeline: Pipeline, tmp_path_factory: pytest.TempPathFactory
) -> None:
    submissions = [(each.agency, each.raw) for each in History(41, DENSE).submissions(340) if each.agency in AGENCIES]
    bad = [("bpd", b"no event"), ("dhs", b'{"specversion": "1.0"}'), ("odpp", b"{")]
    first, later = submissions[:-60], submissions[-60:]
    door = await Door.made(pipeline)
    pipeline.start("intake", **door.settings)
    pipeline.start("reporting")
    pipeline.publish([*first[:100], bad[0], *first[120:], *bad[1:]])
    for agency, raw in [*first[100:120], *first[110:112], ("bpd", b"{}")]:
        door.sent(agency, raw)
    await settled(pipeline)
    before, wanted = await replayed(pipeline, Mode.COMPARE), await tables(pipeline)
    for running in pipeline.services:
        assert running.stop() == 0

    again = await emptied(pipeline, tmp_path_factory.mktemp("again"))
    try:
        done = restore(again)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["last_n"] == wanted["line"][0]["last_n"]
        found = await tables(again)
        for name in SAME:
            assert found[name] == wanted[name], name
        assert all(wanted[name] for name in SAME)
        rebuilt = await replayed(again, Mode.REBUILD)
        assert (rebuilt.done, rebuilt.equal, rebuilt.digest) == (True, True, before.digest)

        refused = restore(again)
        assert (refused.returncode, b"not empty" in refused.stderr) == (3, True)
        assert await tables(again) == wanted

        for service in ("intake", "reporting"):
            again.start(service)
        again.publish([*first[:20], *first[100:103], *later, *bad])
        await settled(again)
        assert await broken(again) == []
        assert (await replayed(again, Mode.COMPARE)).equal
    finally:
        again.close()


@pytest.mark.parametrize("bad", [False, True], ids=["accepted", "refused"])
async def test_no_number_is_given_twice_by_an_intake_whose_database_was_lost(
    pipeline: Pipeline, tmp_path_factory: pytest.TempPathFactory, *, bad: bool
) -> None:
    """Also where all that was ever numbered was refused; and what it then needs is named."""
    told = next(each for each in History(4).submissions(40) if each.agency in AGENCIES)
    event = ("bpd", b"no event") if bad else (told.agency, told.raw)
    pipeline.start("intake")
    pipeline.publish([event])
    pipeline.start("reporting")
    await settled(pipeline)
    assert [running.stop() for running in pipeline.services] == [0, 0]

    again = await emptied(pipeline, tmp_path_factory.mktemp("lost"))
    try:
        lost = again.start("intake")
        assert lost.ended() == 1
        assert "the acceptance line is empty, but" in lost.text()
        assert (await tables(again))["position"] == []
        assert restore(again).returncode == 0
        for service in ("intake", "reporting"):
            again.start(service)
        again.publish([event])
        await settled(again)
    finally:
        again.close()


async def test_a_new_deployment_has_nothing_to_restore(pipeline: Pipeline) -> None:
    done = restore(pipeline)
    assert (done.returncode, json.loads(done.stdout)) == (0, {"accepted": 0, "refused": 0, "last_n": 0})
    assert (await tables(pipeline))["position"] == []


async def test_a_number_that_nothing_on_the_topics_has_is_named_and_nothing_written(pipeline: Pipeline) -> None:
    producer = pipeline._producer()
    receipt = {
        "source": "council/intake",
        "type": "bz.atips.submission.accepted.v1",
        "id": "receipt-1",
        "data": {
            "status": "accepted",
            "n": 1,
            "inbound": {"topic": pipeline.deployment.inbound("bpd"), "partition": 0, "offset": 0},
        },
    }
    producer.produce(pipeline.deployment.delivery("bpd"), json.dumps(receipt).encode())
    producer.flush(30)
    done = restore(pipeline)
    assert done.returncode == 1
    reason = json.loads(done.stderr.splitlines()[-1])["reason"]
    assert reason == "intake cannot be restored: neither a primary copy nor a quarantine record has n 1"
    assert (await tables(pipeline))["position"] == []


def test_the_console_restores_with_the_rights_of_the_administrator_and_of_intake(
    cluster: Cluster, capsys: pytest.CaptureFixture[str]
) -> None:
    restored(cluster.data_dir)
    assert "intake restored: 0 accepted, 0 refused, up to n 0" in capsys.readouterr().err


def test_without_a_cluster_of_the_folder_the_console_leaves_intake(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    restored(tmp_path)
    assert "intake is left as it is" in capsys.readouterr().err
