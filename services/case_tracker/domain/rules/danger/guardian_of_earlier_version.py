"""Judgement of findings that earlier versions opened in a case and that no case opens any more. It only closes them.

Consent of a guardian who is a suspect is found by the referral service now, in the log of the person.
"""

from collections.abc import Iterator

from schemas.agencies import agency_of
from schemas.consent_events import ConsentRecorded, ConsentRecordedV1, ConsentWithdrawnV1
from schemas.times import surely_before
from services.case_tracker.domain.case_facts import Spine
from services.case_tracker.domain.fact import Fact
from services.case_tracker.domain.rules.finding_rule import CaseContradiction


def guardian_is_suspect(spine: Spine) -> Iterator[CaseContradiction]:
    """Yield consents in force that a guardian gave who is tied to the person as a suspect."""
    for given in spine.named("consent.recorded"):
        if not isinstance(given.content, ConsentRecordedV1) or given.content.data.guardian is None:
            continue
        data = given.content.data
        tied = spine.ties.get((data.person, given.content.data.guardian))
        if tied and not _is_taken_back(spine, given, data):
            yield CaseContradiction((given, tied[0]), (data.person, str(data.guardian)))


def _is_taken_back(spine: Spine, given: Fact, consent: ConsentRecorded) -> bool:
    """Whether a consent is withdrawn from all agencies that it names. Otherwise some agency still has the consent."""
    named = [
        frozenset(map(agency_of, each.content.data.recipients))
        for each in spine.of(consent.person, "consent.withdrawn")
        if isinstance(each.content, ConsentWithdrawnV1) and _takes_back(each, given)
    ]
    return not all(named) or (
        bool(named) and frozenset(map(agency_of, consent.recipients)) <= frozenset().union(*named)
    )


def _takes_back(withdrawn: Fact, given: Fact) -> bool:
    if not isinstance(withdrawn.content, ConsentWithdrawnV1):
        return False
    which = withdrawn.content.data.consent
    return not surely_before(withdrawn.at, given.at) if which is None else which == given.content.ref
