"""The relay: what was accepted or refused goes to Kafka in the order of `n`, and the pointer follows the acks.

It may send twice and never skips: a crash, a time-out, a lost connection begin again at the pointer. A gap in `n`, a
permanent error of the broker and another relay's step each stop the process.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from operator import itemgetter
from typing import Any, Final, Literal, Protocol, TypeAlias

import structlog

from schemas.errors import Reason
from schemas.topics import Deployment
from services.intake.domain.backlog import Backlog, Pointer, RefusedRow, broken
from services.intake.domain.outbound import Message, accepted, late, progress, refused, repeated
from services.runtime import metrics
from services.runtime.errors import Halt, Retryable
from services.runtime.failpoints import failpoint

# The slow poll behind NOTIFY: a lost notification costs this long, no more.
_POLL_SECONDS: Final = 1.0
# While the broker is away the database must not take the relay for dead: it speaks three times in the time allowed.
_WORDS: Final = 3
# How long a stopping process waits for acknowledgements; what is left is sent again at the next start.
_GRACE_SECONDS: Final = 3.0
_BACKOFF_SECONDS: Final = (0.05, 0.1, 0.25, 0.5, 1.0)

log = structlog.get_logger()


class Outbox(Protocol):
    """What is to be sent and how far it was, over a connection that one relay holds."""

    async def try_lock(self) -> bool:
        """Become the relay unless another is."""
        ...

    async def take_over(self) -> Pointer:
        """Raise the epoch and give the pointer."""
        ...

    async def line(self) -> int:
        """Give the number at which the acceptance line ends."""
        ...

    async def read(self, pointer: Pointer) -> Backlog:
        """Give a batch of what was committed after the pointer."""
        ...

    async def keep(self) -> None:
        """Say that this relay lives; one that says nothing for long is taken for dead."""
        ...

    async def advance(self, before: Pointer, after: Pointer) -> None:
        """Move the pointer; Fenced when it is no longer this relay's."""
        ...


class Sender(Protocol):
    """Writes records; within one partition in the order of the calls."""

    def send_all(self, records: Sequence[Message]) -> "Acknowledgement":
        """Send; the future gives each (partition, offset), or raises Halt (never) or Retryable (perhaps written)."""
        ...


Acknowledgement: TypeAlias = "asyncio.Future[list[tuple[int, int]]]"
Stopping: TypeAlias = "asyncio.Task[Literal[True]]"
Opened: TypeAlias = Callable[[Callable[[], None]], AbstractAsyncContextManager[Outbox]]


def _looked_at(said: Acknowledgement) -> None:
    """Whoever fails before hearing of this word says so already: its own failure is no further one."""
    if not said.cancelled():
        said.exception()


class Relay:
    """One task that sends; `opened` gives an outbox and calls back when there may be something to read."""

    def __init__(self, opened: Opened, sender: Sender, deployment: Deployment, *, silence: float = 10.0) -> None:
        self._keep_seconds = silence / _WORDS
        self._opened = opened
        self._sender = sender
        self._deployment = deployment
        self._wake = asyncio.Event()
        self._alarmed = 0
        self._relayed = 0
        self._failures = 0

    async def run(self, stop: asyncio.Event) -> None:
        """Send until `stop` is set; whatever time repairs is tried again from the pointer."""
        stopping = asyncio.create_task(stop.wait())
        stopping.add_done_callback(lambda _: self._wake.set())
        try:
            while not stop.is_set():
                try:
                    async with self._opened(self._wake.set) as outbox:
                        await self._hold(outbox, stopping)
                except Retryable as error:
                    await self._back_off(error, stopping)
        finally:
            stopping.cancel()

    async def _hold(self, outbox: Outbox, stopping: Stopping) -> None:
        """Become the one relay, say how far the log is, and send batch after batch."""
        while not await outbox.try_lock():
            await self._pause()
            self._wake.clear()
            if stopping.done():
                return
        pointer = await outbox.take_over()
        if self._relayed > 0 and await outbox.line() < self._relayed:
            msg = f"the acceptance line ends before n {self._relayed}, which was sent: the database is of before"
            raise Halt(msg)
        said = self._say(pointer)
        while not stopping.done():
            self._wake.clear()
            backlog = await outbox.read(pointer)
            fault = broken(backlog, pointer)
            if fault is not None:
                raise Halt(fault)
            if (backlog.last_n, backlog.last_repeat) == (pointer.last_n, pointer.last_repeat):
                await self._heard(pointer, said, stopping, outbox)
                await self._pause()
            else:
                pointer, said = await self._step(outbox, pointer, backlog, said, stopping)
        await self._heard(pointer, said, stopping, outbox)

    async def _step(
        self, outbox: Outbox, pointer: Pointer, backlog: Backlog, said: Acknowledgement, stopping: Stopping
    ) -> tuple[Pointer, Acknowledgement]:
        """Send a batch while the word on the one before is still under way, move the pointer, and say so."""
        failpoint("relay.read")
        self._alarm(backlog.refused)
        messages = self._messages(backlog)
        # Before anything is known of it: what times out, or is lost with the database's answer, may be on the log.
        self._relayed = max(self._relayed, backlog.last_n)
        sent = self._sender.send_all(messages)
        failpoint("relay.produced")
        written = await self._acknowledged(sent, stopping, outbox)
        failpoint("relay.acked")
        offsets, logs = dict(pointer.offsets), self._deployment.logs
        for message, (part, off) in zip(messages, written, strict=True):
            place = message.topic, part
            if message.topic in logs and off > offsets.get(place, -1):
                offsets[place] = off
        after = Pointer(backlog.last_n, backlog.last_repeat, pointer.epoch, offsets)
        await outbox.advance(pointer, after)
        failpoint("relay.advanced")
        await self._heard(pointer, said, stopping, outbox)
        return after, self._say(after)

    def _messages(self, backlog: Backlog) -> list[Message]:
        """Put everything in the order of `n`, each event's copies primary first and then those that it adds.

        Repetitions come last.
        """
        numbered = [(row.n, accepted(row, self._deployment)) for row in backlog.accepted]
        numbered += [(row.caused_by, (late(row, self._deployment),)) for row in backlog.late]
        numbered += [(row.n, refused(row, self._deployment)) for row in backlog.refused]
        numbered.sort(key=itemgetter(0))
        ordered = [message for _, messages in numbered for message in messages]
        return ordered + [message for row in backlog.repeated for message in repeated(row, self._deployment)]

    def _say(self, pointer: Pointer) -> Acknowledgement:
        """Say how far the log is. A reader takes the highest `n` it ever saw: an older relay may speak late."""
        said = self._sender.send_all([progress(pointer.last_n, pointer.offsets, self._deployment)])
        said.add_done_callback(_looked_at)
        return said

    async def _heard(self, pointer: Pointer, said: Acknowledgement, stopping: Stopping, outbox: Outbox) -> None:
        """Wait until that word is on its topic; whatever fails after that is another outage."""
        await self._acknowledged(said, stopping, outbox)
        failpoint("relay.progressed")
        self._failures = 0
        metrics.RELAYED.set(pointer.last_n)

    def _alarm(self, rows: Sequence[RefusedRow]) -> None:
        """Raise each refusal's alarm before it is sent, once in a process: a broker that is away delays no alarm."""
        for row in rows:
            if row.n <= self._alarmed:
                continue
            self._alarmed = row.n
            log.error("quarantined", agency=row.agency, reason=row.reason, n=row.n, type=row.type)
            if row.must_arrive:
                log.error("not delivered", agency=row.agency, reason=row.reason, n=row.n, type=row.type)
                metrics.NOT_DELIVERED.labels(row.agency, row.reason).inc()
            if row.reason == Reason.ID_ALREADY_USED:
                log.error("equivocation", agency=row.agency, n=row.n, type=row.type)

    async def _pause(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), _POLL_SECONDS)

    async def _back_off(self, error: Retryable, stopping: Stopping) -> None:
        if stopping.done():
            return
        metrics.RETRIES.inc()
        if self._failures == 0:  # not one line a second
            log.warning("relay retrying", error=type(error).__name__, reason=str(error))
        await asyncio.wait([stopping], timeout=_BACKOFF_SECONDS[min(self._failures, len(_BACKOFF_SECONDS) - 1)])
        self._failures += 1

    async def _acknowledged(self, sent: Acknowledgement, stopping: Stopping, outbox: Outbox) -> list[tuple[int, int]]:
        """Wait for all of it; a process that stops waits a few seconds only."""
        either: set[asyncio.Future[Any]] = {sent, stopping}
        while not (sent.done() or stopping.done()):
            done, _ = await asyncio.wait(either, timeout=self._keep_seconds, return_when=asyncio.FIRST_COMPLETED)
            if not done:
                await outbox.keep()
        if not sent.done():
            await asyncio.wait([sent], timeout=_GRACE_SECONDS)
        if not sent.done():
            sent.cancel()
            msg = "stopped before the broker acknowledged"
            raise Retryable(msg)
        return sent.result()
