"""`atips replay --to FILE`: the log as JSON Lines, each record with its headers and its place."""

import base64
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import orjson
from confluent_kafka import Consumer, KafkaException, Message, TopicPartition

from infra.local import access
from services.console.say import emit, fail, out

_SECONDS: Final = 30.0


def export(root: Path, to: Path, *, as_json: bool) -> None:
    """Write all that the log has now into a new file, partition by partition; leaves where that is not possible."""
    topics = sorted(access.started(root).logs)
    count = 0
    try:
        with to.open("xb") as file:
            to.chmod(0o600)  # it says which persons there are
            for line in _lines(access.client(root, "reporting"), topics):
                file.write(line)
                count += 1
    except FileExistsError:
        fail(f"{to} is there already; give another --to.")
    except OSError as error:
        fail(f"{to} cannot be written: {error.strerror}")
    except KafkaException as error:
        fail(f"Kafka does not answer: {error.args[0].name()}. {to} is not complete.")
    if as_json:
        emit({"records": count, "topics": topics, "file": str(to)})
    else:
        out().print(f"{to}: {count} records of {', '.join(topics)}", markup=False)


def line_of(message: Message) -> bytes:
    """Give one record as a line: its place, time, key, headers, and the event. Bytes that are no JSON are in base64."""
    headers: Any = message.headers() or ()
    said: dict[str, Any] = {
        "topic": message.topic(),
        "partition": message.partition(),
        "offset": message.offset(),
        "timestamp": message.timestamp()[1],
        "key": _text(message.key()),
        "headers": {name: _text(value) for name, value in headers},
    }
    value = message.value() or b""
    try:
        said["event"] = orjson.loads(value)
    except orjson.JSONDecodeError:
        said["value_base64"] = base64.b64encode(bytes(value)).decode()
    return orjson.dumps(said, option=orjson.OPT_APPEND_NEWLINE)


def _text(value: str | bytes | None) -> str | None:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def _lines(config: Mapping[str, Any], topics: list[str]) -> Iterator[bytes]:
    group = {"group.id": "atips.reporting"} | dict(config)
    consumer = Consumer({**group, "log_level": 0, "enable.auto.commit": False, "auto.offset.reset": "error"})
    try:
        for topic in topics:
            for part in sorted(consumer.list_topics(topic, timeout=_SECONDS).topics[topic].partitions):
                yield from _partition(consumer, topic, part)
    finally:
        consumer.close()


def _partition(consumer: Consumer, topic: str, part: int) -> Iterator[bytes]:
    begin, end = consumer.get_watermark_offsets(TopicPartition(topic, part), timeout=_SECONDS)
    if begin == end:
        return
    consumer.assign([TopicPartition(topic, part, begin)])
    reached, deadline = begin, time.monotonic() + _SECONDS
    while reached < end:
        for message in consumer.consume(500, 0.5):
            offset = message.offset()
            if message.error() is None and offset is not None and offset < end:
                reached, deadline = offset + 1, time.monotonic() + _SECONDS
                yield line_of(message)
        if time.monotonic() > deadline:
            fail(f"{topic}, partition {part}: no record came for {_SECONDS:.0f} s. The file is not complete.")
