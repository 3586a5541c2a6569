"""Every message about a person × role of the agency × age, consent and restriction: the policy's sentences, no more.

A partner refers a person to the agency. Every combination is made, none is drawn. The oracle of sight says who may
learn of a person; who is named by the policy file is typed here again.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import pytest

from services.referral.domain.decide import PersonOutcome, decide
from services.referral.domain.decision import messages_of_lateness
from tests.unit.referral.sample import CASE, REFERRAL, START, Log, as_written
from tests.unit.referral.test_restrictions import keeps_out
from tests.unit.schemas import sight_oracle as oracle
from tests.unit.schemas.sight_oracle import Word
from tests.unit.schemas.test_sight_matrix import AGES, CONSENTS, consent_words
from tests.unit.schemas.test_sight_oracle import ONE, TWO

AGENCIES: Final = ("dhs", "bpd", "odpp", "hti", "labour", "mohw")
"""Receivers of each role that may accept a referral; labour and health are of one role, and the duty names one."""
SENDER: Final = "cdf"
ON_CALL: Final = {"dhs": "bpd"}
"""By receiver, who is on call; Human Services for all others."""
SECOND: Final = {"counselling": ("dhs", "hti", "cdf", "love_foundation"), "medical": ("dhs", "iom", "love_foundation")}
PURPOSE: Final = {"counselling": "protection_services", "medical": "health_care"}
ASKED: Final = (("urgent", "counselling"), ("emergency", "counselling"), ("emergency", "medical"))
SINCE: Final = ("nothing", "taken back", "refused", "kept out", "kept out and taken back", "kept out before")
NEXT: Final = "by the next"
"""The consent of everybody, which Human Services itself recorded."""


@dataclass(frozen=True)
class State:
    """One combination. `since`: what happens after the referral was accepted, or before it was sent."""

    agency: str
    age: str
    consent: str
    urgency: str
    service: str
    since: str

    @property
    def before(self) -> list[Word]:
        """Return the statements on the person before the referral."""
        both = tuple(set(PURPOSE.values()))
        yes = Word("yes", "dhs", ONE, tuple({self.agency, "dhs"}), both, "given")
        said = [yes] if self.consent == NEXT else consent_words(self.agency, self.consent)
        return [Word("age", "bpd", ONE, what=self.age), *said]

    @property
    def adult(self) -> bool:
        return not oracle.child(self.before, ONE, START.date())

    @property
    def went(self) -> bool:
        return self.since != "kept out before" and self.learns(self.agency, itself=True)

    @property
    def ended(self) -> bool:
        """Whether the person's no ends what waits: an adult's does."""
        return self.adult and self.takes_back

    def learns(self, agency: str, *, itself: bool = False) -> bool:
        """Whether an agency may learn of the person for what is asked; `itself`: its own recording of a yes counts."""
        how: dict[str, Any] = {"emergency": self.urgency == "emergency", "not_by": None if itself else agency}
        return oracle.told(self.before, ONE, agency, [PURPOSE[self.service]], START.date(), **how)

    def hears(self, agency: str) -> bool:
        """Whether an agency that knows of the person hears more after all that was said."""
        if agency == self.agency and self.since.startswith("kept out"):
            return False
        if not self.adult and agency in {"dhs", "bpd"}:
            return True
        story = [*self.before, *([Word("sent", SENDER, ONE, (self.agency,), what="r1")] if self.went else [])]
        story += [Word("no" if self.since == "refused" else "back", "iom", ONE, (self.agency,))] * self.takes_back
        return not oracle.lost(story, ONE, agency, START.date())

    @property
    def takes_back(self) -> bool:
        return self.since.endswith(("taken back", "refused"))

    @property
    def on_call(self) -> str:
        return ON_CALL.get(self.agency, "dhs")


def states(agency: str) -> Iterator[State]:
    for age, consent, (urgency, service), since in itertools.product(AGES, (*CONSENTS, NEXT), ASKED, SINCE):
        yield State(agency, age, consent, urgency, service, since)


def say(log: Log, word: Word) -> None:
    said: dict[str, Any] = {"person": ONE, "recipients": list(word.to)}
    match word.kind:
        case "age":
            log.add(word.by, "person.profile_recorded", {"person": ONE, "role": "victim", "age_group": word.what})
        case "back":
            log.add(word.by, "consent.withdrawn", said)
        case "no":
            log.add(word.by, "consent.recorded", said | {"basis": "refused", "purposes": list(word.purposes)})
        case _:
            said |= {"basis": word.what, "purposes": list(word.purposes), "given_by": word.given_by or None}
            if word.guardian:
                said["guardian"] = TWO
            if word.what == "overridden_best_interest":
                said |= {"determined_by": "dhs", "determined_on": START.date().isoformat()}
                said |= {
                    "determined_because": "no_guardian",
                    "review_on": (START.date() + timedelta(days=90)).isoformat(),
                }
            log.add(word.by, "consent.recorded", said)


def outcomes(state: State, sender: str = SENDER) -> tuple[PersonOutcome, PersonOutcome]:
    """Return the decisions when the referral was sent, and after all statements."""
    log = Log(policy=as_written())
    for each in state.before:
        say(log, each)
    restrict(log, state, "kept out before")
    sent = {"person": ONE, "case": CASE, "referral": REFERRAL, "from_agency": sender, "to_agency": state.agency}
    log.add(sender, "referral.sent", {**sent, "urgency": state.urgency, "service_types": [state.service]})
    first = decide(ONE, (), log.entries, log.policy)
    log.add(state.agency, "referral.accepted", {"person": ONE, "referral": REFERRAL})
    restrict(log, state, "kept out", "kept out and taken back")
    if state.takes_back:
        kind = "no" if state.since == "refused" else "back"
        say(log, Word(kind, "iom", ONE, (state.agency,)))
    return first, decide(ONE, (), log.entries, log.policy)


def restrict(log: Log, state: State, *when: str) -> None:
    if state.since in when:
        keeps_out(log, state.agency, lasting=True, person=ONE)


def late(outcome: PersonOutcome, *kinds: str) -> set[tuple[str, str]]:
    waits = [each for each in outcome.waiting if each.kind in kinds]
    return {(each.subject.value, each.agency) for wait in waits for each in messages_of_lateness(wait)}


def messages(outcome: PersonOutcome) -> set[tuple[str, str]]:
    return {(each.subject.value, each.agency) for each in outcome.told}


def expected_when_sent(state: State) -> set[tuple[str, str]]:
    """Return the messages expected at sending. A withdrawal is told to agencies that it names, not to its author."""
    told = {("consent_withdrawn", state.agency) for each in state.before if each.kind == "back"}
    if not state.went:
        return told | {("move_refused", SENDER)}
    calls = state.urgency == "emergency" and state.learns(state.on_call)
    return told | {("to_answer", state.agency)} | ({("on_call", state.on_call)} if calls else set())


def expected_when_late(state: State) -> set[tuple[str, str]]:
    """If nobody answers: both parties, the Council, who is on call, and those who may take it too."""
    if not state.went:
        return set()
    seconds = {each for each in SECOND[state.service] if each not in {SENDER, state.agency} and state.learns(each)}
    told = {SENDER, state.agency, "council"} | ({state.on_call} if state.learns(state.on_call) else set())
    return {("late", each) for each in told} | {("to_take", each) for each in seconds}


def expected_when_accepted(state: State) -> set[tuple[str, str]]:
    told = expected_when_sent(state)
    told |= {("consent_withdrawn", state.agency)} if state.since == "taken back" else set()
    if not state.went:  # the agency says yes to what was not passed on
        return told | {("moved_after_end", SENDER)}
    calls = state.urgency == "emergency" and state.learns(state.on_call) and state.hears(state.on_call)
    told |= {("no_longer_open", state.on_call)} if calls else set()
    return told | {("assigned", SENDER), ("assigned", state.agency)}


def expected_when_it_does_not_begin(state: State) -> set[tuple[str, str]]:
    if not state.went or state.ended:
        return set()
    told = {SENDER, "council"} | (set() if state.since.startswith("kept out") else {state.agency})
    return {("late", each) for each in (told | ({state.on_call} if state.learns(state.on_call) else set()))}


@pytest.mark.parametrize("agency", AGENCIES)
def test_each_message_goes_to_those_whom_the_sentences_name_and_to_nobody_else(agency: str) -> None:
    told = 0
    for state in states(agency):
        first, last = outcomes(state)
        assert messages(first) == expected_when_sent(state), state
        assert late(first, "answer", "second") == expected_when_late(state), state
        assert messages(last) == expected_when_accepted(state), state
        assert late(last, "start") == expected_when_it_does_not_begin(state), state
        carers = {agency} if state.went and state.hears(agency) else set()
        assert last.holders == carers, state
        told += state.went
    assert told  # else the matrix would say nothing


@pytest.mark.parametrize("agency", ["hti", "mohw", "labour"])
def test_of_an_emergency_that_human_services_sent_the_next_who_may_take_it_is_on_call_else_the_council(
    agency: str,
) -> None:
    """Human Services is on call for these receivers, and does not take what it sent itself."""
    found = set()
    for state in states(agency):
        if state.urgency == "emergency" and state.since == "nothing":
            first, _ = outcomes(state, "dhs")
            told = messages(first)
            if ("to_answer", agency) in told:
                others = [each for each in SECOND[state.service] if each not in {"dhs", agency}]
                called = next((each for each in others if state.learns(each)), "council")
                assert {each for kind, each in told if kind == "on_call"} == {called}, state
                found.add(called)
    assert "council" in found
