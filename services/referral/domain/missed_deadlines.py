"""Deadlines that were missed before a statement was corrected, or before the person's age was known.

A missed deadline stays missed: a lower urgency or a later date that is stated afterwards does not move it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from schemas.catalogue import order_key
from schemas.codebook.referral import ReferralState, Urgency
from schemas.identification import PersonProfileRecordedV1
from schemas.referral.sender_events import ReferralSent, ReferralSentV1
from schemas.sight import ConsentHistory
from schemas.sight.consent_history import Age
from schemas.times import belize_day
from services.referral.domain.accepted_referral_deadlines import end_of_limit
from services.referral.domain.events_in_force import FactInForce
from services.referral.domain.person_file import PersonFile, effective_urgency
from services.referral.domain.policy import Policy
from services.referral.domain.referral_fold import Attempt


@dataclass(frozen=True, slots=True)
class Terms:
    """Statements on which a deadline depends, as they were in force: the request, its urgency, the last move."""

    asks: ReferralSent
    urgency: Urgency
    sent: FactInForce
    since: FactInForce


Deadline = Callable[[Terms], tuple[FactInForce, datetime] | None]
"""Returns the event with which a wait began, and the wait's deadline, by some terms; None if there is no wait."""


def earliest_missed(after: PersonFile, each: Attempt, by: datetime, deadline: Deadline, policy: Policy) -> datetime:
    """Return `by`, or the earliest earlier deadline that had passed when the terms of the referral changed."""
    found = [by]
    for terms, until in _earlier_terms(after, each):
        if (then := deadline(terms)) is not None:
            began, due_at = then
            known_at = _known_at(each, began)
            if known_at < until and max(due_at, known_at + policy.learnt_late()) <= until:
                found.append(due_at)
    return min(found)


def _known_at(each: Attempt, began: FactInForce) -> datetime:
    """Return when a wait was known: a move that came before the acceptance has no effect until that is there."""
    accepted = each.reached.get(ReferralState.ACCEPTED)
    if accepted is None or began is each.sent:
        return began.accepted_at
    return max(began.accepted_at, accepted.accepted_at)


def answer_by(after: PersonFile, each: Attempt, asks: ReferralSent, sent: FactInForce, policy: Policy) -> datetime:
    """Return the time by which a referral must be answered. `sent`: the event that sent it."""

    def deadline(terms: Terms) -> tuple[FactInForce, datetime]:
        return sent, end_of_limit(terms.sent.at, policy.answer_of(terms.urgency), policy)

    by = end_of_limit(sent.at, policy.answer_of(after.urgency(asks)), policy)
    return earliest_missed(after, each, by, deadline, policy)


def _earlier_terms(after: PersonFile, each: Attempt) -> Iterator[tuple[Terms, datetime]]:
    """Yield terms that were in force before, each with the time until which they were."""
    sent = each.sent
    if sent is None:
        return
    since = each.since or sent  # one that was refused for a conflict has no state
    times = {until for made in (sent, since) for _, until in after.earlier.get(made.ref, ())}
    if isinstance(sent.content, ReferralSentV1) and sent.content.data.urgency is Urgency.ROUTINE:
        times |= {made.accepted_at for made in _profiles(after)}
        times |= {until for made in _profiles(after) for _, until in after.earlier.get(made.ref, ())}
    for until in sorted(times):
        was = _before(after, sent, until)
        if isinstance(was.content, ReferralSentV1):
            asks = was.content.data
            urgency = effective_urgency(asks, child=_was_child(after, until))
            yield Terms(asks, urgency, was, _before(after, since, until)), until


def _before(after: PersonFile, made: FactInForce, until: datetime) -> FactInForce:
    """Return a fact as it was in force just before a time; as it is now, if no later correction is known."""
    return next((was for was, then in after.earlier.get(made.ref, ()) if until <= then), made)


def _profiles(after: PersonFile) -> list[FactInForce]:
    return [
        made
        for made in after.effect.facts
        if isinstance(made.content, PersonProfileRecordedV1) and made.content.data.person in after.effect.same
    ]


def _was_child(after: PersonFile, until: datetime) -> bool:
    """Whether the person counted as a child just before a time, by the profiles that were known then."""
    known = [_before(after, made, until).content for made in _profiles(after) if made.accepted_at < until]
    ages = [
        Age.stated(each.data.age_group, each.occurred)
        for each in sorted(known, key=order_key)
        if isinstance(each, PersonProfileRecordedV1)
    ]
    return ConsentHistory(ages=tuple(ages)).is_minor(belize_day(until))
