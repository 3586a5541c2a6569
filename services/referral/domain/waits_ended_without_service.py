"""Ends of waits without a service: the person refuses, has died, or is found to be no victim.

In doubt the wait continues. A refusal by a child, or by a person of unknown age, counts only if the policy lets a child
refuse.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Final

from schemas.agencies import agency_of
from schemas.catalogue import order_key
from schemas.codebook.consent import OPENING, OVERRIDING, ConsentGivenBy, ConsentPurpose
from schemas.codebook.protection import ServiceType
from schemas.codebook.referral import ReferralRejectReason, RefusedBy, UnfinishedReason
from schemas.identification import (
    PersonDeceasedRecordedV1,
    VictimIdentifiedV1,
    VictimStatusChangedV1,
    found_no_victim,
)
from schemas.protection.services import ServiceDeclined, ServiceDeclinedV1
from schemas.referral.receiver_events import ReferralRejected
from schemas.referral.sender_events import ReferralSent
from schemas.sight import ConsentHistory
from schemas.sight.consent_gate import is_for, refuses, still_given, takes_from_agency
from schemas.sight.consent_history import Withdrawal
from schemas.times import Interval, surely_before
from services.referral.domain.events_in_force import FactInForce, FactsInForce
from services.referral.domain.person_facts import KnownPerson
from services.referral.domain.person_file import PersonFile
from services.referral.domain.policy import Policy
from services.referral.domain.referral_fold import Attempt

_DECLINED = frozenset(
    {
        ReferralRejectReason.PERSON_DECLINED,
        UnfinishedReason.PERSON_DECLINED,
        UnfinishedReason.CONSENT_WITHDRAWN,
    }
)

_NO_CASE = ""
_BY_THE_PERSON: Final = frozenset({None, ConsentGivenBy.PERSON})


def last_status_statements(effect: FactsInForce) -> list[FactInForce]:
    """Return the last statements of each agency, for each case, on whether the person is a victim.

    A unit's statement counts as its agency's. A statement without a case replaces all earlier ones of the agency. One
    with a case replaces the agency's earlier statements for that case, and those without a case.
    """
    last: dict[str, dict[str, FactInForce]] = {}
    for made in sorted(effect.facts, key=lambda each: order_key(each.content)):
        content = made.content
        if isinstance(content, VictimIdentifiedV1 | VictimStatusChangedV1) and content.data.person in effect.same:
            case = content.data.case
            named = _NO_CASE if case is None else min(effect.ids_of((case,)))
            said = {} if case is None else last.get(made.actor, {})
            kept = {of: each for of, each in said.items() if of not in {_NO_CASE, named}}
            last[made.actor] = {**kept, named: made}
    return [made for said in last.values() for made in said.values()]


def is_found_no_victim(after: PersonFile) -> bool:
    """Whether the person was found to be no victim, by the last statements of all agencies together."""
    return found_no_victim(made.content for made in last_status_statements(after.effect))


def _has_died(after: PersonFile) -> bool:
    effect = after.effect
    return any(
        isinstance(made.content, PersonDeceasedRecordedV1) and made.content.data.person in effect.same
        for made in effect.facts
    )


def ends_referral(after: PersonFile, each: Attempt, asks: ReferralSent, agency: str | None, policy: Policy) -> bool:
    """Whether no agency need act on a referral any more. `agency`: the one that would act next; None: any agency.

    What an agency states while the referral's case keeps it out ends nothing.
    """
    heard = after.without_kept_out(asks.case)
    files = [after] if heard is None else [after, heard]
    return all(_ends_referral(one, each, asks, agency, policy) for one in files)


def _ends_referral(after: PersonFile, each: Attempt, asks: ReferralSent, agency: str | None, policy: Policy) -> bool:
    if is_found_no_victim(after) or _has_died(after):
        return True
    # Without a service it is for protection, as at the gate.
    asked = {policy.services[each_type].purpose for each_type in asks.service_types}
    purposes = asked or {ConsentPurpose.PROTECTION_SERVICES}
    return (
        _ended_by_person(after, each, policy)
        or _declined(after, each, asks, policy)
        or consent_refused(_heard(after.known, policy), agency, purposes)
    )


def ends_first_referral(
    after: PersonFile, agency: str, service_types: Collection[ServiceType], policy: Policy, case: str | None = None
) -> bool:
    """Whether the referral to `agency` that an identification in a case requires is no longer needed.

    What an agency states while the case keeps it out ends nothing.
    """
    heard = after.without_kept_out(case)
    purposes = {policy.services[each_type].purpose for each_type in service_types}
    return all(
        is_found_no_victim(one) or _has_died(one) or consent_refused(_heard(one.known, policy), agency, purposes)
        for one in ([after] if heard is None else [after, heard])
    )


def _counts(known: KnownPerson, at: Interval | None, policy: Policy, by: ConsentGivenBy | None = None) -> bool:
    """Whether a refusal at a time ends waits: an adult's own does; a child's if the policy lets a child refuse.

    A person who has grown up since refused as a child. Another person's refusal does not count for an adult.
    """
    if known.child or known.words.was_minor(None if at is None else at.last_day):
        return policy.child_may_refuse
    return by in _BY_THE_PERSON


def _heard(known: KnownPerson, policy: Policy) -> KnownPerson:
    """Return the person's facts without the refusals and withdrawals of consent that end no wait."""
    words = known.words
    consents = tuple(
        each
        for each in words.consents
        if each.data.basis in OPENING or _counts(known, each.said.at, policy, each.data.given_by)
    )
    withdrawals = tuple(
        each for each in words.withdrawals if _counts(known, each.said.at, policy, each.data.withdrawn_by)
    )
    return replace(known, words=replace(words, consents=consents, withdrawals=withdrawals))


def _ended_by_person(after: PersonFile, each: Attempt, policy: Policy) -> bool:
    """Whether the move that ended the referral states that the person did not want it."""
    # If its maker was kept out then, the move is not among the facts, or not its present statement.
    last = next((made.content for made in after.effect.facts if each.since and made.ref == each.since.ref), None)
    said = None if last is None else last.data
    by_person = isinstance(said, ReferralRejected) and said.refused_by is RefusedBy.PERSON
    declined = by_person or getattr(said, "reason", None) in _DECLINED
    return declined and last is not None and _counts(after.known, last.occurred, policy)


def _declined(after: PersonFile, each: Attempt, asks: ReferralSent, policy: Policy) -> bool:
    """Whether the person declined every requested service, on this referral or for its need, since it was sent."""
    declined = {data.service_type for data in _refusals(after, each, asks, policy)}
    return bool(asks.service_types) and declined.issuperset(asks.service_types)


def _refusals(after: PersonFile, each: Attempt, asks: ReferralSent, policy: Policy) -> Iterator[ServiceDeclined]:
    for made in after.effect.facts:
        content = made.content
        if not isinstance(content, ServiceDeclinedV1) or content.data.refused_by is not RefusedBy.PERSON:
            continue
        data = content.data
        named = data.referral == each.id if data.referral is not None else data.need == asks.need is not None
        before = each.sent is not None and surely_before(content.occurred, each.sent.content.occurred)
        counts = _counts(after.known, content.occurred, policy)
        if named and not before and counts and data.person in after.effect.same:
            yield data


def consent_refused(known: KnownPerson, agency: str | None, purposes: Collection[ConsentPurpose]) -> bool:
    """Whether a refusal or withdrawal by the person keeps an agency from learning of them, for these purposes.

    A later consent for all of these purposes cancels it. `agency`: None means any agency; then only a refusal that
    names no agency counts.
    """
    to = "" if agency is None else agency_of(agency)
    words = known.words
    refused = [each.said.n or 0 for each in words.consents if refuses(words, each, to) and is_for(each, purposes)]
    taken = [each.said.n or 0 for each in words.withdrawals if _takes_from(words, each, agency)]
    if not refused and not taken:
        return False
    given = [each for each in words.consents if each.data.basis in OPENING - OVERRIDING]
    if agency is not None:
        standing = still_given(words, to, known.today)
        given = [each for each in given if each in standing]
    since = max(refused if agency is not None else (*refused, *taken), default=0)
    return not any((each.said.n or 0) > since and set(purposes) <= set(each.data.purposes) for each in given)


def _takes_from(words: ConsentHistory, withdrawal: Withdrawal, agency: str | None) -> bool:
    """Whether a withdrawal concerns an agency. `agency`: None means any agency, which only a general one concerns."""
    if agency is None:
        return not withdrawal.data.recipients and withdrawal.data.consent is None
    return takes_from_agency(words, withdrawal, agency_of(agency))
