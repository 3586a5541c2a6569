"""Reader of partitions from one offset to another, outside of any group. It commits nothing and skips nothing."""

import logging
from collections.abc import Mapping, Sequence
from typing import Final, Self

import orjson
from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from services.runtime.broker_queries import is_permanent, translate_kafka_error
from services.runtime.errors import Halt, Retryable
from services.runtime.fenced_positions import TopicPart
from services.runtime.record import Record, record_of

_LOGGER: Final = logging.getLogger("librdkafka")
_POLL_SECONDS: Final = 0.2
_ASK_SECONDS: Final = 15.0
_SILENT_SECONDS: Final = 15.0

# Limits of records that the client fetches in advance. Without them it fetches many megabytes.
_AHEAD: Final = {
    "queued.min.messages": 5_000,
    "queued.max.messages.kbytes": 4_096,
    "fetch.max.bytes": 4_194_304,
    "message.max.bytes": 1_048_576,
}


class Log:
    """Reader of partitions, each from an offset (inclusive) to another (exclusive). Its calls block.

    `group`: named only for its right to read; it is never joined. `spans`: (begin, stop) of each partition.
    """

    def __init__(
        self,
        config: Mapping[str, str | int | float | bool],
        group: str,
        spans: Mapping[TopicPart, tuple[int, int]],
    ) -> None:
        self._failure: Exception | None = None
        self._consumer = Consumer(
            {
                **config,
                "group.id": group,  # named for its right to read; never joined
                "enable.auto.commit": False,
                "enable.auto.offset.store": False,
                "auto.offset.reset": "error",
                **_AHEAD,
                "fetch.queue.backoff.ms": 20,
                "fetch.wait.max.ms": 100,
                "error_cb": self._on_error,
            },
            logger=_LOGGER,
        )
        self._next = {place: begin for place, (begin, _) in spans.items()}
        self._stop = {place: stop for place, (_, stop) in spans.items()}
        self._left = {place for place, (begin, stop) in spans.items() if begin < stop}
        self._silent_seconds = 0.0

    def __enter__(self) -> Self:
        """Start reading. Raises `Halt` if the log ends before a stop: it was truncated, restored or created again."""
        for (topic, part), stop in self._stop.items():
            if self.end((topic, part)) < stop:
                msg = (
                    f"{topic}[{part}] ends before offset {stop}, up to which a service has read it: the topic was cut,"
                    " restored or made again. Stop all services and follow docs/backup.md, database and log differ"
                )
                raise Halt(msg)
        if self._left:
            self._consumer.assign([TopicPartition(topic, part, self._next[topic, part]) for topic, part in self._left])
        return self

    def __exit__(self, *_: object) -> None:
        self._consumer.close()

    @property
    def done(self) -> bool:
        """Whether every partition was read up to its stop."""
        return not self._left

    def end(self, place: TopicPart) -> int:
        """Return a partition's end offset. Raises `Retryable` if the broker does not answer."""
        return self._watermarks(place)[1]

    def begin(self, place: TopicPart) -> int:
        """Return a partition's first offset, which is above 0 after retention or a deletion. Raises `Retryable`."""
        return self._watermarks(place)[0]

    def batch(self, limit: int) -> list[Record]:
        """Wait a moment for records, and return at most `limit` of them, each partition's in order and without a gap.

        Raises `Halt` if an offset is missing. Raises `Retryable` if nothing came for 15 s and the broker does not
        answer.
        """
        records = []
        # Ask for no more than is left: the client returns nothing before it has so many records, or the time is over.
        limit = min(limit, sum(self._stop[place] - self._next[place] for place in self._left))
        for message in self._consumer.consume(limit, _POLL_SECONDS) if self._left else ():
            place = self._place(message)
            if place in self._left:
                records.append(self._record(message, place))
        if self._failure is not None:
            raise self._failure
        self._silent_seconds = 0.0 if records or self.done else self._silent_seconds + _POLL_SECONDS
        if self._silent_seconds >= _SILENT_SECONDS:  # the client waits for a broker that is away without an end
            self._silent_seconds = 0.0
            self.end(next(iter(self._left)))
        return records

    def _watermarks(self, place: TopicPart) -> tuple[int, int]:
        try:
            low, high = self._consumer.get_watermark_offsets(TopicPartition(*place), _ASK_SECONDS)
        except KafkaException as error:
            raise Retryable(error.args[0].name()) from None
        return int(low), int(high)

    def _place(self, message: Message) -> TopicPart | None:
        error = message.error()
        if error is not None:
            self._on_error(error, message.topic() or "")
            return None
        return str(message.topic()), int(message.partition() or 0)

    def _record(self, message: Message, place: TopicPart) -> Record:
        offset = message.offset()
        if offset != self._next[place]:
            msg = f"{place[0]}[{place[1]}] gave offset {offset}, expected {self._next[place]}"
            raise Halt(msg)
        self._next[place] += 1
        if self._next[place] == self._stop[place]:
            self._left.remove(place)
            self._consumer.incremental_unassign([TopicPartition(*place)])
        return record_of(message)

    def _on_error(self, error: KafkaError, topic: str = "") -> None:
        if is_permanent(error):
            self._failure = translate_kafka_error(error, topic)


def bounds(
    config: Mapping[str, str | int | float | bool], group: str, places: Sequence[TopicPart]
) -> dict[TopicPart, tuple[int, int]]:
    """Return (first offset, end offset) of each partition. Raises `Retryable` if the broker does not answer."""
    with Log(config, group, {}) as log:
        return {place: (log.begin(place), log.end(place)) for place in places}


def read_end_offsets(
    config: Mapping[str, str | int | float | bool], group: str, places: Sequence[TopicPart]
) -> dict[TopicPart, int]:
    """Return the end offset of each partition. Raises `Retryable` if the broker does not answer."""
    with Log(config, group, {}) as log:
        return {place: log.end(place) for place in places}


def progress(
    config: Mapping[str, str | int | float | bool], group: str, topic: str
) -> tuple[int, dict[TopicPart, int]]:
    """Return the relay's last progress record of `topic`: (n, last offset of each partition); (0, {}) if there is none.

    The log has every event up to `n`.
    """
    end = read_end_offsets(config, group, [(topic, 0)])[topic, 0]
    records: list[Record] = []
    with Log(config, group, {(topic, 0): (max(end - 1, 0), end)}) as log:
        while not log.done:
            records += log.batch(1)
    if not records:
        return 0, {}
    said = orjson.loads(records[-1].value or b"")
    return int(said["n"]), {
        (name, int(part)): int(off) for name, parts in said["offsets"].items() for part, off in parts.items()
    }
