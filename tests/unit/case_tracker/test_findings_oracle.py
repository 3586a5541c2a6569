"""Random whole histories of a case: the rules and a slow reader of the catalogue's sentences find the same."""

import random
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest

from schemas.danger import acts_against_victim, bail_in_force, suspect_at_liberty
from schemas.ids import Kind
from services.case_tracker.domain.rules import danger
from services.case_tracker.domain.rules.danger import unprotected_victim, victim_as_offender
from tests.support.oracle.case_findings import Found, findings
from tests.unit.case_tracker.sample import Log, an_id

VICTIMS = [an_id(Kind.PERSON, f"oracle victim {number}") for number in range(2)]
SUSPECTS = [an_id(Kind.PERSON, f"oracle suspect {number}") for number in range(2)]
CODES = {
    "charged_without_arrest", "verdict_without_charge", "arrest_before_offence", "two_verdicts", "victim_unprotected",
    "bail_without_no_contact", "victim_prosecuted",
}  # fmt: skip
STATUSES = ("suspected", "confirmed", "not_a_victim", "undetermined")
OUTCOMES = ("convicted", "convicted_of_lesser", "acquitted", "discontinued")
SENTENCES = (["imprisonment"], ["fine"], ["imprisonment", "fine"], ["suspended_imprisonment"], ["other"])


class History:
    """A case's log, and the same as the slow reader has it."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.log = Log()
        self.events: list[Mapping[str, Any]] = []

    def say(self, by: str, name: str, data: dict[str, Any]) -> None:
        event = self.log.add(by, name, {"case": self.log.case, **data}, after=timedelta(hours=self.dice.randint(1, 90)))
        self.events.append({"type": name, "by": by, "at": self.log.now, "data": data, "ref": event.ref})

    def an(self, kind: Kind, person: str) -> str:
        """One of two ids of a kind, each of one person alone."""
        return an_id(kind, f"oracle {person} {self.dice.randint(0, 1)}")

    def step(self) -> None:
        if self.events and self.dice.random() < 0.05:
            self.take_back()
            return
        steps = (self.status, self.tie, self.hold, self.charge, self.court, self.bail, self.care)
        self.dice.choices(steps, (2, 2, 4, 3, 5, 2, 1))[0]()

    def take_back(self) -> None:
        gone = {each.get("takes_back") for each in self.events}
        left = [at for at, each in enumerate(self.events) if "ref" in each and at not in gone]
        if left:
            at = self.dice.choice(left)
            event = next(each.event for each in self.log.entries if each.event.ref == self.events[at]["ref"])
            self.log.retracts(event)
            self.events.append({"type": "event.retracted", "takes_back": at, "data": {}, "by": event.agency})

    def status(self) -> None:
        status = self.dice.choice(STATUSES)
        name = "victim.identified" if status in {"suspected", "confirmed"} else "victim.status_changed"
        person = self.dice.choice((*VICTIMS, *VICTIMS, SUSPECTS[0]))
        self.say(self.dice.choice(("bpd", "dhs")), name, {"person": person, "status": status})

    def tie(self) -> None:
        name = self.dice.choice(("linked", "linked", "linked", "unlinked"))
        data = {"victim": self.dice.choice(VICTIMS), "suspect": self.dice.choice(SUSPECTS)}
        self.say("bpd", f"victim_suspect.{name}", data)

    def hold(self) -> None:
        person = self.dice.choice((*SUSPECTS, *SUSPECTS, VICTIMS[0]))
        data: dict[str, Any] = {"person": person, "arrest": self.an(Kind.ARREST, person)}
        if self.dice.random() < 0.5:
            name = "arrest.made"
            data["linked_victims"] = [self.dice.choice(VICTIMS)] if person in SUSPECTS else []
        else:
            name = "arrest.released"
            data["reason"] = self.dice.choice(("without_charge", "escaped"))
        self.say("bpd", name, data)

    def charge(self) -> None:
        person = self.dice.choice((*SUSPECTS, *SUSPECTS, VICTIMS[0]))
        data: dict[str, Any] = {"person": person, "charge": self.an(Kind.CHARGE, person), "offence": "tip_sex"}
        if self.dice.random() < 0.6:
            data["offence_from"] = (self.log.now + timedelta(days=self.dice.randint(-20, 20))).date().isoformat()
        data["victims"] = [self.dice.choice(VICTIMS)] if person in SUSPECTS and self.dice.random() < 0.3 else []
        self.say("odpp", "charge.filed", data)

    def court(self) -> None:
        person = self.dice.choice((*SUSPECTS, *SUSPECTS, VICTIMS[0]))
        charge = self.an(Kind.CHARGE, person)
        named = [self.dice.choice(VICTIMS)] if person in SUSPECTS and self.dice.random() < 0.2 else []
        data: dict[str, Any] = {"person": person, "victims": named}
        match self.dice.randint(0, 6):
            case 0:
                reason = self.dice.choice(("insufficient_evidence", "insufficient_evidence", "replaced"))
                self.say("odpp", "charge.withdrawn", {**data, "charge": charge, "reason": reason})
            case 1 | 2:
                data |= {"charge": charge, "outcome": self.dice.choice(OUTCOMES)}
                self.say("odpp", "verdict.returned", data)
            case 3:
                self.say("odpp", "court.committed", {**data, "charges": [charge], "court": "magistrates"})
            case 4 | 5:
                kinds = self.dice.choice(SENTENCES)
                data |= {"charges": [charge], "sentence": self.an(Kind.SENTENCE, person)}
                term: dict[str, Any] = (
                    {"custodial_months": self.dice.randint(1, 90)} if self.dice.random() < 0.8 else {}
                )
                if self.dice.random() < 0.2:
                    term["ends_on"] = (self.log.now + timedelta(days=self.dice.randint(9, 900))).date().isoformat()
                self.say("odpp", "sentence.imposed", {**data, "kinds": kinds, **term})
            case _:
                outcome = self.dice.choice(("conviction_quashed", "retrial_ordered", "dismissed"))
                data |= {"charges": [charge], "appeal": self.an(Kind.APPEAL, person)}
                self.say("odpp", "appeal.decided", {**data, "court": "court_of_appeal", "outcome": outcome})

    def bail(self) -> None:
        person = self.dice.choice(SUSPECTS)
        name = self.dice.choice(("granted", "granted", "varied", "revoked"))
        data: dict[str, Any] = {"person": person, "bail": self.an(Kind.BAIL, person), "court": "magistrates"}
        if name != "revoked":
            data["conditions"] = self.dice.choice((["surety"], ["no_contact_with_victim"]))
        if name == "varied" and not any(
            each["type"] == "bail.granted" and each["data"]["bail"] == data["bail"] for each in self.events
        ):
            name = "granted"
        self.say("odpp", f"bail.{name}", data)

    def care(self) -> None:
        person = self.dice.choice(VICTIMS)
        placement = self.an(Kind.PLACEMENT, person)
        data: dict[str, Any]
        match self.dice.randint(0, 3):
            case 0:
                services = self.dice.choice((["counselling"], ["shelter"], []))
                self.say("dhs", "plan.approved", {"person": person, "service_types": services})
            case 1:
                form = self.dice.choice(("foster_care", "family_reunification"))
                data = {"person": person, "placement": placement, "population": "victim", "shelter_form": form}
                self.say("dhs", "shelter.placement_started", data)
            case 2:
                self.say("dhs", "shelter.placement_ended", {"person": person, "placement": placement})
            case _:
                dead = self.dice.choice((*VICTIMS, *SUSPECTS))
                if self.dice.random() < 0.3:
                    self.say(
                        "mohw", "person.deceased_recorded", {"person": dead, "case": None, "cases": [self.log.case]}
                    )


def history(seed: int) -> History:
    found = History(seed)
    for _ in range(found.dice.randint(4, 26)):
        found.step()
    return found


def ours(found: History) -> set[Found]:
    places = {each["ref"]: at for at, each in enumerate(found.events) if "ref" in each}
    return {
        (each.code.value, frozenset(places[ref] for ref in each.records))
        for each in found.log.standing()
        if each.code.value in CODES
    }


def agrees(seed: int) -> bool:
    found = history(seed)
    return ours(found) == findings(found.events)


@pytest.mark.parametrize("begin", range(0, 400, 100))
def test_the_rules_find_what_the_sentences_of_the_catalogue_say(begin: int) -> None:
    assert [seed for seed in range(begin, begin + 100) if not agrees(seed)] == []


@pytest.mark.parametrize(
    ("module", "name", "wrong"),
    [
        (unprotected_victim, "is_protected", lambda facts, victim: False),
        (bail_in_force, "is_over", lambda facts, charge: False),
        (unprotected_victim, "end_of_prison_terms", lambda facts, suspect: None),
        (suspect_at_liberty, "_held_by_no_charge", lambda facts, suspect, by: True),
        (suspect_at_liberty, "_charges", lambda fact: filter(None, [getattr(fact.content.data, "charge", None)])),
        (suspect_at_liberty, "_is_on_later_day", lambda one, other: False),
        (acts_against_victim, "is_quashed", lambda facts, charge: False),
        (suspect_at_liberty, "_frees", lambda fact: False),
        (victim_as_offender, "is_let_go", lambda facts, person, arrest: False),
    ],
)
def test_the_slow_reader_catches_a_planted_bug(
    monkeypatch: pytest.MonkeyPatch, module: object, name: str, wrong: Callable[..., object]
) -> None:
    monkeypatch.setattr(module, name, wrong)
    assert not all(agrees(seed) for seed in range(400))
    assert danger.suspect_free_and_victim_unprotected is unprotected_victim.suspect_free_and_victim_unprotected
