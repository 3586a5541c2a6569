"""An empty database filled from the topics alone: as the lost one was, and it goes on as if nothing had happened."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient

from infra.local import connection_settings
from infra.local.cluster import Cluster
from schemas.codec import decode, digest
from services.console.replay.intake_restore import restore_intake
from services.intake.domain.outbox_rows import AcceptedRow, RefusedRow, SealedRefusal
from services.intake.domain.relay_records import RelayRecord, progress, records_of_accepted, records_of_refused
from services.intake.domain.submission import InboundPlace
from services.reporting.replay.report import Mode
from tests.support.cluster import environment as environment_of
from tests.support.generator import DENSE, History, Mix
from tests.support.intake_http import HttpIntake
from tests.support.pipeline import AGENCIES, ROOT, Pipeline, awaited
from tests.support.promises import broken, copies, settled
from tests.wire.test_replay import replayed

PLAIN = Mix(corrections=0, retractions=0, merges=0, cycles=0, unseen=0, duplicates=0)

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


async def emptied(lost: Pipeline, folder: Path) -> Pipeline:
    """Give the same deployment with a database in which nothing ever was."""
    made = await lost.with_database(folder, f"{lost.deployment.name}_again")
    await made.watch_positions()
    return made


def restore(pipeline: Pipeline, *options: str) -> "subprocess.CompletedProcess[bytes]":
    """Run it as the console does, with intake's role on the database."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ATIPS_")}
    environment |= environment_of(pipeline.cluster, pipeline.deployment, pipeline.dsn_file("intake"))
    environment["ATIPS_QUARANTINE_KEY_FILE"] = pipeline.environment("intake")["ATIPS_QUARANTINE_KEY_FILE"]
    return subprocess.run(
        [sys.executable, "-m", "services.intake.restore", *options],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        check=False,
    )


async def none_left(consumer: Consumer, topics: Sequence[str]) -> bool:
    bounds = [consumer.get_watermark_offsets(TopicPartition(topic, 0), 10) for topic in topics]
    return all(begin == end for begin, end in bounds)


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
    door = await HttpIntake.made(pipeline)
    pipeline.start("intake", **door.settings, inbound_deletion_seconds="0.1")
    pipeline.start("reporting")
    pipeline.publish([*first[:100], bad[0], *first[120:], *bad[1:]])
    for agency, raw in [*first[100:120], *first[110:112], ("bpd", b"{}")]:
        door.sent(agency, raw)
    await settled(pipeline)
    inbound = [pipeline.deployment.inbound(agency) for agency in AGENCIES]
    consumer = Consumer({**connection_settings.admin(pipeline.cluster.data_dir), "group.id": "bounds"})
    await awaited(lambda: none_left(consumer, inbound), "what is judged is deleted from the inbound topics")
    consumer.close()
    before, wanted = await replayed(pipeline), await tables(pipeline)
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
        rebuilt = await replayed(again, Mode.REBUILD, processes=2)
        assert (rebuilt.done, rebuilt.equal, rebuilt.digest) == (True, True, before.digest)

        left = restore(again)
        assert (left.returncode, b"not empty" in left.stderr) == (3, True)
        assert await tables(again) == wanted

        again.start("intake", inbound_deletion_seconds="0.1")
        again.start("reporting")
        again.publish([*first[:20], *first[100:103], *later, *bad])
        await settled(again)
        assert await broken(again) == []
        assert (await replayed(again)).equal
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
    assert (done.returncode, json.loads(done.stdout)) == (0, {"accepted": 0, "refused": 0, "last_n": 0, "lost": []})
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


def interrupted(pipeline: Pipeline, payloads: Sequence[bytes]) -> None:
    """Return the records of a relay that ended within its second batch, of numbers 3 to 6, as the database did.

    Of 3 nothing but its receipt, of 4 no primary copy, of 5 no receipt, of 6 all.
    """
    kept = []
    for n, payload in enumerate(payloads, start=1):
        primary, *related, receipt = of_accepted(pipeline, n, payload)
        kept += {3: [receipt], 4: [*related, receipt], 5: [primary, *related]}.get(n, [primary, *related, receipt])
        kept += [progress(n, {}, pipeline.deployment)] if n == 2 else []
    written(pipeline, kept)


def of_accepted(pipeline: Pipeline, n: int, payload: bytes) -> tuple[RelayRecord, ...]:
    """Return the relay's records for an event."""
    event = decode(payload)
    place = InboundPlace(pipeline.deployment.inbound(event.agency), 0, n - 1, 0)
    key, concerned = (event.source, event.id), event.concerns()
    row = AcceptedRow(n, n, key, digest(payload), event.type, event.agency, payload, concerned, place)
    return records_of_accepted(row, pipeline.deployment)


def written(pipeline: Pipeline, messages: Sequence[RelayRecord]) -> None:
    producer = Producer({**connection_settings.admin(pipeline.cluster.data_dir), "partitioner": "murmur2_random"})
    for message in messages:
        producer.produce(message.topic, message.value, message.key, headers=list(message.headers))
    assert producer.flush(30) == 0


async def test_numbers_that_were_given_twice_are_named_and_nothing_written(pipeline: Pipeline) -> None:
    """As by a database of before what the log held: of two events with one number one would be lost."""
    once, again = [each.raw for each in History(8, PLAIN).submissions(400) if each.agency == "bpd"][:2]
    sealed = [SealedRefusal("k", nonce * 12, b"sealed", b"f" * 32) for nonce in (b"a", b"b")]
    refusals = [RefusedRow(2, 2, 2, "bpd", "not_json", "", None, None, False, each, None, 1, 2, 6) for each in sealed]
    sent = [of_accepted(pipeline, 1, once), *(records_of_refused(row, pipeline.deployment) for row in refusals)]
    written(pipeline, [message for messages in (*sent, of_accepted(pipeline, 1, again)) for message in messages])
    done = restore(pipeline)
    reason = json.loads(done.stderr.splitlines()[-1])["reason"]
    assert reason == "intake cannot be restored: given to more than one submission: n 1, 2"
    assert (done.returncode, (await tables(pipeline))["inbox"]) == (1, [])


async def test_a_tail_that_was_lost_within_a_batch_is_named_and_given_up_only_when_asked(pipeline: Pipeline) -> None:
    """A lost number's submission is judged again. Every copied event came back. Every number stands somewhere."""
    told = [each.raw for each in History(8, PLAIN).submissions(400) if each.agency == "bpd"]
    payloads = [raw for raw in told if len(decode(raw).concerns()) > 1][:6]
    pipeline.publish([("bpd", raw) for raw in payloads])
    interrupted(pipeline, payloads)
    unasked = restore(pipeline)
    reason = json.loads(unasked.stderr.splitlines()[-1])["reason"]
    assert reason == "intake cannot be restored: neither a primary copy nor a quarantine record has n 3"
    assert (unasked.returncode, (await tables(pipeline))["inbox"]) == (1, [])

    done = restore(pipeline, "--give-up-lost")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"accepted": 5, "refused": 0, "last_n": 6, "lost": [3]}
    for service in ("intake", "reporting"):
        pipeline.start(service)
    connection = await pipeline.connect()
    try:
        complete = "SELECT coalesce(max(complete_to), 0) FROM reporting.figure_status"
        await awaited(lambda: _at_least(connection, complete, 7), "complete to 7", 45.0)
        inbox = {row["payload"]: row["n"] for row in (await tables(pipeline))["inbox"]}
        assert [inbox[raw] for raw in payloads] == [1, 2, 7, 4, 5, 6]
        lost = [(row["n"], row["reason"], row["must_arrive"]) for row in (await tables(pipeline))["quarantine"]]
        assert lost == [(3, "lost_before_sent", True)]
        assert await copies(connection) == []
    finally:
        await connection.close()
    assert (await replayed(pipeline)).equal


async def _at_least(connection: asyncpg.Connection, sql: str, number: int) -> bool:
    return bool(await connection.fetchval(sql) >= number)


async def test_no_repetition_gets_an_id_again_whose_receipt_is_gone_after_its_days(
    pipeline: Pipeline, admin: AdminClient, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A client that keeps receipts by their ids would take the later one for a repetition."""
    told = next(each for each in History(4).submissions(40) if each.agency in AGENCIES)
    delivery = pipeline.deployment.delivery(told.agency)
    pipeline.start("intake")
    pipeline.publish([(told.agency, told.raw)] * 3)
    await delivered(pipeline, told.agency, 3)
    given = {each["id"] for each in pipeline.delivered(told.agency)}
    assert pipeline.services[0].stop() == 0
    [gone] = admin.delete_records([TopicPartition(delivery, 0, 3)]).values()
    assert gone.result().low_watermark == 3

    again = await emptied(pipeline, tmp_path_factory.mktemp("again"))
    try:
        assert restore(again).returncode == 0
        again.start("intake")
        again.publish([(told.agency, told.raw)])
        await delivered(again, told.agency, 4)
        assert {each["id"] for each in again.delivered(told.agency)}.isdisjoint(given)
    finally:
        again.close()


async def delivered(pipeline: Pipeline, agency: str, count: int) -> None:
    """Wait until the agency has so many receipts."""
    topic = pipeline.deployment.delivery(agency)

    async def there() -> bool:
        return len(pipeline.read(topic)) >= count

    await awaited(there, f"{count} receipts")


def test_the_console_restores_with_the_rights_of_the_administrator_and_of_intake(
    cluster: Cluster, capsys: pytest.CaptureFixture[str]
) -> None:
    restore_intake(cluster.data_dir)
    assert "intake restored: 0 accepted, 0 refused, up to n 0" in capsys.readouterr().err


def test_without_a_cluster_of_the_folder_the_console_leaves_intake(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    restore_intake(tmp_path)
    assert "intake is left as it is" in capsys.readouterr().err
