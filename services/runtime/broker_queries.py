"""Queries to the broker about topics and groups, and translation of librdkafka's errors into the service's."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from uuid import UUID

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicCollection, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec  # type: ignore[attr-defined] # exported, but not by name

from services.runtime.errors import Halt, Outside, Retryable
from services.runtime.fenced_positions import TopicPart

if TYPE_CHECKING:
    from concurrent.futures import Future

Config: TypeAlias = Mapping[str, str | int | float | bool]
"""librdkafka's connection settings with the credentials of one principal."""

# Logger of librdkafka's lines, which have addresses and states of brokers.
_LOGGER: Final = logging.getLogger("librdkafka")
_ASK_SECONDS: Final = 15.0
# Limit for queries during which a worker waits for its partitions.
_SOON_SECONDS: Final = 5.0
# Age of the last answer after which a client is replaced.
_LOST_SECONDS: Final = 30.0
# How often a client is watched, and how long it may take to answer. A process that stops waits for the answer.
_LOOK_SECONDS: Final = 15.0
_ANSWER_SECONDS: Final = 2.0
_LOW64: Final = (1 << 64) - 1
_LATEST: Final[OffsetSpec] = OffsetSpec.latest()  # type: ignore[no-untyped-call]
_EARLIEST: Final[OffsetSpec] = OffsetSpec.earliest()  # type: ignore[no-untyped-call]

PERMANENT: Final = frozenset(
    {
        KafkaError._AUTO_OFFSET_RESET,  # noqa: SLF001 - librdkafka's own names begin so
        KafkaError.GROUP_AUTHORIZATION_FAILED,
        KafkaError.TOPIC_AUTHORIZATION_FAILED,
        KafkaError.UNKNOWN_TOPIC_OR_PART,
        KafkaError._AUTHENTICATION,  # noqa: SLF001
        KafkaError._FATAL,  # noqa: SLF001 - its .fatal() says False when a group instance id is taken
    }
)
"""Codes of permanent errors, after which trying again later cannot succeed; see `is_permanent`."""

# Errors of librdkafka itself begin so, such as "Local: Timed out". A refusal by the broker does not.
_NOT_THE_BROKERS: Final = "Local: "


def is_permanent(error: KafkaError) -> bool:
    """Whether the error is permanent, so that trying again later cannot succeed.

    On a busy machine a login may time out, and librdkafka gives that the code of a refused login. The text differs:
    "SASL SCRAM-SHA-512 mechanism handshake failed: Local: Timed out: …" is not permanent,
    "SASL authentication error: Authentication failed … due to invalid credentials …" is permanent.
    """
    if error.code() == KafkaError._AUTHENTICATION and _NOT_THE_BROKERS in error.str():  # noqa: SLF001
        return False
    return error.code() in PERMANENT


class Broker:
    """Queries to the broker as one principal, over a client of its own, which the first query opens.

    A client that got no answer for 30 s is replaced. A broker that starts may list no brokers at all. librdkafka 2.13
    to 2.16 then forgets all of them, and asks nobody any more (issue 5301). `client`: makes a client.
    """

    def __init__(
        self,
        config: Config,
        *,
        client: Callable[[Config], AdminClient] = lambda config: AdminClient(dict(config), logger=_LOGGER),
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._config = config
        self._make_client = client
        self._now = now
        self._client: AdminClient | None = None
        self._answered_at = 0.0

    async def answers(self, seconds: float) -> bool:
        """Whether the broker answers within `seconds`."""
        try:
            await self.topics(seconds)
        except Retryable:
            return False
        return True

    async def topics(self, seconds: float) -> frozenset[str]:
        """Return the topics that the principal may see. Raises `Retryable` without an answer within `seconds`."""
        return await asyncio.to_thread(self._topics, seconds)

    async def ends(self, places: Collection[TopicPart]) -> dict[TopicPart, int]:
        """Return the end offset of each partition. Raises `Retryable` if the broker does not answer."""
        return await asyncio.to_thread(self._ends, places)

    async def bounds(self, place: TopicPart) -> tuple[int, int]:
        """Return a partition's (first offset, end offset). Raises `Retryable` if the broker does not answer."""
        begins = await asyncio.to_thread(self._ends, [place], _EARLIEST)
        return begins[place], (await self.ends([place]))[place]

    def _ends(self, places: Collection[TopicPart], which: OffsetSpec = _LATEST) -> dict[TopicPart, int]:
        if not places:
            return {}
        asked = {TopicPartition(*place): which for place in places}
        found: dict[TopicPart, int] = {}
        try:
            for place, future in self._asked().list_offsets(asked, request_timeout=_SOON_SECONDS).items():
                found[place.topic, place.partition] = int(future.result().offset)
        except KafkaException as error:
            self._replace_lost_client()
            raise Retryable(error.args[0].name()) from None
        self._answered_at = self._now()
        return found

    def _asked(self) -> AdminClient:
        if self._client is None:
            self._client, self._answered_at = self._make_client(self._config), self._now()
        return self._client

    def _topics(self, seconds: float) -> frozenset[str]:
        try:
            found = frozenset(self._asked().list_topics(timeout=seconds).topics)
        except KafkaException as error:
            self._replace_lost_client()
            raise Retryable(error.args[0].name()) from None
        self._answered_at = self._now()
        return found

    def _replace_lost_client(self) -> None:
        if self._now() - self._answered_at > _LOST_SECONDS:
            self._client = None


async def refuse_lost_client(
    stop: asyncio.Event,
    name: str,
    answers: Callable[[float], Awaitable[bool]],
    others: Callable[[float], Awaitable[bool]],
    *,
    lost_seconds: float = 2 * _LOST_SECONDS,
    look_seconds: float = _LOOK_SECONDS,
) -> None:
    """Watch a Kafka client until `stop` is set. Raises `Halt` if it has lost the brokers that others still find.

    `answers(seconds)`: whether the broker answers the client within that time; `others(seconds)`: whether it answers
    other clients. A client that lost its list of brokers gets no answer until it is made again (see `Broker`).
    """
    now = asyncio.get_running_loop().time
    answered_at = now()
    while True:
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), look_seconds)
        if stop.is_set():
            return
        if await answers(_ANSWER_SECONDS) or not await others(_ANSWER_SECONDS):
            answered_at = now()
        elif now() - answered_at > lost_seconds:
            msg = f"the Kafka client of the {name} gets no answer from brokers that answer others"
            raise Halt(msg)


async def describe_topics(config: Config, topics: Sequence[str]) -> dict[str, tuple[UUID, int]]:
    """Return the id and partition count of each topic.

    Raises `Halt` if a topic is missing, and `Retryable` if the broker does not answer.
    """
    admin = AdminClient(dict(config), logger=_LOGGER)
    futures = admin.describe_topics(TopicCollection(list(topics)), request_timeout=_ASK_SECONDS)
    found: dict[str, tuple[UUID, int]] = {}
    for name, future in futures.items():
        topic = await _answer(future, name)
        raw = (topic.topic_id.get_most_significant_bits() & _LOW64) << 64
        raw |= topic.topic_id.get_least_significant_bits() & _LOW64
        found[name] = (UUID(int=raw), len(topic.partitions))
    return found


class RecordDeleter:
    """Deletes records of topics, with the credentials of a principal that may do so."""

    def __init__(self, config: Config) -> None:
        self._config = config

    async def topic_ids(self, topics: Collection[str]) -> dict[str, UUID]:
        """Return the id of each topic. Raises `Halt` if one is missing, `Retryable` without an answer."""
        return {
            topic: topic_id for topic, (topic_id, _) in (await describe_topics(self._config, sorted(topics))).items()
        }

    async def delete_before(self, offsets: Mapping[TopicPart, int]) -> None:
        """Delete the records of each partition below the given offset. Raises `Halt` or `Retryable`."""
        if not offsets:
            return
        admin = AdminClient(dict(self._config), logger=_LOGGER)
        asked = [TopicPartition(*place, offset) for place, offset in offsets.items()]
        for partition, future in admin.delete_records(asked, request_timeout=_ASK_SECONDS).items():
            await _answer(future, partition.topic)


async def committed_offsets(config: Config, group: str, partitions: Collection[TopicPart]) -> dict[TopicPart, int]:
    """Return the offsets that a group has committed; partitions without one are left out.

    Raises `Halt` if the principal has no right on the group, `Retryable` if the broker does not answer.
    """
    return await asyncio.to_thread(_committed, config, group, partitions)


async def end_offsets(config: Config, group: str, partitions: Collection[TopicPart]) -> dict[TopicPart, int]:
    """Return the end offset of each partition. `group`: named only for its right to read; it is never joined."""
    return await asyncio.to_thread(_ended, config, group, partitions)


async def rewind_group(config: Config, group: str, partitions: Collection[TopicPart]) -> None:
    """Commit offset 0 of each partition for a group without members. Raises `Retryable` while it has members."""
    await asyncio.to_thread(_rewound, config, group, partitions)


# A consumer that never joins. The admin client's call for the same can end the process by a segmentation fault, while a
# killed broker finds its coordinators again (librdkafka 2.16).
@contextmanager
def _outside(config: Config, group: str) -> Iterator[Consumer]:
    consumer = Consumer({**config, "group.id": group, "enable.auto.commit": False}, logger=_LOGGER)
    try:
        yield consumer
    except KafkaException as error:
        # Without rights on the group the call only times out. A poll gives the reason.
        told = consumer.poll(0)
        why = None if told is None else told.error()
        raise translate_kafka_error(why or error.args[0], "") from None
    finally:
        consumer.close()


def _committed(config: Config, group: str, partitions: Collection[TopicPart]) -> dict[TopicPart, int]:
    with _outside(config, group) as consumer:
        found = consumer.committed([TopicPartition(*each) for each in partitions], timeout=_SOON_SECONDS)
    _refuse_any(found)
    return {(each.topic, each.partition): each.offset for each in found if each.offset >= 0}


def _ended(config: Config, group: str, partitions: Collection[TopicPart]) -> dict[TopicPart, int]:
    with _outside(config, group) as consumer:
        return {
            each: int(consumer.get_watermark_offsets(TopicPartition(*each), _SOON_SECONDS)[1]) for each in partitions
        }


def _rewound(config: Config, group: str, partitions: Collection[TopicPart]) -> None:
    with _outside(config, group) as consumer:
        found = consumer.commit(offsets=[TopicPartition(*each, 0) for each in partitions], asynchronous=False)
    _refuse_any(found or ())


def _refuse_any(found: Iterable[TopicPartition]) -> None:
    for each in found:
        if each.error is not None:
            raise translate_kafka_error(each.error, each.topic)


async def _answer(future: "Future[Any]", topic: str) -> Any:  # noqa: ANN401 - of many kinds
    try:
        return await asyncio.wrap_future(future)
    except KafkaException as error:
        raise translate_kafka_error(error.args[0], topic) from None


def translate_kafka_error(error: KafkaError, topic: str) -> Exception:
    """Return an error of librdkafka as `Outside`, `Halt` or `Retryable`, with its code and the topic as text."""
    if error.code() == KafkaError._AUTO_OFFSET_RESET:  # noqa: SLF001
        return Outside(
            f"the stored position lies outside the log of {topic}: it was truncated, restored or made again, or what"
            " was not read has expired"
        )
    if is_permanent(error):
        return Halt(f"{error.name()} {topic}".strip())
    return Retryable(f"{error.name()} {topic}".strip())
