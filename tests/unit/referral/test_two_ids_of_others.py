"""A guardian, a suspect or a case with two ids, merged at any time, changes neither the gate nor the dangers."""

import random
from typing import Any, Final

import pytest
from typing_extensions import override

from schemas.envelope import Event
from schemas.ids import Kind
from services.referral.domain import person_facts
from services.referral.domain.dangers_to_victims import open_dangers
from services.referral.domain.person_file import fold_person_file
from tests.unit.referral.sample import CASE, GUARDIAN, REFERRAL, SUSPECT, Log, an_id, as_written
from tests.unit.referral.test_two_ids import AGENCIES, ONE, Story

TWINS: Final = tuple(
    tuple(sorted((known, an_id(kind, f"twin {known}"))))
    for known, kind in ((SUSPECT, Kind.PERSON), (GUARDIAN, Kind.PERSON), (CASE, Kind.CASE))
)


class TwinLog(Log):
    """A log that names each of these by one id, or at random by either of two."""

    dice: random.Random | None = None

    def twin(self, said: Any) -> Any:  # noqa: ANN401 - what an event may hold
        if isinstance(said, list):
            return [self.twin(each) for each in said]
        pair = next((pair for pair in TWINS if said in pair), None)
        return said if pair is None else pair[0 if self.dice is None else self.dice.randint(0, 1)]

    @override
    def add(self, agency: str, name: str, data: dict[str, Any], **how: Any) -> Event:
        if not name.endswith(".merged"):
            data = {key: self.twin(each) for key, each in data.items()}
            how |= {"subject": data["case"]} if "subject" in how else {}
        return super().add(agency, name, data, **how)


def told(seed: int, *, merged: bool, of_consent: bool) -> Log:
    story = Story(seed, merged=False)
    story.log = log = TwinLog(policy=as_written())
    log.dice = random.Random(seed) if merged else None
    steps = story.dice.randint(1, 9)
    joins = story.dice.randint(0, steps)
    for step in range(steps + 1):
        if step == joins:
            for one, two in TWINS:
                kind = "case" if one.startswith("cas") else "person"
                said = {kind: one, "same_as": two, "reason": "same_record"}
                if merged:
                    log.add("bpd", f"{kind}.merged", said, subject=one)
                else:
                    log.add("bpd", "need.assessed", {"person": ONE, "need": an_id(Kind.NEED, one)})
        speaks_of_consent = of_consent or story.dice.random() < 0.3
        (story.speak_of_consent if speaks_of_consent else story.speak_of_danger)()
    return log


def judged(seed: int, *, merged: bool) -> object:
    log, dice = told(seed, merged=merged, of_consent=True), random.Random(seed)
    asked = [dice.choice(("shelter", "medical", "legal_information"))]
    log.sends("cdf", dice.choice(AGENCIES), person=ONE, service_types=asked, urgency="emergency")
    one = fold_person_file(ONE, log.entries, log.policy).attempts[REFERRAL]
    return one.state, one.gate


def endangered(seed: int, *, merged: bool) -> set[tuple[str, tuple[int, ...]]]:
    log = told(seed, merged=merged, of_consent=False)
    places = {each.event.ref: each.n for each in log.entries}
    found = open_dangers(fold_person_file(ONE, log.entries, log.policy)).values()
    return {(each.code.value, tuple(places[ref] for ref in each.records)) for each in found}


def test_the_gate_is_that_of_a_guardian_with_one_id() -> None:
    assert [seed for seed in range(150) if judged(seed, merged=True) != judged(seed, merged=False)] == []


def test_the_dangers_are_those_by_suspects_with_one_id() -> None:
    found = [(endangered(seed, merged=True), endangered(seed, merged=False)) for seed in range(200)]
    assert [seed for seed, (two, one) in enumerate(found) if two != one] == []
    assert sum(len(one) for _, one in found) > 30, "else the stories would say nothing"


def test_it_catches_ties_that_go_by_whatever_id(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(person_facts, "_by_one_id", lambda _, victim, suspect: (victim, suspect))
    assert any(endangered(seed, merged=True) != endangered(seed, merged=False) for seed in range(200))
