"""Handler of batches of cases' events: loads each case's rows, decides, and stores the outcome and its messages."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol

import structlog

from schemas.codebook.governance import FindingSeverity
from schemas.ids import Kind
from schemas.service_decisions import Entered, Outgoing
from schemas.sight import Restriction
from schemas.sight.sight_table import NEVER_SHUT_OUT
from schemas.topics import DELIVERY_DAYS, Deployment
from services.case_tracker.domain.decide import CaseOutcome, decide, opening_of_finding, project_case
from services.case_tracker.domain.decision_values import CaseDecision, OpenedFinding, StandingFinding
from services.case_tracker.domain.events_and_messages import (
    SOURCE,
    case_danger_message,
    case_decision_event,
    look_event,
    restriction_message,
    sight_change_event,
)
from services.case_tracker.domain.facts_seen_by_agencies import Projection
from services.case_tracker.domain.recorded_look import Look
from services.runtime import metrics
from services.runtime.deciding import event_copy_batch
from services.runtime.deciding.event_copy_batch import CopyStore, Prepared, Service, Stateless
from services.runtime.deciding.event_copy_rows import CopyRow, decode_row, rows_by_entity
from services.runtime.errors import Retryable
from services.runtime.failpoints import failpoint
from services.runtime.fenced_positions import TopicPart
from services.runtime.outbox import Message
from services.runtime.postgres import Connection
from services.runtime.record import Record

SERVICE: Final = Service("case_tracker", Kind.CASE, SOURCE)

log = structlog.get_logger()


class Store(CopyStore, Protocol):
    """The handler's port to the tables. All methods run in the caller's transaction.

    `rows`, `findings_opened_by_sweep` and `findings_of_earlier_versions` do not.
    """

    async def findings_opened_by_sweep(self, cases: Collection[str]) -> Mapping[str, int]:
        """Return the findings of these cases that a sweep opened at their due time.

        The value of each is the number of the last event that the sweep knew.
        """
        ...

    async def lock_findings_opened_by_sweep(self, connection: Connection, cases: Collection[str]) -> Mapping[str, int]:
        """Return what `findings_opened_by_sweep` does. No sweep opens another one until the transaction ends."""
        ...

    async def findings_of_earlier_versions(self, cases: Collection[str]) -> list[StandingFinding]:
        """Return the open findings of these cases by rules that open none any more (`CLOSING_RULES`)."""
        ...

    async def replace(
        self,
        connection: Connection,
        standing: Mapping[str, Sequence[StandingFinding]],
        decisions: Sequence[CaseDecision],
        expired: datetime,
    ) -> None:
        """Replace the findings of each case in `standing`, and store the `decisions` that findings opened or closed.

        Agencies get no message of a finding that opened at `expired` or earlier. It is stored as not told yet.
        """

    async def replace_restrictions(
        self, connection: Connection, restrictions: Mapping[str, Sequence[Restriction]]
    ) -> None:
        """Replace the stored agencies that may not see a case, with the end of each exclusion (None: for good).

        Cases that are not in `restrictions` are left as they are.
        """

    async def replace_projections(self, connection: Connection, projections: Mapping[str, Projection]) -> None:
        """Replace the stored facts of each case, and the facts that each agency sees."""

    async def lock_cases_due_again(self, connection: Connection, now: datetime, limit: int) -> list[CopyRow]:
        """Lock cases whose sight must be decided again by `now`, and return their rows that were decided about."""
        ...

    async def lock_due_findings(self, connection: Connection, now: datetime, limit: int) -> list[StandingFinding]:
        """Lock and return findings whose due time has come and that are not published. Locked ones are skipped."""
        ...

    async def take_untold_findings(
        self, connection: Connection, expired: datetime, limit: int
    ) -> tuple[list[StandingFinding], int]:
        """Mark at most `limit` open findings as told that are stored as not told yet.

        Returns those to tell, and how many were marked. A finding whose opening is on the log and was accepted at
        `expired` or earlier is not among them: its agencies were informed then.
        """
        ...

    async def take_unpublished_looks(self, connection: Connection, limit: int) -> list[Look]:
        """Return at most `limit` looks that are not published, and mark them as published."""
        ...


class Decider(Stateless):
    """Decides about cases, so that each event takes effect exactly once. It caches nothing."""

    def __init__(self, deployment: Deployment, store: Store, code_version: str) -> None:
        self._deployment = deployment
        self._store = store
        self._code_version = code_version

    async def prepare(self, records: Sequence[Record], now: datetime) -> Prepared[CaseOutcome]:
        """Decide about each case of the batch. Decisions use the times at which intake accepted the events."""
        return await self._decided(await event_copy_batch.read_arrived_copies(records, SERVICE.kind, self._store), now)

    async def take_over(self, connection: Connection, partitions: Collection[TopicPart]) -> None:
        """Decide about held events of these partitions that this version can read. An earlier copy could not."""
        held = await event_copy_batch.read_held_entities(self._store, connection, partitions)
        if held.new:
            prepared = await self._decided(held, event_copy_batch.last_accepted_at(held.new))
            await self.apply(prepared, connection)
            await self.committed(prepared)

    async def apply(self, prepared: Prepared[CaseOutcome], connection: Connection) -> None:
        """Store rows, findings, restrictions and sight in the fenced transaction; add messages to the outbox.

        Raises `Retryable` if a sweep opened a finding of these cases since `prepare`: a new event may close it.
        """
        await self._store.append(connection, prepared.rows)
        outcomes = prepared.outcomes
        swept = await self._store.lock_findings_opened_by_sweep(connection, list(outcomes)) if outcomes else {}
        if any(not swept.items() <= outcome.swept.items() for outcome in outcomes.values()):
            msg = "a sweep opened a finding meanwhile"
            raise Retryable(msg)
        decisions = [decision for each in outcomes.values() for decision in each.decisions]
        await self._store.mark_decided(connection, list(outcomes), prepared.unread)
        await self._store.store_held_entities(connection, list(outcomes), prepared.held)
        await self._store.replace(
            connection,
            {case: outcome.standing for case, outcome in outcomes.items()},
            decisions,
            _expired(prepared.now),
        )
        await self._store.replace_restrictions(
            connection, {case: outcome.restrictions for case, outcome in outcomes.items()}
        )
        shown = {case: each.projection for case, each in outcomes.items() if each.projection is not None}
        await self._store.replace_projections(
            connection, {case: Projection(case) for case in prepared.undecided} | shown
        )
        failpoint("case_tracker.decided")
        await self._store.add_messages(connection, self._messages(decisions, prepared.now, outcomes.values()))
        failpoint("case_tracker.said")

    async def committed(self, prepared: Prepared[CaseOutcome]) -> None:
        """Count new findings in a metric, and log an error for each new danger, as an alarm."""
        prepared.traced()
        _alarm([decision for each in prepared.outcomes.values() for decision in each.decisions])

    async def sweep(self, connection: Connection, now: datetime, limit: int) -> int:
        """Publish findings that are due and looks that are not published, and decide again on sight where it is due.

        Agencies are informed now of open dangers that opened more than 30 days late. Runs in the caller's transaction.
        Returns the largest of the four counts, at most `limit`.
        """
        due = await self._store.lock_due_findings(connection, now, limit)
        decisions = [opening_of_finding(each) for each in due]
        await self._store.replace(connection, {}, decisions, _expired(now))
        said = [case_decision_event(each, self._code_version) for each in decisions]
        await self._store.add_messages(
            connection, event_copy_batch.outbox_messages(self._deployment, SERVICE.author, said)
        )
        await self._store.add_messages(connection, self._messages(decisions, now))
        untold, marked = await self._store.take_untold_findings(connection, _expired(now), limit)
        told_now = [OpenedFinding(each, now, None) for each in untold]
        await self._store.add_messages(connection, self._messages(told_now, now))
        views = await self._store.take_unpublished_looks(connection, limit)
        said = [found for each in views if (found := _looked(each, now)) is not None]
        await self._store.add_messages(
            connection, event_copy_batch.outbox_messages(self._deployment, SERVICE.author, said)
        )
        seen_again = await self._see_again(connection, now, limit)
        failpoint("case_tracker.swept")
        _alarm(decisions)
        return max(len(due), marked, len(views), seen_again)

    async def _decided(self, arrived: event_copy_batch.ArrivedBatch, now: datetime) -> Prepared[CaseOutcome]:
        swept = await self._store.findings_opened_by_sweep(arrived.entities) if arrived.entities else {}
        earlier: dict[str, list[StandingFinding]] = defaultdict(list)
        for each in await self._store.findings_of_earlier_versions(arrived.entities) if arrived.entities else ():
            earlier[each.case].append(each)
        return event_copy_batch.decide_about_entities(
            arrived, now, lambda case, past, new: self._outcome(case, past, new, swept, earlier.get(case, ()))
        )

    def _outcome(
        self,
        case: str,
        past: Sequence[Entered],
        new: Sequence[Entered],
        swept: Mapping[str, int],
        earlier: Sequence[StandingFinding],
    ) -> CaseOutcome:
        """Decide about a case and make the events. An exception, also in making an event, keeps the case held."""
        outcome = decide(case, past, new, swept, earlier)
        outcome.swept = swept
        outcome.said += [case_decision_event(each, self._code_version) for each in outcome.decisions]
        outcome.said += [sight_change_event(each, self._code_version) for each in outcome.kept_out]
        return outcome

    async def _see_again(self, connection: Connection, now: datetime, limit: int) -> int:
        """Decide again which facts each agency sees, for cases whose sight is due. Return the number of these cases."""
        found = rows_by_entity(await self._store.lock_cases_due_again(connection, now, limit))
        shown = {}
        for case, rows in found.items():
            entries = [each for row in rows if (each := decode_row(row)) is not None]
            try:
                shown[case] = project_case(case, entries, now)
            except event_copy_batch.FAILURES as error:
                log.error("sight undecided", n=rows[-1].n, error=type(error).__name__)  # noqa: TRY400
                shown[case] = Projection(case)
        await self._store.replace_projections(connection, shown)
        return len(shown)

    def _messages(
        self, decisions: Sequence[CaseDecision], now: datetime, outcomes: Collection[CaseOutcome] = ()
    ) -> list[Message]:
        """Return the outbox messages: events of the outcomes, and messages to agencies on dangers and restrictions.

        Messages to agencies are left out if they are older than 30 days: when a log is read again, they were sent. A
        sweep informs agencies of a danger that is open all the same and was not published then.
        """
        outgoing = [each for outcome in outcomes for each in outcome.said]
        outgoing += [
            case_danger_message(each, agency)
            for each in decisions
            if each.at > _expired(now)
            for agency in (each.standing.told if isinstance(each, OpenedFinding) else each.told)
        ]
        for outcome in outcomes:
            outgoing += [
                restriction_message(each, agency)
                for each in outcome.told
                if each.at > _expired(now)
                for agency in sorted(NEVER_SHUT_OUT)
            ]
        return event_copy_batch.outbox_messages(self._deployment, SERVICE.author, outgoing)


def _expired(now: datetime) -> datetime:
    """Return the latest time of a message that has expired by `now`."""
    return now - timedelta(days=DELIVERY_DAYS)


def _looked(view: Look, now: datetime) -> Outgoing | None:
    """Return the event of a look; None if no valid event can be made. Then only the database has a record of it."""
    try:
        return look_event(view, now)
    except ValueError as error:
        log.error("unsaid", seq=view.seq, error=type(error).__name__)  # noqa: TRY400 - its text may quote the row
        return None


def _alarm(decisions: Sequence[CaseDecision]) -> None:
    for each in decisions:
        if isinstance(each, OpenedFinding):
            metrics.FINDINGS.labels(each.standing.code.value).inc()
            if each.standing.severity is FindingSeverity.CRITICAL:
                log.error("danger", code=each.standing.code.value, finding=each.standing.finding)
