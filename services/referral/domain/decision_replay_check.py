"""Comparison of the decisions about a person, made again from the log, with those that were published.

Decisions under another version of the policy are not compared, because that policy is not available.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Final

import orjson

from schemas.envelope import Event
from schemas.governance.findings import FindingClosedV1, FindingOpenedV1
from schemas.referral.decision_events import Decision, ReferralEscalatedV1
from schemas.service_decisions import Entered, Outgoing, RejudgedEntity, code_spans, compare_decisions, facts_of
from services.referral.domain.case_restrictions import Restrictions, collect_restrictions
from services.referral.domain.decide import decide
from services.referral.domain.decision import escalation_of
from services.referral.domain.events_and_messages import SOURCE, Versions, person_decision_event
from services.referral.domain.message_recipients import waits_with_recipients
from services.referral.domain.pending_action import PendingAction
from services.referral.domain.person_file import fold_person_file
from services.referral.domain.policy import Policy
from services.referral.domain.referral_gate import Gates, collect_published_decisions

_ANY_CODE: Final = "0" * 16
_SOON: Final = timedelta(minutes=1)
"""Time that a sweep may take to publish that a wait is late."""


def rejudge_person(person: str, log: Sequence[Entered], policy: Policy, now: datetime) -> RejudgedEntity:
    """Make a person's decisions again from the log, and compare them with the published ones, which the log has, too.

    If one of these was made under another policy, only their number is returned (`by_another_policy`).
    """
    said = {each.event.id: each.event for each in log if _is_ours(each.event, person)}
    by_others = [each for each in said.values() if _policy_of(each) not in {None, policy.version}]
    if by_others:
        return RejudgedEntity(by_another_policy=len(said), code_spans=code_spans(said.values()))
    versions = Versions(_ANY_CODE, policy.version)
    outcome = decide(person, (), log, policy)
    wanted = [person_decision_event(each, versions) for each in (*outcome.decisions, *outcome.findings)]
    late = [each for each in said.values() if isinstance(each, ReferralEscalatedV1)]
    wanted += [found for each in late if (found := _lateness(person, log, each, policy, versions)) is not None]
    due = [found for each in outcome.waiting if (found := _overdue(each, versions, now)) is not None]
    wanted += [each for each in due if str(each.id) not in said]
    return RejudgedEntity(
        decisions=len(said),
        differing=tuple(compare_decisions(person, {str(each.id): (each.type, each.value) for each in wanted}, said)),
        code_spans=code_spans(said.values()),
    )


def _is_ours(event: Event, person: str) -> bool:
    """Whether this service published the event about this person. After a merge the log has the other id's, too."""
    if event.source != SOURCE:
        return False
    if isinstance(event, FindingOpenedV1 | FindingClosedV1):
        return person in event.data.names
    return isinstance(event.data, Decision) and event.data.person == person


def _policy_of(event: Event) -> str | None:
    return event.data.policy_version if isinstance(event.data, Decision) else None


def _lateness(
    person: str, log: Sequence[Entered], said: ReferralEscalatedV1, policy: Policy, versions: Versions
) -> Outgoing | None:
    """Return an escalation, made again from the part of the log that was known then; None if there was no such wait."""
    facts, decided = facts_of(log), collect_published_decisions(log)
    for length, known in enumerate(accumulate((each.n for each in facts), max), start=1):
        if known == said.data.answered_n:
            found = [
                again
                for shut in _known_restrictions(log)
                for each in waits_with_recipients(
                    fold_person_file(person, facts[:length], policy, Gates(policy, decided), shut), policy, known
                )
                if (again := _published(each, versions)) is not None and str(again.id) == said.id
            ]
            if found:
                return next((each for each in found if _told(each) == list(said.data.told)), found[-1])
    return None


def _known_restrictions(log: Sequence[Entered]) -> list[Restrictions]:
    """Return each state of the restrictions that a sweep may have known, the last one being the present."""
    whole = collect_restrictions(log)
    return [*(whole.as_of(n) for n, _ in whole.said), whole]


def _told(again: Outgoing) -> list[str]:
    return list(orjson.loads(again.value)["data"].get("told", []))


def _overdue(each: PendingAction, versions: Versions, now: datetime) -> Outgoing | None:
    """Return the escalation of a wait that must have been published by now; None if it need not."""
    return _published(each, versions) if each.late_at + _SOON <= now else None


def _published(each: PendingAction, versions: Versions) -> Outgoing | None:
    late = escalation_of(each)
    return None if late is None else person_decision_event(late, versions)
