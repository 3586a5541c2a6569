"""Handler of batches of submissions from Kafka or HTTP: judges each submission, then numbers and stores the batch.

The transaction takes the lock of the acceptance line before it reads anything, and holds it to its end. A transaction
that read first and locked later would give one number twice.
"""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from schemas.topics import Deployment
from services.intake.domain import client_rate_limits, merge_and_correction_limits
from services.intake.domain.acceptance_line import (
    AcceptedEvent,
    LineEnd,
    LineOutcome,
    LineState,
    NumberedBatch,
    NumberedRefusal,
    Repeat,
    number_batch,
)
from services.intake.domain.client_rate_limits import SHARES, SubmittedLoad, Usage
from services.intake.domain.entity_copy_routing import Routed, add_accepted_events
from services.intake.domain.entity_rate_limits import EntityShare
from services.intake.domain.judge import NEWER_MAY_READ
from services.intake.domain.refusal_attempts import (
    ROOM,
    QuarantineRoom,
    RefusalAttempt,
    StoredAttempt,
    attempts,
)
from services.intake.domain.submission import (
    AcceptedSubmission,
    Inbound,
    InboundPlace,
    Judged,
    RefusedSubmission,
    is_segment_closer,
)
from services.intake.domain.systems import MAIN
from services.intake.judging_thread import JudgingThread, too_slow_refusal
from services.intake.ports import Inbox, NewerContract, OnCommitted, RefusalEncryptor, Routes
from services.runtime import metrics, tracing
from services.runtime.clock import Clock, check_clocks_agree
from services.runtime.errors import Retryable
from services.runtime.failpoints import failpoint
from services.runtime.fenced_positions import TopicPart
from services.runtime.postgres import Connection
from services.runtime.record import Record


class LeftToNewer(Retryable):
    """Raised for a refused submission that another running copy of intake, with a newer contract, may accept."""


@dataclass(slots=True)
class JudgedBatch:
    """A judged batch. `outcomes` and `attempts` are empty until `apply` has numbered the batch.

    `now`: the time of judging. `attempts`: the attempt of each refusal, by its number. `kept`: encrypted bytes kept of
    each agency's refusals. `plain`: only for a batch that added no copies, the line's end before it and the numbered
    batch. `began`: start of its trace.
    """

    now: datetime
    judged: tuple[Judged, ...]
    began: int = field(default_factory=tracing.begin)
    outcomes: tuple[LineOutcome, ...] = ()
    attempts: Mapping[int, RefusalAttempt] = field(default_factory=dict)
    kept: Mapping[str, int] = field(default_factory=dict)
    plain: tuple[LineEnd, NumberedBatch] | None = None


class SubmissionHandler:
    """Judges and accepts submissions from Kafka and HTTP; for Kafka it is the handler of the inbound topics' `Stream`.

    `clock`: gives the time of batches, which is compared with the database's. `room`: limit of the bytes kept of an
    agency's refusals. `judging`: the thread that judges. `usage`: recent load of each client, over Kafka and HTTP
    together. `entities`: recent events of each agency about one entity. `hand`: called with each committed batch that
    added no copies, so that the relay need not read it. `newer_contract`: returns whether a copy of intake with a newer
    contract runs. This copy then raises `LeftToNewer` for submissions that it may be unable to read.
    """

    def __init__(
        self,
        deployment: Deployment,
        inbox: Inbox,
        routes: Routes,
        seal: RefusalEncryptor,
        clock: Clock,
        *,
        room: QuarantineRoom = ROOM,
        judging: JudgingThread | None = None,
        usage: Usage | None = None,
        entities: EntityShare | None = None,
        now: Callable[[], float] = time.monotonic,
        hand: OnCommitted | None = None,
        newer_contract: NewerContract = lambda: False,
    ) -> None:
        self._newer_contract = newer_contract
        self._room = room
        self._judging = judging or JudgingThread()
        self._usage = usage or Usage(SHARES)
        self._entities = entities or EntityShare()
        self._now = now
        self._aside: tuple[str, int, int] | None = None
        self._deployment = deployment
        self._inbox = inbox
        self._routes = routes
        self._seal = seal
        self._clock = clock
        self._hand = hand

    async def reset(self, assigned: frozenset[TopicPart]) -> None:
        """Do nothing: the handler caches nothing that depends on the assigned partitions."""

    async def take_over(self, connection: Connection, partitions: frozenset[TopicPart]) -> None:
        """Do nothing: the handler has no work or state for single partitions."""

    async def prepare(self, records: Sequence[Record], now: datetime) -> JudgedBatch:
        """Judge each record and charge its client. Empty records that only close a segment file are only charged.

        Raises `LeftToNewer`.
        """
        read = [self._inbound(record) for record in records]
        inbounds = [inbound for inbound in read if not is_segment_closer(inbound)]
        self._charge({agency: SubmittedLoad(records=n) for agency, n in _empty(read).items()})
        judged = self._left(await self._judging.judge(inbounds, now))
        if self._aside is not None:
            judged = tuple(too_slow_refusal(each.inbound) if self._is_aside(each.inbound) else each for each in judged)
        self._charge(client_rate_limits.submitted_loads(judged))
        return JudgedBatch(now, judged)

    def wait(self, agency: str) -> float:
        """Return the seconds until an agency may send, by its own share. The shares of its systems are not counted."""
        return self._usage.wait([agency], self._now(), refused=False)

    def pace(self, place: TopicPart) -> float:
        """Return the seconds for which an inbound topic must not be read; 0.0 if its agency is within its share."""
        agency = self._deployment.publisher_of_inbound(place[0])
        return self._usage.wait(self._usage.systems(agency), self._now())

    def charge_or_wait(self, prepared: JudgedBatch) -> float:
        """Charge an HTTP batch to its clients and return 0.0.

        If a client is beyond its share, nothing is charged and the result is the seconds to wait before sending again.
        """
        brought = client_rate_limits.submitted_loads(prepared.judged)
        refused = any(isinstance(each, RefusedSubmission) for each in prepared.judged)
        wait = self._usage.wait(brought, self._now(), refused=refused)
        if not wait:
            self._charge(brought)
        return wait

    async def split(self, raw: bytes) -> tuple[bytes, ...]:
        """Split the body of an HTTP batch into its events, on the judging thread. Raises `BadMessage`."""
        return await self._judging.split(raw)

    def charge_unread(self, agency: str, size: int) -> None:
        """Charge an agency for an HTTP body of `size` bytes refused as a whole: as one record and one refusal."""
        self.charge(agency, SubmittedLoad(records=1, size=size, refusals=1))

    def charge(self, agency: str, load: SubmittedLoad) -> None:
        """Charge a load to an agency, for an HTTP request that holds no event."""
        self._charge({agency: load})

    def _charge(self, brought: Mapping[str, SubmittedLoad]) -> None:
        for client, each in brought.items():
            self._usage.charge(client, each, self._now())

    async def judge(self, inbounds: Sequence[Inbound], now: datetime) -> JudgedBatch:
        """Judge submissions from HTTP. Nothing is charged; see `charge_or_wait`. Raises `LeftToNewer`."""
        return JudgedBatch(now, self._left(await self._judging.judge(inbounds, now)))

    def _left(self, judged: tuple[Judged, ...]) -> tuple[Judged, ...]:
        """Return `judged`. Raises `LeftToNewer` for a refusal that a running copy with a newer contract may accept.

        The sender of an HTTP request then sends it again. A Kafka record waits until a newer copy reads its partition.
        """
        refused = (each for each in judged if isinstance(each, RefusedSubmission))
        if any(each.reason in NEWER_MAY_READ for each in refused) and self._newer_contract():
            msg = "a submission is left to a copy that reads a newer contract"
            raise LeftToNewer(msg)
        return judged

    def leave_out_slow_work(self, at: tuple[str, int, int] | None) -> None:
        """Refuse the record at this (topic, partition, offset) as one that takes too long; None refuses no record."""
        self._aside = at

    async def rehearse(self, prepared: JudgedBatch, connection: Connection) -> tuple[LineOutcome, ...]:
        """Return the outcomes that a batch would have now. Nothing is written and no lock is taken.

        The numbers `n` in the outcomes are placeholders: none is given out.
        """
        known = await self._known(prepared, connection)
        judged = await self._within_limits(prepared, connection, known)
        return number_batch(judged, known.first, known.tip, prepared.now).outcomes

    async def apply(self, prepared: JudgedBatch, connection: Connection) -> None:
        """Lock the line, read its end and the keys and entities of this batch, number the batch and write it.

        Raises `ClocksDiffer` if the batch's time differs from the database's. An empty batch does nothing.
        """
        if not prepared.judged:
            return
        check_clocks_agree(self._clock, prepared.now, await self._inbox.lock(connection))
        failpoint("intake.locked")
        known = await self._known(prepared, connection)
        failpoint("intake.read")
        judged = await self._within_limits(prepared, connection, known)
        decision = number_batch(judged, known.first, known.tip, prepared.now)
        stored = await self._stored(decision, connection, prepared)
        entries = [outcome for outcome in decision.outcomes if isinstance(outcome, AcceptedEvent)]
        # Events about entities that were never merged, linked or changed add no copies: routing is not loaded for them.
        if entries and (known.touched or any(entry.accepted.target or entry.accepted.joins for entry in entries)):
            events = [Routed.entered(entry) for entry in entries]
            index = await self._routes.load(connection, events)
            await self._inbox.write(connection, known.tip, decision, stored)
            await self._routes.save(connection, index, events, add_accepted_events(index, events))
        else:
            await self._inbox.write(connection, known.tip, decision, stored)
            prepared.plain = known.tip, decision
        prepared.outcomes = decision.outcomes
        prepared.attempts = {n: each.attempt for n, each in stored.items()}
        failpoint("intake.inserted")

    async def committed(self, prepared: JudgedBatch) -> None:
        """Update the shares and metrics after the commit, and pass a batch without added copies to the relay.

        The relay raises the alarms, so that they are raised after a crash too.
        """
        if self._hand is not None and prepared.plain is not None:
            self._hand(*prepared.plain)
        self._charge(
            client_rate_limits.refusals(each.refused for each in prepared.outcomes if isinstance(each, NumberedRefusal))
        )
        entered = [each.accepted for each in prepared.outcomes if isinstance(each, AcceptedEvent)]
        self._entities.charge(entered, self._now())
        for agency, size in prepared.kept.items():
            metrics.QUARANTINE_BYTES.labels(agency).set(size)
        tracing.done("accept", (each.payload for each in entered), prepared.began)
        submissions, refusals = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
        for outcome in prepared.outcomes:
            match outcome:
                case AcceptedEvent(accepted=accepted):
                    submissions[accepted.inbound.agency, "accepted"] += 1
                case Repeat(agency=agency):
                    submissions[agency, "duplicate"] += 1
                case NumberedRefusal(refused=refused):
                    submissions[refused.inbound.agency, "refused"] += 1
                    refusals[refused.inbound.agency, refused.reason.value] += 1
                    if prepared.attempts[outcome.n].kept_in is None:
                        metrics.NOT_KEPT.labels(refused.inbound.agency).inc()
        for counter, counted in (metrics.SUBMISSIONS, submissions), (metrics.REFUSALS, refusals):
            for labels, number in counted.items():
                counter.labels(*labels).inc(number)

    async def _within_limits(
        self, prepared: JudgedBatch, connection: Connection, known: LineState
    ) -> tuple[Judged, ...]:
        """Return the judgements, with refusals for events beyond the limits of an entity, of merges or of links."""
        judged = self._entities.within(prepared.judged, known.first, self._now())
        if not merge_and_correction_limits.may_exceed(judged):
            return judged
        accepted = [each for each in judged if isinstance(each, AcceptedSubmission)]
        return (await self._routes.related(connection, accepted)).within(judged, known.first)

    async def _stored(
        self, decision: NumberedBatch, connection: Connection, prepared: JudgedBatch
    ) -> dict[int, StoredAttempt]:
        """Return the attempt of each refusal by its number: its quarantine entry, and encrypted bytes if kept."""
        refusals = {outcome.n: outcome.refused for outcome in decision.outcomes if isinstance(outcome, NumberedRefusal)}
        if not refusals:
            return {}
        marks = {n: self._seal.fingerprint_of(refused.inbound) for n, refused in refusals.items()}
        keys = {(refused.inbound.agency, refused.key) for refused in refusals.values() if refused.key is not None}
        said = {(refused.inbound.agency, marks[n].fingerprint) for n, refused in refusals.items()}
        earlier = await self._inbox.read_earlier_entries(connection, keys, said)
        stored = {}
        for n, attempt in attempts(decision.outcomes, marks, earlier, self._room).items():
            inbound, kept = refusals[n].inbound, attempt.kept_in == n
            sealed = self._seal.close(inbound, n) if kept else self._seal.sealed_without_bytes(marks[n].fingerprint)
            stored[n] = StoredAttempt(attempt, sealed)
        prepared.kept = earlier.kept
        return stored

    def _is_aside(self, inbound: Inbound) -> bool:
        place = inbound.place
        return place is not None and self._aside == (place.topic, place.partition, place.offset)

    async def _known(self, prepared: JudgedBatch, connection: Connection) -> LineState:
        accepted = [item for item in prepared.judged if isinstance(item, AcceptedSubmission)]
        entities = {entity for item in accepted for entity in item.entities}
        return await self._inbox.read(connection, {item.key for item in accepted}, entities)

    def _inbound(self, record: Record) -> Inbound:
        place = InboundPlace(record.topic, record.partition, record.offset, record.timestamp_ms)
        agency, _, system = self._deployment.sender_of_inbound(record.topic).partition("/")
        return Inbound(agency, place, record.key, record.value, tuple(record.headers), system or MAIN)


def _empty(read: Sequence[Inbound]) -> Mapping[str, int]:
    """Return the number of each agency's records that only close a segment file."""
    return Counter(inbound.agency for inbound in read if is_segment_closer(inbound))
