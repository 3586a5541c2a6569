"""The whole matrix of sight: role, purpose, kind of record and state, against sentences that share no code with it.

Every combination is made, none is drawn. The test fails at an agency, type, purpose, matter, basis of consent, kind of
service or state of a referral that these tables lack.
"""

import itertools
from collections.abc import Iterator
from datetime import date, timedelta
from importlib.resources import files
from typing import Any, Final

import pytest

from schemas.agencies import PUBLISHING
from schemas.catalogue import CATALOGUE
from schemas.codebook.consent import ConsentBasis, ConsentPurpose
from schemas.codebook.governance import ViewPurpose
from schemas.codebook.protection import ServiceType
from schemas.codebook.referral import SIGHT_ENDS, ReferralState
from schemas.codec import decode
from schemas.sight import Matter, sight_of
from schemas.sight.matter_and_persons_of_event import matter_of
from schemas.sight.sight_table import AgencyRole, matter_of_type, role_of
from tests.unit.schemas import sight_oracle as oracle
from tests.unit.schemas.sight_oracle import Paper, Word
from tests.unit.schemas.test_sight_oracle import ONE, SUSPECT, TODAY, TWO, record_of, state_of

ROLES: Final = {
    "council": "council",
    "human_services": "dhs",
    "police": "bpd",
    "prosecution": "odpp",
    "partner": "hti iom unicef cdf ret love_foundation hppbz",
    "referred": "labour immigration customs agm btb ncfc yes nopcan sib mofa mohw crime_stoppers",
}
"""Agencies by role; the first of a role stands for all of them below."""
NOBODY: Final = "tourism"
VIEWERS: Final = (*(agencies.split()[0] for agencies in ROLES.values()), NOBODY)

KINDS: Final = {
    "file": """
        case.closed case.linked case.merged case.opened case.party_added case.party_removed case.reopened
        case.review_provided finding.closed finding.opened finding.ruled person.deceased_recorded person.erased
        person.merged person.profile_recorded victim.counted_anonymously victim.identified victim.status_changed
    """,
    "justice": """
        appeal.decided appeal.filed arrest.made arrest.released bail.breached bail.granted bail.revoked bail.varied
        charge.amended charge.filed charge.withdrawn court.adjourned court.committed court.hearing_held
        court.hearing_scheduled indictment.filed restitution.ordered restitution.paid sentence.imposed
        suspect.identified trial.started verdict.returned victim_suspect.linked victim_suspect.unlinked
    """,
    "intelligence": """
        investigation.closed investigation.opened investigation.status_changed operation.conducted report.published
        report.received screening.completed
    """,
    "protection": """
        consent.acknowledged consent.recorded consent.sight_changed consent.withdrawn immigration.status_granted
        immigration.status_refused need.assessed plan.approved referral.accepted referral.assigned
        referral.cancelled referral.completed referral.entered_in_error referral.escalated referral.failed
        referral.handed_back referral.move_refused referral.put_on_hold referral.received
        referral.referred_onward referral.rejected referral.resumed referral.sent referral.started
        repatriation.completed service.declined service.provided
    """,
    "placement": "shelter.placement_ended shelter.placement_started",
    "restriction": "case.access_restricted",
    "work": """
        activity.merged awareness.activity_held awareness.media_published coordination.conference_attended
        coordination.meeting_held dataset.shared figure.claimed figure.contested figure.resolved
        labour.inspection_completed legislation.milestone_reached objective.progress_reported output.published
        period.closed policy.milestone_reached project.registered role.held strategy.adopted
        training.session_delivered unit.staffing_reported
    """,
    "": "access.viewed event.corrected event.retracted key.registered key.revoked",
}
"""Types by matter. Health has none of its own: purposes make a record of protection one of health or placement."""

SERVICES: Final = {
    "health": "medical counselling",
    "placement": "shelter independent_living_rent family_reunification",
}
"""Kinds of service by matter; all others are of protection."""

BASES: Final = {
    "given": "given given_with_limits guardian overridden_best_interest overridden_legal_duty",
    "none": "refused withdrawn",
}
AGES: Final = ("unknown", "child_9_17", "adult_24_26")
CONSENTS: Final = (
    "none",
    "protection",
    "health",
    "both",
    "by itself",
    "for another",
    "guardian",
    "best interest",
    "legal duty",
    "refused",
    "taken back",
    "given again",
)
REFERRALS: Final = ("none", "sent by it", "sent to it", "accepted", "ended", "accepted and ended")
RESTRICTIONS: Final = ("none", "one word", "two words")
DAY: Final = date(2024, 5, 20)


def sample(name: str) -> Any:  # noqa: ANN401 - an event of any type
    return decode((files("schemas") / "examples" / f"bz.atips.{name}.v1.json").read_bytes())


def consent_words(agency: str, state: str) -> Iterator[Word]:
    both = ("protection_services", "health_care")
    given = {
        "protection": ("bpd", both[:1], "given", ""),
        "health": ("bpd", both[1:], "given", ""),
        "both": ("cdf", both, "given_with_limits", ""),
        "by itself": (agency, both, "given", ""),
        "guardian": ("cdf", both, "guardian", "guardian"),
        "best interest": ("dhs", both, "overridden_best_interest", ""),
        "legal duty": ("cdf", both, "overridden_legal_duty", ""),
        "taken back": ("cdf", both, "given", ""),
    }
    if state in given:
        by, purposes, what, given_by = given[state]
        guardian = TWO if given_by else ""
        yield Word("yes", by, ONE, (agency,), purposes, what, guardian, given_by, day=DAY)
    if state == "for another":
        yield Word("yes", "cdf", ONE, ("unicef",), both, "given", day=DAY)
    if state == "refused":
        yield Word("no", "cdf", ONE, (agency,), day=DAY)
    if state in {"taken back", "given again"}:
        yield Word("back", "cdf", ONE, (agency,), day=DAY + timedelta(days=1))
    if state == "given again":
        yield Word("yes", "cdf", ONE, (agency,), both, "given", day=DAY + timedelta(days=2))


def referral_words(agency: str, state: str) -> Iterator[Word]:
    if state == "none":
        return
    by, to = (agency, "cdf") if state == "sent by it" else ("cdf", agency)
    yield Word("sent", by, ONE, (to,), what="r1", day=DAY + timedelta(days=3))
    if "accepted" in state:
        yield Word("accepted", agency, ONE, what="r1", day=DAY + timedelta(days=4))
    if "ended" in state:
        yield Word("ended", agency, ONE, what="r1", day=DAY + timedelta(days=5))


def stories(agency: str) -> Iterator[list[Word]]:
    """Every state of a person's age and consent, of a referral, and of restrictions."""
    for age, consent, referral, restriction in itertools.product(AGES, CONSENTS, REFERRALS, RESTRICTIONS):
        story = [Word("age", "bpd", ONE, what=age, day=DAY - timedelta(days=9))]
        story += [*consent_words(agency, consent), *referral_words(agency, referral)]
        authors = ("bpd", "odpp")[: RESTRICTIONS.index(restriction)]
        story += [Word("restricted", by, to=(agency,), day=DAY + timedelta(days=6)) for by in authors]
        yield story


NAMING: Final = (("", ()), (ONE, ()), (SUSPECT, ()), (SUSPECT, (ONE,)), (ONE, (TWO,)))
PARTS: Final = (("", False), ("r1", False), ("r1", True))


def papers(agency: str) -> Iterator[Paper]:
    """Every kind of record: another agency's on every matter about anybody, and its own."""
    for matter, (about, beside), (referral, move) in itertools.product(Matter, NAMING, PARTS):
        yield Paper("cdf", matter.value, about, beside, referral, move)
    for matter in Matter:
        yield Paper(agency, matter.value, ONE)
    for kept_out in (agency, "customs"):
        yield Paper("cdf", "restriction", keeps_out=kept_out)


@pytest.mark.parametrize("agency", VIEWERS)
def test_each_role_sees_each_kind_of_record_in_each_state_for_the_purposes_that_the_sentences_say(agency: str) -> None:
    every = [(paper, record_of(paper)) for paper in papers(agency)]
    seen = 0
    for story in stories("hti" if agency == NOBODY else agency):
        viewer = sight_of(agency, state_of(story))
        for paper, record in every:
            found = {each.value for each in viewer.purposes_of(record)}
            assert found == oracle.purposes(story, agency, paper, SUSPECT, TODAY), (paper, story)
            seen += bool(found)
    assert bool(seen) is (agency != NOBODY)  # else the matrix would say nothing


def test_every_agency_has_the_role_that_the_table_says_and_no_other_agency_has_one() -> None:
    said = {agency: role for role, agencies in ROLES.items() for agency in agencies.split()}
    assert {agency: role.value for agency in PUBLISHING if (role := role_of(agency)) is not None} == said
    assert role_of(NOBODY) is None
    assert {each.value for each in AgencyRole} == ROLES.keys()


def test_every_purpose_and_matter_is_one_that_the_sentences_know() -> None:
    asked = {purpose for purposes in oracle.ASKS.values() for purpose in purposes.split()}
    assert {each.value for each in ViewPurpose} == asked == oracle.SHOWS.keys()
    assert {each.value for each in Matter} == {each for shown in oracle.SHOWS.values() for each in shown.split()}


def test_every_type_is_of_the_matter_that_the_table_says() -> None:
    names = {each.removeprefix("bz.atips.").rpartition(".")[0] for each in CATALOGUE}
    found = {name: "" if (matter := matter_of_type(name)) is None else matter.value for name in names}
    assert found == {name: matter for matter, kinds in KINDS.items() for name in kinds.split()}


def test_every_kind_of_service_and_purpose_of_consent_is_of_the_matter_that_the_table_says() -> None:
    said = {kind: matter for matter, kinds in SERVICES.items() for kind in kinds.split()}
    service, consent = sample("service.provided"), sample("consent.recorded")
    for kind in ServiceType:
        event = service.model_copy(
            update={"data": service.data.model_copy(update={"service_type": kind, "referral": None})}
        )
        assert matter_of(event, lambda _: ()) == Matter(said.get(kind.value, "protection")), kind
    for purpose in ConsentPurpose:
        event = consent.model_copy(update={"data": consent.data.model_copy(update={"purposes": (purpose,)})})
        expected = Matter.HEALTH if purpose.value == "health_care" else Matter.PROTECTION
        assert matter_of(event, lambda _: ()) is expected, purpose


def test_every_basis_of_consent_and_state_of_a_referral_is_one_that_the_matrix_knows() -> None:
    assert {each.value for each in ConsentBasis} == {each for bases in BASES.values() for each in bases.split()}
    ends = {"rejected", "cancelled_by_sender", "entered_in_error", "handed_back"}
    goes_on = "sent received accepted in_progress on_hold completed failed referred_onward"
    assert {each.value for each in SIGHT_ENDS} == ends
    assert {each.value for each in ReferralState} == ends | set(goes_on.split())
