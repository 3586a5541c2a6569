"""The referral service's decisions in a case: moves without effect, holders, and agencies excluded by consent."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from schemas.codebook.referral import SIGHT_ENDS, ReferralState
from schemas.facts_in_force import Aliases
from schemas.referral.decision_events import (
    ConsentSightChanged,
    ConsentSightChangedV1,
    ReferralAssignedV1,
    ReferralMoveRefusedV1,
)
from schemas.service_decisions import Entered

_REFERRAL: Final = "referral"
"""Service whose decisions are read. Restrictions of the case itself come from the case, not from these events."""
_NOT_TAKEN: Final = frozenset({None, ReferralState.SENT, ReferralState.RECEIVED})


@dataclass(frozen=True, slots=True)
class ReferralDecisions:
    """Last decisions of the referral service on a case's referrals."""

    refused: frozenset[str]
    """References of the present statements of moves that have no effect."""
    holders: Mapping[str, str]
    """Holder of each referral, or its receiver if it has no holder."""
    taken: frozenset[str]
    """Referrals that were accepted and have not ended in a state of `SIGHT_ENDS`."""
    ended: frozenset[str]
    """Referrals that ended in a state after which the receiver may see nothing more (`SIGHT_ENDS`)."""


def last_referral_decisions(entered: Iterable[Entered]) -> ReferralDecisions:
    """Return the referral service's last decisions. Of two decisions the later one has the larger `answered_n`."""
    said = [each.event for each in entered if isinstance(each.event, ReferralAssignedV1 | ReferralMoveRefusedV1)]
    refused: set[str] = set()
    holders: dict[str, str] = {}
    states: dict[str, ReferralState | None] = {}
    for event in sorted(said, key=lambda each: each.data.answered_n):
        match event:
            case ReferralMoveRefusedV1(data=data):
                refused.add(data.move)
            case ReferralAssignedV1(data=data):
                holders[data.referral] = data.holder
                states[data.referral] = data.state
                refused.difference_update(data.standing)
    ended = frozenset(referral for referral, state in states.items() if state in SIGHT_ENDS)
    taken = frozenset(referral for referral, state in states.items() if state not in _NOT_TAKEN)
    return ReferralDecisions(frozenset(refused), holders, taken - ended, ended)


def sight_decisions_by_person(
    entered: Iterable[Entered], ids: Collection[str], one_with: Aliases
) -> Mapping[str, tuple[ConsentSightChanged, ...]]:
    """Return the last decisions on sight in this case, by person.

    A merged person or case has several ids. Each pair of a person's id and a case's id has a last decision of its own.
    """
    last: dict[tuple[str, str], ConsentSightChanged] = {}
    said = [(each, event.data) for each, event in _sight_decisions(entered, ids)]
    for _, data in sorted(said, key=lambda each: (each[1].answered_n, each[0])):
        last[data.person, data.case] = data
    found: dict[str, tuple[ConsentSightChanged, ...]] = {}
    for data in last.values():
        person = one_with.get(data.person, data.person)
        found[person] = (*found.get(person, ()), data)
    return found


def causes_of_sight_decisions(entered: Iterable[Entered], ids: Collection[str]) -> frozenset[str]:
    """Return the references of the events that caused the decisions on sight in this case."""
    return frozenset(event.causationid for _, event in _sight_decisions(entered, ids) if event.causationid is not None)


def _sight_decisions(entered: Iterable[Entered], ids: Collection[str]) -> Iterator[tuple[int, ConsentSightChangedV1]]:
    """Yield the referral service's decisions on sight in this case, each with its number in the log."""
    for each in entered:
        event = each.event
        if isinstance(event, ConsentSightChangedV1) and event.agency == _REFERRAL and event.data.case in ids:
            yield each.n, event
