"""A batch of a case's events: load what is stored of each case, decide, and save it with what is to be said."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol

import structlog

from schemas.codebook.governance import FindingSeverity
from schemas.ids import Kind, is_id
from schemas.sight import Restriction
from schemas.sight.table import NEVER_SHUT_OUT
from schemas.topics import DELIVERY_DAYS, Deployment
from services.case_tracker.domain.decide import CaseOutcome, decide, opened, projected
from services.case_tracker.domain.decision import CaseDecision, OpenedFinding, StandingFinding
from services.case_tracker.domain.outbound import (
    Outgoing,
    delivered,
    published,
    restriction_told,
    sight_changed,
    viewed,
)
from services.case_tracker.domain.projection import Projection
from services.case_tracker.domain.view import View
from services.runtime import metrics
from services.runtime.copies import CopyRow, by_entity, entered, row_of
from services.runtime.failpoints import failpoint
from services.runtime.outbox import Message
from services.runtime.postgres import Connection
from services.runtime.transaction import TopicPart
from services.runtime.transport import Record

AUTHOR: Final = "case_tracker"

# What a mistake in a decision raises. Anything else is no property of the case, and stops the process.
_FAILURES: Final = (ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)

log = structlog.get_logger()


class Store(Protocol):
    """The handler's port to the tables. All but `rows` and `swept` runs in the transaction that it is given."""

    async def rows(self, cases: Collection[str]) -> list[CopyRow]:
        """Every committed row of these cases, in the order of the log."""
        ...

    async def swept(self, cases: Collection[str]) -> Mapping[str, int]:
        """Findings of these cases that were opened because their time had come, and up to where the log was known."""
        ...

    async def append(self, connection: Connection, rows: Sequence[CopyRow]) -> None:
        """Add rows; those that are there stay."""

    async def decided(self, connection: Connection, cases: Collection[str]) -> None:
        """Mark all rows of these cases as decided about."""

    async def replace(
        self,
        connection: Connection,
        standing: Mapping[str, Sequence[StandingFinding]],
        decisions: Sequence[CaseDecision],
    ) -> None:
        """Put what stands in each case in the place of what stood, and note what was opened and closed."""

    async def keep(self, connection: Connection, restrictions: Mapping[str, Sequence[Restriction]]) -> None:
        """Put the agencies that are kept from each case, and until when, in the place of those before."""

    async def show(self, connection: Connection, projections: Mapping[str, Projection]) -> None:
        """Put what each agency sees of each case in the place of what it saw before."""

    async def due_again(self, connection: Connection, now: datetime, limit: int) -> list[CopyRow]:
        """Lock cases of which sight must be decided again by now, and give their rows that were decided about."""
        ...

    async def due(self, connection: Connection, now: datetime, limit: int) -> list[StandingFinding]:
        """Take what time has made so and was not said yet; another who asks meanwhile gets none of it."""
        ...

    async def views(self, connection: Connection, limit: int) -> list[View]:
        """Take what was looked at and not said yet, and mark it as said."""
        ...

    async def say(self, connection: Connection, messages: Sequence[Message]) -> None:
        """Write down what is to be sent."""


@dataclass(slots=True)
class Prepared:
    """The changes that one batch will write."""

    now: datetime
    rows: list[CopyRow] = field(default_factory=list)
    outcomes: dict[str, CaseOutcome] = field(default_factory=dict)
    undecided: list[str] = field(default_factory=list)
    """Cases that a mistake of ours keeps undecided: nobody sees anything of them until they are decided about."""


class Decider:
    """Decides about cases, exactly once in effect, under either of the runtime's loops; caches nothing."""

    def __init__(self, deployment: Deployment, store: Store, code_version: str) -> None:
        self._deployment = deployment
        self._store = store
        self._code_version = code_version

    async def reset(self, assigned: frozenset[TopicPart]) -> None:
        """Nothing is cached."""

    async def take_over(self, connection: Connection, partitions: frozenset[TopicPart]) -> None:
        """Nothing is kept per partition."""

    async def prepare(self, records: Sequence[Record], now: datetime) -> Prepared:
        """Decide about each case of the batch; the time that counts is the one at which intake accepted an event."""
        prepared = Prepared(now, rows=[row for record in records if (row := self._row(record)) is not None])
        cases = {row.entity for row in prepared.rows}
        kept = await self._store.rows(cases) if cases else []
        swept = await self._store.swept(cases) if cases else {}
        stored = {(row.entity, row.source, row.id) for row in kept}
        prepared.rows = [row for row in prepared.rows if (row.entity, row.source, row.id) not in stored]
        mine = by_entity((*kept, *prepared.rows))
        for case in sorted({row.entity for row in prepared.rows}):
            outcome = self._decide(case, mine[case], swept)
            if outcome is None:
                prepared.undecided.append(case)
            else:
                prepared.outcomes[case] = outcome
        return prepared

    async def apply(self, prepared: Prepared, connection: Connection) -> None:
        """Write it, in the fenced transaction, with what is to be said."""
        await self._store.append(connection, prepared.rows)
        outcomes = prepared.outcomes
        decisions = [decision for each in outcomes.values() for decision in each.decisions]
        await self._store.decided(connection, list(outcomes))
        await self._store.replace(connection, {case: outcome.standing for case, outcome in outcomes.items()}, decisions)
        await self._store.keep(connection, {case: outcome.restrictions for case, outcome in outcomes.items()})
        shown = {case: each.projection for case, each in outcomes.items() if each.projection is not None}
        await self._store.show(connection, {case: Projection(case) for case in prepared.undecided} | shown)
        failpoint("case_tracker.decided")
        await self._store.say(connection, self._messages(decisions, prepared.now, outcomes.values()))
        failpoint("case_tracker.said")

    async def committed(self, prepared: Prepared) -> None:
        """Raise the alarm of what endangers somebody."""
        _alarm([decision for each in prepared.outcomes.values() for decision in each.decisions])

    async def sweep(self, connection: Connection, now: datetime, limit: int) -> int:
        """Say what time has made so by now, and what was looked at; gives how much. Runs in a transaction."""
        due = await self._store.due(connection, now, limit)
        decisions = [opened(each) for each in due]
        await self._store.replace(connection, {}, decisions)
        await self._store.say(connection, self._messages(decisions, now))
        views = await self._store.views(connection, limit)
        said = [found for each in views if (found := _looked(each, now)) is not None]
        inbound = self._deployment.inbound(AUTHOR)
        await self._store.say(connection, [Message(each.id, inbound, each.type, each.value) for each in said])
        seen_again = await self._see_again(connection, now, limit)
        failpoint("case_tracker.swept")
        _alarm(decisions)
        return max(len(due), len(views), seen_again)

    async def _see_again(self, connection: Connection, now: datetime, limit: int) -> int:
        """Decide anew who sees what of cases where time alone has changed it; gives how many cases that were."""
        found = by_entity(await self._store.due_again(connection, now, limit))
        shown = {}
        for case, rows in found.items():
            entries = [each for row in rows if (each := entered(row)) is not None]
            try:
                shown[case] = projected(case, entries, now)
            except _FAILURES as error:
                log.error("sight undecided", n=rows[-1].n, error=type(error).__name__)  # noqa: TRY400
                shown[case] = Projection(case)
        await self._store.show(connection, shown)
        return len(shown)

    def _row(self, record: Record) -> CopyRow | None:
        """Read a copy; what intake did not write is left out, and said so."""
        row = row_of(record)
        if row is None or not is_id(row.entity, Kind.CASE):
            log.error("no copy of intake's", topic=record.topic, partition=record.partition, offset=record.offset)
            return None
        return row

    def _decide(self, case: str, rows: Sequence[CopyRow], swept: Mapping[str, int]) -> CaseOutcome | None:
        """Decide about one case; a mistake of ours, or an event not known here, delays no other."""
        past = [found for row in rows if row.decided and (found := entered(row)) is not None]
        new = [found for row in rows if not row.decided and (found := entered(row)) is not None]
        try:
            return decide(case, past, new, swept)
        except _FAILURES as error:
            log.error("undecided", n=rows[-1].n, error=type(error).__name__)  # noqa: TRY400 - its text may quote a row
            return None

    def _messages(
        self, decisions: Sequence[CaseDecision], now: datetime, outcomes: Iterable[CaseOutcome] = ()
    ) -> list[Message]:
        """Address them; of a danger nobody is told who has no topic here, or no need to hear of it any more."""
        outgoing = [published(each, self._code_version) for each in decisions]
        outgoing += [
            delivered(each, agency)
            for each in decisions
            if isinstance(each, OpenedFinding) and each.at + timedelta(days=DELIVERY_DAYS) > now
            for agency in each.standing.told
            if agency in self._deployment.agencies
        ]
        for outcome in outcomes:
            outgoing += [sight_changed(each, self._code_version) for each in outcome.kept_out]
            outgoing += [
                restriction_told(each, agency)
                for each in outcome.told
                if each.at + timedelta(days=DELIVERY_DAYS) > now
                for agency in sorted(NEVER_SHUT_OUT)
                if agency in self._deployment.agencies
            ]
        return [
            Message(
                each.id,
                self._deployment.inbound(AUTHOR) if each.to is None else self._deployment.delivery(each.to),
                each.type,
                each.value,
            )
            for each in outgoing
        ]


def _looked(view: View, now: datetime) -> Outgoing | None:
    """Give the event of a look; whoever asks the database for what no event can name is on record there alone."""
    try:
        return viewed(view, now)
    except ValueError as error:
        log.error("unsaid", seq=view.seq, error=type(error).__name__)  # noqa: TRY400 - its text may quote the row
        return None


def _alarm(decisions: Sequence[CaseDecision]) -> None:
    for each in decisions:
        if isinstance(each, OpenedFinding):
            metrics.FINDINGS.labels(each.standing.code.value).inc()
            if each.standing.severity is FindingSeverity.CRITICAL:
                log.error("danger", code=each.standing.code.value, finding=each.standing.finding)
