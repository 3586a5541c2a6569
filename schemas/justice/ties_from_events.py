"""Ties between victims and suspects, from events that hold a suspect to answer for harm to a victim.

An acquittal, a withdrawn charge and an appeal tie nobody, even if they name victims.
"""

from typing import Final

from schemas.codebook.justice import ChargeOutcome
from schemas.envelope import Event
from schemas.justice.bail import BailBreachedV1, BailGrantedV1, BailRevokedV1, BailVariedV1
from schemas.justice.charges import ChargeAmendedV1, ChargeFiledV1, VerdictReturnedV1
from schemas.justice.hearings_and_trials import (
    CourtAdjournedV1,
    CourtCommittedV1,
    CourtHearingHeldV1,
    CourtHearingScheduledV1,
    IndictmentFiledV1,
    TrialStartedV1,
)
from schemas.justice.police import ArrestMadeV1, ArrestReleasedV1
from schemas.justice.sentences_and_appeals import RestitutionOrderedV1, SentenceImposedV1
from schemas.justice.victim_suspect_links import VictimSuspectLinkedV1
from schemas.times import surely_before

CONVICTIONS: Final = frozenset({ChargeOutcome.CONVICTED, ChargeOutcome.CONVICTED_OF_LESSER})


def outlasts(tie: Event, unlinked: Event) -> bool:
    """Whether an event still ties a victim and a suspect although another one unlinked the two.

    It certainly came later, or it may have come later and was recorded later.
    """
    if surely_before(tie.occurred, unlinked.occurred):
        return False
    return surely_before(unlinked.occurred, tie.occurred) or unlinked.recordedtime < tie.recordedtime


def tied_by(event: Event) -> tuple[tuple[str, str], ...]:
    """Return the (victim, suspect) pairs that an event ties; empty for an event that ties nobody."""
    match event:
        case VictimSuspectLinkedV1(data=data):
            return ((data.victim, data.suspect),)
        case ArrestMadeV1(data=data):
            return tuple((victim, data.person) for victim in data.linked_victims)
        case VerdictReturnedV1(data=data) if data.outcome not in CONVICTIONS:
            return ()
        case (
            ArrestReleasedV1()
            | BailGrantedV1()
            | BailVariedV1()
            | BailBreachedV1()
            | BailRevokedV1()
            | ChargeFiledV1()
            | ChargeAmendedV1()
            | CourtHearingScheduledV1()
            | CourtHearingHeldV1()
            | CourtAdjournedV1()
            | CourtCommittedV1()
            | IndictmentFiledV1()
            | TrialStartedV1()
            | VerdictReturnedV1()
            | SentenceImposedV1()
            | RestitutionOrderedV1()
        ):
            return tuple((victim, event.data.person) for victim in event.data.victims)
        case _:
            return ()
