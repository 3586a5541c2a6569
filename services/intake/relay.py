"""The relay: sends copies and refusals to Kafka in the order of `n`, and receipts after Kafka acknowledged these.

It may send a record twice and never skips one. After a crash, a time-out or a lost connection it starts again at the
stored pointer. A gap in `n`, a permanent error of the broker, or another relay that took over stops the process.
"""

import asyncio
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractAsyncContextManager
from functools import partial
from operator import itemgetter
from typing import Any, Final, Literal, Protocol, TypeAlias

import structlog

from schemas.topics import Deployment
from services.intake.domain.acceptance_line import LineEnd, NumberedBatch, Reach
from services.intake.domain.outbox_rows import Backlog, Pointer, gap_or_double
from services.intake.domain.relay_records import (
    RelayRecord,
    record_of_late_copy,
    records_of_accepted,
    records_of_refused,
    records_of_repetition,
)
from services.intake.receipt_and_progress_sending import (
    Acknowledgement,
    AcknowledgementSink,
    RelayFollowUps,
    WrittenPlaces,
)
from services.intake.refusal_alarms import Alarms
from services.intake.relay_batch_cache import CommittedBatches
from services.runtime import metrics, tracing
from services.runtime.errors import Halt, Retryable
from services.runtime.failpoints import failpoint

# Interval of reading without a notification. A lost notification delays the relay by this time at most.
_POLL_SECONDS: Final = 1.0
# While the relay waits for the broker, it uses its database session this many times in each allowed silence.
_WORDS: Final = 3
# Seconds that a stopping process waits for acknowledgements. Other records are sent again at the next start.
_GRACE_SECONDS: Final = 3.0
_BACKOFF_SECONDS: Final = (0.05, 0.1, 0.25, 0.5, 1.0)
# NOTIFY may come before the process that committed hands its batch over: the relay waits this long for that.
_HANDED_SECONDS: Final = 0.001

log = structlog.get_logger()


class Outbox(Protocol):
    """The relay's port to the database: rows to send, and its pointer. Only the relay that holds the lock uses it."""

    async def try_lock(self) -> bool:
        """Take the relay's lock and return True; False if another relay holds it."""
        ...

    async def take_over(self) -> Pointer:
        """Return the stored pointer, with its epoch raised, so that an earlier relay can no longer move the pointer."""
        ...

    async def line_end(self) -> int:
        """Return the last number of the acceptance line."""
        ...

    async def read(self, pointer: Pointer) -> Backlog:
        """Return the next rows after the pointer that are committed; none if `reach` of the result is the pointer's."""
        ...

    async def keep_session_alive(self) -> None:
        """Run a query. The database ends a session that is silent for long; then another relay may start."""
        ...

    async def advance(self, before: Pointer, after: Pointer) -> None:
        """Move the stored pointer from `before` to `after`. Raises `Fenced` if another relay took over."""
        ...


class CopySender(Protocol):
    """Port to a producer, which writes the records of one partition in the order of the calls."""

    def send_all(self, records: Sequence[RelayRecord]) -> Acknowledgement:
        """Send records. The future's result is the (partition, offset) of each record.

        The future raises `Halt` if nothing was written, and `Retryable` if the records may have been written.
        """
        ...


Stopping: TypeAlias = "asyncio.Task[Literal[True]]"
OpenedOutbox: TypeAlias = Callable[[Callable[[Reach | None], None]], AbstractAsyncContextManager[Outbox]]


class Relay:
    """Background task that sends the outbox to Kafka. Of all processes one at a time does so.

    `opened` connects to the outbox. It is given a function, which it calls with the line's new end after a commit, and
    with None when the connection is lost. `silence`: seconds after which the database ends a silent session.
    `own_systems`: returns the systems that have topics of their own.
    """

    def __init__(
        self,
        opened: OpenedOutbox,
        sender: CopySender,
        deployment: Deployment,
        *,
        silence: float = 10.0,
        own_systems: Callable[[], Collection[str]] = tuple,
    ) -> None:
        self._own_systems = own_systems
        self._keep_seconds = silence / _WORDS
        self._opened = opened
        self._sender = sender
        self._deployment = deployment
        self._stirred = asyncio.Event()
        self._look = False
        self._handed = CommittedBatches()
        self._taken: Reach = (0, 0)
        self._alarms = Alarms()
        self._relayed = 0
        self._failures = 0

    def add_committed_batch(self, before: LineEnd, decision: NumberedBatch) -> None:
        """Add a batch that this process committed and that added no copies, so that it need not be read.

        `before`: the end of the line before the batch.
        """
        self._handed.put(before, decision)
        self._woken(decision.tip.reach)

    async def run(self, stop: asyncio.Event) -> None:
        """Send until `stop` is set. After a `Retryable` error it connects again and starts at the stored pointer.

        Raises `Halt` and `Fenced`.
        """
        stopping = asyncio.create_task(stop.wait())
        stopping.add_done_callback(lambda _: self._stirred.set())
        try:
            while not stop.is_set():
                try:
                    async with self._opened(self._told) as outbox:
                        await self._hold(outbox, stopping)
                except Retryable as error:
                    await self._back_off(error, stopping)
        finally:
            stopping.cancel()

    async def _hold(self, outbox: Outbox, stopping: Stopping) -> None:
        """Wait for the relay's lock, publish the progress, and send batch after batch until the process stops."""
        while not await outbox.try_lock():
            await self._pause()
            self._stirred.clear()
            if stopping.done():
                return
        pointer = await outbox.take_over()
        if self._relayed > 0 and await outbox.line_end() < self._relayed:
            msg = f"the acceptance line ends before n {self._relayed}, which was sent: the database is of before"
            raise Halt(msg)
        acknowledged = partial(self._acknowledged, outbox, stopping)
        follow_ups = RelayFollowUps(pointer, self._deployment, self._under_way, acknowledged, outbox.advance)
        self._look, self._taken = True, pointer.reach
        self._handed = CommittedBatches()  # this database may be another one than before: a backup or a standby
        while not stopping.done():
            self._stirred.clear()
            if self._look:
                self._look = await self._send(outbox, follow_ups, acknowledged)
            if await follow_ups.do_ready_work():
                self._failures = 0
            if not self._look:
                await self._pause(follow_ups.seconds())
        await follow_ups.end()

    async def _send(self, outbox: Outbox, follow_ups: RelayFollowUps, acknowledged: AcknowledgementSink) -> bool:
        """Send the next batch to Kafka and wait for its acknowledgement. Return whether more rows may be waiting."""
        self._look = False
        before = follow_ups.sent
        handed = self._handed.after(before.reach)
        backlog = handed or await outbox.read(before)
        fault = gap_or_double(backlog, before)
        if fault is not None:
            raise Halt(fault)
        if backlog.reach == before.reach:
            return self._look
        failpoint("relay.read")
        self._taken = backlog.reach
        self._alarms.sound(backlog.refused)
        messages, receipts = self._messages(backlog)
        began = tracing.begin()
        # Set before sending: a batch that times out, or whose acknowledgement is lost, may be on the log.
        self._relayed = max(self._relayed, backlog.last_n)
        sent = self._sender.send_all(messages)
        failpoint("relay.produced")
        written = await acknowledged(sent)
        failpoint("relay.acked")
        tracing.done("relay", (row.payload for row in backlog.accepted), began)
        offsets, logs = dict(before.offsets), self._deployment.logs
        for message, (part, off) in zip(messages, written, strict=True):
            place = message.topic, part
            if message.topic not in logs:
                continue
            if off <= before.offsets.get(place, -1):
                msg = (
                    f"{message.topic}[{part}] lost what was sent to it: the topic was cut, restored or made again."
                    " Stop all services and follow docs/backup.md, database and log differ"
                )
                raise Halt(msg)
            offsets[place] = max(off, offsets.get(place, -1))
        follow_ups.add_receipts(Pointer(*backlog.reach, before.epoch, offsets), receipts)
        return self._look or handed is None

    def _messages(self, backlog: Backlog) -> tuple[list[RelayRecord], list[RelayRecord]]:
        """Return two lists: the records for the log and quarantine, and the receipts, both in the order of `n`.

        The copies that an event adds come after its own copies. Receipts of repetitions come last.
        """
        own = self._own_systems()
        numbered = [(row.n, records_of_accepted(row, self._deployment, own)) for row in backlog.accepted]
        numbered += [(row.n, records_of_refused(row, self._deployment, own)) for row in backlog.refused]
        records = [(n, messages[:-1]) for n, messages in numbered]
        records += [(row.caused_by, (record_of_late_copy(row, self._deployment),)) for row in backlog.late]
        receipts = [(n, messages[-1:]) for n, messages in numbered]
        repeats = [message for row in backlog.repeated for message in records_of_repetition(row, self._deployment, own)]
        return _in_order(records), _in_order(receipts) + repeats

    def _under_way(self, messages: Sequence[RelayRecord]) -> Acknowledgement:
        """Send records and return their future. An acknowledgement wakes the loop of `_hold`."""

        def stir(sent: Acknowledgement) -> None:
            if not sent.cancelled():
                sent.exception()  # marks the error as read, as nobody may await this future after another error
            self._stirred.set()

        sent = self._sender.send_all(messages)
        sent.add_done_callback(stir)
        return sent

    def _told(self, reach: Reach | None) -> None:
        """Wake the loop for rows up to `reach`, the line's new end. None: the connection to the outbox is lost."""
        if reach is None:
            self._woken(reach)
        else:
            asyncio.get_running_loop().call_later(_HANDED_SECONDS, self._woken, reach)

    def _woken(self, reach: Reach | None) -> None:
        """Have the outbox read, unless all rows up to `reach` are taken already. None: have it read in any case."""
        if reach is None or reach[0] > self._taken[0] or reach[1] > self._taken[1]:
            self._look = True
            self._stirred.set()

    async def _pause(self, seconds: float = _POLL_SECONDS) -> None:
        """Wait for a wake-up, `seconds` or 1 s, whichever comes first. After a full second the outbox is read."""
        try:
            await asyncio.wait_for(self._stirred.wait(), min(seconds, _POLL_SECONDS))
        except TimeoutError:
            self._look = self._look or seconds >= _POLL_SECONDS

    async def _back_off(self, error: Retryable, stopping: Stopping) -> None:
        if stopping.done():
            return
        metrics.RETRIES.inc()
        if self._failures == 0:  # not one line a second
            log.warning("relay retrying", error=type(error).__name__, reason=str(error))
        await asyncio.wait([stopping], timeout=_BACKOFF_SECONDS[min(self._failures, len(_BACKOFF_SECONDS) - 1)])
        self._failures += 1

    async def _acknowledged(self, outbox: Outbox, stopping: Stopping, sent: Acknowledgement) -> WrittenPlaces:
        """Return the places of the records of `sent`, once they are acknowledged.

        Once the process stops, this waits 3 s at most and then raises `Retryable`.
        """
        either: set[asyncio.Future[Any]] = {sent, stopping}
        while not (sent.done() or stopping.done()):
            done, _ = await asyncio.wait(either, timeout=self._keep_seconds, return_when=asyncio.FIRST_COMPLETED)
            if not done:
                await outbox.keep_session_alive()
        if not sent.done():
            await asyncio.wait([sent], timeout=_GRACE_SECONDS)
        if not sent.done():
            sent.cancel()
            msg = "stopped before the broker acknowledged"
            raise Retryable(msg)
        return sent.result()


def _in_order(numbered: list[tuple[int, tuple[RelayRecord, ...]]]) -> list[RelayRecord]:
    """Return the records sorted by number; records of one number keep their order."""
    return [message for _, messages in sorted(numbered, key=itemgetter(0)) for message in messages]
