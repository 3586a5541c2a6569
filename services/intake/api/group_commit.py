"""Group commit for HTTP: requests within a few milliseconds share one lock and one commit; each gets its own receipts.

A request is answered after the commit. If the commit is not certain, it is answered with 503. In both cases its sender
may send it again. Agencies take turns, and each has half of the room at most.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice, zip_longest
from typing import Final

import asyncpg
import structlog

from services.intake.domain.acceptance_line import LineOutcome, NumberedRefusal, Repeat
from services.intake.domain.client_rate_limits import SubmittedLoad
from services.intake.domain.receipt import Receipt, dry_run_receipt, receipt_of
from services.intake.domain.submission import Inbound, Judged
from services.intake.handlers import JudgedBatch, SubmissionHandler
from services.intake.store.outbox import oldest_unsent_time
from services.intake.store.receipt_queries import accepted_at
from services.runtime import metrics
from services.runtime.clock import Clock
from services.runtime.errors import Retryable, TooSlow
from services.runtime.failpoints import failpoint
from services.runtime.postgres import Connection, borrow_connection

WAIT_SECONDS: Final = 0.003
MOST_EVENTS: Final = 2_000
"""Events of one transaction at most; a larger first request is a transaction of its own.

`accept` raises `Retryable` while four times as many events are in hand, or twice as many of the request's agency.
"""
AMONG: Final = 500
"""Events after which a transaction takes no further request, if several agencies wait."""
MOST_BYTES: Final = 32 * 1024 * 1024
"""Bytes of requests that wait or are being accepted, at most. One agency may hold half of it.

A request is admitted beyond its limit if nothing else is held.
"""

log = structlog.get_logger()


@dataclass(eq=False, slots=True)
class _Waiting:
    """The submissions of a request, and the future of its receipts."""

    agency: str
    judged: tuple[Judged, ...]
    receipts: "asyncio.Future[list[Receipt]]"


class BeyondShareError(Exception):
    """Raised when the agency or a system of it is beyond its share. `seconds`: time until it may send again."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds


class HttpGroup:
    """Accepts submissions over HTTP in groups while `run` runs. Before and after that, `accept` raises `Retryable`.

    `wait`: seconds to wait for further requests of a group. `relay_age_limit`: age of the oldest event that is not
    published yet; beyond it `accept` raises `Retryable`.
    """

    def __init__(
        self,
        pool: asyncpg.Pool,
        door: SubmissionHandler,
        clock: Clock,
        *,
        relay_age_limit: timedelta,
        wait: float = WAIT_SECONDS,
    ) -> None:
        self._pool = pool
        self._door = door
        self._clock = clock
        self._relay_age_limit = relay_age_limit
        self._wait = wait
        self._queue: list[_Waiting] = []
        self._events = Counter[str]()
        self._bytes = Counter[str]()
        self._most: int | None = None
        """Requests of one transaction at most, after one was too slow. None: no limit.

        It becomes None again when the queue is empty.
        """
        self._woken = asyncio.Event()
        self._open = False

    def wait(self, agency: str) -> float:
        """Return the seconds until an agency is within its own share again; 0.0 if it is now."""
        return self._door.wait(agency)

    async def split(self, raw: bytes) -> tuple[bytes, ...]:
        """Split a batch into its events, on the judging thread. Raises `BadMessage`."""
        return await self._door.split(raw)

    def charge_unread(self, agency: str, size: int) -> None:
        """Charge an agency for a body of `size` bytes that is refused as a whole: one record and one refusal."""
        self._door.charge_unread(agency, size)

    def charge_minted(self, agency: str, count: int) -> None:
        """Charge an agency for `count` new ids, each as one record."""
        self._door.charge(agency, SubmittedLoad(records=count))

    async def accept(self, inbounds: Sequence[Inbound]) -> list[Receipt]:
        """Judge submissions of one agency, accept them in one transaction in this order, and return their receipts.

        Raises `BeyondShareError` if the agency is beyond its share. Raises `Retryable` if too many requests wait, the
        relay is late, `run` does not run, or the commit is not certain.
        """
        if not self._open:
            msg = "not accepting: intake is starting or stopping, send again later"
            raise Retryable(msg)
        agency = inbounds[0].agency
        size = sum(len(inbound.value or b"") for inbound in inbounds)
        if self._is_full(agency, size):
            msg = "too many events wait already: send again later"
            raise Retryable(msg)
        # Counted until the answer, also while the judging thread works.
        self._bytes[agency] += size
        self._events[agency] += len(inbounds)
        try:
            return await self._accept(inbounds)
        finally:
            for held, given_back in (self._bytes, size), (self._events, len(inbounds)):
                held[agency] -= given_back
                if not held[agency]:
                    del held[agency]

    def _is_full(self, agency: str, size: int) -> bool:
        """Whether there is no room for another request of `agency` with `size` bytes."""
        events, held = self._events.total(), self._bytes.total()
        own_events, own = self._events[agency], self._bytes[agency]
        return (
            events >= 4 * MOST_EVENTS
            or own_events >= 2 * MOST_EVENTS
            or (held > 0 and held + size > MOST_BYTES)
            or (own > 0 and own + size > MOST_BYTES // 2)
        )

    async def _accept(self, inbounds: Sequence[Inbound]) -> list[Receipt]:
        prepared = await self._judged(inbounds)
        if not self._open:  # it was while they were judged
            msg = "stopping"
            raise Retryable(msg)
        waiting = _Waiting(inbounds[0].agency, prepared.judged, asyncio.get_running_loop().create_future())
        self._queue.append(waiting)
        self._woken.set()
        try:
            return await waiting.receipts
        except asyncio.CancelledError:  # the caller was answered without a receipt: do not keep its request in memory
            with suppress(ValueError):
                self._queue.remove(waiting)
            raise

    async def _judged(self, inbounds: Sequence[Inbound]) -> JudgedBatch:
        prepared = await self._door.judge(inbounds, self._clock.now())
        if wait := self._door.charge_or_wait(prepared):
            raise BeyondShareError(wait)
        return prepared

    async def rehearse(self, inbounds: Sequence[Inbound]) -> list[Receipt]:
        """Judge a dry run and return the receipts that its submissions would get now. Nothing is written.

        Raises `BeyondShareError` like `accept`: a dry run is charged too.
        """
        prepared = await self._judged(inbounds)
        async with borrow_connection(self._pool) as connection:
            prepared.outcomes = await self._door.rehearse(prepared, connection)
        return [dry_run_receipt(receipt) for receipt in _receipts(prepared, {})]

    async def run(self, stop: asyncio.Event) -> None:
        """Accept groups of requests until `stop` is set. Raises `Halt` and unexpected errors of a transaction.

        Requests that still wait at the end get `Retryable`.
        """
        stopping = asyncio.create_task(stop.wait())
        stopping.add_done_callback(lambda _: self._woken.set())
        self._open = True
        try:
            while not stop.is_set():
                await self._woken.wait()
                await asyncio.sleep(self._wait)
                await self._step()
        finally:
            self._open = False
            stopping.cancel()
            for waiting in self._queue:
                _fail(waiting, Retryable("stopping"))

    async def _step(self) -> None:
        self._woken.clear()
        batch = self._taken()
        if not batch:
            return
        try:
            receipts = await self._accepted([judged for waiting in batch for judged in waiting.judged])
        except Retryable as error:
            metrics.RETRIES.inc()
            if isinstance(error, TooSlow) and len(batch) > 1:
                self._halve(batch)
                return
            for waiting in batch:
                _fail(waiting, error)
        except BaseException:
            for waiting in batch:
                _fail(waiting, Retryable("stopping"))
            raise
        else:
            answers = iter(receipts)
            for waiting in batch:
                mine = list(islice(answers, len(waiting.judged)))
                if not waiting.receipts.done():  # done if its caller no longer waits
                    waiting.receipts.set_result(mine)
            self._most = None if self._most is None or not self._queue else 2 * self._most

    def _halve(self, batch: Sequence[_Waiting]) -> None:
        """Put a group that was too slow back into the queue. The next groups have half as many requests.

        So in the end the slow request is alone.
        """
        log.warning("requests halved", requests=len(batch))
        self._most = len(batch) // 2
        self._queue[:0] = [waiting for waiting in batch if not waiting.receipts.done()]
        self._woken.set()

    def _taken(self) -> list[_Waiting]:
        """Remove the requests of the next transaction from the queue and return them: at least one, none divided.

        While several agencies wait, one request of each agency comes before a second one of any agency. Of these,
        requests with few events come first.
        """
        by_agency: dict[str, list[_Waiting]] = {}
        for waiting in self._queue:
            by_agency.setdefault(waiting.agency, []).append(waiting)
        several = len(by_agency) > 1
        taken: dict[_Waiting, None] = {}
        events = 0
        for waiting in _in_turns(by_agency.values()):
            more = events + len(waiting.judged)
            if taken and (more > MOST_EVENTS or (several and events >= AMONG) or len(taken) == self._most):
                self._woken.set()
                break
            taken[waiting] = None
            events = more
        self._queue = [waiting for waiting in self._queue if waiting not in taken]
        return list(taken)

    async def _accepted(self, judged: Sequence[Judged]) -> list[Receipt]:
        now = self._clock.now()
        prepared = JudgedBatch(now, tuple(judged))
        async with borrow_connection(self._pool) as connection:
            oldest = await oldest_unsent_time(connection)
            if oldest is not None and now.timestamp() - oldest / 1000 > self._relay_age_limit.total_seconds():
                msg = "the relay is late"
                raise Retryable(msg)
            async with connection.transaction():
                failpoint("http.begun")
                await self._door.apply(prepared, connection)
                first_at = await _first_at(prepared, connection)
                failpoint("http.applied")
            failpoint("http.committed")
        await self._door.committed(prepared)
        return _receipts(prepared, first_at)


def _in_turns(queues: Iterable[Sequence[_Waiting]]) -> Iterator[_Waiting]:
    """Yield the first request of each queue, fewest events first, then the second request of each queue, and so on."""
    for turn in zip_longest(*queues):
        yield from sorted(filter(None, turn), key=lambda waiting: len(waiting.judged))


async def _first_at(prepared: JudgedBatch, connection: Connection) -> dict[int, int]:
    numbers = {outcome.n for outcome in prepared.outcomes if isinstance(outcome, Repeat)}
    return await accepted_at(connection, numbers) if numbers else {}


def _receipts(prepared: JudgedBatch, first_at: dict[int, int]) -> list[Receipt]:
    return [
        receipt_of(judged, outcome, first_at.get(outcome.n), kept=_is_kept(prepared, outcome))
        for judged, outcome in zip(prepared.judged, prepared.outcomes, strict=True)
    ]


def _is_kept(prepared: JudgedBatch, outcome: LineOutcome) -> bool:
    attempt = prepared.attempts.get(outcome.n) if isinstance(outcome, NumberedRefusal) else None
    return attempt is None or attempt.kept_in is not None


def _fail(waiting: _Waiting, error: Retryable) -> None:
    with suppress(asyncio.InvalidStateError):
        waiting.receipts.set_exception(error)
