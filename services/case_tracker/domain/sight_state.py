"""Conversion of a spine into `SightState`: a case's referrals, consents, ages and restrictions for `schemas.sight`."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from schemas.agencies import agency_of
from schemas.consent_events import ConsentRecordedV1, ConsentWithdrawn, ConsentWithdrawnV1
from schemas.identification import PersonProfileRecordedV1
from schemas.referral.sender_events import ReferralSent, ReferralSentV1
from schemas.sight import ConsentHistory, ReferralInSight, SightState
from schemas.sight.consent_history import Age, Consent, ConsentStatement, Withdrawal
from services.case_tracker.domain.case_facts import CaseRole, Spine
from services.case_tracker.domain.fact import Fact

_SIGHT_ENDS: Final = ("referral.rejected", "referral.cancelled", "referral.entered_in_error", "referral.handed_back")
_WORDS: Final = ("consent.recorded", "consent.withdrawn", "person.profile_recorded")


def state_of(spine: Spine, now: datetime) -> SightState:
    """Return the state of sight of a case at a time."""
    sent = tuple(_sent(spine))
    referrals = tuple(_referrals(spine, sent))
    return SightState(
        now=now,
        referrals=referrals,
        words=MappingProxyType(_words(spine, sent)),
        shut_out=MappingProxyType(dict(spine.shut_out)),
        suspects=_only_suspects(spine, (each.person for each in referrals)),
        restrictions=spine.restrictions,
    )


@dataclass(frozen=True, slots=True)
class _Sent:
    fact: Fact
    data: ReferralSent
    let_go: bool
    """Whether the referral service passed the referral on, that is did not refuse it."""

    @property
    def asks(self) -> str | None:
        """Receiver's agency; None if the referral was refused, or the receiver itself sent or published it."""
        to = agency_of(self.data.to_agency)
        by = {agency_of(self.data.from_agency), self.fact.acting_agency, self.fact.content.agency}
        return to if self.let_go and to not in by else None


def _sent(spine: Spine) -> Iterator[_Sent]:
    for each in spine.named("referral.sent"):
        if isinstance(each.content, ReferralSentV1):
            yield _Sent(each, each.content.data, each.content.ref not in spine.refused)


def _referrals(spine: Spine, sent: Iterable[_Sent]) -> Iterator[ReferralInSight]:
    by_referral: dict[str, list[_Sent]] = defaultdict(list)
    for each in sent:
        by_referral[each.data.referral].append(each)
    for referral, said in by_referral.items():
        senders = {agency_of(each.data.from_agency) for each in said}
        for person in dict.fromkeys(each.data.person for each in said):
            asked = frozenset(each.asks for each in said if each.data.person == person and each.asks is not None)
            accepted = _accepted(spine, referral, asked) if asked else frozenset[str]()
            yield ReferralInSight(
                id=referral,
                person=person,
                sender=next(iter(senders)) if len(senders) == 1 else None,
                receivers=asked,
                accepted_by=accepted - senders,
                ended=_ended(spine, referral),
            )


def _accepted(spine: Spine, referral: str, asked: frozenset[str]) -> frozenset[str]:
    """Return the holder of a referral: by the referral service's last decision, else the receiver that accepted it.

    An acceptance that names no case does not reach this case; the referral service's decision on it does.
    """
    accepting = {
        each.acting_agency for each in spine.of(referral, "referral.accepted") if each.content.ref not in spine.refused
    }
    holder = spine.holders.get(referral)
    if holder is None:
        return asked & accepting
    return frozenset({agency_of(holder)}) if referral in spine.taken or agency_of(holder) in accepting else frozenset()


def _ended(spine: Spine, referral: str) -> bool:
    """Whether a move that ends sight has effect, by an event in this case or by the referral service's decision."""
    return referral in spine.ended or any(
        each.content.ref not in spine.refused for each in spine.of(referral, *_SIGHT_ENDS)
    )


def _words(spine: Spine, sent: Iterable[_Sent]) -> dict[str, ConsentHistory]:
    consents: dict[str, list[Consent]] = defaultdict(list)
    withdrawals: dict[str, list[Withdrawal]] = defaultdict(list)
    ages: dict[str, list[Age]] = defaultdict(list)
    for fact in spine.named(*_WORDS):
        match fact.content:
            case ConsentRecordedV1(data=data):
                consents[data.person].append(Consent(_said(fact), data))
            case ConsentWithdrawnV1(data=data) if not _is_decided_elsewhere(spine, fact, data):
                withdrawals[data.person].append(Withdrawal(_said(fact), data))
            case PersonProfileRecordedV1(data=data):
                ages[data.person].append(Age.stated(data.age_group, fact.at))
            case _:
                pass
    referred = defaultdict(list)
    for each in sent:
        if each.asks is not None:
            referred[each.data.person].append((each.asks, each.fact.stated))
    return {
        person: ConsentHistory(
            consents=tuple(consents[person]),
            withdrawals=tuple(withdrawals[person]),
            ages=tuple(ages[person]),
            suspects=frozenset(suspect for victim, suspect in spine.ties if victim == person),
            referred=tuple(referred[person]),
        )
        for person in {*consents, *withdrawals, *ages, *referred}
    }


def _is_decided_elsewhere(spine: Spine, fact: Fact, said: ConsentWithdrawn) -> bool:
    """Whether a withdrawal names no agency, and a consent that is not of this case, and `spine.shut_out` covers it.

    The referral service knows the recipients of that consent. Until it has decided, the withdrawal concerns all.
    """
    if said.recipients or said.consent is None or spine.withdrawals_decided.isdisjoint((fact.ref, fact.content.ref)):
        return False
    return not any(said.consent in {each.ref, each.content.ref} for each in spine.of(said.person, "consent.recorded"))


def _said(fact: Fact) -> ConsentStatement:
    return ConsentStatement(frozenset({fact.ref, fact.content.ref}), agency_of(fact.content.agency), fact.stated)


def _only_suspects(spine: Spine, referred: Iterable[str]) -> frozenset[str]:
    """Return the suspects whom no event names as victims. Only they may be named to readers beside a victim."""
    victims = {spine.one_with.get(each, each) for each in spine.roles[CaseRole.VICTIM]}
    victims.update(victim for victim, _ in spine.ties)
    victims.update(referred)
    suspects = {spine.one_with.get(each, each) for each in spine.roles[CaseRole.SUSPECT]}
    return frozenset(suspects - victims)
