"""Who is told of what as an event comes: what to act on, what was decided, what consent was taken back, notices."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final, Protocol, runtime_checkable

from schemas.codebook.referral import ReferralState, Urgency
from schemas.deciding import Entered
from schemas.envelope import Event
from schemas.ids import PersonId
from services.referral.domain.attempt import Attempt
from services.referral.domain.deadlines import due
from services.referral.domain.decision import Notice, Subject, Told
from services.referral.domain.file import File
from services.referral.domain.openings import opened
from services.referral.domain.policy import Policy, full

_SENDER: Final = True
_ADDRESSEE: Final = False


@runtime_checkable
class _OfSuspect(Protocol):
    """What is said of a suspect, and to which victims it matters; the policy tells of nothing else."""

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
"""Of whose move the other side is told; who holds is a decision, and told as one."""


def told(before: File, after: File, entered: Entered, policy: Policy) -> Iterator[Told]:
    """What agencies are told because of one event."""
    for each in after.attempts.values():
        was = before.attempts.get(each.id)
        yield from _of_attempt(after, each, was, entered, policy)
    stood = {withdrawal.made.ref for withdrawal in before.known.withdrawals}
    for withdrawal in after.known.withdrawals:
        if withdrawal.made.ref not in stood:
            for agency in sorted(after.informed_by(withdrawal)):
                yield Told(
                    Subject.CONSENT_WITHDRAWN,
                    agency,
                    after.person,
                    withdrawal.made.ref,
                    entered.accepted_at,
                    case=withdrawal.data.case,
                    sender=withdrawal.made.actor,
                )
    known = {each.referral for each in opened(before, policy)}
    for found in opened(after, policy):
        if found.referral not in known:
            yield Told(
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


def _of_attempt(after: File, each: Attempt, was: Attempt | None, entered: Entered, policy: Policy) -> Iterator[Told]:
    asks = each.asks
    if asks is None or each.state is None or each.sent is None:
        return
    state_before = None if was is None else was.state
    urgency = after.urgency(asks)
    if state_before is None:
        by = due(each.sent.at, policy.answer_of(urgency), policy)
        on_call = policy.on_call.get(asks.to_agency, ()) if urgency is Urgency.EMERGENCY else ()
        yield _about(Subject.TO_ANSWER, asks.to_agency, after, each, entered, due_at=by)
        for agency in on_call:
            yield _about(Subject.ON_CALL, agency, after, each, entered, due_at=by)
    if each.state != state_before and each.state in HEARS:
        agency = asks.from_agency if HEARS[each.state] is _SENDER else asks.to_agency
        yield _about(Subject.MOVED, agency, after, each, entered)


def _about(  # noqa: PLR0917 - one message has so many respects
    subject: Subject, agency: str, after: File, each: Attempt, entered: Entered, due_at: datetime | None = None
) -> Told:
    asks = each.asks
    return Told(
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


def notices(before: File, after: File, entered: Entered, policy: Policy) -> Iterator[Notice]:
    """What happened to this person as a suspect, and to which victims it matters: those it names, and those tied.

    Tied only later, a victim is one to whom all of it matters.
    """
    event = entered.event
    yield from _noticed(after, event.ref, event, entered.accepted_at, after.known.victims, policy)
    new = after.known.victims - before.known.victims
    for made in after.effect.facts if new else ():
        if made.ref != event.ref:
            yield from _noticed(after, made.ref, made.content, made.accepted_at, new, policy)


def _noticed(  # noqa: PLR0917 - of what, to whom, by which rules
    after: File, ref: str, event: Event, at: datetime, victims: frozenset[str], policy: Policy
) -> Iterator[Notice]:
    rules = [rule for rule in policy.notify if event.type in {full(name) for name in rule.on}]
    data = event.data
    if not rules or not isinstance(data, _OfSuspect) or data.person not in after.effect.same:
        return
    concerned = tuple(sorted({*data.victims, *victims}))
    also = tuple(sorted({agency for rule in rules for agency in rule.also}))
    if concerned:
        yield Notice(ref, event.type, at, concerned, also)
