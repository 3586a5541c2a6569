"""If a broker threw records away unread, intake stops, says so, and goes on when an operator wants it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from confluent_kafka import TopicPartition
from confluent_kafka.admin import AdminClient
from typer.testing import CliRunner, Result

from infra.local import connection_settings
from schemas.ids import Kind
from services.console import inbound_progress as command
from services.console.__main__ import app
from services.runtime import outbox
from services.runtime.outbox import Message
from tests.support.pipeline import Pipeline, awaited, wait_for
from tests.support.random_events import History, encode

history = History(83)
ARRIVED, GONE = UUID(int=7), UUID(int=8)


def arrest() -> tuple[str, bytes]:
    return "bpd", encode(history.arrest(history.mint(Kind.PERSON)))


pytestmark = pytest.mark.pipeline(agencies=("bpd", "dhs"), watched=False)


def expired(admin: AdminClient, topic: str, before: int) -> None:
    """Take away what lies before an offset, as the broker does when seven days are over."""
    for done in admin.delete_records([TopicPartition(topic, 0, before)]).values():
        done.result(30)


async def atips(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Result:
    """Run `atips inbound` on a test's own topics and database."""

    @asynccontextmanager
    async def connected(_: object, role: str, schema: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
        dsn = pipeline.dsn_file(role).read_text().strip()
        connection = await asyncpg.connect(dsn, server_settings={"search_path": schema})
        try:
            yield connection
        finally:
            await connection.close()

    monkeypatch.setattr(command, "connected", connected)
    monkeypatch.setattr(command, "_servers", lambda _: nullcontext())
    monkeypatch.setattr(connection_settings, "deployment", lambda _: pipeline.deployment)
    settings = connection_settings.admin(pipeline.cluster.data_dir)
    monkeypatch.setattr(connection_settings, "admin", lambda _: settings)
    # It has an event loop of its own.
    return await asyncio.to_thread(CliRunner().invoke, app, ["inbound", *arguments])


async def test_intake_stops_before_a_gap_and_goes_on_behind_it_when_it_is_told_to(
    pipeline: Pipeline, admin: AdminClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    topic = pipeline.deployment.inbound("bpd")
    first, lost, kept = [arrest() for _ in range(2)], [arrest() for _ in range(3)], arrest()
    intake = pipeline.start("intake")
    pipeline.publish(first)
    wait_for(lambda: len(pipeline.receipts("bpd")) == 2, "both are judged")
    assert intake.stop() == 0
    pipeline.publish([*lost, kept])
    expired(admin, topic, 5)

    halted = pipeline.start("intake")
    assert halted.ended() == 1
    assert f"outside the log of {topic}" in halted.text()
    assert "atips inbound list" in halted.text()
    listed = json.loads((await atips(pipeline, monkeypatch, "list", "--json")).stdout)
    of = {each["publisher"]: (each["next_offset"], each["unread"], each["gone"]) for each in listed["inbound"]}
    assert of["bpd"] == (2, 1, 3)
    assert {each for publisher, each in of.items() if publisher != "bpd"} == {(0, 0, 0)}
    assert listed["passed"] == []

    assert (await atips(pipeline, monkeypatch, "pass", "dhs")).exit_code == 1
    assert (await atips(pipeline, monkeypatch, "pass", "labour")).exit_code == 2
    passed = await atips(pipeline, monkeypatch, "pass", "bpd", "--operator", "ana")
    assert (passed.exit_code, f"3 records of {topic}, offsets 2 to 4" in passed.stdout) == (0, True)
    assert (await atips(pipeline, monkeypatch, "pass", "bpd")).exit_code == 1
    shown = (await atips(pipeline, monkeypatch, "list")).stdout
    assert f"given up: 3 records of {topic}, offsets 2 to 4" in shown
    assert "by ana" in shown

    pipeline.start("intake")
    wait_for(lambda: len(pipeline.receipts("bpd")) == 3, "what was kept is judged")
    pipeline.publish(lost)
    wait_for(lambda: len(pipeline.receipts("bpd")) == 6, "what was lost is sent again")
    assert {receipt["status"] for receipt in pipeline.receipts("bpd")} == {"accepted"}


async def test_unread_records_are_deleted_and_given_up_in_one_step(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    topic = pipeline.deployment.inbound("bpd")
    intake = pipeline.start("intake")
    pipeline.publish([arrest()])
    wait_for(lambda: len(pipeline.receipts("bpd")) == 1, "one is judged")
    assert intake.stop() == 0
    assert (await atips(pipeline, monkeypatch, "delete", "bpd")).exit_code == 1, "nothing is unread"
    pipeline.publish([arrest(), arrest()])
    deleted = await atips(pipeline, monkeypatch, "delete", "bpd", "--operator", "ana")
    assert (deleted.exit_code, f"2 records of {topic}, offsets 1 to 2" in deleted.stdout) == (0, True)
    assert "Tell bpd" in deleted.stdout
    assert (await atips(pipeline, monkeypatch, "delete", "bpd")).exit_code == 1, "nothing is left"
    pipeline.start("intake")
    pipeline.publish([arrest()])
    wait_for(lambda: len(pipeline.receipts("bpd")) == 2, "reading goes on behind them")


async def test_a_topic_of_which_nothing_was_ever_read_is_passed_from_its_first_record_on(
    pipeline: Pipeline, admin: AdminClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline.publish([arrest(), arrest()])
    expired(admin, pipeline.deployment.inbound("bpd"), 2)
    record = json.loads((await atips(pipeline, monkeypatch, "pass", "bpd", "--operator", "ana", "--json")).stdout)
    assert (record["first"], record["last"], record["operator"]) == (0, 1, "ana")
    intake = pipeline.start("intake")
    pipeline.publish([arrest()])
    wait_for(lambda: len(pipeline.receipts("bpd")) == 1, "reading goes on")
    assert intake.stop() == 0


async def test_a_service_sends_again_what_is_gone_and_nothing_else(
    pipeline: Pipeline, admin: AdminClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    topic = pipeline.deployment.inbound("referral")
    owner = await pipeline.connect()
    await owner.execute(
        "INSERT INTO intake.inbox VALUES (1, 'referral/main', $1, $2, 0, 'a.type', 'referral', '', '{e}', $3, 0, 0)",
        ARRIVED,
        bytes(32),
        topic,
    )
    await owner.execute("SET search_path TO referral")
    elsewhere = Message(UUID(int=9), pipeline.deployment.delivery("dhs"), "a.type", b"{}")
    said = [Message(ARRIVED, topic, "a.type", b"{}"), Message(GONE, topic, "a.type", b"{}"), elsewhere]
    await outbox.append(owner, said, sent=True)
    producer = pipeline._producer()
    for _ in said[:2]:
        producer.produce(topic, b"{}")
    producer.flush(30)
    expired(admin, topic, 2)

    passed = await atips(pipeline, monkeypatch, "pass", "referral")
    assert (passed.exit_code, "referral sends them again" in passed.stdout) == (0, True)

    async def unsent() -> list[Any]:
        return [row["id"] for row in await owner.fetch("SELECT id FROM outbox WHERE NOT sent")]

    assert await awaited(unsent, "it waits to be sent") == [GONE]
    await owner.close()
