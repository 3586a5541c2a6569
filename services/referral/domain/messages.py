"""Messages to agencies after each event: actions to take, others' moves, withdrawn consent, notices of suspects."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final, Protocol, runtime_checkable

from schemas.agencies import PUBLISHING, agency_of
from schemas.codebook.referral import ReferralState, Urgency
from schemas.ids import CaseId, PersonId
from schemas.referral.sender_events import ReferralSent
from schemas.service_decisions import Entered
from services.referral.domain.decision import AgencyMessage, Notice, Subject
from services.referral.domain.events_in_force import FactInForce
from services.referral.domain.message_recipients import agencies_called, agencies_on_call, waits_of_second_agencies
from services.referral.domain.missed_deadlines import answer_by
from services.referral.domain.move_table import UNANSWERED
from services.referral.domain.pending_action import WaitKind
from services.referral.domain.person_file import PersonFile
from services.referral.domain.policy import Policy
from services.referral.domain.referral_fold import Attempt
from services.referral.domain.referrals_required_by_policy import demanded_referrals
from services.referral.domain.waits_ended_without_service import ends_referral

_SENDER: Final = True
_ADDRESSEE: Final = False


@runtime_checkable
class _OfSuspect(Protocol):
    """Data of an event about a suspect with linked victims. The policy's notices are only about such events."""

    person: PersonId
    victims: tuple[PersonId, ...]


HEARS: Final[Mapping[ReferralState, bool]] = MappingProxyType(
    {
        ReferralState.REJECTED: _SENDER,
        ReferralState.HANDED_BACK: _SENDER,
        ReferralState.ON_HOLD: _SENDER,
        ReferralState.COMPLETED: _SENDER,
        ReferralState.FAILED: _SENDER,
        ReferralState.REFERRED_ONWARD: _SENDER,
        ReferralState.CANCELLED_BY_SENDER: _ADDRESSEE,
        ReferralState.ENTERED_IN_ERROR: _ADDRESSEE,
    }
)
"""Party that is informed of a move, by the state to which the move leads: the sender or the addressee.

An agency on whose behalf another one published the move is informed, too. A new holder is a decision, which has its own
message.
"""


def messages_of_event(
    before: PersonFile, after: PersonFile, entered: Entered, policy: Policy
) -> Iterator[AgencyMessage]:
    """Yield the messages that one event causes, from the person's file before and after the event."""
    for each in after.attempts.values():
        yield from _of_attempt(before, after, each, entered, policy)
    for was in before.attempts.values():
        yield from _no_longer_open(before, after, was, entered, policy)
    knowing = {
        (each.made.ref, agency) for each in before.known.withdrawals for agency in before.agencies_losing_consent(each)
    }
    for withdrawal in after.known.withdrawals:
        for agency in sorted(after.agencies_losing_consent(withdrawal)):
            if (withdrawal.made.ref, agency) not in knowing:
                yield AgencyMessage(
                    Subject.CONSENT_WITHDRAWN,
                    agency,
                    after.person,
                    withdrawal.made.ref,
                    entered.accepted_at,
                    case=withdrawal.data.case,
                    sender=withdrawal.made.actor,
                )
    known = {each.referral for each in demanded_referrals(before, policy)}
    for found in demanded_referrals(after, policy):
        if found.referral not in known:
            yield AgencyMessage(
                Subject.TO_REFER,
                found.made.actor,
                after.person,
                entered.event.ref,
                entered.accepted_at,
                case=found.case,
                referral=found.referral,
                sender=found.made.actor,
                receiver=found.by.to,
                service_types=tuple(each_type.value for each_type in found.by.service_types),
                due_at=found.made.at + timedelta(hours=found.by.within_hours),
            )


def _of_attempt(
    before: PersonFile, after: PersonFile, each: Attempt, entered: Entered, policy: Policy
) -> Iterator[AgencyMessage]:
    asks = each.asks
    if asks is None or each.state is None or each.sent is None:
        return
    was = before.attempts.get(each.id, Attempt(each.id))
    asked = _asked(after, each)
    if asked is not None and asked != _asked(before, was) and not _has_ended_for(after, each, was, asks, policy):
        by = answer_by(after, each, asks, each.sent, policy)
        yield _about(Subject.TO_ANSWER, asks.to_agency, after, each, entered, due_at=by)
        for agency in _called(after, each, entered.accepted_at, policy):
            told = _about(Subject.ON_CALL, agency, after, each, entered, due_at=by)
            yield replace(told, reason=WaitKind.SECOND) if agency in each.gate.invited else told
    if each.state != was.state and each.state in HEARS:
        agency = asks.from_agency if HEARS[each.state] is _SENDER else asks.to_agency
        yield _about(Subject.MOVED, agency, after, each, entered)
        if each.since is not None and each.since.publisher != each.since.actor != agency:
            yield _about(Subject.MOVED, each.since.actor, after, each, entered)


def _has_ended_for(after: PersonFile, each: Attempt, was: Attempt, asks: ReferralSent, policy: Policy) -> bool:
    """Whether the receiver knows of the referral, has lost the person's consent, and is not waited for any more."""
    knows = was.state is not None and was.asks is not None and was.asks.to_agency == asks.to_agency
    lost = knows and not after.may_learn_more(asks.to_agency, policy)
    return lost and ends_referral(after, each, asks, asks.to_agency, policy)


def _no_longer_open(
    before: PersonFile, after: PersonFile, was: Attempt, entered: Entered, policy: Policy
) -> Iterator[AgencyMessage]:
    """Yield messages to agencies that were informed of a referral: it needs no answer any more, or not theirs.

    They are agencies on call and seconds, and a receiver whose referral was taken back, is refused since a correction,
    or is another agency's now. They learn whether an agency accepted it, but not which: they are no party. An agency
    that lost the person's consent gets no further message.
    """
    asks, each = was.asks, after.attempts.get(was.id, Attempt(was.id))
    if asks is None or was.sent is None or was.state not in UNANSWERED:
        return
    receiver = None if each.asks is None or each.state is None else each.asks.to_agency
    is_open = each.state in UNANSWERED
    if is_open and receiver == asks.to_agency:
        return
    knowing = {
        wait.agency
        for wait in waits_of_second_agencies(before, policy, 0)
        if wait.about == was.id and wait.late_at <= entered.accepted_at
    }
    knowing.update((asks.to_agency,), agencies_called(before, was, policy), _earlier_receivers(before, was))
    if is_open:
        knowing -= {*each.gate.invited, *_called(after, each, entered.accepted_at, policy)}
    taken = None if each.holder is None else ReferralState.ACCEPTED
    for agency in sorted(knowing - {asks.from_agency, receiver, each.holder}):
        if after.may_learn_more(agency, policy):
            told = _about(Subject.NO_LONGER_OPEN, agency, before, was, entered)
            yield replace(told, state=taken, urgency=None, service_types=())


def _earlier_receivers(before: PersonFile, was: Attempt) -> frozenset[str]:
    """Return agencies that were to answer before a correction named another one, and may still take the referral."""
    said = () if was.sent is None else before.earlier.get(was.sent.ref, ())
    asked = (made.content.data for made, _ in said)
    return was.gate.invited & {agency_of(each.to_agency) for each in asked if isinstance(each, ReferralSent)}


def _called(after: PersonFile, each: Attempt, at: datetime, policy: Policy) -> tuple[str, ...]:
    """Return the agencies on call for a referral at a time; none if it is no emergency."""
    if each.asks is None or after.urgency(each.asks) is not Urgency.EMERGENCY:
        return ()
    return agencies_on_call(after, each, each.asks, at, policy)


def _asked(one: PersonFile, each: Attempt) -> tuple[str, Urgency] | None:
    """Return the agency that must answer and the urgency; None if none must. It is informed again if they change."""
    asks = each.asks
    return (asks.to_agency, one.urgency(asks)) if asks is not None and each.state in UNANSWERED else None


def _about(  # noqa: PLR0917 - one message has so many respects
    subject: Subject, agency: str, after: PersonFile, each: Attempt, entered: Entered, due_at: datetime | None = None
) -> AgencyMessage:
    asks = each.said
    return AgencyMessage(
        subject,
        agency,
        after.person,
        entered.event.ref,
        entered.accepted_at,
        case=None if asks is None else asks.case,
        referral=each.id,
        sender=None if asks is None else asks.from_agency,
        receiver=None if asks is None else asks.to_agency,
        holder=each.holder,
        state=each.state,
        urgency=None if asks is None else after.urgency(asks),
        service_types=() if asks is None else tuple(each_type.value for each_type in asks.service_types),
        due_at=due_at,
    )


def suspect_notices(before: PersonFile, after: PersonFile, entered: Entered, policy: Policy) -> Iterator[Notice]:
    """Yield notices of events about this person as a suspect, for linked victims who have none of that event yet.

    A correction may turn an event into one of which the policy gives notice. For a victim who is tied later, notices of
    all earlier events are yielded.
    """
    mattered, known = _mattering(before, policy), {made.content.ref for made in before.effect.facts}
    for what, (made, victims) in _mattering(after, policy).items():
        _, told = mattered.get(what, (made, frozenset[str]()))
        new = sorted(victims - told)
        content = made.content
        case: CaseId | None = getattr(content.data, "case", None)
        if new:
            yield Notice(
                event=content.ref,
                type=content.type,
                at=made.accepted_at if content.ref in known else entered.accepted_at,
                victims=tuple(new),
                also=tuple(sorted({agency for rule in policy.notices[content.type] for agency in rule.also})),
                again=tuple(_told_of_by_another_id(new, told, after)),
                kept_out=tuple(sorted(set(_kept_out(after, case, entered)))),
                case=case,
            )


def _kept_out(after: PersonFile, case: CaseId | None, entered: Entered) -> Iterator[str]:
    """Yield the agencies that the case of an event keeps out; if it names no case, those of any case of the suspect."""
    for agency in PUBLISHING:
        if after.is_kept_out(agency_of(agency), case, entered.accepted_at):
            yield agency_of(agency)


def _mattering(one: PersonFile, policy: Policy) -> dict[tuple[str, str], tuple[FactInForce, frozenset[str]]]:
    """Return the facts of which the policy gives notice, by (reference, type), each with all ids of its victims."""
    found = {}
    for made in one.effect.facts:
        data = made.content.data
        if made.content.type in policy.notices and isinstance(data, _OfSuspect) and data.person in one.effect.same:
            found[made.ref, made.content.type] = made, one.known.victims | one.effect.ids_of(data.victims)
    return found


def _told_of_by_another_id(new: Sequence[str], told: Iterable[str], after: PersonFile) -> Iterator[str]:
    """Yield the victims in `new` for whom a notice was sent before under another of their ids."""
    heard = after.effect.ids_of(told)
    for victim in new:
        if victim in heard:
            yield victim
        heard |= after.effect.ids_of((victim,))
