"""A batch of submissions at the Kafka door: judge it, then take its place in the acceptance line.

The line's lock comes before everything that is read inside the transaction, and is held to its end: whoever reads
first and locks later gives one number twice.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from schemas.topics import Deployment
from services.intake.domain.backlog import Sealed
from services.intake.domain.judge import judge
from services.intake.domain.line import Decision, Entry, Outcome, Refusal, Repeat, Tip, line
from services.intake.domain.submission import Accepted, Inbound, Judged, Key, Place
from services.runtime import metrics
from services.runtime.failpoints import failpoint
from services.runtime.postgres import Connection
from services.runtime.transaction import TopicPart
from services.runtime.transport import Record


class Inbox(Protocol):
    """The line and its rows, within the transaction of the connection that is handed in."""

    async def lock(self, connection: Connection) -> None:
        """Wait for the line and hold it until the transaction ends; Halt when its reads would be older than that."""
        ...

    async def read(self, connection: Connection, keys: Collection[Key]) -> tuple[Tip, Mapping[Key, tuple[int, bytes]]]:
        """Give the end of the line, and (n, digest) of those keys that were accepted before."""
        ...

    async def write(
        self, connection: Connection, before: Tip, decision: Decision, sealed: Mapping[int, Sealed]
    ) -> None:
        """Append the outcomes, move the line's end and wake the relay; `sealed` holds each refusal's bytes by n."""
        ...


class Closer(Protocol):
    """Encrypts what was refused."""

    def close(self, inbound: Inbound) -> Sealed:
        """Encrypt a submission's key, headers and value."""
        ...


@dataclass(slots=True)
class Prepared:
    """A judged batch; `outcomes` is what the line said about it, once it was asked."""

    now: datetime
    judged: tuple[Judged, ...]
    outcomes: tuple[Outcome, ...] = ()


class Door:
    """The handler of the inbound topics; holds no state between batches."""

    def __init__(self, deployment: Deployment, inbox: Inbox, seal: Closer) -> None:
        self._deployment = deployment
        self._inbox = inbox
        self._seal = seal

    async def reset(self, assigned: frozenset[TopicPart]) -> None:
        """Nothing is cached."""

    async def take_over(self, connection: Connection, partitions: frozenset[TopicPart]) -> None:
        """Nothing is kept per partition."""

    async def prepare(self, records: Sequence[Record], now: datetime) -> Prepared:
        """Judge each record on its own merits."""
        return Prepared(now, tuple(judge(self._inbound(record), now) for record in records))

    async def apply(self, prepared: Prepared, connection: Connection) -> None:
        """Lock the line, read its end and the keys that this batch names, decide, write."""
        await self._inbox.lock(connection)
        failpoint("intake.locked")
        keys = {item.key for item in prepared.judged if isinstance(item, Accepted)}
        tip, known = await self._inbox.read(connection, keys)
        failpoint("intake.read")
        decision = line(prepared.judged, known, tip, prepared.now)
        sealed = {
            outcome.n: self._seal.close(outcome.refused.inbound)
            for outcome in decision.outcomes
            if isinstance(outcome, Refusal)
        }
        await self._inbox.write(connection, tip, decision, sealed)
        prepared.outcomes = decision.outcomes
        failpoint("intake.inserted")

    async def committed(self, prepared: Prepared) -> None:
        """Count; the alarms are the relay's, which sees every refusal also after a crash."""
        for outcome in prepared.outcomes:
            match outcome:
                case Entry(accepted=accepted):
                    metrics.SUBMISSIONS.labels(accepted.inbound.agency, "accepted").inc()
                case Repeat(agency=agency):
                    metrics.SUBMISSIONS.labels(agency, "duplicate").inc()
                case Refusal(refused=refused):
                    metrics.SUBMISSIONS.labels(refused.inbound.agency, "refused").inc()
                    metrics.REFUSALS.labels(refused.inbound.agency, refused.reason.value).inc()

    def _inbound(self, record: Record) -> Inbound:
        place = Place(record.topic, record.partition, record.offset, record.timestamp_ms)
        agency = self._deployment.agency_of_inbound(record.topic)
        return Inbound(agency, place, record.key, record.value, tuple(record.headers))
