"""A case does not open a person by a consent that is void by what is known in another case, or in none."""

from typing import Any

import pytest

from schemas.codec import decode
from schemas.required_copies import required
from schemas.service_decisions import Entered
from services.case_tracker.domain.case_facts import spine
from services.case_tracker.domain.facts_seen_by_agencies import projection
from services.referral.domain.decision import SightChanged
from services.referral.domain.events_and_messages import Versions, person_decision_event
from tests.unit.referral.dangers import ARREST, OTHER_CASE
from tests.unit.referral.sample import CASE, GUARDIAN, OTHER, PERSON, Log, as_written

BY_GUARDIAN: dict[str, Any] = {"basis": "guardian", "given_by": "guardian", "guardian": GUARDIAN}


def child(log: Log, **said: Any) -> str:  # noqa: ANN401
    """A child of the case with a plan, which agencies with consent see."""
    profile = {"person": PERSON, "case": CASE, "role": "victim", "age_group": "child_9_17", **said}
    log.add("dhs", "person.profile_recorded", profile)
    return log.add("dhs", "plan.approved", {"person": PERSON, "case": CASE, "service_types": ["shelter"]}).ref


def arrested(log: Log, case: str | None, guardian: str = GUARDIAN) -> None:
    log.add("bpd", "arrest.made", {"person": guardian, "case": case, "arrest": ARREST, "linked_victims": [PERSON]})


def seeing(log: Log, record: str) -> set[str]:
    """Return the agencies that see a record of the case, with the referral service's decisions in the case's log."""
    versions = Versions("0" * 16, log.policy.version)
    said = [decode(person_decision_event(each, versions).value) for each in log.outcome().decisions]
    every = [*log.entries, *(Entered(len(log.entries) + n, log.now, each) for n, each in enumerate(said, 1))]
    under = required({each.n: each.event for each in every})
    heard = [each for each in every if CASE in under[each.n]]
    return {agency for agency, seen in projection(spine(CASE, heard), log.now).seen_by.items() if record in seen}


@pytest.mark.parametrize("case", [CASE, OTHER_CASE, None])
@pytest.mark.parametrize("tied_first", [True, False])
@pytest.mark.parametrize("merged", [True, False])
def test_a_guardian_who_is_a_suspect_in_whatever_case_opens_the_child_to_nobody(
    case: str | None, *, tied_first: bool, merged: bool
) -> None:
    """Found by attack: an agency saw a child's shelter by the consent of the man who was arrested for harm to it."""
    log = Log(policy=as_written())
    plan = child(log)
    if tied_first:
        arrested(log, case, OTHER if merged else GUARDIAN)
    log.consents("hti", case=CASE, **BY_GUARDIAN)
    if not tied_first:
        assert "hti" in seeing(log, plan)
        arrested(log, case, OTHER if merged else GUARDIAN)
    if merged:
        log.merges(GUARDIAN, OTHER)
    assert "hti" not in seeing(log, plan)


def test_a_consent_for_somebody_who_is_an_adult_by_a_profile_of_elsewhere_opens_nothing() -> None:
    log = Log(policy=as_written())
    plan = child(log, age_group="unknown")
    log.consents("hti", case=CASE, **BY_GUARDIAN)
    assert "hti" in seeing(log, plan)
    log.adult()
    assert "hti" not in seeing(log, plan)


def test_an_agency_with_another_consent_or_a_referral_in_the_case_goes_on_seeing() -> None:
    log = Log(policy=as_written())
    plan = child(log)
    log.consents("hti", "iom", "cdf", case=CASE, **BY_GUARDIAN)
    log.sends("dhs", "hti", service_types=["shelter"])
    log.moves("hti", "accepted")
    log.consents("iom", case=CASE, **BY_GUARDIAN | {"guardian": OTHER})
    arrested(log, None)
    (one,) = [each for each in log.outcome().decisions if isinstance(each, SightChanged)]
    assert one.agencies == ("cdf",)
    assert {"hti", "iom"} <= seeing(log, plan)
    log.moves("hti", "handed_back", reason="other", case=CASE)
    assert "hti" not in seeing(log, plan)


def test_sight_comes_back_when_the_tie_is_taken_back() -> None:
    log = Log(policy=as_written())
    plan = child(log)
    log.consents("hti", case=CASE, **BY_GUARDIAN)
    arrested(log, OTHER_CASE)
    assert "hti" not in seeing(log, plan)
    log.retracts(log.entries[-1].event)
    assert "hti" in seeing(log, plan)
