"""One redrive: sends quarantine entries in order, each once, and waits for verdicts that later entries depend on.

The offset of each sent entry is stored, and the redrive after one that was killed continues from there. An entry that
was sent but whose offset was not stored is sent once more, which adds one attempt at most. Only intake judges; this
code only decides the order.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final, Self

import asyncpg
from cryptography.exceptions import InvalidTag

from schemas.errors import Reason
from services.intake.domain.acceptance_line import AcceptedEvent as Accepted
from services.intake.domain.acceptance_line import LineEnd, NumberedRefusal, number_batch
from services.intake.domain.judge import judge
from services.intake.domain.quarantine_entries import CloseReason, Entry, EntryState
from services.intake.domain.redrive_order import Queue, RedriveCandidate, entities_named
from services.intake.domain.relay_records import sender_of
from services.intake.domain.submission import AcceptedSubmission as Good
from services.intake.domain.submission import Inbound, InboundPlace
from services.intake.domain.systems import MAIN
from services.intake.quarantine_encryption import Original, Seal
from services.intake.redrive.outcome import RedriveOutcome, RedriveRequest, RedriveResult
from services.intake.settings import Settings
from services.intake.store import quarantine_entries as store
from services.intake.store.acceptance_line import Inbox
from services.intake.store.quarantine_entries import EntryFilter, OperatorAct
from services.intake.systems_file import SystemsFile
from services.runtime.clock import Clock, SystemClock
from services.runtime.clock import clock as clock_of
from services.runtime.errors import Halt
from services.runtime.failpoints import failpoint
from services.runtime.postgres import Connection, translate_driver_errors
from services.runtime.producer import Producer, TooLarge

REDRIVE_LOCK: Final = 7142003
"""Key of the PostgreSQL advisory lock that lets one redrive run at a time. The number is arbitrary and unique."""
_POLL_SECONDS: Final = 0.03
_LOCK: Final = "SELECT pg_try_advisory_lock($1)"


class Redrive:
    """A redrive over one database connection. It holds the lock unless it is a dry run. Call `load`, then `run`."""

    def __init__(
        self, settings: Settings, asked: RedriveRequest, connection: Connection, producer: Producer | None
    ) -> None:
        self._deployment = settings.deployment()
        self._seal = Seal(settings.quarantine_key())
        self._clock: Clock = clock_of(settings.clock_file)
        self._systems = SystemsFile(settings.systems_file)
        self._asked = asked
        self._connection = connection
        self._producer = producer
        self._locked: list[Entry] = []
        self._found: tuple[Entry, ...] = ()
        self._queue = Queue(())
        self._sent: dict[int, tuple[int, int]] = {}
        self._topics: dict[int, str] = {}

    @classmethod
    @asynccontextmanager
    async def opened(cls, settings: Settings, asked: RedriveRequest) -> AsyncIterator[Self]:
        """Connect and, unless it is a dry run, take the lock. Raises `Halt` if another redrive has the lock."""
        producer = None if asked.dry_run else Producer(settings.kafka())
        try:
            with translate_driver_errors():
                connection = await asyncpg.connect(
                    settings.postgres_dsn(), server_settings={"search_path": "intake", "synchronous_commit": "on"}
                )
                try:
                    if not (asked.dry_run or await connection.fetchval(_LOCK, REDRIVE_LOCK)):
                        msg = "another redrive is under way"
                        raise Halt(msg)
                    yield cls(settings, asked, connection, producer)
                finally:
                    await connection.close()
        finally:
            if producer is not None:
                producer.close()

    async def load(self) -> int:
        """Read every open entry and return how many of them are requested. The others may hold requested ones back."""
        wanted = self._asked
        found = self._found = await store.entries(self._connection, EntryFilter(state=EntryState.OPEN))
        candidates = []
        for entry in found:
            asked = (
                wanted.agency in {None, entry.agency}
                and wanted.reason in {None, entry.reason}
                and (wanted.numbers is None or entry.number in wanted.numbers)
            )
            original = await self._original(entry)
            if original is not None:
                candidates.append(RedriveCandidate(entry, entities_named(original.value, original.headers), asked))
            elif asked:
                self._locked.append(entry)
        self._sent = await store.sent_before(self._connection, self._topics)
        self._queue = Queue(candidates, wanted.cap)
        return sum(candidate.asked for candidate in candidates) + len(self._locked)

    async def run(self) -> AsyncIterator[RedriveOutcome]:
        """Yield the outcome of each requested entry once it is known. Entries that were never sent come last."""
        for entry in self._locked:
            yield _of(entry, RedriveResult.NOT_KEPT if entry.kept_in is None else RedriveResult.LOCKED)
        while ready := self._queue.ready():
            outcomes = self._rehearsed(ready) if self._asked.dry_run else self._tried(ready)
            async for outcome in outcomes:
                if outcome.what in {RedriveResult.ACCEPTED, RedriveResult.DUPLICATE}:
                    self._queue.accepted(outcome.entry)
                yield outcome
        if not self._asked.dry_run:
            for agency in {entry.agency for entry in self._found}:
                await store.make_room(self._connection, agency)
        for candidate, hold, behind in self._queue.held():
            yield _of(candidate.entry, RedriveResult.HELD, why=str(hold), behind=behind)

    async def _original(self, entry: Entry) -> Original | None:
        kept = await store.kept_bytes_of(self._connection, entry)
        self._topics[entry.number] = self._topic(entry, None if kept is None else kept.place)
        try:
            return None if kept is None else self._seal.open(kept.sealed, kept.place, kept.n)
        except InvalidTag:
            return None

    def _topic(self, entry: Entry, place: InboundPlace | None) -> str:
        """Return the inbound topic of an entry; for one from HTTP, the topic that its system would have used."""
        sender = sender_of(entry.agency, place, entry.key, self._deployment, self._deployment.systems)
        return self._deployment.inbound(sender)

    async def _rehearsed(self, ready: Sequence[RedriveCandidate]) -> AsyncIterator[RedriveOutcome]:
        """Yield the outcomes that intake would give now. Nothing is sent."""
        for candidate in ready:
            entry, inbound = candidate.entry, await self._inbound(candidate.entry)
            now = self._clock.now()
            judged = judge(inbound, now, self._systems())
            keys = {judged.key} if isinstance(judged, Good) else set()
            known = await Inbox().read(self._connection, keys, set())
            match number_batch([judged], known.first, LineEnd(), now).outcomes:
                case (Accepted(),):
                    yield _of(entry, RedriveResult.ACCEPTED)
                case (NumberedRefusal(refused=refused),):
                    yield _of(entry, RedriveResult.REFUSED, why=refused.reason.value, pointer=refused.pointer)
                case _:
                    yield _of(entry, RedriveResult.DUPLICATE)

    async def _tried(self, ready: Sequence[RedriveCandidate]) -> AsyncIterator[RedriveOutcome]:
        """Send the entries that were not sent before, and yield the outcome of each.

        It is `UNCONFIRMED` if there is no verdict of any entry for `patience` seconds.
        """
        waiting: dict[int, Entry] = {}
        for candidate in ready:
            entry = candidate.entry
            if entry.number not in self._sent:
                try:
                    self._sent[entry.number] = await self._send(entry)
                except TooLarge:  # it first came compressed, and its full size was not limited then
                    yield _of(entry, RedriveResult.REFUSED, why=Reason.TOO_LARGE.value)
                    continue
            waiting[entry.number] = entry
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._asked.patience
        while waiting and loop.time() < deadline:
            for outcome in await self._verdicts(waiting):
                del waiting[outcome.entry]
                deadline = loop.time() + self._asked.patience
                yield outcome
            await asyncio.sleep(_POLL_SECONDS)
        for entry in waiting.values():
            yield _of(entry, RedriveResult.UNCONFIRMED)

    async def _send(self, entry: Entry) -> tuple[int, int]:
        inbound = await self._inbound(entry)
        if self._producer is None:
            msg = "a dry run sends nothing"
            raise Halt(msg)
        place = await self._producer.send(self._topics[entry.number], inbound.key, inbound.value, inbound.headers)
        failpoint("redrive.sent")
        act = OperatorAct(SystemClock().now(), entry, "sent", self._asked.operator, place=place)
        await store.note_operator_act(self._connection, act)
        failpoint("redrive.noted")
        return place

    async def _verdicts(self, waiting: dict[int, Entry]) -> list[RedriveOutcome]:
        now = {each.number: each for each in await store.entries(self._connection, EntryFilter(numbers=list(waiting)))}
        found = []
        for number, entry in waiting.items():
            current = now[number]
            if current.state is EntryState.SUPERSEDED:
                found.append(_of(entry, RedriveResult.ACCEPTED))
            elif current.last_n != entry.last_n:
                found.append(_of(entry, RedriveResult.REFUSED, why=current.reason, pointer=current.pointer))
            elif await store.is_repetition(self._connection, self._topics[number], self._sent[number]):
                # The event was accepted before this refusal: nothing is missing, so the entry is closed as a duplicate.
                act = OperatorAct(SystemClock().now(), entry, "closed", self._asked.operator, CloseReason.DUPLICATE)
                await store.note_operator_act(self._connection, act)
                found.append(_of(entry, RedriveResult.DUPLICATE))
        return found

    async def _inbound(self, entry: Entry) -> Inbound:
        kept = await store.kept_bytes_of(self._connection, entry)
        if kept is None:
            msg = f"the bytes of entry {entry.number} are not kept"
            raise Halt(msg)
        original = self._seal.open(kept.sealed, kept.place, kept.n)
        sender = self._deployment.sender_of_inbound(self._topics[entry.number])
        system = sender.partition("/")[2] or MAIN
        return Inbound(entry.agency, kept.place, original.key, original.value, original.headers, system)


def _of(
    entry: Entry, what: RedriveResult, *, why: str | None = None, pointer: str | None = None, behind: int | None = None
) -> RedriveOutcome:
    return RedriveOutcome(entry.number, entry.agency, what, why, pointer, behind)
