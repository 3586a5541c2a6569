"""Random histories of one victim and two suspects, from a seed: everything that two services read of danger."""

import random
from datetime import timedelta
from typing import Any, Final

from schemas.codebook.courts import AppealOutcome
from schemas.codebook.justice import ChargeOutcome
from schemas.codebook.protection import PlacementEndReason, ReturnKind
from schemas.ids import Kind
from schemas.service_decisions import Entered
from tests.unit.case_tracker.sample import START, made
from tests.unit.case_tracker.sample import an_id as of_case

VICTIM: Final = of_case(Kind.PERSON, "danger victim")
SUSPECTS: Final = tuple(sorted(of_case(Kind.PERSON, f"danger suspect {number}") for number in range(2)))
CASE: Final = of_case(Kind.CASE, "danger case")

_SENTENCES: Final[tuple[list[str], ...]] = (
    ["imprisonment"],
    ["fine"],
    ["other"],
    [],
    ["suspended_imprisonment"],
    ["fine", "other"],
)
_HOURS: Final = (0.1, 1, 5, 30, 80)


class DangerHistory:
    """A log whose events all name the victim. `in_case`: share of the events that name the case too."""

    def __init__(self, seed: int, in_case: float = 1) -> None:
        """Draw a history."""
        self.dice = random.Random(seed)
        self.in_case = in_case
        self.now = START
        self.entries: list[Entered] = []
        for _ in range(self.dice.randint(3, 24)):
            self.dice.choices((self.change, self.custody, self.charge, self.bail, self.victim), (1, 4, 6, 2, 4))[0]()

    def say(self, by: str, name: str, data: dict[str, Any]) -> None:
        """Add an event, most at an instant, some late, and some with a day, a month or no time."""
        self.now += timedelta(hours=self.dice.choice(_HOURS))
        at = self.now - timedelta(hours=self.dice.choice((0, 0, 0, 0, 20, 200)))
        chance = self.dice.random()
        when: dict[str, Any] = {"_time": at.isoformat()}
        if chance < 0.1:
            when = {"_time": at.strftime("%Y-%m-%dT00:00:00-06:00"), "_occurredprecision": "day"}
        elif chance < 0.13:
            when = {"_time": at.strftime("%Y-%m-01T00:00:00-06:00"), "_occurredprecision": "month"}
        elif chance < 0.15:
            when = {"_time": None, "_occurredprecision": "unknown"}
        if "case" not in data and self.dice.random() < self.in_case:
            data = {**data, "case": CASE}
        self.add(made(by, name, {**data, **when}, self.now))

    def add(self, event: Any) -> None:  # noqa: ANN401 - an event of any type
        """Add an event to the log."""
        self.entries.append(Entered(len(self.entries) + 1, self.now, event))

    def one(self, kind: Kind) -> str:
        """Return one of two ids of a kind."""
        return of_case(kind, f"danger {self.dice.randint(0, 1)}")

    def change(self) -> None:
        """Retract or correct an event, or merge the suspects."""
        if self.dice.random() < 0.1:
            said = {"person": SUSPECTS[0], "same_as": SUSPECTS[1], "reason": "same_documents"}
            self.now += timedelta(hours=1)
            self.add(made("bpd", "person.merged", said, self.now))
            return
        plain = [each.event for each in self.entries if not each.event.corrects and not each.event.joins()]
        if not plain:
            return
        event = self.dice.choice(plain)
        self.now += timedelta(hours=1)
        envelope = {"reason": "entry_error", "_subject": event.concerns()[0], "_supersedes": event.ref}
        if self.dice.random() < 0.5:
            self.add(made(event.agency, "event.retracted", envelope, self.now))
            return
        whole = event.data.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
        at = self.now - timedelta(hours=self.dice.choice((1, 30, 200)))
        again = {**envelope, "type": event.type, "data": whole, "_time": at.isoformat()}
        self.add(made(event.agency, "event.corrected", again, self.now))

    def custody(self) -> None:
        """Arrest or release a suspect, or the victim."""
        person = self.dice.choice((*SUSPECTS, SUSPECTS[0], SUSPECTS[0], VICTIM))
        data: dict[str, Any] = {"person": person, "arrest": self.one(Kind.ARREST)}
        named = [] if person == VICTIM else [VICTIM]
        if self.dice.random() < 0.6:
            self.say("bpd", "arrest.made", {**data, "linked_victims": named})
        else:
            reason = self.dice.choice(("without_charge", "escaped"))
            self.say("bpd", "arrest.released", {**data, "victims": named, "reason": reason})

    def charge(self) -> None:
        """Let a court speak of a charge."""
        dice = self.dice
        person = dice.choice((*SUSPECTS, SUSPECTS[0], SUSPECTS[0], VICTIM))
        data: dict[str, Any] = {"person": person, "victims": [] if person == VICTIM else [VICTIM]}
        charge = self.one(Kind.CHARGE)
        match dice.randint(0, 7):
            case 0 | 1:
                self.say("odpp", "charge.filed", {**data, "charge": charge, "offence": "tip_sex"})
            case 2:
                reason = dice.choice(("insufficient_evidence", "replaced", None))
                self.say("odpp", "charge.withdrawn", {**data, "charge": charge, "reason": reason})
            case 3 | 4:
                outcome = dice.choice([each.value for each in ChargeOutcome])
                self.say("odpp", "verdict.returned", {**data, "charge": charge, "outcome": outcome})
            case 5:
                data |= {"charges": [charge], "sentence": self.one(Kind.SENTENCE), "kinds": dice.choice(_SENTENCES)}
                months = {"custodial_months": dice.randint(1, 20)} if dice.random() < 0.4 else {}
                self.say("odpp", "sentence.imposed", {**data, **months})
            case 6:
                outcome = dice.choice([each.value for each in AppealOutcome])
                data |= {"charges": [charge], "appeal": self.one(Kind.APPEAL), "court": "court_of_appeal"}
                self.say("odpp", "appeal.decided", {**data, "outcome": outcome})
            case _:
                self.say("odpp", "charge.amended", {**data, "charge": charge, "offence": "tip_sex"})

    def bail(self) -> None:
        """Grant, vary, breach or revoke a bail."""
        move = self.dice.choice(("granted", "granted", "varied", "revoked", "breached"))
        data: dict[str, Any] = {"person": self.dice.choice(SUSPECTS), "victims": [VICTIM]}
        data |= {"bail": self.one(Kind.BAIL), "court": "magistrates"}
        if move in {"granted", "varied"}:
            data["conditions"] = self.dice.choice((["surety"], ["no_contact_with_victim"]))
        if move == "granted" and self.dice.random() < 0.5:
            data["charges"] = [self.one(Kind.CHARGE)]
        if move == "breached":
            data["absconded"] = self.dice.choice(("yes", "no"))
        self.say("odpp", f"bail.{move}", data)

    def victim(self) -> None:
        """Say something of the victim: status, tie, care, return, stay or death."""
        dice = self.dice
        data: dict[str, Any] = {"person": VICTIM}
        placement = {"placement": self.one(Kind.PLACEMENT)}
        match dice.randint(0, 9):
            case 0 | 1 | 2:
                new = dice.choice((None, "new", "carried_over"))
                data |= {"status": dice.choice(("suspected", "confirmed")), "new_or_carried_over": new, "case": CASE}
                self.say(dice.choice(("bpd", "dhs")), "victim.identified", data)
            case 3:
                data |= {"status": "not_a_victim", "case": CASE}
                self.say(dice.choice(("bpd", "dhs")), "victim.status_changed", data)
            case 4:
                form = dice.choice(("foster_care", "family_reunification"))
                self.say(
                    "dhs",
                    "shelter.placement_started",
                    {**data, **placement, "population": "victim", "shelter_form": form},
                )
            case 5:
                reason = dice.choice([None, *(each.value for each in PlacementEndReason)])
                self.say("dhs", "shelter.placement_ended", {**data, **placement, "reason": reason})
            case 6:
                services = dice.choice((["counselling"], ["shelter"]))
                self.say("dhs", "plan.approved", {**data, "service_types": services})
            case 7:
                kind = dice.choice([None, *(each.value for each in ReturnKind)])
                destination = dice.choice((None, "BZ", "GT"))
                self.say("dhs", "repatriation.completed", {**data, "destination": destination, "return_kind": kind})
            case 8:
                said = dice.choice(("granted", "refused"))
                removal = {"removal_ordered": dice.choice((None, "yes"))} if said == "refused" else {}
                self.say("immigration", f"immigration.status_{said}", {**data, **removal})
            case _:
                dead = dice.choice((VICTIM, *SUSPECTS))
                if dice.random() < 0.2:
                    self.say("mohw", "person.deceased_recorded", {"person": dead, "case": None, "cases": [CASE]})
