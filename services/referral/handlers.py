"""Handler of batches of persons' events: loads each person's rows, decides, and stores the outcome and its messages."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol

import structlog

from schemas.ids import Kind
from schemas.service_decisions import Entered, Outgoing
from schemas.sight.sight_table import NEVER_SHUT_OUT
from schemas.topics import DELIVERY_DAYS, Deployment
from services.referral.domain.danger_sight import NOBODY, DangerSight, StoredDanger
from services.referral.domain.dangers_to_victims import Danger
from services.referral.domain.decide import PersonOutcome, decide
from services.referral.domain.decision import (
    AgencyMessage,
    DangerFound,
    DangerPast,
    FindingDecision,
    Notice,
    UntoldDanger,
    escalation_of,
    messages_of_lateness,
    messages_of_notice,
)
from services.referral.domain.events_and_messages import (
    SOURCE,
    Versions,
    agency_message_record,
    person_danger_message,
    person_decision_event,
    untold_danger_message,
)
from services.referral.domain.pending_action import PendingAction
from services.referral.domain.policy import Policy
from services.referral.domain.referral_gate import CaseTrackerRestrictions, cases_of_request
from services.runtime.deciding import event_copy_batch
from services.runtime.deciding.event_copy_batch import CopyStore, Prepared, Service, Stateless
from services.runtime.deciding.event_copy_rows import decode_row, rows_by_entity
from services.runtime.failpoints import failpoint
from services.runtime.fenced_positions import TopicPart
from services.runtime.outbox import Message
from services.runtime.postgres import Connection
from services.runtime.record import Record

SERVICE: Final = Service("referral", Kind.PERSON, SOURCE)

_NEW: Final = timedelta(days=1)
_LATE: Final = timedelta(days=DELIVERY_DAYS - 7)
"""Age from which a danger that is found is told as of now by the sweep. Else its message would soon expire unread."""
_AT_ONCE: Final = _LATE - timedelta(days=1)
"""Age of a danger within which its opening is on the log if its agencies were informed at once. Clocks may differ."""

log = structlog.get_logger()


class Store(CopyStore, Protocol):
    """The handler's port to the tables. Methods with a `connection` run in the caller's transaction on it."""

    async def replace(self, connection: Connection, outcomes: Mapping[str, PersonOutcome]) -> None:
        """Replace the waits, carers, cases, restrictions and standings of these persons. Waits that end are kept."""

    async def carers(self, connection: Connection, persons: Collection[str]) -> Mapping[str, frozenset[str]]:
        """Return the agencies that care for each of these persons. A person without one is left out."""
        ...

    async def kept_out_by_case_tracker(self, cases: Collection[str], now: datetime) -> Mapping[str, frozenset[str]]:
        """Return the agencies that these cases keep out at `now`, by the case tracker's own table."""
        ...

    async def lock_persons(self, connection: Connection, persons: Collection[str]) -> None:
        """Lock these persons until the transaction ends, so that no other transaction decides about them meanwhile."""

    async def store_notices(self, connection: Connection, notices: Sequence[Notice]) -> None:
        """Store notices of events about suspects, one row for each victim whom they concern."""

    async def kept_out(
        self, connection: Connection, persons: Collection[str], cases: Collection[str], now: datetime
    ) -> list[tuple[str, str, str | None]]:
        """Return (person, agency, case) for each agency that these cases, or cases of these persons, keep out at `now`.

        The case is None if all cases of the person keep the agency out. The person is empty for what the case tracker's
        table says of one of `cases`, which may name nobody yet.
        """
        ...

    async def take_notices(self, connection: Connection, victims: Collection[str], since: datetime) -> list[Notice]:
        """Return the stored notices for these victims. Notices from `since` or earlier are deleted first."""
        ...

    async def store_dangers(
        self, connection: Connection, findings: Sequence[FindingDecision], late: datetime | None
    ) -> None:
        """Store new dangers and the ends of dangers, in the order of `findings`. Other findings are ignored.

        A danger of `late` or earlier is stored as not told yet; so is each one if `late` is None.
        """

    async def take_untold_dangers(
        self, connection: Connection, late: datetime, within: timedelta, limit: int
    ) -> tuple[list[UntoldDanger], int]:
        """Mark at most `limit` open dangers as told that are stored as not told yet.

        Returns those to tell, and how many were marked. A danger is not among those to tell if it is later than `late`,
        or if its opening came to the log less than `within` after it: its agencies were informed then.
        """
        ...

    async def lock_late_waits(self, connection: Connection, now: datetime, limit: int) -> list[PendingAction]:
        """Lock and return waits that are late by `now` and not marked as told. Waits that are locked are skipped."""
        ...

    async def mark_told(self, connection: Connection, late: Sequence[PendingAction]) -> None:
        """Mark these waits as told: agencies were informed that they are late."""

    async def dangers(self, connection: Connection, persons: Collection[str]) -> list[StoredDanger]:
        """Lock and return all dangers of these persons, open and closed."""
        ...

    async def store_danger_sight(self, connection: Connection, sights: Mapping[str, DangerSight]) -> None:
        """Store the agencies that see the records of each danger, by finding."""

    async def lock_persons_due_again(self, connection: Connection, now: datetime, limit: int) -> list[str]:
        """Lock and return persons with dangers whose sight must be decided again by `now`. Locked ones are skipped."""
        ...


class Decider(Stateless):
    """Decides about persons, so that each event takes effect exactly once. It caches nothing."""

    def __init__(self, deployment: Deployment, store: Store, policy: Policy, code_version: str) -> None:
        self._deployment = deployment
        self._store = store
        self._policy = policy
        self._versions = Versions(code_version, policy.version)

    async def prepare(self, records: Sequence[Record], now: datetime) -> Prepared[PersonOutcome]:
        """Decide about each person of the batch. Decisions use the times at which intake accepted the events."""
        return await self._decided(await event_copy_batch.read_arrived_copies(records, SERVICE.kind, self._store), now)

    async def take_over(self, connection: Connection, partitions: Collection[TopicPart]) -> None:
        """Decide about held events of these partitions that this version can read. An earlier copy could not."""
        held = await event_copy_batch.read_held_entities(self._store, connection, partitions)
        if held.new:
            prepared = await self._decided(held, event_copy_batch.last_accepted_at(held.new))
            # These decisions are as of the time of the events. The sweep compares the dangers with the clock.
            await self._save(prepared, connection, None)
            await self.committed(prepared)

    async def apply(self, prepared: Prepared[PersonOutcome], connection: Connection) -> None:
        """Store rows, waits, dangers and their sight in the fenced transaction, and add messages to the outbox."""
        await self._save(prepared, connection, prepared.now - _LATE)

    async def _save(self, prepared: Prepared[PersonOutcome], connection: Connection, late: datetime | None) -> None:
        outcomes = prepared.outcomes
        await self._store.lock_persons(connection, _concerned(outcomes))
        await self._store.append(connection, prepared.rows)
        await self._store.mark_decided(connection, list(outcomes), prepared.unread)
        await self._store.store_held_entities(connection, list(outcomes), prepared.held)
        await self._store.replace(connection, outcomes)
        findings = [found for each in outcomes.values() for found in each.findings]
        await self._store.store_dangers(connection, findings, late)
        await self._see(connection, outcomes, prepared.now)
        failpoint("referral.decided")
        said = [each for outcome in outcomes.values() for each in outcome.said]
        said += await self._endangered(connection, findings, prepared.now)
        messages = [each for one in outcomes.values() for each in one.told]
        told = await self._allowed(connection, messages, prepared.now)
        told += await self._noticed(connection, outcomes, prepared.now)
        await self._store.add_messages(connection, self._messages(said, _unexpired(told, prepared.now)))
        failpoint("referral.said")

    async def committed(self, prepared: Prepared[PersonOutcome]) -> None:
        """Log an error for each new danger, as an alarm. Agencies are informed through the outbox."""
        prepared.traced()
        for outcome in prepared.outcomes.values():
            for each in outcome.findings:
                if isinstance(each, DangerFound):
                    log.error("danger", code=each.danger.code.value, finding=each.danger.finding)

    async def sweep(self, connection: Connection, now: datetime, limit: int) -> int:
        """Publish waits that are late by `now`, and decide again on sight of dangers that time has changed.

        Agencies are informed now of open dangers that were found too late. Runs in the caller's transaction. Returns
        the largest of the three counts, at most `limit`.
        """
        late = await self._store.lock_late_waits(connection, now, limit)
        decisions = [found for each in late if (found := escalation_of(each)) is not None]
        said = [person_decision_event(decision, self._versions) for decision in decisions]
        told = await self._allowed(connection, [found for each in late for found in messages_of_lateness(each)], now)
        await self._store.add_messages(connection, self._messages(said, _unexpired(told, now)))
        await self._store.mark_told(connection, late)
        untold, marked = await self._store.take_untold_dangers(connection, now - _LATE, _AT_ONCE, limit)
        await self._store.add_messages(connection, self._messages(await self._told_now(connection, untold, now), ()))
        seen_again = await self._see_again(connection, now, limit)
        failpoint("referral.swept")
        return max(len(late), marked, seen_again)

    async def _see_again(self, connection: Connection, now: datetime, limit: int) -> int:
        """Decide again on sight of the dangers of persons for whom it is due. Return the number of these persons."""
        persons = await self._store.lock_persons_due_again(connection, now, limit)
        rows = rows_by_entity(await self._store.rows(persons)) if persons else {}
        outcomes = {}
        for person in persons:
            entries = [found for row in rows.get(person, ()) if row.decided and (found := decode_row(row)) is not None]
            try:
                outcomes[person] = decide(person, entries, (), self._policy)
            except event_copy_batch.FAILURES as error:
                log.error("sight undecided", n=rows[person][-1].n, error=type(error).__name__)  # noqa: TRY400
                outcomes[person] = PersonOutcome()
        await self._see(connection, outcomes, now)
        return len(persons)

    async def _see(self, connection: Connection, outcomes: Mapping[str, PersonOutcome], now: datetime) -> None:
        """Store with each danger of these persons the agencies that see its records."""
        sights = {}
        for each in await self._store.dangers(connection, list(outcomes)):
            decided = outcomes[each.person].sight
            sights[each.finding] = NOBODY if decided is None else decided(each.records, now)
        if sights:
            await self._store.store_danger_sight(connection, sights)

    async def _decided(self, arrived: event_copy_batch.ArrivedBatch, now: datetime) -> Prepared[PersonOutcome]:
        tracked = await self._tracked(arrived, now)
        return event_copy_batch.decide_about_entities(
            arrived, now, lambda person, past, new: self._outcome(person, past, new, tracked)
        )

    async def _tracked(self, arrived: event_copy_batch.ArrivedBatch, now: datetime) -> CaseTrackerRestrictions:
        """Return what the case tracker knows of the cases of referrals that intake accepted within the last day.

        When a log is read again, older referrals are judged by what the log holds.
        """
        since = (now - _NEW).timestamp() * 1000
        asked = {}
        for row in arrived.new:
            each = decode_row(row) if row.accepted_at >= since else None
            if each is not None:
                entries = (decode_row(one) for one in arrived.by_entity[row.entity])
                cases = cases_of_request(each.event, (one.event for one in entries if one is not None))
                asked.update({each.event.ref: cases} if cases else {})
        if not asked:
            return CaseTrackerRestrictions()
        by_case = await self._store.kept_out_by_case_tracker(frozenset().union(*asked.values()), now)
        return CaseTrackerRestrictions(by_case, frozenset(asked))

    def _outcome(
        self, person: str, past: Sequence[Entered], new: Sequence[Entered], tracked: CaseTrackerRestrictions
    ) -> PersonOutcome:
        """Decide about a person and make the events. An exception, also in making an event, keeps the person held."""
        outcome = decide(person, past, new, self._policy, tracked)
        outcome.said += [
            person_decision_event(each, self._versions) for each in (*outcome.decisions, *outcome.findings)
        ]
        return outcome

    async def _noticed(
        self, connection: Connection, outcomes: Mapping[str, PersonOutcome], now: datetime
    ) -> list[AgencyMessage]:
        """Return the messages that inform carers of victims of events about suspects, now or when a carer is added.

        Either the carer or the event may become known first. A notice has an id and is sent once.
        """
        await self._store.store_notices(connection, [each for outcome in outcomes.values() for each in outcome.notices])
        persons = _concerned(outcomes)
        carers = await self._store.carers(connection, persons)
        found = await self._store.take_notices(connection, persons, now - timedelta(days=DELIVERY_DAYS))
        cases = {each.case for each in found if each.case is not None}
        kept_out = await self._store.kept_out(connection, persons, cases, now)
        return [
            told
            for notice in found
            for victim in notice.victims
            for told in messages_of_notice(
                notice, victim, carers.get(victim, frozenset()), _kept_out_of(notice.case, victim, kept_out)
            )
        ]

    async def _allowed(
        self, connection: Connection, told: Sequence[AgencyMessage], now: datetime
    ) -> list[AgencyMessage]:
        """Return the messages without those to agencies that their case keeps out, also by the case tracker's table.

        Without a case, each case of the person counts. The log of a person who is named in a case for the first time
        does not have the restriction yet.
        """
        persons = {each.person for each in told if each.case is None}
        cases = {each.case for each in told if each.case is not None}
        kept_out = await self._store.kept_out(connection, persons, cases, now) if told else ()
        return [each for each in told if each.agency not in _kept_out_of(each.case, each.person, kept_out)]

    async def _endangered(
        self, connection: Connection, findings: Iterable[FindingDecision], now: datetime
    ) -> list[Outgoing]:
        """Return the messages on new dangers and on ends of dangers, except on those that are late.

        The sweep informs agencies of a late danger that is open all the same.
        """
        found = [each for each in findings if isinstance(each, DangerFound | DangerPast)]
        kept_out = await self._kept_out_of_dangers(connection, [each.danger for each in found], now)
        return [
            person_danger_message(each, agency)
            for each in found
            if each.ground.decided_at
            > now - (_LATE if isinstance(each, DangerFound) else timedelta(days=DELIVERY_DAYS))
            for agency in self._informed(each.told, each.danger, kept_out)
        ]

    async def _told_now(self, connection: Connection, untold: Sequence[UntoldDanger], now: datetime) -> list[Outgoing]:
        """Return the messages of `now` on open dangers of which nobody was informed, and log an error for each one."""
        kept_out = await self._kept_out_of_dangers(connection, [each.danger for each in untold], now)
        for each in untold:
            log.error("danger told late", code=each.danger.code.value, finding=each.danger.finding)
        return [
            untold_danger_message(each, agency, now)
            for each in untold
            for agency in self._informed(each.danger.told, each.danger, kept_out)
        ]

    def _informed(
        self, told: Sequence[str], danger: Danger, kept_out: Iterable[tuple[str, str, str | None]]
    ) -> Sequence[str]:
        """Return the agencies of `told` that no case keeps out of a danger now.

        Without any, or if none of them is in this deployment, agencies that no case keeps out are informed.
        """
        gone = _kept_out_of(danger.case, danger.person, kept_out)
        here = [each for each in told if each not in gone and each in self._deployment.agencies]
        return here or sorted(NEVER_SHUT_OUT)

    async def _kept_out_of_dangers(
        self, connection: Connection, dangers: Sequence[Danger], now: datetime
    ) -> list[tuple[str, str, str | None]]:
        """Return (person, agency, case) for each agency that cases of these dangers, or of their persons, keep out."""
        cases = {each.case for each in dangers if each.case is not None}
        return await self._store.kept_out(connection, {each.person for each in dangers}, cases, now) if dangers else []

    def _messages(self, said: Iterable[Outgoing], told: Iterable[AgencyMessage]) -> list[Message]:
        return event_copy_batch.outbox_messages(
            self._deployment, SERVICE.author, [*said, *(agency_message_record(each) for each in told)]
        )


def _kept_out_of(case: str | None, of: str, kept_out: Iterable[tuple[str, str, str | None]]) -> frozenset[str]:
    """Return the agencies that a case keeps out; without a case, those that any case of the person `of` keeps out."""
    return frozenset(
        agency for person, agency, by in kept_out if (person == of and None in {case, by}) or by == case is not None
    )


def _concerned(outcomes: Mapping[str, PersonOutcome]) -> frozenset[str]:
    """Return the persons with decisions, and the victims of their notices."""
    return frozenset(outcomes) | {
        victim for outcome in outcomes.values() for each in outcome.notices for victim in each.victims
    }


def _unexpired(told: Iterable[AgencyMessage], now: datetime) -> list[AgencyMessage]:
    """Return the messages that are not older than 30 days. When a log is read again, only its decisions matter."""
    return [each for each in told if each.at + timedelta(days=DELIVERY_DAYS) > now]
