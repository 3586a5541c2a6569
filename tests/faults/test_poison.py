"""Broken records: each is quarantined by its position, encrypted, answered, and holds nobody up (I1, I9, I10)."""

import base64
import json

import orjson
from confluent_kafka import Producer
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from infra.local import access
from infra.local.folder import Folder
from schemas.ids import Kind
from tests.support.events import History, encode
from tests.support.pipeline import Pipeline
from tests.support.promises import broken, settled

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
    producer = Producer({**access.admin(pipeline.cluster.data_dir), "partitioner": "murmur2_random"})
    producer.produce(pipeline.deployment.log(Kind.PERSON), b"garbage", history.persons[0].encode())
    assert producer.flush(10) == 0
    pipeline.publish([("bpd", encode(history.arrest(history.persons[6])))])
    await settled(pipeline)
    connection = await pipeline.connect("reader")
    withheld = await connection.fetchval("SELECT withheld FROM reporting.figure_status")
    arrested = await connection.fetchval(
        "SELECT sum(amount) FROM reporting.figure_cell WHERE figure = 'O9' AND dims = '{}'"
    )
    await connection.close()
    assert (withheld, arrested) == (1, 5)
    assert worker.running
