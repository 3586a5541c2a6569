"""Faust as the transport of a service's batches, configured so that no record is lost when a handler raises.

One batch at a time is read. It is acknowledged as a whole after its transaction has committed. An error ends the
process. Records that Kafka delivers again are below the stored position and are dropped. Faust runs inside the
service's process, without a command line, a port or topics of its own.
"""

import asyncio
import ssl
from collections.abc import AsyncIterable, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Final, Generic, TypeVar, cast

import asyncpg
import faust
from faust.types.auth import CredentialsT
from faust.types.events import EventT
from faust.types.streams import StreamT
from faust.types.transports import TransportT
from mode.supervisors import CrashingSupervisor
from typing_extensions import override

from services.runtime.batch import Batches
from services.runtime.broker_queries import Config, committed_offsets, describe_topics, end_offsets
from services.runtime.clock import Clock
from services.runtime.errors import Halt, Outside, Retryable, Unwritable
from services.runtime.failpoints import failpoint
from services.runtime.faust_transport import FaustTransport
from services.runtime.fenced_positions import TopicPart
from services.runtime.handler import Handler
from services.runtime.record import Record

BATCH: Final = 1_000
"""Records of a batch at most. At low rates a batch has the records that came within 50 ms."""

_WITHIN_SECONDS: Final = 0.05
_COMMIT_SECONDS: Final = 1.0
_ANSWER_SECONDS: Final = 5.0
_LEAVE_SECONDS: Final = 5.0

P = TypeVar("P")


class FaustWorker(Generic[P]):
    """Reads topics for one handler under Faust, so that each record takes effect exactly once.

    Handlers that run under `consumer.Stream` run here too. `topics`: partition counts by name.
    """

    def __init__(
        self,
        *,
        config: Config,
        group: str,
        topics: Mapping[str, int],
        pool: asyncpg.Pool,
        handler: Handler[P],
        clock: Clock,
        batch: int = BATCH,
        session_seconds: float,
    ) -> None:
        self._config = config
        self._group = group
        self._batch_limit = batch
        self._batches = Batches(topics=topics, pool=pool, handler=handler, clock=clock, by_time=True)
        self._session_seconds = session_seconds
        self._stop = asyncio.Event()
        # Held while a batch is handled: a revocation, and the end, wait for it.
        self._turn = asyncio.Lock()
        # Set while the partitions are taken over in the database: Faust may deliver records before it reports them.
        self._owning = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Read until `stop` is set. Raises `Halt`, or a bug's error, if reading on could lose or double records."""
        self._stop = stop
        await self._batches.begin(partial(describe_topics, self._config), stop)
        if stop.is_set():
            return
        # Without rights on its group Faust would ask the broker for ever, and report nothing.
        await self._asked(committed_offsets, self._batches.partitions)
        while (unwritable := await self._run_application()) is not None:
            await self._batches.wait_until_writable(unwritable)

    async def _run_application(self) -> Unwritable | None:
        """Run Faust until this worker stops. Return earlier, with the error, if it has not been able to write for long.

        Faust leaves the group at its end. An application of Faust runs only once.
        """
        self._app = application(self._config, self._group, self._session_seconds)
        self._unwritable: asyncio.Future[Unwritable] = asyncio.get_running_loop().create_future()
        topic = self._app.topic(*self._batches.topics, key_serializer="raw", value_serializer="raw")
        self._app.agent(topic, name=self._group, concurrency=1, supervisor_strategy=CrashingSupervisor)(self._read)
        self._app.on_partitions_assigned.connect(self._assigned)
        self._app.on_partitions_revoked.connect(self._revoked)
        stopping = asyncio.create_task(self._stop.wait())
        # Faust has started only once it has partitions. Until then, too, this worker must be able to stop.
        serving = asyncio.create_task(self._start_and_serve())
        try:
            waited_for: list[asyncio.Future[Any]] = [stopping, serving, self._unwritable]
            await asyncio.wait(waited_for, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.cancel()
            serving.cancel()
            async with self._turn:
                self._owning.clear()
            # A process that ends need not wait for a broker that does not answer. Its session ends without it.
            with suppress(TimeoutError):
                await asyncio.wait_for(self._app.stop(), _LEAVE_SECONDS if self._stop.is_set() else None)
        if self._app.crash_reason is not None:
            raise self._app.crash_reason
        with suppress(asyncio.CancelledError):
            await serving
        if self._stop.is_set() or not self._unwritable.done():
            return None
        await self._batches.on_partitions_revoked(frozenset(self._batches.positions))
        return self._unwritable.result()

    async def _start_and_serve(self) -> None:
        await self._app.start()
        await self._app.wait_until_stopped()

    def committed_next_offsets(self) -> Mapping[TopicPart, int]:
        """Return the next offset of each held partition. All records before it are committed in PostgreSQL."""
        return self._batches.committed_next_offsets

    def waits(self) -> bool:
        """Whether the worker waits for Faust at this moment, and handles no record."""
        return self._owning.is_set() and not self._turn.locked()

    async def ready(self) -> str | None:
        """Readiness check: return "no assignment" while no partition is assigned, else None.

        A group without an ACL gets no assignment, and no error either.
        """
        return None if self._batches.positions else "no assignment"

    async def _read(self, stream: StreamT[bytes]) -> None:
        events: Sequence[EventT[bytes]]
        async for events in _taken(stream, self._batch_limit):
            await self._owning.wait()
            async with self._turn:
                # Events that were taken before a rebalance are delivered again, to the present owner.
                generation = self._app.consumer_generation_id
                await self._handled([event for event in events if event.message.generation_id == generation])

    async def _handled(self, events: Sequence[EventT[bytes]]) -> None:
        """Run the batch of `events` until it is known to be committed, then acknowledge all of them.

        Returns without acknowledging if this worker stops or its partitions are revoked.
        """
        records = [_record(event) for event in events]
        while not self._is_leaving():
            try:
                unseen = self._unseen(records)
                while unseen:
                    most = self._batches.next_batch_limit(len(unseen))
                    await self._batches.run(unseen[:most])
                    unseen = unseen[most:]
                for event in events:
                    event.ack()
                failpoint("batch.acknowledged")
            except Retryable as error:
                await self._return_to_stored_positions(error)
            else:
                return

    async def _return_to_stored_positions(self, error: Retryable) -> None:
        try:
            await self._batches.return_to_stored_positions(error, leaving=self._is_leaving)
        except Unwritable as unwritable:
            self._owning.clear()
            if not self._unwritable.done():
                self._unwritable.set_result(unwritable)

    def _unseen(self, records: Sequence[Record]) -> list[Record]:
        """Return the records that are not below the stored positions."""
        positions = self._batches.positions
        return [
            record
            for record in records
            if (place := (record.topic, record.partition)) not in positions
            or record.offset >= positions[place].next_offset
        ]

    def _is_leaving(self) -> bool:
        return self._stop.is_set() or not self._owning.is_set()

    async def _assigned(self, *sent: Any, **_: object) -> None:  # noqa: ANN401 - as Faust's signals call
        """Take over partitions. Check first that Faust will deliver the records from the stored positions on."""
        partitions = frozenset((topic, part) for topic, part in sent[1])
        if not partitions:
            return
        stored = await self._batches.on_partitions_assigned(partitions)
        reached = await self._asked(committed_offsets, partitions)
        ends = await self._asked(end_offsets, partitions)
        for place, offset in stored.items():
            self._refuse_another_past(place, offset, reached.get(place, 0), ends[place])
        self._owning.set()

    def _refuse_another_past(self, place: TopicPart, stored: int, reached: int, end: int) -> None:
        """Raise `Halt` if the group is ahead of the stored position, `Outside` if the log ends before that position.

        In the first case records would be skipped. In the second case new records would be taken for old ones.
        """
        if reached > stored:
            msg = (
                f"{place[0]}[{place[1]}] is committed up to {reached} in the group, {stored} is stored: "
                f"the database is older than the group {self._group}. Restore the newer database, or delete the group"
            )
            raise Halt(msg)
        if end < stored:
            msg = (
                f"the stored position {stored} lies outside the log of {place[0]}[{place[1]}], which ends at {end}: "
                f"it was truncated, restored or made again"
            )
            raise Outside(msg)

    async def _asked(
        self,
        ask: Callable[[Config, str, Collection[TopicPart]], Awaitable[dict[TopicPart, int]]],
        partitions: frozenset[TopicPart],
    ) -> dict[TopicPart, int]:
        """Ask the broker until it answers, and return the answer. Raises `Retryable` only if the worker stops."""
        attempt = 0
        while True:
            try:
                return await ask(self._config, self._group, partitions)
            except Retryable as error:
                if self._stop.is_set():
                    raise
                attempt = await self._batches.back_off(attempt, error)

    async def _revoked(self, *sent: Any, **_: object) -> None:  # noqa: ANN401 - as Faust's signals call
        """Give up partitions once the batch in flight has ended. A batch that waits for the database is dropped."""
        self._owning.clear()
        partitions = frozenset((topic, part) for topic, part in sent[1])
        async with self._turn:
            if partitions:  # the first assignment is preceded by a revocation of nothing
                await self._batches.on_partitions_revoked(partitions)


class _App(faust.App):
    @override
    def _create_directories(self) -> None:
        """Do nothing: the application has no tables on disk."""

    @override
    def _new_transport(self) -> TransportT:
        return FaustTransport(self.conf.broker_consumer, self)


def application(config: Config, group: str, session_seconds: float) -> faust.App:
    """Return the Faust application of a consumer group. `config`: librdkafka's connection settings."""
    addresses = str(config["bootstrap.servers"]).split(",")
    return _App(
        group,
        broker=[f"aiokafka://{address}" for address in addresses],
        broker_credentials=_credentials(config),
        broker_session_timeout=session_seconds,
        broker_heartbeat_interval=session_seconds / 3,
        # Faust needs more than the session. A frozen broker keeps the worker waiting so long. The default is 90 s.
        broker_request_timeout=session_seconds + _ANSWER_SECONDS,
        broker_commit_interval=_COMMIT_SECONDS,
        # Used if the group has committed nothing. A jump beyond the stored position is a gap, which raises `Halt`.
        consumer_auto_offset_reset="earliest",
        # `run` waits for the batch in flight. Kafka delivers the other records again.
        stream_wait_empty=False,
        topic_allow_declare=False,
        topic_disable_leader=True,
        web_enabled=False,
        autodiscover=False,
    )


def _credentials(config: Config) -> CredentialsT:
    context = ssl.create_default_context(cafile=str(config["ssl.ca.location"]))
    if config["security.protocol"] == "SSL":
        context.load_cert_chain(str(config["ssl.certificate.location"]), str(config["ssl.key.location"]))
        return faust.SSLCredentials(context)
    return faust.SASLCredentials(
        username=str(config["sasl.username"]),
        password=str(config["sasl.password"]),
        mechanism=str(config["sasl.mechanism"]),
        ssl_context=context,
    )


def _taken(stream: StreamT[bytes], limit: int) -> AsyncIterable[Sequence[EventT[bytes]]]:
    """Return an iterator over batches of events, without acknowledging them.

    Contrary to its type, `noack_take` yields events, not values. It still reads for a moment after the loop over it was
    left. If the stream then acknowledged by itself, the group would be ahead of the database, and the service could not
    start again.
    """
    stream.enable_acks = False
    taken = cast("faust.Stream[bytes]", stream).noack_take(limit, within=_WITHIN_SECONDS)
    return cast("AsyncIterable[Sequence[EventT[bytes]]]", taken)


def _record(event: EventT[bytes]) -> Record:
    message = event.message
    headers = message.headers.items() if isinstance(message.headers, Mapping) else message.headers or ()
    return Record(
        message.topic,
        message.partition,
        message.offset,
        int((message.timestamp or 0) * 1000),
        message.key,
        message.value,
        [(name, value) for name, value in headers],
    )
