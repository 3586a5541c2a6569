"""Recipients of messages about waits: agencies that consent or a duty allows, and that no case keeps out."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final

from schemas.agencies import agency_of
from schemas.codebook.consent import ConsentPurpose
from schemas.codebook.referral import Urgency
from schemas.envelope import Event
from schemas.referral.sender_events import ReferralSent
from schemas.sight import may_be_told, sees_every_file
from schemas.times import belize_day
from services.referral.domain.deadlines import pending_actions
from services.referral.domain.events_in_force import FactInForce
from services.referral.domain.missed_deadlines import answer_by
from services.referral.domain.move_table import UNANSWERED
from services.referral.domain.pending_action import PendingAction, WaitKind
from services.referral.domain.person_file import PersonFile
from services.referral.domain.policy import Policy
from services.referral.domain.referral_fold import Attempt
from services.referral.domain.waits_ended_without_service import ends_referral

_TO_PROTECT: Final = frozenset({ConsentPurpose.PROTECTION_SERVICES})


def waits_with_recipients(after: PersonFile, policy: Policy, answered_n: int) -> tuple[PendingAction, ...]:
    """Return every wait of a person, each with the agencies (`told`) that are informed when it is late."""
    found = (*pending_actions(after, policy, answered_n), *waits_of_second_agencies(after, policy, answered_n))
    return tuple(replace(each, told=tuple(_told(after, each, policy))) for each in found)


def _told(after: PersonFile, each: PendingAction, policy: Policy) -> Iterator[str]:
    """Yield the agencies in a wait's `told` that may be informed. A case keeps out none of them.

    They are the agency that must act, the sender, offices that see every case, and agencies with consent or a duty.
    """
    of, at = after.attempts.get(each.about), max(after.now, each.late_at)
    for agency in each.told:
        if after.is_kept_out(agency, each.case, at):
            continue
        concerned = agency in {each.agency, None if each.sender is None else agency_of(each.sender)}
        by_office = agency in policy.late and sees_every_file(agency)
        if concerned or by_office or _may_know(after, of, agency, each.late_at, policy):
            yield agency


def agencies_on_call(
    after: PersonFile, each: Attempt, asks: ReferralSent, at: datetime, policy: Policy
) -> tuple[str, ...]:
    """Return the agencies on call for an emergency at a time, if they may learn of the person on that day."""
    listed = each.gate.on_call
    by_office = listed.intersection(policy.late)
    may = frozenset(agency for agency in listed if _is_told(after, each, agency, at, policy))
    kept_out = _kept_out(after, asks, at, policy) | each.gate.uncalled
    return policy.on_call_for(asks, at, may | by_office, kept_out)


def agencies_called(before: PersonFile, was: Attempt, policy: Policy) -> frozenset[str]:
    """Return the agencies that were on call for a referral when it was sent as an emergency, or became one.

    It may be no emergency any more. Calls for an earlier receiver are left out.
    """
    if was.asks is None or was.sent is None:
        return frozenset()
    may = was.gate.on_call | was.gate.invited | frozenset(policy.late)
    called: set[str] = set()
    for since, n, content in _statements(before, was.sent):
        said = content.data
        if not isinstance(said, ReferralSent) or agency_of(said.to_agency) != was.asks.to_agency:
            continue
        if said.urgency is Urgency.EMERGENCY:
            then = replace(before, kept_out=before.kept_out.as_of(n))
            kept_out = _kept_out(then, was.asks, since, policy) | was.gate.uncalled
            found = policy.on_call_for(was.asks, since, may, kept_out)
            known_by = was.gate.on_call | frozenset(policy.late) if n == was.sent.n else frozenset[str]()
            called.update(each for each in found if each in known_by or _was_told(before, was, each, since, policy))
    return frozenset(called)


def _was_told(before: PersonFile, was: Attempt, agency: str, at: datetime, policy: Policy) -> bool:
    """Whether an agency could be called on the day of a correction, as consent may have ended since the sending."""
    purposes, words = was.gate.purposes or _TO_PROTECT, before.known.words
    duties, on = policy.duties, belize_day(at)
    return agency in policy.late or may_be_told(words, agency, purposes, on, duty=duties, emergency=True, not_by=agency)


def _statements(before: PersonFile, sent: FactInForce) -> Iterator[tuple[datetime, int, Event]]:
    """Yield (time from which it held, number, event) of each statement of a referral, in the order of the log."""
    since, n = sent.accepted_at, sent.n
    for made, until in before.earlier.get(sent.ref, ()):
        yield since, n, made.content
        since, n = until, max(each.n for each in before.entered if each.accepted_at <= until)
    yield since, n, sent.content


def _kept_out(after: PersonFile, asks: ReferralSent, at: datetime, policy: Policy) -> frozenset[str]:
    """Return the agencies on call at a time that the referral's case keeps out."""
    rota = policy.on_call_at(asks.to_agency, at)
    return frozenset(agency for agency in rota if after.is_kept_out(agency, asks.case, at))


def _may_know(after: PersonFile, of: Attempt | None, agency: str, at: datetime, policy: Policy) -> bool:
    """Whether an agency may learn of the person on the day of `at`, as consent may have ended by then."""
    return after.may_learn_more(agency, policy) and _is_told(after, of, agency, at, policy)


def _is_told(after: PersonFile, of: Attempt | None, agency: str, at: datetime, policy: Policy) -> bool:
    """Whether consent that another agency recorded, or the duty to report, allows an agency to learn of the person."""
    purposes = _TO_PROTECT if of is None else of.gate.purposes or _TO_PROTECT
    emergency = of is not None and of.asks is not None and after.urgency(of.asks) is Urgency.EMERGENCY
    on = max(after.known.today, belize_day(at))
    words, duties = after.known.words, policy.duties
    return may_be_told(words, agency, purposes, on, duty=duties, emergency=emergency, not_by=agency)


def waits_of_second_agencies(after: PersonFile, policy: Policy, answered_n: int) -> Iterator[PendingAction]:
    """Yield a wait for each agency that may accept an unanswered referral beside its receiver.

    It is late, so that the agency is informed, after `second_after_percent` of the time to answer.
    """
    for each in after.attempts.values():
        asks, said = each.asks, each.said
        if asks is None or said is None or each.sent is None or each.state not in UNANSWERED:
            continue
        if ends_referral(after, each, asks, asks.to_agency, policy):
            continue
        urgency = after.urgency(asks)
        since = each.sent.at
        by = answer_by(after, each, asks, each.sent, policy)
        from_then = since + (by - since) * policy.second_after_percent / 100
        late_at = max(from_then, each.sent.accepted_at + policy.learnt_late())
        for agency in _may_take(after, each, late_at, policy):
            yield PendingAction(
                kind=WaitKind.SECOND,
                agency=agency,
                about=each.id,
                person=after.person,
                case=asks.case,
                since=since,
                due_at=by,
                late_at=late_at,
                urgency=urgency,
                sender=said.from_agency,
                receiver=said.to_agency,
                state=each.state,
                answered_n=answered_n,
                told=(agency,),
            )


def _may_take(after: PersonFile, each: Attempt, at: datetime, policy: Policy) -> Iterable[str]:
    parties = set() if each.asks is None else {each.asks.from_agency, each.asks.to_agency}
    case = None if each.asks is None else each.asks.case
    return sorted(
        agency
        for agency in each.gate.invited - parties
        if _may_know(after, each, agency, at, policy) and not after.is_kept_out(agency, case, max(after.now, at))
    )
