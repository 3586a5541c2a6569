"""`atips replay --to FILE`: the log as JSON Lines or Parquet, each record with its headers and its place."""

import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from confluent_kafka import Consumer, KafkaException, Message, TopicPartition

from infra.local import connection_settings
from services.console.output import emit, fail, out
from services.console.replay.export_formats import NoParquet, WrittenLog, written_as
from services.presentation.bilingual_text import pluralize

_SECONDS: Final = 30.0


def export(root: Path, to: Path, *, as_json: bool) -> None:
    """Write all records that the log has now into a new file, partition by partition. Exits with 1 on any error.

    A name that ends in .parquet makes a Parquet file, any other a file of JSON Lines.
    """
    topics = sorted(connection_settings.started(root).logs)
    try:
        with to.open("xb") as file:
            to.chmod(0o600)  # it holds ids of persons
            written = written_as(to.suffix, file)
            count = _write(written, _records(connection_settings.client(root, "reporting"), topics))
    except NoParquet as error:
        to.unlink()
        fail(f"{error} Nothing was written.")
    except FileExistsError:
        fail(f"{to} is there already; give another --to.")
    except OSError as error:
        fail(f"{to} cannot be written: {error.strerror}")
    except KafkaException as error:
        fail(
            f"Kafka does not answer: {error.args[0].name()}. {to} is not complete: "
            "delete it, then run the command again."
        )
    if as_json:
        emit({"records": count, "topics": topics, "file": str(to)})
    else:
        out().print(f"{to}: {pluralize(count, 'record')} of {', '.join(topics)}", markup=False)


def _write(written: WrittenLog, records: Iterator[Message]) -> int:
    count = 0
    try:
        for message in records:
            written.add(message)
            count += 1
    finally:
        written.close()
    return count


def _records(config: Mapping[str, Any], topics: list[str]) -> Iterator[Message]:
    group = {"group.id": "atips.reporting"} | dict(config)
    consumer = Consumer({**group, "log_level": 0, "enable.auto.commit": False, "auto.offset.reset": "error"})
    try:
        for topic in topics:
            for part in sorted(consumer.list_topics(topic, timeout=_SECONDS).topics[topic].partitions):
                yield from _partition(consumer, topic, part)
    finally:
        consumer.close()


def _partition(consumer: Consumer, topic: str, part: int) -> Iterator[Message]:
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
                yield message
        if time.monotonic() > deadline:
            fail(
                f"{topic}, partition {part}: no record came for {_SECONDS:.0f} s. "
                "The file is not complete: delete it, then run the command again."
            )
