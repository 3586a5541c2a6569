"""Random whole histories of a person: the service and a slow reader of the policy's sentences wait for the same."""

import random
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from typing import Any

import holidays
import pytest
import yaml

from schemas.ids import Kind
from schemas.service_decisions import facts_of
from services.referral.domain import (
    accepted_referral_deadlines,
    deadlines,
    missed_deadlines,
    person_file,
    waits_ended_without_service,
)
from services.referral.domain.case_restrictions import collect_restrictions
from services.referral.domain.decide import decide
from services.referral.domain.decision import escalation_of
from services.referral.domain.kept_out_changes import HeardLog
from services.referral.domain.person_file import fold_person_file
from services.referral.domain.referral_gate import Gates
from tests.support.oracle.referral_waits import TABLE, Terms, Wait, alarms, in_force, keeping, told, waits
from tests.unit.referral.sample import CASE, DEADLINES, PERSON, Log, an_id, policy
from tests.unit.referral.test_restrictions import OTHER_CASE, keeps_out

AGENCIES = ("bpd", "dhs", "hti", "iom", "labour")
PURPOSES = ("protection_services", "health_care", "legal_help", "return_and_reintegration")
REFERRALS = [an_id(Kind.REFERRAL, f"oracle {number}") for number in range(3)]
SERVICES = ("shelter", "counselling", "medical", "legal_information")
URGENCIES = ("emergency", "urgent", "soon", "routine")
REASONS = ("no_capacity", "person_declined", "other")
LATER = (1, 7, 59, 60, 61, 179, 180, 600, 1440, 4000)
STATES = {
    "cancelled": "cancelled_by_sender",
    "error": "entered_in_error",
    "onward": "referred_onward",
}
# Fields that a correction changes, and what it says then; a field without values gets a day or other services.
CHANGES: Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "referral.sent": (("urgency", URGENCIES), ("service_types", ()), ("to_agency", AGENCIES)),
    "referral.accepted": (("expected_start_on", ()),),
    "referral.put_on_hold": (("expected_start_on", ()),),
    **{f"referral.{name}": (("reason", REASONS),) for name in ("rejected", "failed", "handed_back")},
    "service.declined": (("refused_by", ("person", "provider")),),
    "victim.identified": (("status", ("suspected", "confirmed")),),
}
# Minutes of the day in which the clock of the log stands still: nothing is due to the second.
START = datetime(2024, 3, 26, 15, tzinfo=UTC)


def terms() -> Terms:
    said = yaml.safe_load((files("services.referral") / "policy.yaml").read_text()) | DEADLINES
    (opens,) = said["opens"]
    return Terms(
        limits={name: said[name] for name in ("answer", "start", "hold", "silence")},
        seconds={name: row["second"] for name, row in said["services"].items()},
        purposes={name: row["purpose"] for name, row in said["services"].items()},
        opens=(opens["to"], opens["within_hours"]),
        missing_move_hours=said["missing_move_within_hours"],
        holidays=frozenset(date.fromisoformat(str(day)) for day in holidays.country_holidays("BZ", years=2024)),
    )


TERMS = terms()


class History:
    """A log, and the same as the slow reader has it."""

    def __init__(self, seed: int, *, changes: bool = False, restrictions: bool = False) -> None:
        self.changes = changes
        self.restrictions = restrictions
        self.dice = random.Random(seed)
        self.log = Log(now=START)
        self.events: list[Mapping[str, Any]] = []
        self.sent: list[str] = []
        self.say("dhs", "person.profile_recorded", {"role": "victim", "age_group": "adult_24_26"})
        consent = {"basis": "given", "purposes": list(PURPOSES), "recipients": list(AGENCIES)}
        self.say("bpd", "consent.recorded", consent)

    def say(self, by: str, name: str, data: dict[str, Any]) -> None:
        later = timedelta(minutes=self.dice.choice(LATER))
        self.log.add(by, name, {"person": PERSON, **data}, after=later)
        said = self.log.entries[-1].event
        kept = keeping(self.events, by, self.log.now)
        self.events.append({"type": name, "by": by, "at": self.log.now, "data": data, "event": said, "kept": kept})

    def step(self) -> None:
        if self.changes and self.dice.random() < 0.25:
            self.change()
            return
        if self.restrictions and self.dice.random() < 0.15:
            self.restrict()
            return
        steps: tuple[tuple[Callable[[], None], int], ...] = (
            (self.send, 3), (self.move, 14), (self.serve, 3), (self.consent, 1), (self.status, 1), (self.other, 1),
        )  # fmt: skip
        self.dice.choices([step for step, _ in steps], [weight for _, weight in steps])[0]()

    def restrict(self) -> None:
        """Have a case keep out some agencies for good, or nobody any more."""
        case, agencies = self.dice.choice((CASE, CASE, OTHER_CASE)), self.dice.sample(AGENCIES, self.dice.randint(0, 2))
        since = self.log.now
        keeps_out(self.log, *agencies, lasting=True, case=case)
        said = {"case": case, "agencies": frozenset(agencies), "kept": frozenset[str](), "since": since}
        self.events.append({"type": "restricted", "by": "case_tracker", "at": self.log.now, "data": {}, **said})

    def send(self) -> None:
        if len(self.sent) == len(REFERRALS):
            return
        referral = REFERRALS[len(self.sent)]
        sender, to = self.dice.sample(AGENCIES, 2)
        data: dict[str, Any] = {
            "referral": referral,
            "from_agency": sender,
            "to_agency": to,
            "urgency": self.dice.choice(URGENCIES),
            "service_types": self.dice.sample(SERVICES, self.dice.randint(1, 2)),
        }
        if self.sent and self.dice.random() < 0.5:
            data["previous_referral"] = self.dice.choice(self.sent)
        if self.dice.random() < 0.2:
            data["latest_start_on"] = self.day()
        if self.restrictions and self.dice.random() < 0.7:
            data["case"] = CASE
        self.sent.append(referral)
        self.say(sender, "referral.sent", data)

    def move(self) -> None:
        if not self.sent:
            return
        move, referral = self.dice.choice([*TABLE, "accepted", "started"]), self.dice.choice(self.sent)
        one = told(self.events, TERMS)[referral]
        by = self.dice.choice((one.holder or one.asked["data"]["to_agency"],) * 4 + AGENCIES)
        data: dict[str, Any] = {"referral": referral}
        if move in {"cancelled", "entered_in_error"}:
            by = data["from_agency"] = one.asked["data"]["from_agency"]
        if move in {"rejected", "failed", "handed_back", "referred_onward"}:
            data["reason"] = self.dice.choice(REASONS)
        if move in {"accepted", "put_on_hold"} and self.dice.random() < 0.5:
            data["expected_start_on"] = self.day()
        self.say(by, f"referral.{move}", data)

    def serve(self) -> None:
        name = self.dice.choice(("service.provided", "service.declined"))
        by = self.dice.choice(AGENCIES)
        service = an_id(Kind.SERVICE, f"oracle {len(self.events)}")
        data = {"service": service, "service_type": self.dice.choice(SERVICES), "provider": by}
        if self.sent:
            data["referral"] = self.dice.choice(self.sent)
        if name == "service.declined":
            data["refused_by"] = self.dice.choice(("person", "person", "provider"))
        self.say(by, name, data)

    def consent(self) -> None:
        data = {
            "basis": self.dice.choice(("refused", "given")),
            "purposes": self.dice.sample(PURPOSES, self.dice.randint(1, 4)),
            "recipients": self.dice.sample(AGENCIES, self.dice.randint(1, 2)),
        }
        # Until a referral is there nothing is refused: whether it may go is another matter than what it waits for.
        if self.sent or data["basis"] == "given":
            self.say("bpd", "consent.recorded", data)

    def status(self) -> None:
        status = self.dice.choice(("suspected", "confirmed", "not_a_victim", "undetermined"))
        name = "victim.status_changed" if status in {"not_a_victim", "undetermined"} else "victim.identified"
        self.say(self.dice.choice(("bpd", "dhs", "labour")), name, {"status": status})

    def other(self) -> None:
        self.say(self.dice.choice(AGENCIES), "need.assessed", {"need": an_id(Kind.NEED, "oracle")})

    def change(self) -> None:
        """Correct or retract something; never that a referral was sent, its sender, or what comes before it."""
        gone = {each["changes"] for each in self.events if each["type"] == "retracted"}
        facts = [
            each
            for each in in_force(self.events)
            if each["place"] > 1 and each["place"] not in gone and each["type"] != "restricted"
        ]
        if not facts:
            return
        chosen = self.dice.choice(facts)
        place, name, event = chosen["place"], chosen["type"], self.events[chosen["place"]]["event"]
        how = {"subject": PERSON, "supersedes": event.ref, "after": timedelta(minutes=self.dice.choice(LATER))}
        kept = keeping(self.events, chosen["by"], self.log.now)
        case = chosen["data"].get("case")
        is_kept_out = name == "referral.sent" and bool(kept if case is None else case in kept)
        kind, data = "corrected", dict(chosen["data"])
        if name not in CHANGES or ((name != "referral.sent" or is_kept_out) and self.dice.random() < 0.4):
            kind = "retracted"
            self.log.add(event.agency, "event.retracted", {"reason": "entry_error"}, **how)
        else:
            field, values = self.dice.choice(CHANGES[name])
            services = self.dice.sample(SERVICES, self.dice.randint(1, 2))
            other = services if field == "service_types" else self.dice.choice(values) if values else self.day()
            if other == data.get("from_agency"):
                return
            data[field] = other
            stated = {"reason": "entry_error", "type": event.type, "data": {"person": PERSON, **data}}
            recorded = (self.log.now + how["after"]).isoformat()
            self.log.add(event.agency, "event.corrected", stated, at=chosen["at"], recordedtime=recorded, **how)
        said = {"type": kind, "changes": place, "by": chosen["by"], "at": self.log.now, "data": data, "kept": kept}
        self.events.append(said)

    def day(self) -> str:
        return (self.log.now + timedelta(days=self.dice.randint(-2, 12))).date().isoformat()


def history(seed: int, *, changes: bool = False, restrictions: bool = False) -> History:
    found = History(seed, changes=changes, restrictions=restrictions)
    for _ in range(found.dice.randint(4, 22)):
        found.step()
    return found


def ours(found: History) -> tuple[set[Wait], set[tuple[str, str, datetime]]]:
    """Return the waits, and those told as late half a day after the last event."""
    waiting = decide(PERSON, (), found.log.entries, policy()).waiting
    waited = {
        (each.kind.value, each.agency, "" if each.kind == "first_referral" else each.about, each.due_at)
        for each in waiting
    }
    late = [one for each in waiting if each.late_at <= until(found) and (one := escalation_of(each)) is not None]
    return waited, {(each.ground.referral, each.reason.value, each.due_at) for each in late}


def until(found: History) -> datetime:
    return found.log.now + timedelta(hours=12)


def agrees(seed: int, *, changes: bool = False, restrictions: bool = False) -> bool:
    """Whether both wait for the same, and say the same of who holds what in which state."""
    found = history(seed, changes=changes, restrictions=restrictions)
    read = told(found.events, TERMS)
    expected = {one.id: (one.holder, STATES.get(one.state, one.state)) for one in read.values() if not one.closed}
    facts, shut = facts_of(found.log.entries), collect_restrictions(found.log.entries)
    after = fold_person_file(PERSON, facts, policy(), kept_out=shut)
    refused = {each.id for each in after.attempts.values() if each.state is None}
    if refused - {one.id for one in read.values() if one.closed} or any(
        one.was_refused for one in read.values()
    ):  # consent was refused before it was sent: there is no referral
        return True
    stands = {each.id: (each.holder, str(each.state.value)) for each in after.attempts.values() if each.state}
    waited = waits(found.events, TERMS)
    return stands == expected and ours(found) == (waited, alarms(waited, until(found)))


@pytest.mark.parametrize("begin", range(0, 200, 50))
def test_the_service_waits_for_what_the_sentences_of_the_policy_say(begin: int) -> None:
    assert [seed for seed in range(begin, begin + 50) if not agrees(seed)] == []


@pytest.mark.parametrize("changes", [False, True])
@pytest.mark.parametrize("begin", range(0, 200, 50))
def test_with_agencies_that_are_kept_out_it_waits_for_what_the_sentences_say(begin: int, *, changes: bool) -> None:
    seeds = range(begin, begin + 50)
    assert [seed for seed in seeds if not agrees(seed, changes=changes, restrictions=True)] == []


@pytest.mark.parametrize("begin", range(0, 200, 50))
def test_after_corrections_and_retractions_it_waits_for_what_the_sentences_say(begin: int) -> None:
    assert [seed for seed in range(begin, begin + 50) if not agrees(seed, changes=True)] == []


@pytest.mark.parametrize(
    "seed",
    [
        pytest.param(650, id="an answer missed before a correction stays missed once the referral is received"),
        pytest.param(2097, id="who is asked since a correction hears of the answer missed before"),
        pytest.param(3039, id="an answer that came too late and counts no more leaves the deadline that had passed"),
        pytest.param(3481, id="a deadline that passed while the person was found no victim had passed"),
        pytest.param(4936, id="a deadline that passed before an acceptance was taken back had passed"),
        pytest.param(2241, id="a hold that was corrected before the acceptance came was never missed"),
        pytest.param(5034, id="seconds are told the answer's deadline that was missed before a correction"),
    ],
)
def test_rare_histories_with_corrections_are_waited_for_as_the_sentences_say(seed: int) -> None:
    assert agrees(seed, changes=True)


def test_a_missed_deadline_to_refer_again_after_a_refusal_for_conflict_stays_missed() -> None:
    seeds = (483, 502, 578, 5460)
    assert [seed for seed in seeds if not agrees(seed, changes=True, restrictions=True)] == []


def test_the_slow_reader_catches_a_correction_that_moves_what_was_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(missed_deadlines, "_earlier_terms", lambda after, each: iter(()))
    assert not all(agrees(seed, changes=True) for seed in range(200))


@pytest.mark.parametrize(
    ("module", "name", "wrong"),
    [
        (accepted_referral_deadlines, "_announced", lambda move, latest: latest),
        (waits_ended_without_service, "is_found_no_victim", lambda after: False),
        (waits_ended_without_service, "_declined", lambda after, each, asks, policy: False),
        (waits_ended_without_service, "consent_refused", lambda known, agency, purposes: False),
        (
            accepted_referral_deadlines,
            "end_of_limit",
            lambda start, limit, policy: start + timedelta(hours=limit.hours or 24),
        ),
    ],
)
def test_the_slow_reader_catches_a_planted_bug(
    monkeypatch: pytest.MonkeyPatch, module: object, name: str, wrong: Callable[..., object]
) -> None:
    monkeypatch.setattr(module, name, wrong)
    assert not all(agrees(seed) for seed in range(400))


@pytest.mark.parametrize(
    ("module", "name", "wrong"),
    [
        (deadlines, "_of_carers_kept_out", lambda after, policy: iter(())),
        (deadlines, "_refused_for_conflict", lambda after, policy: iter(())),
        (person_file, "heard_log", lambda person, entered, kept_out: HeardLog(entered)),
        (person_file.PersonFile, "without_kept_out", lambda after, case: None),
        (Gates, "barred", lambda *given: frozenset()),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_the_slow_reader_catches_help_that_an_agency_that_is_kept_out_ends(
    monkeypatch: pytest.MonkeyPatch, module: object, name: str, wrong: Callable[..., object]
) -> None:
    monkeypatch.setattr(module, name, wrong)
    assert not all(agrees(seed, changes=True, restrictions=True) for seed in range(400))
