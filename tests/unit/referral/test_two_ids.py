"""Random logs of a person with two ids: the gate, the messages and the dangers are those of a person with one."""

import random
from typing import Any

import pytest

from schemas.ids import Kind
from services.referral.domain import person_facts
from services.referral.domain.dangers_to_victims import open_dangers
from services.referral.domain.decide import decide
from services.referral.domain.person_file import fold_person_file
from tests.unit.referral.dangers import ARREST, CHARGE, OTHER_CASE
from tests.unit.referral.sample import CASE, GUARDIAN, OTHER, PERSON, REFERRAL, SUSPECT, Log, an_id, as_written
from tests.unit.referral.test_danger_by_suspects import FREE, HELD, PLACEMENT

ONE, TWO = sorted((PERSON, OTHER))
AGENCIES = ("hti", "dhs", "iom", "bpd", "mohw", "love_foundation")
AGES = ("child_9_17", "adult_24_26", "unknown")


class Story:
    """A log whose events name the person by one id, or each by one of two that are merged at the end."""

    def __init__(self, seed: int, *, merged: bool) -> None:
        self.dice = random.Random(seed)
        self.merged = merged
        self.log = Log(policy=as_written())

    def who(self) -> str:
        by_other = self.dice.random() < 0.5
        return TWO if self.merged and by_other else ONE

    def end(self) -> None:
        """Merge, or say as much of something else, so that both logs are of one length."""
        if self.merged:
            self.log.merges(ONE, TWO)
        else:
            self.log.add("bpd", "need.assessed", {"person": ONE, "need": an_id(Kind.NEED, "x")})

    def speak_of_consent(self) -> None:
        who, dice, log = self.who(), self.dice, self.log
        to = dice.sample(AGENCIES, 2)
        guardian: dict[str, Any] = {"basis": "guardian", "given_by": "guardian", "guardian": GUARDIAN}
        tie = {"case": CASE, "victim": who, "suspect": GUARDIAN}
        match dice.randint(0, 6):
            case 0:
                profile = {"person": who, "role": "victim", "age_group": dice.choice(AGES)}
                log.add("dhs", "person.profile_recorded", profile)
            case 1:
                log.consents(*to, person=who, agency=dice.choice(("bpd", "dhs")))
            case 2:
                log.consents(*to, person=who, **guardian)
            case 3:
                log.consents(*to, person=who, agency="dhs", basis="overridden_legal_duty")
            case 4:
                log.consents(to[0], person=who, basis="refused")
            case 5:
                log.add("bpd", "consent.withdrawn", {"person": who, "recipients": to[: dice.randint(0, 1)]})
            case _:
                log.add("bpd", f"victim_suspect.{dice.choice(('linked', 'unlinked'))}", tie, subject=CASE)

    def speak_of_danger(self) -> None:
        who, dice, log = self.who(), self.dice, self.log
        case = dice.choice((None, CASE, OTHER_CASE))
        of_suspect = {"person": SUSPECT, "case": case}
        match dice.randint(0, 8):
            case 0:
                said = {"person": who, "case": case, "status": dice.choice(("suspected", "confirmed"))}
                log.add(dice.choice(("dhs", "bpd")), "victim.identified", said)
            case 1:
                said = {"person": who, "case": case, "status": "not_a_victim"}
                log.add(dice.choice(("dhs", "bpd")), "victim.status_changed", said)
            case 2:
                log.add("bpd", "arrest.made", {**of_suspect, "arrest": ARREST, "linked_victims": [who]})
            case 3:
                filed = {**of_suspect, "charge": CHARGE, "offence": "tip_sex", "victims": [who]}
                log.add("odpp", "charge.filed", filed)
            case 4 | 5:
                name, more = dice.choice((*FREE, *HELD))
                agency = "bpd" if name == "arrest.released" else "odpp"
                log.add(agency, name, {**of_suspect, "victims": [who], **more})
            case 6:
                log.add("dhs", "shelter.placement_started", {"person": who, **PLACEMENT})
            case 7:
                arrest = an_id(Kind.ARREST, f"victim {dice.randint(0, 1)}")
                log.add("bpd", "arrest.made", {"person": who, "case": case, "arrest": arrest})
            case _:
                tie = {"case": CASE, "victim": who, "suspect": SUSPECT}
                log.add("bpd", f"victim_suspect.{dice.choice(('linked', 'unlinked'))}", tie, subject=CASE)


def judged(seed: int, *, merged: bool) -> object:
    """How a referral stands that is sent after all of it, and who is told and may take it."""
    story = Story(seed, merged=merged)
    for _ in range(story.dice.randint(1, 7)):
        story.speak_of_consent()
    story.end()
    asked = [story.dice.choice(("shelter", "medical", "legal_information"))]
    story.log.sends(
        "cdf",
        story.dice.choice(AGENCIES),
        person=ONE,
        service_types=asked,
        urgency=story.dice.choice(("emergency", "urgent")),
    )
    one = fold_person_file(ONE, story.log.entries, story.log.policy).attempts[REFERRAL]
    outcome = decide(ONE, (), story.log.entries, story.log.policy)
    waiting = {(each.kind, each.agency, each.told) for each in outcome.waiting if each.about == REFERRAL}
    return one.state, one.gate, waiting


def endangered(seed: int, *, merged: bool) -> set[tuple[str, str | None, tuple[int, ...]]]:
    story = Story(seed, merged=merged)
    for _ in range(story.dice.randint(2, 9)):
        story.speak_of_danger()
    story.end()
    places = {each.event.ref: each.n for each in story.log.entries}
    found = open_dangers(fold_person_file(ONE, story.log.entries, story.log.policy)).values()
    return {(each.code.value, each.case, tuple(places[ref] for ref in each.records)) for each in found}


def test_a_referral_is_judged_by_all_that_is_said_under_either_id() -> None:
    assert [seed for seed in range(150) if judged(seed, merged=True) != judged(seed, merged=False)] == []


def test_a_person_with_two_ids_is_in_the_same_danger() -> None:
    found = [(endangered(seed, merged=True), endangered(seed, merged=False)) for seed in range(300)]
    assert [seed for seed, (two, one) in enumerate(found) if two != one] == []
    assert sum(len(one) for _, one in found) > 50, "else the stories would say nothing"


def test_it_catches_ties_that_go_by_whatever_id(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(person_facts, "_by_one_id", lambda _, victim, suspect: (victim, suspect))
    assert [seed for seed in range(300) if endangered(seed, merged=True) != endangered(seed, merged=False)]
