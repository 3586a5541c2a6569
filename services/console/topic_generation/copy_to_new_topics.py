"""Copy of the log's records to the topics of a new generation, in order for each entity.

The new number of partitions is a multiple of the old one. So each new partition gets its records from one old
partition, in the order in which the relay wrote them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import orjson
from confluent_kafka import KafkaError, Message, Producer

from schemas.topics import Deployment
from services.intake.domain.relay_records import progress
from services.runtime import range_reader
from services.runtime.broker_queries import Config
from services.runtime.errors import Halt, Retryable
from services.runtime.fenced_positions import TopicPart
from services.runtime.partitioner import partition_of
from services.runtime.record import Record

_BATCH: Final = 5_000
_FLUSH_SECONDS: Final = 60.0

Moved = tuple[int, int, int, int, int]
"""Places of a record: (topic's index in `Deployment.logs`, old partition, old offset, new partition, new offset)."""


@dataclass(slots=True)
class FilledGeneration:
    """Result of a copy: the end offset of each new partition, and the number of copied records."""

    ends: dict[TopicPart, int] = field(default_factory=dict)
    records: int = 0


def fill(
    config: Config, old: Deployment, new: Deployment, note: Callable[[Sequence[Moved]], None], last_n: int
) -> FilledGeneration:
    """Copy every record of the log from the topics of `old` to those of `new`, and write the relay's progress. Blocks.

    `note` is called with the places of each batch. `last_n`: the last sequence number in the log. Raises `Halt` if a
    new topic is not empty, or if old and new topics have different counts of records afterwards. Raises `Retryable` if
    the broker does not answer.
    """
    group, before, after = old.group("intake"), list(old.logs), list(new.logs)
    places = [(topic, part) for topic in after for part in range(new.partitions)]
    if any(end for _, end in range_reader.bounds(config, group, places).values()):
        msg = (
            f"nothing was copied: the topics of generation {new.generation} already hold records. Run atips generation"
            " again: it makes topics of the next generation"
        )
        raise Halt(msg)
    filled = FilledGeneration(dict.fromkeys(places, 0))
    producer = Producer({**config, "enable.idempotence": True, "compression.type": "zstd", "linger.ms": 5})
    whole = range_reader.bounds(config, group, [(topic, part) for topic in before for part in range(old.partitions)])
    with range_reader.Log(config, group, whole) as log:
        while not log.done:
            records = log.batch(_BATCH)
            note(_copied(producer, records, before, after, new.partitions))
            filled.records += len(records)
    ends = {place: end for place, (_, end) in range_reader.bounds(config, group, places).items()}
    if sum(ends.values()) != filled.records:
        msg = f"{filled.records} records were copied, and the new topics hold {sum(ends.values())}"
        raise Halt(msg)
    filled.ends = ends
    said = progress(last_n, {place: end - 1 for place, end in ends.items() if end}, new)
    producer.produce(said.topic, said.value, key=said.key, headers=list(said.headers), on_delivery=_refuse)
    _flush(producer)
    return filled


def progress_of(ends: dict[TopicPart, int], topics: Sequence[str]) -> str:
    """Return the last offset of each partition as JSON, in the form of `reporting.progress`: {"TOPIC.PART": offset}."""
    numbers = {topic: number for number, topic in enumerate(topics)}
    return orjson.dumps({f"{numbers[topic]}.{part}": end - 1 for (topic, part), end in ends.items() if end}).decode()


def _copied(
    producer: Producer, records: Sequence[Record], before: Sequence[str], after: Sequence[str], partitions: int
) -> list[Moved]:
    moved: list[Moved] = []

    def written(record: Record) -> Callable[[KafkaError | None, Message], None]:
        number = before.index(record.topic)

        def note(error: KafkaError | None, message: Message) -> None:
            _refuse(error, message)
            moved.append(
                (number, record.partition, record.offset, int(message.partition() or 0), int(message.offset() or 0))
            )

        return note

    for record in records:
        producer.produce(
            after[before.index(record.topic)],
            record.value,
            key=record.key,
            headers=list(record.headers),
            timestamp=record.timestamp_ms,
            partition=partition_of(record.key or b"", partitions),
            on_delivery=written(record),
        )
        producer.poll(0)
    _flush(producer)
    return moved


def _refuse(error: KafkaError | None, _message: Message) -> None:
    if error is not None:
        raise Retryable(error.name())


def _flush(producer: Producer) -> None:
    if producer.flush(_FLUSH_SECONDS):
        msg = "the broker did not acknowledge"
        raise Retryable(msg)
