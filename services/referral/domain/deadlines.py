"""Waits and their deadlines, derived from a person's file.

Only routine referrals have limits in working time. All others count every hour, nights and holidays included.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from schemas.agencies import agency_of
from schemas.codebook.referral import CancelReason, MoveRefusal, ReferralState, UnfinishedReason
from schemas.referral.move_fields import Move
from schemas.referral.receiver_events import ReferralFailed, ReferralReferredOnward
from schemas.referral.sender_events import ReferralCancelled, ReferralSent
from schemas.times import surely_before
from services.referral.domain.accepted_referral_deadlines import (
    begins_by,
    end_of_limit,
    first_service,
    goes_on_by,
    last_event_of_holder,
)
from services.referral.domain.events_in_force import FactInForce
from services.referral.domain.missed_deadlines import Terms, answer_by, earliest_missed
from services.referral.domain.move_table import OPEN
from services.referral.domain.pending_action import PendingAction, WaitKind
from services.referral.domain.person_file import PersonFile
from services.referral.domain.policy import Policy
from services.referral.domain.referral_fold import Attempt
from services.referral.domain.referrals_required_by_policy import demanded_referrals
from services.referral.domain.time_limits import Limit
from services.referral.domain.waits_ended_without_service import ends_first_referral, ends_referral

_LEADS_ON: Final = frozenset({ReferralState.REJECTED, ReferralState.HANDED_BACK, ReferralState.REFERRED_ONWARD})
"""States after which another referral for the same need is expected."""
_STILL_NEEDED: Final = frozenset({CancelReason.NOT_ANSWERED, CancelReason.WRONG_RECIPIENT})
"""Reasons of a cancellation after which the person still needs the service."""
_UNMET: Final = frozenset(
    {
        UnfinishedReason.NO_CAPACITY,
        UnfinishedReason.OUT_OF_MANDATE,
        UnfinishedReason.OTHER_SERVICE_NEEDED,
        UnfinishedReason.CONFLICT_OF_INTEREST,
        UnfinishedReason.SAFETY,
    }
)
"""Reasons for which a referral failed that lie with the holder or the service: the person still needs it."""


def pending_actions(after: PersonFile, policy: Policy, answered_n: int) -> tuple[PendingAction, ...]:
    """Return the waits of a person's file, except those of kind `SECOND`. `answered_n`: number of the last event."""
    found = [
        *_of_referrals(after, policy),
        *_of_carers_kept_out(after, policy),
        *_refused_for_conflict(after, policy),
        *_missing_moves(after, policy),
        *_first_referrals(after, policy),
        *_acknowledgements(after, policy),
    ]
    return tuple(_addressed(each, policy, answered_n) for each in found)


def _addressed(each: PendingAction, policy: Policy, answered_n: int) -> PendingAction:
    sender = None if each.sender is None else agency_of(each.sender)
    told = [sender, each.agency, *policy.on_call_at(each.agency, each.late_at), *policy.late]
    unique = tuple(dict.fromkeys(agency for agency in told if agency is not None))
    return replace(each, answered_n=answered_n, told=unique)


def _of_referrals(after: PersonFile, policy: Policy) -> Iterator[PendingAction]:
    followed = _followed(after)
    for each in after.attempts.values():
        asks = each.asks
        if asks is None or each.since is None:
            continue
        found = _waits_for(after, each, asks, policy)
        if found is None or (found.kind is WaitKind.NEXT_ATTEMPT and each.id in followed):
            continue
        if not ends_referral(after, each, asks, None if found.kind is WaitKind.NEXT_ATTEMPT else found.agency, policy):
            yield found


def _of_carers_kept_out(after: PersonFile, policy: Policy) -> Iterator[PendingAction]:
    """Yield a wait for another attempt if a referral's case keeps its holder, or its receiver, out since it was sent.

    The sender must refer again at once, as the person may be with nobody. A report by which a holder ends the referral
    while it is kept out does not end the wait.
    """
    followed = _followed(after)
    for each in after.attempts.values():
        asks = each.asks
        if asks is None or each.sent is None or each.since is None or each.id in followed:
            continue
        since = after.kept_out_since(each.holder or asks.to_agency, asks.case)
        # What a holder that is kept out says of the person's wish does not count.
        if since is None or ends_referral(after, replace(each, reached={}), asks, None, policy):
            continue
        if each.state not in OPEN and (each.holder is None or each.since.accepted_at <= since):
            continue
        known = _waits_for(after, each, asks, policy)
        if known is None or (known.kind, known.agency) != (WaitKind.NEXT_ATTEMPT, asks.from_agency):
            found = _wait(after, each, WaitKind.NEXT_ATTEMPT, asks.from_agency, each.sent, since, policy)
            yield replace(found, since=since, late_at=since + policy.learnt_late())


def _refused_for_conflict(after: PersonFile, policy: Policy) -> Iterator[PendingAction]:
    """Yield a wait for another attempt for each referral that was refused because its case keeps its receiver out."""
    followed = _followed(after)
    for each in after.attempts.values():
        asks, sent = each.asks, each.sent
        if asks is None or sent is None or each.gate.closed is not MoveRefusal.CONFLICT_OF_INTEREST:
            continue
        if each.id not in followed and not ends_referral(after, each, asks, None, policy):
            by = answer_by(after, each, asks, sent, policy)
            yield _wait(after, each, WaitKind.NEXT_ATTEMPT, asks.from_agency, sent, by, policy)


_Term: TypeAlias = tuple[WaitKind, str, FactInForce, datetime]
"""Parts of a wait: kind, agency that must act, the event with which it began, and the deadline."""


def _waits_for(after: PersonFile, each: Attempt, asks: ReferralSent, policy: Policy) -> PendingAction | None:
    """Return the wait of a referral in its present state, even if the person has refused; None if there is none."""
    if each.since is None or each.sent is None:
        return None
    found = _term(after, each, Terms(asks, after.urgency(asks), each.sent, each.since), policy)
    if found is None:
        return None
    kind, agency, began, by = found

    def deadline(terms: Terms) -> tuple[FactInForce, datetime] | None:
        then = _term(after, each, terms, policy)
        return None if then is None or then[0] is not kind else then[2:]

    return _wait(after, each, kind, agency, began, earliest_missed(after, each, by, deadline, policy), policy)


def _term(after: PersonFile, each: Attempt, terms: Terms, policy: Policy) -> _Term | None:
    """Return the wait of a referral in its present state by some terms, which may be those of an earlier statement."""
    asks, urgency, sent, since = terms.asks, terms.urgency, terms.sent, terms.since
    carer = each.holder or agency_of(asks.to_agency)
    found: _Term | None
    match each.state:
        case ReferralState.SENT | ReferralState.RECEIVED:
            found = WaitKind.ANSWER, carer, sent, end_of_limit(sent.at, policy.answer_of(urgency), policy)
        case ReferralState.ACCEPTED if (service := first_service(after, each)) is not None:
            found = _silence(after, each, carer, service, policy.silence.of(urgency), policy)
        case ReferralState.ACCEPTED:
            found = WaitKind.START, carer, since, begins_by(since, asks, policy.start.of(urgency), policy)
        case ReferralState.IN_PROGRESS:
            found = _silence(after, each, carer, since, policy.silence.of(urgency), policy)
        case ReferralState.ON_HOLD:
            found = WaitKind.RESUMPTION, carer, since, goes_on_by(since, policy.hold.of(urgency), policy)
        case state if state in _LEADS_ON or _is_still_needed(since):
            agency = carer if state is ReferralState.REFERRED_ONWARD else agency_of(asks.from_agency)
            found = WaitKind.NEXT_ATTEMPT, agency, since, end_of_limit(since.at, policy.answer_of(urgency), policy)
        case _:
            found = None
    return found


def _is_still_needed(since: FactInForce) -> bool:
    """Whether a referral was cancelled because of its receiver, or failed because of its holder.

    Then another agency must be asked.
    """
    said = since.content.data
    if isinstance(said, ReferralFailed):
        return said.reason in _UNMET
    return isinstance(said, ReferralCancelled) and said.reason in _STILL_NEEDED


def _silence(after: PersonFile, each: Attempt, carer: str, since: FactInForce, limit: Limit, policy: Policy) -> _Term:  # noqa: PLR0917
    word = last_event_of_holder(after, each, since)
    return WaitKind.SILENCE, carer, word, end_of_limit(word.at, limit, policy)


def _wait(  # noqa: PLR0917 - what waits, for whom, since and until when
    after: PersonFile, each: Attempt, kind: WaitKind, agency: str, began: FactInForce, by: datetime, policy: Policy
) -> PendingAction:
    asks = each.said
    return PendingAction(
        kind=kind,
        agency=agency,
        about=each.id,
        person=after.person,
        case=None if asks is None else asks.case,
        since=began.at,
        due_at=by,
        late_at=max(by, began.accepted_at + policy.learnt_late()),
        urgency=None if asks is None else after.urgency(asks),
        sender=None if asks is None else asks.from_agency,
        receiver=None if asks is None else asks.to_agency,
        holder=each.holder,
        state=each.state,
    )


def _followed(after: PersonFile) -> frozenset[str]:
    """Return the referrals after which another attempt was made for the same need.

    A referral that was certainly sent before another one is no attempt after it, even if somebody names it so.
    """
    asked = {each.id: each.asks for each in after.attempts.values() if each.asks is not None}
    went = {an_id: asks for an_id, asks in asked.items() if after.attempts[an_id].was_sent}
    last: dict[str, int] = {}
    for asks in went.values():
        if asks.need is not None:
            last[asks.need] = max(last.get(asks.need, 0), asks.attempt_no or 0)
    named = [(asks.previous_referral, an_id) for an_id, asks in went.items()]
    named += [(each.id, on) for each in after.attempts.values() if (on := _onward(each)) in went and on is not None]
    return frozenset(
        {
            *(one for one, then in named if one is not None and one != then and not _was_before(after, then, one)),
            *(an_id for an_id, asks in asked.items() if last.get(asks.need or "", 0) > (asks.attempt_no or 0)),
        }
    )


def _was_before(after: PersonFile, referral: str, other: str) -> bool:
    """Whether a referral was certainly sent before another one."""
    sent = [None if (one := after.attempts.get(each)) is None else one.sent for each in (referral, other)]
    first, then = (None if made is None else made.content.occurred for made in sent)
    return surely_before(first, then)


def _onward(each: Attempt) -> str | None:
    """Return the further referral that the holder's last move named (`referred_onward`); None if there is none."""
    said = None if each.since is None else each.since.content.data
    return said.next_referral if isinstance(said, ReferralReferredOnward) else None


def _missing_moves(after: PersonFile, policy: Policy) -> Iterator[PendingAction]:
    """Yield waits for a missing move: one for each agency and referral, from the agency's first move that waits.

    An agency that was never informed of a referral gets an equal wait for its refused move as for a move of an unknown
    id. So it does not learn whether the referral exists, but it learns of a mistyped id.
    """
    allowed = timedelta(hours=policy.missing_move_within_hours)
    unrelated = _unrelated(after)
    for each in after.attempts.values():
        known = _first_of_each(each.kept)
        unknown = _first_of_each([*each.kept, *unrelated.get(each.id, ())])
        for agency, made in sorted(unknown.items()):
            if each.asks is not None and not each.was_never_informed(agency):
                yield _wait(
                    after, each, WaitKind.MISSING_MOVE, agency, known[agency], known[agency].at + allowed, policy
                )
            else:
                yield _wait(after, Attempt(each.id), WaitKind.MISSING_MOVE, agency, made, made.at + allowed, policy)


def _first_of_each(moves: Sequence[FactInForce]) -> dict[str, FactInForce]:
    """Return the first of the moves of each agency."""
    return {made.actor: made for made in reversed(moves)}


def _unrelated(after: PersonFile) -> dict[str, list[FactInForce]]:
    """Return the refused moves of agencies that were never informed of a referral, by referral, in the log's order."""
    found: dict[str, list[FactInForce]] = defaultdict(list)
    for made in after.effect.facts:
        data = made.content.data
        each = after.attempts.get(data.referral) if isinstance(data, Move) else None
        if each is not None and made.content.ref in each.refused and each.was_never_informed(made.actor):
            found[each.id].append(made)
    return found


def _first_referrals(after: PersonFile, policy: Policy) -> Iterator[PendingAction]:
    for each in demanded_referrals(after, policy):
        made = each.made
        by = made.at + timedelta(hours=each.by.within_hours)
        if ends_first_referral(after, each.by.to, each.by.service_types, policy, each.case):
            continue
        yield PendingAction(
            kind=WaitKind.FIRST_REFERRAL,
            agency=made.actor,
            about=each.referral,
            person=after.person,
            case=each.case,
            since=made.at,
            due_at=by,
            late_at=max(by, made.accepted_at + policy.learnt_late()),
            sender=made.actor,
            receiver=each.by.to,
        )


def _acknowledgements(after: PersonFile, policy: Policy) -> Iterator[PendingAction]:
    allowed = timedelta(hours=policy.acknowledge_within_hours)
    for withdrawal in after.known.withdrawals:
        made = withdrawal.made
        for agency in sorted(after.agencies_losing_consent(withdrawal)):
            if any((agency, name) in after.known.acknowledged for name in made.names):
                continue
            late = max(made.at + allowed, made.accepted_at + policy.learnt_late())
            yield PendingAction(
                WaitKind.ACKNOWLEDGEMENT,
                agency,
                made.ref,
                after.person,
                withdrawal.data.case,
                made.at,
                made.at + allowed,
                late,
                sender=made.actor,
            )
