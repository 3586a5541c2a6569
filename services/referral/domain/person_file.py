"""A person's file: the state of each of the person's referrals after a part of the log, and the agencies with data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final

from schemas.agencies import agency_of
from schemas.codebook.referral import SIGHT_ENDS, Urgency
from schemas.referral.move_fields import Move
from schemas.referral.sender_events import ReferralSent, ReferralSentV1
from schemas.service_decisions import Entered
from schemas.sight import ConsentHistory, has_lost_consent
from schemas.times import belize_day
from services.referral.domain.case_restrictions import Restrictions
from services.referral.domain.events_in_force import (
    FactInForce,
    FactsInForce,
    earlier_statements,
    facts_in_force_after,
    facts_no_longer_in_force,
)
from services.referral.domain.kept_out_changes import heard_log, makers_of
from services.referral.domain.move_table import MOVES, OPEN
from services.referral.domain.person_facts import KnownPerson, KnownWithdrawal, read_known_person
from services.referral.domain.policy import Policy
from services.referral.domain.referral_fold import Attempt, Gate, fold_attempt
from services.referral.domain.referral_gate import Gates

_NOBODY: Final = Restrictions()
_NEVER: Final = datetime(1, 1, 2, tzinfo=UTC)
_SENT: Final = frozenset({"bz.atips.referral.sent.v1"})


@dataclass(frozen=True, slots=True)
class PersonFile:
    """State of a person, folded from the person's log up to some event."""

    person: str
    effect: FactsInForce
    known: KnownPerson
    attempts: Mapping[str, Attempt]
    once: tuple[Attempt, ...]
    """Sent referrals whose statements the senders retracted or corrected, as if still in force."""
    kept_out: Restrictions = _NOBODY
    """Agencies that cases of the person keep out."""
    now: datetime = _NEVER
    """Time at which intake accepted the last event."""
    earlier: Mapping[str, tuple[tuple[FactInForce, datetime], ...]] = field(default_factory=dict)
    """Replaced statements of corrected facts, by `ref`, each with the time at which the next one was accepted."""
    entered: Sequence[Entered] = ()
    """The person's log, without the changes that have no effect."""
    refused_changes: Mapping[str, str] = field(default_factory=dict)
    """Changes of referrals without effect, as the case kept their makers out: the referral's id by their reference."""

    def urgency(self, asks: ReferralSent) -> Urgency:
        """Return the urgency of a referral. An unknown one is `URGENT`, and for a child `ROUTINE` becomes `SOON`."""
        return effective_urgency(asks, child=self.known.child)

    def agencies_losing_consent(self, withdrawal: KnownWithdrawal) -> frozenset[str]:
        """Return the agencies from which a withdrawal takes consent.

        They are those that it names, or else the recipients of the consent that it names. If it names neither, or that
        consent is not known, they are the receivers of earlier referrals, also of mistaken ones, and who accepted them.
        The withdrawal's publisher is left out, because it knows. An agency on whose behalf it published is included.
        """
        publisher = withdrawal.made.publisher
        return frozenset(agency for agency in self._taken_from(withdrawal) if agency_of(agency) != publisher)

    def _taken_from(self, withdrawal: KnownWithdrawal) -> frozenset[str]:
        told = frozenset(
            agency
            for each in (*self.attempts.values(), *self.once)
            if each.sent is not None and each.asks is not None and each.state is not None
            if each.sent.place < withdrawal.made.place
            for agency in (each.asks.to_agency, each.holder)
            if agency is not None
        )
        of_consent = {
            to
            for each in self.known.consents
            if withdrawal.data.consent in each.made.names
            for to in each.data.recipients
        }
        return frozenset(withdrawal.data.recipients or of_consent or told)

    @property
    def words(self) -> ConsentHistory:
        """Statements on the person's consent, with the referrals that were passed on."""
        referred = [
            (to, each.sent.stated)
            for each in self.attempts.values()
            if each.sent is not None and each.asks is not None and each.was_sent
            for to in (each.asks.to_agency, each.holder)
            if to is not None and to != each.asks.from_agency
        ]
        return replace(self.known.words, referred=tuple(referred))

    def holders(self, policy: Policy) -> frozenset[str]:
        """Return the agencies that care for the person: with open referrals or, if there are none, with ended ones.

        An agency with a referral is its holder or, if none accepted it, its receiver. An agency that lost the person's
        consent is left out, unless the duty to report names it for a child. So is an agency that a case keeps out.
        """
        placed = [
            (each.state, carer)
            for each in self.attempts.values()
            if each.asks is not None and each.state is not None
            for carer in [each.holder or each.asks.to_agency]
            if not self.is_kept_out(carer, each.asks.case, self.now)
        ]
        now = {carer for state, carer in placed if state in OPEN}
        done = {carer for state, carer in placed if state not in OPEN | SIGHT_ENDS}
        carers = frozenset(now or done)
        return frozenset(each for each in carers if self.may_learn_more(each, policy))

    def is_kept_out(self, agency: str, case: str | None, at: datetime) -> bool:
        """Whether a case keeps an agency out at a time; without a case, whether any case of the person does."""
        cases = None if case is None else self.effect.ids_of((case,))
        return self.kept_out.keeps_out(agency, cases, at)

    def was_kept_out(self, said: Entered, case: str | None) -> bool:
        """Whether a case kept out an event's maker when intake had the event; without a case, any case did."""
        cases = None if case is None else self.effect.ids_of((case,))
        shut = self.kept_out.as_of(said.n)
        return any(shut.keeps_out(each, cases, said.accepted_at) for each in makers_of(said.event))

    def without_kept_out(self, case: str | None) -> "PersonFile | None":
        """Return the file with only the facts of agencies that a case did not keep out then; None if these are all.

        The referrals stay as they are.
        """
        if not self.kept_out.said:
            return None
        heard = [each for each in self.entered if not self.was_kept_out(each, case)]
        if len(heard) == len(self.entered):
            return None
        effect = facts_in_force_after(self.person, heard)
        return replace(self, effect=effect, known=read_known_person(effect, self.known.today))

    def kept_out_since(self, agency: str, case: str | None) -> datetime | None:
        """Return since when a case keeps an agency out; without a case, any case of the person. None if none does."""
        cases = None if case is None else self.effect.ids_of((case,))
        return self.kept_out.kept_out_since(agency, cases, self.now)

    def may_learn_more(self, agency: str, policy: Policy) -> bool:
        """Whether an agency that knows of the person may learn more: it lost no consent, or a duty names it."""
        bound = self.known.child and any(each.to == agency and not each.emergency_only for each in policy.duties)
        return bound or not has_lost_consent(self.words, agency, self.known.today)


def effective_urgency(asks: ReferralSent, *, child: bool) -> Urgency:
    """Return the urgency of a referral. An unknown one is `URGENT`, and for a child `ROUTINE` becomes `SOON`."""
    said = asks.urgency
    if said is None or said in {Urgency.UNKNOWN, Urgency.NOT_ASKED}:
        return Urgency.URGENT
    return Urgency.SOON if said is Urgency.ROUTINE and child else said


def fold_person_file(
    person: str,
    entered: Sequence[Entered],
    policy: Policy,
    gates: Gates | None = None,
    kept_out: Restrictions = _NOBODY,
    *,
    before: FactsInForce | None = None,
) -> PersonFile:
    """Fold a person's log into a file. A referral belongs to the person whom its sender named.

    Another id of the person has a file of its own, in which that referral does not appear. `gates` keeps the decisions
    of the gate, so that each is made only once while a log grows. `before`: the facts in force after all events but the
    last one.
    """
    gates = Gates(policy) if gates is None else gates
    now = max((each.accepted_at for each in entered), default=_NEVER)
    heard = heard_log(person, entered, kept_out)
    entered = heard.entered
    if before is not None and heard.is_last_left_out:
        effect = before
    else:
        effect = facts_in_force_after(person, entered, None if heard.refused else before)
    sent: dict[str, FactInForce] = {}
    moves: dict[str, list[FactInForce]] = {}
    for made in effect.facts:
        match made.content:
            case ReferralSentV1(data=data):
                sent.setdefault(data.referral, made)
            case event if event.type in MOVES and isinstance(event.data, Move):
                moves.setdefault(event.data.referral, []).append(made)
            case _:
                pass

    def folded(referral: str, first: FactInForce | None) -> Attempt:
        made_of_it = moves.get(referral, [])
        if first is None:
            return fold_attempt(referral, None, made_of_it, Gate())
        gate = gates.of(person, entered, first, kept_out)
        return fold_attempt(
            referral, first, made_of_it, gate, gates.barred(person, entered, first, made_of_it, kept_out)
        )

    attempts = {}
    for referral in dict.fromkeys([*sent, *moves]):
        first = sent.get(referral)
        named = (moves[referral][0] if first is None else first).content.data
        if isinstance(named, Move) and named.person == person:
            attempts[referral] = folded(referral, first)
    once = [
        folded(made.content.data.referral, made)
        for made in facts_no_longer_in_force(entered, _SENT)
        if isinstance(made.content, ReferralSentV1) and made.content.data.person == person
    ]
    known, shut = read_known_person(effect, belize_day(now)), kept_out.about(effect)
    earlier = earlier_statements(entered, effect.facts)
    return PersonFile(
        person, effect, known, attempts, tuple(once), shut, now, earlier, entered, refused_changes=heard.refused
    )
