"""Gate of a referral: the decision whether it is passed on, which agencies may accept it, and which are on call.

It is made once, from the log up to the event that sent the referral. A correction that names another receiver, or more
services, is decided about when it comes. A referral from before the policy's `consent_since` stays as it was decided
then. So a change of rules takes no agency away from a person.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from schemas.agencies import agency_of
from schemas.codebook.consent import ConsentPurpose
from schemas.codebook.referral import MoveRefusal, Urgency
from schemas.correction_events import EventCorrectedV1
from schemas.envelope import Event
from schemas.ids import Kind, is_id
from schemas.referral.decision_events import ReferralAssignedV1, ReferralMoveRefusedV1
from schemas.referral.sender_events import ReferralSent, ReferralSentV1
from schemas.service_decisions import Entered
from schemas.sight import consent_gaps, may_be_told
from schemas.times import belize_day
from services.referral.domain.case_restrictions import Restrictions
from services.referral.domain.events_in_force import FactInForce, facts_in_force_after
from services.referral.domain.on_call import agencies_in_list
from services.referral.domain.person_facts import read_known_person
from services.referral.domain.policy import Policy
from services.referral.domain.referral_fold import Gate

_US = "referral"
_ACCEPTED = "bz.atips.referral.accepted.v1"
_BARRED = frozenset({_ACCEPTED, "bz.atips.referral.cancelled.v1", "bz.atips.referral.entered_in_error.v1"})
"""Moves by which an agency takes a person's help or ends it. They have no effect while the case keeps it out."""


@dataclass(frozen=True, slots=True)
class PublishedDecisions:
    """Decisions of this service that are in a person's log already."""

    refused: Mapping[str, MoveRefusal] = field(default_factory=dict)
    """Reason of each refused move, by the move's reference."""
    holders: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Every agency that held a referral at some time, by the referral's id."""


def collect_published_decisions(entered: Iterable[Entered]) -> PublishedDecisions:
    """Return the decisions on referrals that this service published in a log."""
    refused: dict[str, MoveRefusal] = {}
    holders: dict[str, frozenset[str]] = {}
    for each in entered:
        match each.event:
            case ReferralMoveRefusedV1(agency=by, data=data) if by == _US:
                refused[data.move] = data.reason
            case ReferralAssignedV1(agency=by, data=data) if by == _US:
                holders[data.referral] = holders.get(data.referral, frozenset()) | {data.holder}
            case _:
                pass
    return PublishedDecisions(refused, holders)


@dataclass(frozen=True, slots=True)
class CaseTrackerRestrictions:
    """Agencies that cases keep out now, by the case tracker's own table. Used to judge new events alone.

    A case that named no person before may have a restriction that is not in the person's part of the log. This table
    has it.
    """

    by_case: Mapping[str, frozenset[str]] = field(default_factory=dict)
    events: frozenset[str] = frozenset()
    """References of the new events. Others were judged before, and that decision is on the log."""

    def keeps_out(self, agency: str, cases: Iterable[str]) -> bool:
        """Whether one of these cases keeps an agency out."""
        return any(agency in self.by_case.get(case, ()) for case in cases)


@dataclass(slots=True)
class Gates:
    """The gates of one person's referrals. Each is decided once, even if a growing log is folded again."""

    policy: Policy
    published: PublishedDecisions = field(default_factory=PublishedDecisions)
    tracked: CaseTrackerRestrictions = field(default_factory=CaseTrackerRestrictions)
    _known: dict[tuple[int, str], Gate] = field(default_factory=dict)
    """Gates by (place of the referral's first statement in the log, reference of its present statement)."""

    def of(self, person: str, entered: Sequence[Entered], sent: FactInForce, kept_out: Restrictions) -> Gate:
        """Return the gate of a referral that was sent; an open gate for another event."""
        content = sent.content
        if not isinstance(content, ReferralSentV1):
            return Gate()
        key = sent.place, content.ref
        if key not in self._known:
            self._known[key] = self._decided(person, entered, sent, content, kept_out)
        return self._known[key]

    def _decided(
        self,
        person: str,
        entered: Sequence[Entered],
        sent: FactInForce,
        content: ReferralSentV1,
        kept_out: Restrictions,
    ) -> Gate:
        """Decide a gate. A consent that an agency recorded itself does not let it accept a referral to another one."""
        asks, policy = content.data, self.policy
        at = _asked_at(entered, sent, content)
        asked = entered[at]
        effect = facts_in_force_after(person, entered[: at + 1])
        then = read_known_person(effect, belize_day(asked.accepted_at))
        cases = None if asks.case is None else effect.ids_of((asks.case,))
        kept_out = kept_out.about(effect)
        shut = kept_out.as_of(asked.n)
        purposes = {policy.services[each].purpose for each in asks.service_types} or {
            ConsentPurpose.PROTECTION_SERVICES
        }
        receiver = agency_of(asks.to_agency)
        # A sender may not accept its own referral. One that was the holder before this rule still cares for the person.
        senders = frozenset({agency_of(asks.from_agency)})
        still = senders & self.published.holders.get(asks.referral, frozenset())
        others = policy.invited(asks.service_types) - senders
        listed = frozenset(agencies_in_list(policy.on_call.get(receiver, ())))
        always = frozenset[str]()
        stated = next((each for each in entered if each.event.ref == content.ref), asked)
        known_there = self._counts_table(asked.event.ref, content.ref)
        of_person = cases_in(made.content for made in effect.facts) if known_there else ()

        def by_table(agency: str) -> bool:
            return known_there and self.tracked.keeps_out(agency, of_person if cases is None else cases)

        def is_shut_out(agency: str) -> bool:
            return shut.keeps_out(agency, cases, asked.accepted_at) or by_table(agency)

        uncalled = frozenset(filter(by_table, listed))
        kept = {each for each in listed if kept_out.as_of(stated.n).keeps_out(each, cases, stated.accepted_at)}
        if asks.urgency is Urgency.EMERGENCY and listed & (senders | kept | uncalled):
            listed |= others  # somebody else is on call in their place
            always = frozenset(agency for agency in policy.late if not is_shut_out(agency))

        def may(agency: str) -> bool:
            return not is_shut_out(agency) and may_be_told(
                then.words,
                agency,
                purposes,
                then.today,
                duty=policy.duties,
                emergency=asks.urgency is Urgency.EMERGENCY,
                ref=content.consentref,
                not_by=None if agency == receiver else agency,
            )

        if self._is_from_before(entered, sent, content):
            closed, held = self.published.refused.get(content.ref), self.published.holders.get(asks.referral, ())
        else:
            shut_out = is_shut_out(receiver) or self._was_shut_out(content.ref)
            closed, held = _closed(shut_out=shut_out, may=may(receiver)), ()
        if closed is not None:
            if closed is not MoveRefusal.CONSENT_MISSING:
                return Gate(closed=closed, purposes=frozenset(purposes))
            # From the sender's own statements alone: the sender may not learn other agencies' statements.
            own = replace(effect, facts=tuple(each for each in effect.facts if agency_of(each.actor) in senders))
            words = read_known_person(own, then.today).words
            return Gate(closed=closed, missing=consent_gaps(words, receiver, purposes, then.today, content.consentref))
        return Gate(
            invited=frozenset(agency for agency in others if may(agency)).union(held, still),
            on_call=frozenset(agency for agency in listed if may(agency)).union(always) - senders,
            uncalled=uncalled,
            purposes=frozenset(purposes),
        )

    def barred(
        self,
        person: str,
        entered: Sequence[Entered],
        sent: FactInForce,
        moves: Iterable[FactInForce],
        kept_out: Restrictions,
    ) -> frozenset[str]:
        """Return the moves in `_BARRED`, by present reference, that came while the case kept their maker out.

        Each is decided about by the log up to it. An agency that held the referral by an earlier decision keeps it.
        """
        return frozenset(
            move.content.ref
            for move in moves
            if move.content.type in _BARRED
            and kept_out.as_of(move.n).may_keep_out(move.actor, move.accepted_at)
            and self._is_barred(person, entered, sent, move, kept_out.as_of(move.n))
        )

    def _is_barred(
        self, person: str, entered: Sequence[Entered], sent: FactInForce, move: FactInForce, kept_out: Restrictions
    ) -> bool:
        then = entered[: move.place + 1]
        effect = facts_in_force_after(person, then)
        said = [found for each in then if each.event.ref in sent.names and (found := _request(each.event)) is not None]
        asks = said[-1] if said else _request(sent.content)
        if asks is None:
            return False
        if move.content.type == _ACCEPTED and move.actor in self.published.holders.get(asks.referral, ()):
            return False
        cases = None if asks.case is None else effect.ids_of((asks.case,))
        return kept_out.about(effect).keeps_out(move.actor, cases, move.accepted_at)

    def _counts_table(self, asked: str, stated: str) -> bool:
        """Whether the case tracker's table counts: for a new request, and a new correction of one that was shut out."""
        return asked in self.tracked.events or (stated in self.tracked.events and self._was_shut_out(asked))

    def _was_shut_out(self, ref: str) -> bool:
        """Whether the log has the decision that the receiver of this statement is kept out by its case."""
        return self.published.refused.get(ref) is MoveRefusal.CONFLICT_OF_INTEREST

    def _is_from_before(self, entered: Sequence[Entered], sent: FactInForce, content: ReferralSentV1) -> bool:
        """Whether intake accepted the sender's present statement before `consent_since`. A correction is a new one."""
        at = next((each.accepted_at for each in entered if each.event.ref == content.ref), sent.accepted_at)
        return at < self.policy.consent_since


def _asked_at(entered: Sequence[Entered], sent: FactInForce, content: ReferralSentV1) -> int:
    """Return the index in the log since which the sender has asked one receiver for no less than it asks now.

    A correction that asks another receiver, or for more, is judged by the log as it is when it comes. Any other
    correction does not change the decision: consent that ended since takes no carer away from the person.
    """
    at, before = sent.place, None
    for place, each in enumerate(entered):
        said = _request(each.event) if each.event.ref in sent.names else None
        if said is None:
            continue
        if before is not None and _asks_more(said, before):
            at = place
        if each.event.ref == content.ref:
            break
        before = said
    return at


def cases_of_request(event: Event, log: Iterable[Event]) -> frozenset[str]:
    """Return the cases whose restrictions count for a referral that an event sends, or that a correction states.

    That is the referral's case or, without one, each case in the person's log. Another event has none.
    """
    asks = _request(event)
    if asks is None:
        return frozenset()
    return cases_in(log) if asks.case is None else frozenset((asks.case,))


def cases_in(log: Iterable[Event]) -> frozenset[str]:
    """Return the cases that events name."""
    return frozenset(an_id for each in log for an_id in each.concerns() if is_id(an_id, Kind.CASE))


def _request(event: Event) -> ReferralSent | None:
    """Return the request that an event states, or that a correction puts in its place; None for another event."""
    stated = event.replacement() if isinstance(event, EventCorrectedV1) else event
    return stated.data if isinstance(stated, ReferralSentV1) else None


def _asks_more(said: ReferralSent, before: ReferralSent) -> bool:
    parties = [(each.person, agency_of(each.from_agency), agency_of(each.to_agency)) for each in (said, before)]
    asked, asks = frozenset(before.service_types), frozenset(said.service_types)
    more = not asks <= asked or bool(asks) is not bool(asked)  # without a service it is for protection
    return more or parties[0] != parties[1]


def _closed(*, shut_out: bool, may: bool) -> MoveRefusal | None:
    if shut_out:
        return MoveRefusal.CONFLICT_OF_INTEREST
    return None if may else MoveRefusal.CONSENT_MISSING
