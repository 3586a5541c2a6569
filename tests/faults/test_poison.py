"""Broken records: each is quarantined by its position, encrypted, answered, and holds nobody up (I1, I9, I10)."""

import base64
import json

import orjson
from confluent_kafka import Producer
from confluent_kafka.admin import (  # type: ignore[attr-defined] # it has no __all__
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from infra.local import connection_settings
from infra.local.data_folder import Folder
from infra.local.protected_files import write_private
from schemas.ids import Kind
from schemas.topics import MIB
from services.intake.domain.outbox_rows import SealedRefusal
from services.intake.domain.submission import InboundPlace
from services.intake.quarantine_encryption import Seal
from services.intake.settings import quarantine_key
from tests.faults.test_redrive import LATE, redrive
from tests.support.pipeline import Pipeline, wait_for
from tests.support.promises import broken, settled
from tests.support.random_events import History, encode

CANARY = "Canary-Maria-5c1e"

ARREST = encode(History(7).arrest())
POISON: dict[str, bytes] = {
    "not JSON": b"{" + CANARY.encode(),
    "no bytes": b"",
    "not UTF-8": b'{"id":"\xff\xfe"}',
    "a byte order mark": b"\xef\xbb\xbf" + ARREST,
    "a key twice": ARREST.replace(b'"source":', b'"specversion":"1.0","source":'),
    "not a number": ARREST.replace(b'"specversion":"1.0"', b'"specversion":NaN'),
    "depth": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "size": encode({**json.loads(ARREST), "sourcerecord": "x" * 300_000}),
    "an array": b"[" + ARREST + b"]",
    "an unknown type": ARREST.replace(b"arrest.made.v1", b"arrest.made.v9"),
    "an unknown field": ARREST.replace(b'"arrest":', f'"{CANARY}":"x","arrest":'.encode()),
    "a name as an id": encode({**json.loads(ARREST), "subject": CANARY}),
    "another agency": encode({**json.loads(ARREST), "source": "dhs/famcare"}),
    "no author of it": encode({**History(8).profile(), "type": "bz.atips.arrest.made.v1"}),
    "the future": encode({**json.loads(ARREST), "recordedtime": "2199-01-01T00:00:00-06:00"}),
}


async def test_poison_is_quarantined_by_position_and_those_behind_it_are_counted(pipeline: Pipeline) -> None:
    pipeline.start("intake")
    pipeline.start("reporting")
    valid = [(agency, raw) for agency, raw in History(9).events(60) if agency == "bpd"]
    poison = list(POISON.values())
    pipeline.publish(
        [(agency, raw) for pair in zip([("bpd", raw) for raw in poison], valid, strict=False) for agency, raw in pair]
    )
    await settled(pipeline)
    assert await broken(pipeline) == []

    inbound = pipeline.deployment.inbound("bpd")
    receipts = {receipt["inbound"]["offset"]: receipt for receipt in pipeline.receipts("bpd")}
    refused = [receipts[2 * index] for index in range(min(len(poison), len(valid)))]
    assert {receipt["status"] for receipt in refused} == {"refused"}
    assert all(receipt["reason"] for receipt in refused)

    key = AESGCM(bytes.fromhex(Folder(pipeline.cluster.data_dir).quarantine_key.read_text().strip()))
    for record in pipeline.read(pipeline.deployment.quarantine):
        entry = json.loads(record.value())
        offset = entry["inbound"]["offset"]
        aad = f"{inbound}|{entry['inbound']['partition']}|{offset}".encode()
        opened = orjson.loads(key.decrypt(base64.b64decode(entry["nonce"]), base64.b64decode(entry["sealed"]), aad))
        assert base64.b64decode(opened["value"]) == poison[offset // 2]


# Three kilobytes on the wire, and a name of which JSON makes four megabytes.
PACKED = b'{"a":"' + b"x" * 3_000_000 + b'"}'
NAME = "\x01" * 700_000


async def test_what_no_quarantine_record_holds_stops_nobody(pipeline: Pipeline, admin: AdminClient) -> None:
    """The broker takes no more than it takes unpacked; what topics made before that let in goes without its bytes."""
    pipeline.start("intake")
    pipeline.start("reporting")
    topic = pipeline.deployment.inbound("bpd")
    assert refusal_of(pipeline, PACKED) == "MSG_SIZE_TOO_LARGE"
    judges_unpacked(admin, topic, "producer")
    wait_for(lambda: refusal_of(pipeline, PACKED) is None, "a topic as it was made before")
    judges_unpacked(admin, topic, "uncompressed")
    assert refusal_of(pipeline, b"{", (NAME, b"x")) is None
    pipeline.submitted += [("bpd", PACKED), ("bpd", b"{")]
    pipeline.publish([(agency, raw) for agency, raw in History(12).events(20) if agency == "bpd"])
    await settled(pipeline)
    assert await broken(pipeline) == []
    assert {receipt["n"] for receipt in pipeline.receipts("bpd")} == set(range(1, len(pipeline.submitted) + 1))

    without, whole = (json.loads(record.value()) for record in pipeline.read(pipeline.deployment.quarantine)[:2])
    assert (without["reason"], without["inbound"]["offset"], "sealed" in without) == ("too_large", 0, False)
    connection = await pipeline.connect()
    [row] = await connection.fetch("SELECT key_id, nonce, sealed, fingerprint FROM intake.quarantine WHERE n = 1")
    await connection.close()
    assert (len(row["sealed"]), row["fingerprint"].hex()) == (without["size"], without["fingerprint"])
    seal = Seal(quarantine_key(Folder(pipeline.cluster.data_dir).quarantine_key))
    assert seal.open(SealedRefusal(*row), InboundPlace(topic, 0, 0, 0), 1).value == PACKED
    sealed = SealedRefusal(whole["key_id"], base64.b64decode(whole["nonce"]), base64.b64decode(whole["sealed"]), b"")
    assert seal.open(sealed, InboundPlace(topic, 0, 1, 0), 2).headers == ((NAME, b"x"),)
    (pipeline.folder / "synthetic").touch()
    write_private(pipeline.folder / "clock", LATE + "\n")
    assert [(each["entry"], each["what"], each["why"]) for each in redrive(pipeline)] == [
        (1, "refused", "too_large"),
        (2, "refused", "too_large"),  # its header
    ]


def refusal_of(pipeline: Pipeline, value: bytes, *headers: tuple[str, str | bytes | None]) -> str | None:
    """Write a record packed, as the client does that is told to, and give what the broker has against it."""
    said: list[str | None] = []
    settings = {"compression.type": "gzip", "message.max.bytes": 8 * MIB}
    producer = Producer({**connection_settings.admin(pipeline.cluster.data_dir), **settings})
    producer.produce(
        pipeline.deployment.inbound("bpd"),
        value,
        headers=list(headers),
        on_delivery=lambda error, _: said.append(None if error is None else error.name()),
    )
    assert producer.flush(20) == 0
    return said[0]


def judges_unpacked(admin: AdminClient, topic: str, compression: str) -> None:
    entry = ConfigEntry("compression.type", compression, incremental_operation=AlterConfigOpType.SET)
    resource = ConfigResource(ConfigResource.Type.TOPIC, topic, incremental_configs=[entry])
    for future in admin.incremental_alter_configs([resource]).values():
        future.result()


async def test_no_planted_string_leaves_the_encrypted_bytes(pipeline: Pipeline) -> None:
    workers = [pipeline.start("intake"), pipeline.start("reporting")]
    pipeline.publish([("bpd", raw) for raw in POISON.values()])
    await settled(pipeline)
    connection = await pipeline.connect()
    rows = [
        str(tuple(row))
        for table in ("intake.inbox", "intake.quarantine", "intake.resubmission", "reporting.ledger", "reporting.cell")
        for row in await connection.fetch(f"SELECT * FROM {table}")
    ]
    await connection.close()
    topics = [pipeline.deployment.quarantine, pipeline.deployment.delivery("bpd"), *pipeline.deployment.logs]
    records = [
        repr((record.key(), record.value(), record.headers())) for topic in topics for record in pipeline.read(topic)
    ]
    assert len(records) >= 2 * len(POISON)
    for text in (*rows, *records, *(worker.text() for worker in workers)):
        assert CANARY not in text


async def test_garbage_on_the_log_parks_its_entity_and_no_other(pipeline: Pipeline) -> None:
    """Only intake may write the log; should it happen all the same, the figures say that something is withheld."""
    pipeline.start("intake")
    worker = pipeline.start("reporting")
    history = History(11)
    pipeline.publish(
        [("bpd", encode(history.arrest(person, victims=(history.persons[-1],)))) for person in history.persons[:5]]
    )
    await settled(pipeline)
    producer = Producer({**connection_settings.admin(pipeline.cluster.data_dir), "partitioner": "murmur2_random"})
    producer.produce(pipeline.deployment.log(Kind.PERSON), b"garbage", history.persons[0].encode())
    copied = next(record for record in pipeline.read(pipeline.deployment.log(Kind.PERSON)) if record.headers())
    # Where another client's partitioner may put it.
    producer.produce(copied.topic(), copied.value(), copied.key(), 1 - copied.partition(), headers=copied.headers())
    assert producer.flush(10) == 0
    pipeline.publish([("bpd", encode(history.arrest(history.persons[6])))])
    await settled(pipeline)
    connection = await pipeline.connect("officer")
    withheld = await connection.fetchval("SELECT withheld FROM reporting.figure_status")
    arrested = await connection.fetchval(
        "SELECT sum(amount) FROM reporting.figure_cell WHERE figure = 'O9' AND dims = '{}'"
    )
    await connection.close()
    assert (withheld, arrested) == (2, 5)
    assert worker.running
