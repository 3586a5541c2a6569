"""A name in a refused event is soon nowhere in clear, wherever it came in and whatever was reported of it."""

import base64
import os
import re
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Final

import httpx2
import orjson
import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import (  # type: ignore[attr-defined] # it has no __all__
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
)

from infra.local import connection_settings, ports
from infra.local.data_folder import Folder
from schemas.ids import Kind
from tests.support.intake_http import HttpIntake
from tests.support.pipeline import Pipeline, awaited, wait_for
from tests.support.random_events import History, encode

NAME: Final = "Xiomara Canarywood 0917"
POSITIONS_ONLY: Final = (".index", ".timeindex")
"""Kafka's index files hold offsets and are mostly holes."""

history = History(1709)


def event() -> bytes:
    return encode(history.arrest(history.mint(Kind.PERSON)))


def refused() -> Iterator[bytes]:
    """Give submissions that are refused, each with the name in another place."""
    good = orjson.loads(event())
    yield f'{{"name": "{NAME}"'.encode()
    yield NAME.encode()
    yield orjson.dumps({**good, NAME: 1})
    yield orjson.dumps({**good, "data": {**good["data"], "note": NAME}})
    yield orjson.dumps({**good, "data": {**good["data"], NAME: NAME}})
    yield from (orjson.dumps({**good, field: NAME}) for field in ("source", "id", "type", "subject", "time"))
    yield orjson.dumps({"very": {"deep": [NAME] * 50}})


pytestmark = pytest.mark.pipeline(agencies=("bpd",), watched=False)


@pytest.fixture
def pipeline(pipeline: Pipeline, admin: AdminClient) -> Pipeline:
    topic = ConfigResource(
        ConfigResource.Type.TOPIC,
        pipeline.deployment.inbound("bpd"),
        incremental_configs=[
            ConfigEntry(name, "100", incremental_operation=AlterConfigOpType.SET)
            for name in ("segment.ms", "file.delete.delay.ms")
        ],
    )
    admin.incremental_alter_configs([topic])[topic].result()
    return pipeline


def in_clear() -> tuple[bytes, ...]:
    """Give the name as bytes, and as the middle of what base64 makes of it, wherever it begins."""
    raw = NAME.encode()
    return raw, *(base64.b64encode(b"\0" * begin + raw)[4:-4] for begin in range(3))


def files_with_the_name(folders: Iterable[Path]) -> list[str]:
    return [
        f"{Path(root).name}/{name}"
        for folder in folders
        for root, _, names in os.walk(folder)
        for name in names
        if not name.endswith(POSITIONS_ONLY) and holds_the_name(Path(root, name))
    ]


def holds_the_name(path: Path) -> bool:
    try:
        content = path.read_bytes()
    except FileNotFoundError:  # removed while we looked
        return False
    return any(form in content for form in in_clear())


def leaves_no_core_file(process: int) -> bool:
    limits = Path(f"/proc/{process}/limits").read_text(encoding="ascii")
    return re.search(r"Max core file size\s+0\s+0\s", limits) is not None


def send(pipeline: Pipeline, values: Iterable[bytes]) -> int:
    """Publish to the inbound topic, with the name in key and headers too; gives how many."""
    producer = Producer(connection_settings.admin(pipeline.cluster.data_dir))
    count = 0
    for value in values:
        headers: dict[str, str | bytes | None] = {NAME: NAME, "content-type": NAME}
        producer.produce(pipeline.deployment.inbound("bpd"), value, key=NAME.encode(), headers=headers)
        count += 1
    assert producer.flush(30) == 0
    return count


async def test_a_name_in_what_was_refused_is_soon_nowhere_in_clear(pipeline: Pipeline) -> None:
    folder = Folder(pipeline.cluster.data_dir)
    everywhere = (folder.kafka, folder.postgres, folder.log, pipeline.folder)
    door = await HttpIntake.made(pipeline)
    sent = send(pipeline, refused())
    assert files_with_the_name([folder.kafka])  # the search finds what is there

    admin_port = ports.choose(["admin"], {})["admin"]
    settings = {
        "admin_port": str(admin_port),
        "inbound_deletion_seconds": "0.2",
        "inbound_quiet_seconds": "1",
        "log_level": "debug",
    }
    intake = pipeline.start("intake", **door.settings, **settings)
    connection = await pipeline.connect()

    async def judged() -> bool:
        return int(await connection.fetchval("SELECT count(*) FROM intake.quarantine")) >= sent

    await awaited(judged, "what came over Kafka is judged")
    answers = [wait_for(partial(door.once, "bpd", value), "an answer") for value in refused()]
    assert {answer.status_code // 100 for answer in answers} == {4}
    # Nobody sends anything more: intake itself closes the file.
    wait_for(lambda: not files_with_the_name([folder.kafka]), "the inbound topic's files are gone")
    assert leaves_no_core_file(intake.process.pid)
    await connection.execute("CHECKPOINT")
    await connection.close()

    assert files_with_the_name(everywhere) == []
    assert NAME not in httpx2.get(f"http://{ports.HOST}:{admin_port}/metrics", trust_env=False).text
    assert not any(NAME in answer.text for answer in answers)
    assert not any(NAME.encode() in (record.value() or b"") for record in pipeline.read(pipeline.deployment.quarantine))
