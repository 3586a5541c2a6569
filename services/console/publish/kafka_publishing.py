"""Publishing over Kafka: as the agency, to its inbound topic, with receipts from its delivery topic.

The end of the delivery topic is noted before the first record is sent, so that no receipt is missed.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from typing import Final

import orjson
from confluent_kafka import Consumer, KafkaError, KafkaException, Message, Producer, TopicPartition

from schemas.errors import Reason
from schemas.topics import MIB, Deployment
from services.console.publish.receipt_matching import ReceiptMatcher
from services.intake.domain.submission import STRUCTURED
from services.sheet.http_post import NotReachedError
from services.sheet.json_lines import FileLine
from services.sheet.verdict import Verdict, VerdictStatus

HEADERS: Final[list[tuple[str, str | bytes | None]]] = [("content-type", STRUCTURED)]
CONNECT_SECONDS: Final = 20.0
# Size of the client's queue; when it is full, sending waits for acknowledgements.
QUEUED_KIB: Final = 64 * 1024


class InboundTopic:
    """An agency's producer to its inbound topic, and consumer of its delivery topic; for one thread at a time.

    `timeout`: longest time without an acknowledgement or receipt, in seconds, after which open lines are unconfirmed.
    Raises `NotReachedError` when the broker does not answer at the start.
    """

    def __init__(
        self, config: Mapping[str, str | int | float | bool], deployment: Deployment, agency: str, *, timeout: float
    ) -> None:
        config = {"log_level": 0, **config}  # the client logs nothing: errors become verdicts or exceptions
        # Created first: an idempotent producer needs half a second before its first record.
        self._producer = Producer(
            {
                **config,
                "acks": "all",
                "enable.idempotence": True,
                # Else a restarted broker may take a later request before an earlier (see services/client/kafka.py).
                "max.in.flight.requests.per.connection": 1,
                "partitioner": "murmur2_random",
                "linger.ms": 5,
                "message.max.bytes": 16 * MIB,  # the broker refuses, not the client
                "queue.buffering.max.kbytes": QUEUED_KIB,
                "delivery.timeout.ms": max(int(timeout * 1000), 1000),
            }
        )
        self._receipts = _follow(config, deployment, agency, min(timeout, CONNECT_SECONDS))
        self._topic = deployment.inbound(agency)
        self._timeout = timeout

    def publish(self, lines: Sequence[FileLine]) -> Iterator[Verdict]:
        """Send every line, and yield the verdicts in the order of lines."""
        return _Session(self._producer, self._receipts, self._topic, self._timeout).run(lines)

    def close(self) -> None:
        """Close the connections. Records without acknowledgement are dropped."""
        self._receipts.close()
        self._producer.purge()
        self._producer.flush(0)


def publish(
    config: Mapping[str, str | int | float | bool],
    deployment: Deployment,
    agency: str,
    lines: Sequence[FileLine],
    *,
    timeout: float,
) -> Iterator[Verdict]:
    """Send every line over new connections, and yield the verdicts in the order of lines.

    Raises `NotReachedError`, before anything is sent, when the broker does not answer.
    """
    with closing(InboundTopic(config, deployment, agency, timeout=timeout)) as opened:
        yield from opened.publish(lines)


def _follow(
    config: Mapping[str, str | int | float | bool], deployment: Deployment, agency: str, patience: float
) -> Consumer:
    consumer = Consumer(
        {
            **config,
            "group.id": deployment.group(agency),  # the one name that the agency may use; nothing is committed
            "enable.auto.commit": False,
            "enable.auto.offset.store": False,
            "auto.offset.reset": "error",
            "fetch.wait.max.ms": 50,
        }
    )
    delivery = TopicPartition(deployment.delivery(agency), 0)
    try:
        _, end = consumer.get_watermark_offsets(delivery, timeout=patience)
    except KafkaException as error:
        consumer.close()
        raise NotReachedError(_name(error.args[0])) from None
    consumer.assign([TopicPartition(delivery.topic, 0, end)])
    return consumer


class _Session:
    """The publishing of one file: sends lines, receives receipts, and measures the time without an answer."""

    def __init__(self, producer: Producer, receipts: Consumer, topic: str, timeout: float) -> None:
        self._producer = producer
        self._receipts = receipts
        self._topic = topic
        self._timeout = timeout
        self._heard = time.monotonic()

    def run(self, lines: Sequence[FileLine]) -> Iterator[Verdict]:
        board = ReceiptMatcher(line.number for line in lines)
        for line in lines:
            self._send(line, board)
            self._listen(board, 0)
            yield from board.next()
        while not board.complete:
            self._listen(board, 0.05)
            if time.monotonic() - self._heard > self._timeout:
                board.give_up()
            yield from board.next()
        yield from board.next()

    def _send(self, line: FileLine, board: ReceiptMatcher) -> None:
        def acknowledged(error: KafkaError | None, message: Message) -> None:
            self._heard = time.monotonic()
            part, offset = message.partition(), message.offset()
            if error is not None:
                _not_taken(error, line, board)
            elif part is not None and offset is not None:  # without them its receipt cannot be matched
                board.written(line.number, part, offset)

        while True:
            try:
                self._producer.produce(self._topic, line.value, line.key, headers=HEADERS, on_delivery=acknowledged)
            except BufferError:
                self._producer.poll(0.05)
            except KafkaException as error:
                _not_taken(error.args[0], line, board)
                return
            else:
                return

    def _listen(self, board: ReceiptMatcher, seconds: float) -> None:
        self._producer.poll(0)
        for message in self._receipts.consume(500, seconds):
            value = message.value()
            if message.error() is not None or value is None:
                continue  # the client retries by itself, and `run` has the deadline
            data = orjson.loads(value)["data"]
            inbound = data.get("inbound")  # None for messages to the agency, which are on the same topic
            if inbound is not None and inbound["topic"] == self._topic:
                self._heard = time.monotonic()
                board.receipt((inbound["partition"], inbound["offset"]), data)


def _not_taken(error: KafkaError, line: FileLine, board: ReceiptMatcher) -> None:
    if error.code() == KafkaError.MSG_SIZE_TOO_LARGE:
        board.failed(line.number, VerdictStatus.REFUSED, Reason.TOO_LARGE)
    else:
        board.failed(line.number, VerdictStatus.UNCONFIRMED, _name(error))


def _name(error: KafkaError) -> str:
    return error.name().lower().strip("_")
