"""A person's file: every referral as it stands after some of the log, and who holds what is known of the person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias

from schemas.agencies import house
from schemas.codebook.consent import ConsentPurpose
from schemas.codebook.referral import SIGHT_ENDS, MoveRefusal, Urgency
from schemas.deciding import Entered
from schemas.referral.move import Move
from schemas.referral.sender import ReferralSent, ReferralSentV1
from schemas.times import BELIZE
from services.referral.domain.attempt import Attempt, Gate, attempt
from services.referral.domain.consent import may_be_told, still_given
from services.referral.domain.log import InEffect, Made, in_effect, once_in_effect
from services.referral.domain.moves import MOVES, OPEN
from services.referral.domain.person import Known, Withdrawal, known
from services.referral.domain.policy import Policy

Gates: TypeAlias = dict[tuple[int, str], Gate]
"""What was decided of a referral as it was sent, by its place in the line and what its sender says of it now."""

_SENT: Final = frozenset({"bz.atips.referral.sent.v1"})


@dataclass(frozen=True, slots=True)
class File:
    """What follows from a person's log up to some event."""

    person: str
    effect: InEffect
    known: Known
    attempts: Mapping[str, Attempt]
    once: tuple[Attempt, ...]
    """Referrals as they would stand if what their senders took back, or corrected, still held: they had been sent."""

    def urgency(self, asks: ReferralSent) -> Urgency:
        """How soon a referral is to be answered: what nobody said is urgent, a child is never routine."""
        said = asks.urgency
        if said is None or said in {Urgency.UNKNOWN, Urgency.NOT_ASKED}:
            return Urgency.URGENT
        return Urgency.SOON if said is Urgency.ROUTINE and self.known.child else said

    def informed_by(self, withdrawal: Withdrawal) -> frozenset[str]:
        """From whom consent is taken back: those it names, else every agency that was told until then.

        Told were those to whom the person was sent before it in the log, by mistake too, and whoever accepted. Whoever
        published it knows; for whom that was does not.
        """
        publisher = withdrawal.made.publisher
        return frozenset(agency for agency in self._taken_from(withdrawal) if house(agency) != publisher)

    def _taken_from(self, withdrawal: Withdrawal) -> frozenset[str]:
        told = frozenset(
            agency
            for each in (*self.attempts.values(), *self.once)
            if each.sent is not None and each.asks is not None and each.state is not None
            if each.sent.place < withdrawal.made.place
            for agency in (each.asks.to_agency, each.holder)
            if agency is not None
        )
        return frozenset(withdrawal.data.recipients or told)

    def holders(self) -> frozenset[str]:
        """Who cares for the person now: holders of open referrals; where there are none, whoever cared last.

        Not from whom consent was taken back: whoever may see nothing of a person is told nothing either.
        """
        placed = [
            (each.state, each.holder or each.asks.to_agency)
            for each in self.attempts.values()
            if each.asks is not None and each.state is not None
        ]
        now = {carer for state, carer in placed if state in OPEN}
        done = {carer for state, carer in placed if state not in OPEN | SIGHT_ENDS}
        return frozenset(now or done) - self._shut_out()

    def _shut_out(self) -> frozenset[str]:
        """From whom consent was taken back and not given anew; what is done for a child does not rest on it."""
        if self.known.child:
            return frozenset()
        taken = frozenset().union(*map(self._taken_from, self.known.withdrawals))
        return frozenset(agency for agency in taken if not still_given(self.known, agency))


def file(person: str, entered: Sequence[Entered], policy: Policy, gates: Gates | None = None) -> File:
    """Fold a person's facts, in the order of the log. A referral belongs to the person whom its sender named.

    Another id of the same person has a file of its own, in which that referral does not stand. `gates` keeps what was
    decided when a referral was sent: whoever folds ever more of one log makes that out once.
    """
    gates = {} if gates is None else gates
    effect = in_effect(person, entered)
    sent: dict[str, Made] = {}
    moves: dict[str, list[Made]] = {}
    for made in effect.facts:
        match made.content:
            case ReferralSentV1(data=data):
                sent.setdefault(data.referral, made)
            case event if event.type in MOVES and isinstance(event.data, Move):
                moves.setdefault(event.data.referral, []).append(made)
            case _:
                pass
    attempts = {}
    for referral in dict.fromkeys([*sent, *moves]):
        first, made_of_it = sent.get(referral), moves.get(referral, [])
        named = (made_of_it[0] if first is None else first).content.data
        if isinstance(named, Move) and named.person == person:
            gate = Gate() if first is None else _gate(person, entered, first, policy, gates)
            attempts[referral] = attempt(referral, first, made_of_it, gate)
    once = [
        attempt(made.content.data.referral, made, moves.get(made.content.data.referral, []), gate)
        for made in once_in_effect(entered, _SENT)
        if isinstance(made.content, ReferralSentV1) and made.content.data.person == person
        for gate in [_gate(person, entered, made, policy, gates)]
    ]
    return File(person, effect, known(effect), attempts, tuple(once))


def _gate(person: str, entered: Sequence[Entered], sent: Made, policy: Policy, gates: Gates) -> Gate:
    content = sent.content
    if not isinstance(content, ReferralSentV1):
        return Gate()
    key = sent.place, content.ref
    if key not in gates:
        then = known(in_effect(person, entered[: sent.place + 1]))
        gates[key] = _decided(then, content, sent.accepted_at.astimezone(BELIZE).date(), policy)
    return gates[key]


def _decided(then: Known, content: ReferralSentV1, on: date, policy: Policy) -> Gate:
    """Decide, with what the log held when the referral was sent, whether it may go, and who may take it."""
    asks = content.data
    purposes = {policy.services[each].purpose for each in asks.service_types} or {ConsentPurpose.PROTECTION_SERVICES}
    if not may_be_told(then, house(asks.to_agency), purposes, on, content.consentref):
        return Gate(closed=MoveRefusal.CONSENT_MISSING)
    others = policy.invited(asks.service_types)
    return Gate(frozenset(agency for agency in others if may_be_told(then, agency, purposes, on, content.consentref)))
