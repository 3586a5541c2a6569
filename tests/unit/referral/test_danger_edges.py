"""Dangers at their edges: conditions changed on one day, stays that ended, guardians under two ids, any arrival."""

import random
from typing import Any

import pytest

from schemas.codebook.protection import LEFT_WITHOUT_SHELTER, PlacementEndReason
from schemas.codebook.referral import MoveRefusal
from schemas.ids import Kind
from schemas.service_decisions import Entered
from services.referral.domain.dangers_to_victims import open_dangers
from services.referral.domain.decision import MoveRefused
from services.referral.domain.person_file import fold_person_file
from tests.unit.referral.dangers import ARREST, CHARGE, victim
from tests.unit.referral.sample import CASE, OTHER, PERSON, Log, an_id, as_written
from tests.unit.referral.test_danger_by_suspects import BAIL, PLACEMENT, REVOKED, of_suspect, tied
from tests.unit.referral.test_two_ids import ONE, Story

NO_CONTACT, SURETY = ["no_contact_with_victim"], ["surety"]
ONLY_THE_DAY: dict[str, Any] = {"occurredprecision": "day"}


def dangerous(log: Log) -> set[str]:
    """The codes of what stands."""
    return {each.code.value for each in open_dangers(fold_person_file(PERSON, log.entries, log.policy)).values()}


@pytest.mark.parametrize(("first", "then"), [(SURETY, NO_CONTACT), (NO_CONTACT, SURETY)])
def test_bail_that_is_varied_on_the_day_of_its_grant_is_as_it_was_varied(first: list[str], then: list[str]) -> None:
    """The prosecution dates a variation to the day. It began before the minute in which police say bail was granted."""
    log = Log()
    tied(log)
    of_suspect(log, "odpp", "bail.granted", **REVOKED, conditions=first)
    varied = {"person": OTHER, "victims": [PERSON], **REVOKED, "conditions": then}
    log.add("odpp", "bail.varied", varied, at=log.now.replace(hour=6, minute=0), **ONLY_THE_DAY)
    assert ("bail_without_no_contact" in dangerous(log)) is (then is SURETY)


def test_bail_that_is_granted_anew_after_a_variation_is_as_it_is_granted() -> None:
    log = Log()
    tied(log)
    of_suspect(log, "odpp", "bail.granted", **REVOKED, conditions=SURETY)
    of_suspect(log, "odpp", "bail.varied", **REVOKED, conditions=NO_CONTACT)
    assert "bail_without_no_contact" not in dangerous(log)
    of_suspect(log, "odpp", "bail.granted", **REVOKED, conditions=SURETY)
    assert "bail_without_no_contact" in dangerous(log)


@pytest.mark.parametrize("reason", [None, *PlacementEndReason])
def test_a_plan_is_over_with_the_stay_to_which_it_led(reason: str | None) -> None:
    """A plan on paper counted as protection for somebody who was missing from the shelter."""
    log = Log()
    tied(log)
    of_suspect(log, "odpp", "bail.granted", **BAIL)
    log.add("dhs", "plan.approved", {"person": PERSON, "service_types": ["shelter"]})
    log.add("dhs", "shelter.placement_started", {"person": PERSON, **PLACEMENT})
    assert dangerous(log) == set()
    left = {"person": PERSON, "placement": PLACEMENT["placement"], "reason": reason}
    ended = log.add("dhs", "shelter.placement_ended", left)
    assert dangerous(log) == ({"victim_unprotected"} if reason in LEFT_WITHOUT_SHELTER else set())
    log.add("dhs", "plan.approved", {"person": PERSON, "service_types": ["independent_living_rent"]})
    assert dangerous(log) == set()
    log.retracts(log.entries[-1].event)
    log.retracts(ended)
    assert dangerous(log) == set()


def test_somebody_elses_stay_ends_no_plan() -> None:
    log = Log()
    tied(log)
    of_suspect(log, "odpp", "bail.granted", **BAIL)
    log.add("dhs", "plan.approved", {"person": PERSON, "service_types": ["shelter"]})
    left = {"person": OTHER, "placement": PLACEMENT["placement"], "reason": "missing"}
    log.add("dhs", "shelter.placement_ended", left)
    assert dangerous(log) == set()


@pytest.mark.parametrize("merged", [True, False])
def test_nobody_is_their_own_guardian_under_another_id(*, merged: bool) -> None:
    """A child's second record, entered as the child's guardian, opened the gate to everybody whom it named."""
    log = Log(policy=as_written())
    log.add("dhs", "person.profile_recorded", {"person": PERSON, "role": "victim", "age_group": "child_9_17"})
    log.consents("hti", basis="guardian", given_by="guardian", guardian=OTHER)
    if merged:
        log.merges(PERSON, OTHER)
    log.sends(to="hti")
    reasons = [each.reason for each in log.outcome().decisions if isinstance(each, MoveRefused)]
    assert reasons == ([MoveRefusal.CONSENT_MISSING] if merged else [])


def arrived(seed: int, *, shuffled: bool) -> set[tuple[str, str | None, tuple[str, ...]]]:
    """The dangers of a random story, in the order in which it was told or in any other one."""
    story = Story(seed, merged=bool(seed % 2))
    for _ in range(story.dice.randint(2, 9)):
        story.speak_of_danger()
    story.end()
    entries = [*story.log.entries]
    if shuffled:
        random.Random(seed).shuffle(entries)
    line = [Entered(n, each.accepted_at, each.event) for n, each in enumerate(entries, start=1)]
    known = open_dangers(fold_person_file(ONE, line, story.log.policy)).values()
    return {(each.code.value, each.case, each.records) for each in known}


def test_the_order_of_arrival_makes_no_difference_to_dangers() -> None:
    stories = [(arrived(seed, shuffled=False), arrived(seed, shuffled=True)) for seed in range(300)]
    assert [seed for seed, (told, other) in enumerate(stories) if told != other] == []
    assert sum(len(told) for told, _ in stories) > 50, "else the stories would say nothing"


def test_a_ruling_says_nothing_of_a_danger_that_comes_back_with_the_end_of_a_stay() -> None:
    """The suspect was free by the same bail. The protection was over, and nobody was told."""
    log = Log()
    tied(log)
    of_suspect(log, "odpp", "bail.granted", **BAIL)
    (danger,) = open_dangers(fold_person_file(PERSON, log.entries, log.policy)).values()
    said = {"finding": danger.finding, "ruling": "danger_met", "names": [PERSON]}
    log.add("odpp", "finding.ruled", said, subject=danger.finding)
    log.add("dhs", "shelter.placement_started", {"person": PERSON, **PLACEMENT})
    assert dangerous(log) == set()
    left = {"person": PERSON, "placement": PLACEMENT["placement"], "reason": "absconded"}
    log.add("dhs", "shelter.placement_ended", left)
    assert dangerous(log) == {"victim_unprotected"}
    log.add("odpp", "finding.ruled", said, subject=danger.finding)
    assert dangerous(log) == set()


FILED: dict[str, Any] = {"person": PERSON, "charge": CHARGE, "offence": "other"}
ENDS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("charge.withdrawn", {}),
    ("verdict.returned", {"outcome": "dismissed"}),
    ("verdict.returned", {"outcome": "discontinued"}),
)


@pytest.mark.parametrize(("name", "said"), ENDS)
def test_a_charge_of_a_victim_that_is_filed_again_is_a_danger_again(name: str, said: dict[str, Any]) -> None:
    """The withdrawal of the first charge silenced the danger of the same charge, filed again, for good."""
    log = Log()
    victim(log)
    for _ in range(2):
        log.add("bpd", "charge.filed", FILED)
        assert dangerous(log) == {"victim_prosecuted"}
        log.add("odpp", name, {"person": PERSON, "charge": CHARGE, **said})
        assert dangerous(log) == set()


def test_bail_that_is_revoked_and_granted_again_is_in_force() -> None:
    log = Log()
    tied(log)
    for _ in range(2):
        of_suspect(log, "odpp", "bail.granted", **REVOKED, conditions=SURETY)
        assert "bail_without_no_contact" in dangerous(log)
        of_suspect(log, "odpp", "bail.revoked", **REVOKED)
        assert "bail_without_no_contact" not in dangerous(log)


@pytest.mark.parametrize(("first", "then"), [([CHARGE], [CHARGE]), ([], [CHARGE]), ([CHARGE], [])])
def test_bail_for_the_same_charges_takes_the_place_of_earlier_bail(first: list[str], then: list[str]) -> None:
    log = Log()
    tied(log)
    other = an_id(Kind.CHARGE, "another")
    anew = {**REVOKED, "bail": an_id(Kind.BAIL, "anew"), "conditions": NO_CONTACT}
    of_suspect(log, "odpp", "charge.filed", charge=CHARGE, offence="tip_sex")
    of_suspect(log, "odpp", "bail.granted", **REVOKED, conditions=SURETY, charges=first)
    of_suspect(log, "odpp", "bail.granted", **{**anew, "charges": [other]})
    assert "bail_without_no_contact" in dangerous(log)
    of_suspect(log, "odpp", "bail.granted", **{**anew, "bail": an_id(Kind.BAIL, "again"), "charges": then})
    assert "bail_without_no_contact" not in dangerous(log)


def test_bail_for_a_charge_that_is_filed_again_is_in_force_until_that_ends() -> None:
    log = Log()
    tied(log)
    for _ in range(2):
        of_suspect(log, "odpp", "charge.filed", charge=CHARGE, offence="tip_sex")
        of_suspect(log, "odpp", "bail.granted", **REVOKED, conditions=SURETY)
        assert "bail_without_no_contact" in dangerous(log)
        of_suspect(log, "odpp", "charge.withdrawn", charge=CHARGE)
        assert "bail_without_no_contact" not in dangerous(log)
    of_suspect(log, "odpp", "charge.filed", charge=CHARGE, offence="tip_sex")
    assert "bail_without_no_contact" not in dangerous(log), "bail ended with the former charge"


@pytest.mark.parametrize(
    ("name", "said"), [("verdict.returned", {"outcome": "acquitted"}), ("charge.withdrawn", dict[str, str]())]
)
def test_the_end_of_another_charge_ends_no_bail(name: str, said: dict[str, str]) -> None:
    log = Log()
    tied(log)
    other = an_id(Kind.CHARGE, "another")
    for charge in (CHARGE, other):
        of_suspect(log, "odpp", "charge.filed", charge=charge, offence="tip_sex")
    of_suspect(log, "odpp", "bail.granted", **REVOKED, conditions=SURETY, charges=[CHARGE])
    of_suspect(log, "odpp", name, charge=other, **said)
    assert "bail_without_no_contact" in dangerous(log)
    of_suspect(log, "odpp", name, charge=CHARGE, **said)
    assert "bail_without_no_contact" not in dangerous(log)


@pytest.mark.parametrize("outcomes", [("convicted", "acquitted"), ("acquitted", "convicted")])
def test_a_verdict_on_one_count_ends_no_bail_of_a_charge_that_has_a_conviction(outcomes: tuple[str, str]) -> None:
    log = Log()
    tied(log)
    of_suspect(log, "odpp", "charge.filed", charge=CHARGE, offence="tip_sex", counts_n=2)
    of_suspect(log, "odpp", "bail.granted", **REVOKED, conditions=SURETY)
    for outcome in outcomes:
        of_suspect(log, "odpp", "verdict.returned", charge=CHARGE, outcome=outcome, counts_n=1)
    assert "bail_without_no_contact" in dangerous(log)


def test_who_is_arrested_again_under_the_same_arrest_is_held_and_a_victim_is_in_danger() -> None:
    log = Log()
    tied(log)
    of_suspect(log, "bpd", "arrest.released", arrest=ARREST, reason="escaped")
    assert dangerous(log) == {"victim_unprotected"}
    log.add("bpd", "arrest.made", {"person": OTHER, "arrest": ARREST, "linked_victims": [PERSON]})
    assert dangerous(log) == set()
    own = {"person": PERSON, "arrest": an_id(Kind.ARREST, "own")}
    log.add("bpd", "arrest.made", own)
    log.add("bpd", "arrest.released", {**own, "reason": "without_charge"})
    assert dangerous(log) == set()
    log.add("bpd", "arrest.made", own)
    assert dangerous(log) == {"victim_prosecuted"}


@pytest.mark.parametrize(("again", "tied_still"), [(1, False), (3, True), (2, True), (None, False)])
def test_what_ties_two_again_outlasts_their_unlinking(again: int | None, *, tied_still: bool) -> None:
    log = Log()
    log.add("dhs", "victim.identified", {"person": PERSON, "status": "confirmed"})
    said = {"case": CASE, "victim": PERSON, "suspect": OTHER}

    def on(day: int, recorded: int) -> dict[str, Any]:
        at: dict[str, Any] = {"time": f"2024-02-0{day}T00:00:00-06:00", "occurredprecision": "day", "subject": CASE}
        return at | {"recordedtime": f"2024-03-01T12:0{recorded}:00-06:00"}

    log.add("bpd", "victim_suspect.linked", said, **on(2 if again is None else 1, 1))
    log.add("bpd", "victim_suspect.unlinked", said, **on(2, 2))
    if again is not None:
        log.add("bpd", "victim_suspect.linked", said, **on(again, 3))
    log.add("odpp", "bail.granted", {"person": OTHER, **BAIL})
    assert dangerous(log) == ({"victim_unprotected"} if tied_still else set())


@pytest.mark.parametrize("reason", [None, "other", "unknown", "not_asked"])
def test_after_a_stay_that_ended_for_no_known_reason_nobody_knows_a_safe_place(reason: str | None) -> None:
    log = Log()
    tied(log)
    of_suspect(log, "odpp", "bail.granted", **BAIL)
    log.add("dhs", "plan.approved", {"person": PERSON, "service_types": ["shelter"]})
    log.add("dhs", "shelter.placement_started", {"person": PERSON, **PLACEMENT})
    left = {"person": PERSON, "placement": PLACEMENT["placement"], "reason": reason}
    log.add("dhs", "shelter.placement_ended", left)
    assert dangerous(log) == {"victim_unprotected"}
