"""What a referral's decisions need to know of a person: whether a child, tied to which suspects, what was agreed to."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from schemas.agencies import house
from schemas.catalogue import order_key
from schemas.codebook.identification import AgeGroup
from schemas.consent import (
    ConsentAcknowledgedV1,
    ConsentRecorded,
    ConsentRecordedV1,
    ConsentWithdrawn,
    ConsentWithdrawnV1,
)
from schemas.identification import PersonProfileRecordedV1
from schemas.justice.bail import BailBreachedV1, BailGrantedV1, BailRevokedV1, BailVariedV1
from schemas.justice.charges import ChargeAmendedV1, ChargeFiledV1
from schemas.justice.links import VictimSuspectLinkedV1, VictimSuspectUnlinkedV1
from schemas.justice.police import ArrestMadeV1, ArrestReleasedV1
from services.referral.domain.log import InEffect, Made

_CHILD: Final = frozenset({AgeGroup.CHILD_0_8, AgeGroup.CHILD_9_17})
_NOT_KNOWN: Final = frozenset({AgeGroup.UNKNOWN, AgeGroup.NOT_ASKED, None})


@dataclass(frozen=True, slots=True)
class Consent:
    """A consent that stands; recipients are those who have a door, here as in what takes it back."""

    made: Made
    data: ConsentRecorded


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A consent taken back."""

    made: Made
    data: ConsentWithdrawn


@dataclass(frozen=True, slots=True)
class Known:
    """A person as a referral's decisions see them."""

    child: bool
    suspects: frozenset[str]
    """Whoever is tied to this person as a suspect, by every id of theirs; `victims` likewise."""
    victims: frozenset[str]
    """To whom this person is tied as a suspect."""
    consents: tuple[Consent, ...]
    withdrawals: tuple[Withdrawal, ...]
    acknowledged: frozenset[tuple[str, str]]
    """Which agency acknowledged what, by reference."""


def known(effect: InEffect) -> Known:
    """Read a person's facts. An age that is not known is a child's until it is recorded."""
    ties = _ties(effect)
    consents: list[Consent] = []
    withdrawals: list[Withdrawal] = []
    acknowledged: set[tuple[str, str]] = set()
    for made in effect.facts:
        match made.content:
            case ConsentRecordedV1(data=data) if data.person in effect.same:
                consents.append(Consent(made, data.model_copy(update=_doors(data.recipients))))
            case ConsentWithdrawnV1(data=data) if data.person in effect.same:
                withdrawals.append(Withdrawal(made, data.model_copy(update=_doors(data.recipients))))
            case ConsentAcknowledgedV1(data=data) if data.person in effect.same:
                acknowledged.add((made.actor, data.consent))
            case _:
                pass
    return Known(
        child=_is_child(effect),
        suspects=effect.ids_of(suspect for victim, suspect in ties if victim in effect.same),
        victims=effect.ids_of(victim for victim, suspect in ties if suspect in effect.same),
        consents=tuple(consents),
        withdrawals=tuple(withdrawals),
        acknowledged=frozenset(acknowledged),
    )


def _doors(recipients: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """What a unit is told its agency is."""
    return {"recipients": tuple(dict.fromkeys(map(house, recipients)))}


def _is_child(effect: InEffect) -> bool:
    """By the last age that was recorded, if any: whoever does not know it takes back nothing of that."""
    told = [
        made.content
        for made in effect.facts
        if isinstance(made.content, PersonProfileRecordedV1)
        and made.content.data.person in effect.same
        and made.content.data.age_group not in _NOT_KNOWN
    ]
    return not told or max(told, key=order_key).data.age_group in _CHILD


def _ties(effect: InEffect) -> frozenset[tuple[str, str]]:
    """Pairs of victim and suspect, less what was unlinked, in the order of what happened.

    By links, and by arrests, charges, release and bail that name victims: not by courts, which may find otherwise.
    """
    ties: set[tuple[str, str]] = set()
    for made in sorted(effect.facts, key=lambda each: order_key(each.content)):
        match made.content:
            case VictimSuspectLinkedV1(data=data):
                ties.add((data.victim, data.suspect))
            case VictimSuspectUnlinkedV1(data=data):
                ties.discard((data.victim, data.suspect))
            case ArrestMadeV1(data=data):
                ties.update((victim, data.person) for victim in data.linked_victims)
            case (
                ChargeFiledV1(data=data)
                | ChargeAmendedV1(data=data)
                | ArrestReleasedV1(data=data)
                | BailGrantedV1(data=data)
                | BailVariedV1(data=data)
                | BailBreachedV1(data=data)
                | BailRevokedV1(data=data)
            ):
                ties.update((victim, data.person) for victim in data.victims)
            case _:
                pass
    return frozenset(ties)
