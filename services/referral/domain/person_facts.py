"""A person's facts for decisions on referrals: statements on age and consent, and ties with suspects."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from schemas.agencies import agency_of
from schemas.catalogue import order_key
from schemas.consent_events import (
    ConsentAcknowledgedV1,
    ConsentRecorded,
    ConsentRecordedV1,
    ConsentWithdrawn,
    ConsentWithdrawnV1,
)
from schemas.identification import PersonProfileRecordedV1
from schemas.justice.ties_from_events import outlasts, tied_by
from schemas.justice.victim_suspect_links import VictimSuspectUnlinkedV1
from schemas.sight import ConsentHistory
from schemas.sight.consent_history import Age, Consent, ConsentStatement, Withdrawal
from services.referral.domain.events_in_force import FactInForce, FactsInForce


@dataclass(frozen=True, slots=True)
class KnownConsent:
    """A consent in force. In `data.recipients` each unit is replaced by its agency."""

    made: FactInForce
    data: ConsentRecorded


@dataclass(frozen=True, slots=True)
class KnownWithdrawal:
    """A withdrawal of consent in force. In `data.recipients` each unit is replaced by its agency."""

    made: FactInForce
    data: ConsentWithdrawn


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """Facts about a person that decisions on referrals need, as of one day."""

    words: ConsentHistory
    """Statements from which `schemas.sight` decides which agencies may learn of the person."""
    today: date
    """Day in Belize on which intake accepted the last event. The person's age is that of this day."""
    suspects: frozenset[str]
    """Suspects tied to this person, by all their ids."""
    ties: Mapping[str, FactInForce]
    """The fact that first tied this person to each suspect, by the suspect's smallest id."""
    victims: frozenset[str]
    """Victims to whom this person is tied as a suspect, by all their ids."""
    consents: tuple[KnownConsent, ...]
    withdrawals: tuple[KnownWithdrawal, ...]
    acknowledged: frozenset[tuple[str, str]]
    """Pairs (agency, reference of the withdrawal that it acknowledged)."""

    @property
    def child(self) -> bool:
        """Whether the person may be a child on the day `today`. A person of unknown age counts as a child."""
        return self.words.is_minor(self.today)


def read_known_person(effect: FactsInForce, today: date) -> KnownPerson:
    """Return a person's facts in force on a day."""
    ties = _ties(effect)
    consents: list[KnownConsent] = []
    withdrawals: list[KnownWithdrawal] = []
    acknowledged: set[tuple[str, str]] = set()
    for made in effect.facts:
        match made.content:
            case ConsentRecordedV1(data=data) if data.person in effect.same:
                # A person is not their own guardian, under another of their ids either.
                guardian = {"guardian": data.person} if data.guardian in effect.same else {}
                consents.append(KnownConsent(made, data.model_copy(update={**_doors(data.recipients), **guardian})))
            case ConsentWithdrawnV1(data=data) if data.person in effect.same:
                withdrawals.append(KnownWithdrawal(made, data.model_copy(update=_doors(data.recipients))))
            case ConsentAcknowledgedV1(data=data) if data.person in effect.same:
                acknowledged.add((made.actor, data.consent))
            case _:
                pass
    suspects = effect.ids_of(suspect for victim, suspect in ties if victim in effect.same)
    return KnownPerson(
        words=ConsentHistory(
            consents=tuple(Consent(_said(each.made), each.data) for each in consents),
            withdrawals=tuple(Withdrawal(_said(each.made), each.data) for each in withdrawals),
            ages=tuple(_ages(effect)),
            suspects=suspects,
        ),
        today=today,
        suspects=suspects,
        ties=_by_suspect(effect, ties),
        victims=effect.ids_of(victim for victim, suspect in ties if suspect in effect.same),
        consents=tuple(consents),
        withdrawals=tuple(withdrawals),
        acknowledged=frozenset(acknowledged),
    )


def _doors(recipients: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return an update of `recipients` in which units are replaced by their agencies."""
    return {"recipients": tuple(dict.fromkeys(map(agency_of, recipients)))}


def _ages(effect: FactsInForce) -> Iterator[Age]:
    """Yield the recorded ages of the person, in the order of what happened."""
    told = [made.content for made in effect.facts if isinstance(made.content, PersonProfileRecordedV1)]
    for each in sorted(told, key=order_key):
        if each.data.person in effect.same:
            yield Age.stated(each.data.age_group, each.occurred)


def _said(made: FactInForce) -> ConsentStatement:
    return ConsentStatement(made.names, agency_of(made.publisher), made.stated, made.n)


def first_ties_by_suspect(effect: FactsInForce) -> dict[str, FactInForce]:
    """Return for each suspect to whom the person is tied the fact that first tied the two."""
    return _by_suspect(effect, _ties(effect))


def _by_suspect(effect: FactsInForce, ties: dict[tuple[str, str], FactInForce]) -> dict[str, FactInForce]:
    return {suspect: made for (victim, suspect), made in reversed(ties.items()) if victim in effect.same}


def _ties(effect: FactsInForce) -> dict[tuple[str, str], FactInForce]:
    """Return the fact that first tied each pair (victim, suspect), in the order of what happened.

    Facts that an unlinking ended are left out. `schemas.justice.ties_from_events` decides on both.
    Each person is named by the smallest of their ids.
    """
    ties: dict[tuple[str, str], list[FactInForce]] = {}
    ended: dict[tuple[str, str], list[FactInForce]] = {}
    for made in sorted(effect.facts, key=lambda each: order_key(each.content)):
        if isinstance(made.content, VictimSuspectUnlinkedV1):
            ended.setdefault(_by_one_id(effect, made.content.data.victim, made.content.data.suspect), []).append(made)
        for pair in tied_by(made.content):
            ties.setdefault(_by_one_id(effect, *pair), []).append(made)
    left = {
        pair: [made for made in by if all(outlasts(made.content, end.content) for end in ended.get(pair, ()))]
        for pair, by in ties.items()
    }
    first = sorted(((pair, by[0]) for pair, by in left.items() if by), key=lambda each: order_key(each[1].content))
    return dict(first)


def _by_one_id(effect: FactsInForce, victim: str, suspect: str) -> tuple[str, str]:
    return effect.smallest_id(victim), effect.smallest_id(suspect)
