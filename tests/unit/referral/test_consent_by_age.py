"""Consent by age, purpose and recipient: who is told of a child by duty, and what opens to anybody else."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from schemas.codebook.referral import MoveRefusal
from schemas.ids import Kind
from services.referral.domain.decision import MoveRefused, Subject, messages_of_lateness
from services.referral.domain.pending_action import PendingAction, WaitKind
from tests.unit.referral.sample import CASE, PERSON, REFERRAL, START, SUSPECT, Log, an_id, as_written

GUARDIAN = an_id(Kind.PERSON, "guardian")
DETERMINED: dict[str, Any] = {
    "basis": "overridden_best_interest",
    "determined_by": "dhs",
    "determined_on": "2024-02-28",
    "determined_because": "no_guardian",
    "review_on": "2024-05-28",
}
NAMED: dict[str, Any] = {"basis": "guardian", "given_by": "guardian", "guardian": GUARDIAN}


def a_log(age: str | None = "child_9_17") -> Log:
    log = Log(policy=as_written())
    if age is not None:
        log.add("dhs", "person.profile_recorded", {"person": PERSON, "role": "victim", "age_group": age})
    return log


def goes(log: Log) -> bool:
    """Whether a referral goes: it does not where it is refused for lack of consent."""
    refused = [each.reason for each in log.outcome().decisions if isinstance(each, MoveRefused)]
    assert set(refused) <= {MoveRefusal.CONSENT_MISSING}
    return not refused


@pytest.mark.parametrize("age", ["child_0_8", "child_9_17", "unknown", "not_asked", None])
@pytest.mark.parametrize("refused", [False, True])
@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (("dhs", ["shelter"], "urgent"), True),
        (("dhs", ["medical"], "urgent"), True),
        (("tip_care_unit", ["shelter", "medical"], "urgent"), True),
        (("dhs", ["legal_information"], "urgent"), False),
        (("dhs", ["reintegration"], "emergency"), False),
        (("bpd", ["shelter"], "urgent"), True),
        (("bpd", ["medical"], "emergency"), False),
        (("bpd", ["witness_transport"], "urgent"), False),
        (("mohw", ["medical"], "emergency"), True),
        (("mohw", ["medical"], "urgent"), False),
        (("mohw", ["shelter"], "emergency"), False),
        (("hti", ["shelter"], "emergency"), False),
        (("iom", ["repatriation"], "urgent"), False),
        (("labour", ["other"], "urgent"), False),
    ],
)
def test_without_consent_a_child_is_referred_to_those_alone_whom_the_duty_names(
    age: str | None, refused: bool, asked: tuple[str, list[str], str], expected: bool
) -> None:
    """Found from outside: an age that nobody knows opened the gate to everybody, for everything, over a refusal."""
    log = a_log(age)
    if refused:
        log.consents(basis="refused", given_by="guardian", purposes=[])
    to, types, urgency = asked
    log.sends("immigration", to, service_types=types, urgency=urgency)
    assert goes(log) is expected


@pytest.mark.parametrize(
    ("said", "by", "expected"),
    [
        (NAMED, "bpd", True),
        ({"basis": "guardian", "given_by": "guardian"}, "bpd", False),  # no guardian is named
        ({"basis": "guardian"}, "dhs", False),
        ({"basis": "guardian", "given_by": "state_guardian"}, "dhs", True),
        (NAMED | {"guardian": PERSON}, "dhs", False),  # nobody is their own guardian
        (NAMED | {"given_by": "person"}, "dhs", False),  # the child said it, whoever is named beside
        (NAMED | {"given_by": "other"}, "dhs", False),
        (NAMED | {"given_by": "unknown"}, "dhs", False),
        ({"basis": "guardian", "guardian": GUARDIAN}, "dhs", True),
        (NAMED | {"given_by": "state_guardian"}, "hti", False),
        ({"basis": "guardian", "given_by": "state_guardian"}, "hti", False),  # only Human Services speaks for the state
        (NAMED | {"guardian": SUSPECT}, "bpd", False),
        (NAMED | {"recipients": ["iom"]}, "bpd", False),
        (NAMED | {"purposes": ["health_care"]}, "bpd", False),
        (NAMED | {"expires_on": "2024-02-29"}, "bpd", False),
        ({"basis": "given", "given_by": "person"}, "bpd", False),  # a child alone opens nothing
        ({"basis": "overridden_legal_duty"}, "dhs", False),  # the duty names others
        (DETERMINED, "dhs", True),
        (DETERMINED | {"determined_by": "tip_care_unit"}, "dhs", True),
        (DETERMINED | {"determined_by": "high_court"}, "dhs", True),
        (DETERMINED | {"determined_by": "hti"}, "dhs", False),
        (DETERMINED, "hti", False),  # a partner does not determine for itself
        (DETERMINED | {"determined_by": None}, "dhs", False),
        (DETERMINED | {"determined_on": None}, "dhs", False),
        (DETERMINED | {"determined_because": None}, "dhs", False),
        (DETERMINED | {"review_on": None}, "dhs", False),
        (DETERMINED | {"review_on": "2024-02-29"}, "dhs", False),
        (DETERMINED | {"review_on": "2024-03-01"}, "dhs", True),
        (DETERMINED | {"determined_on": "2023-11-30", "review_on": "2199-12-31"}, "dhs", True),
        (DETERMINED | {"determined_on": "2023-11-29", "review_on": "2199-12-31"}, "dhs", False),  # 92 days at most
        (DETERMINED | {"determined_on": "2024-03-01"}, "dhs", True),
        (DETERMINED | {"determined_on": "2024-03-02"}, "dhs", False),
    ],
)
@pytest.mark.parametrize("age", ["child_9_17", None])
def test_to_anybody_else_a_named_guardian_or_a_determination_opens(
    age: str | None, said: dict[str, Any], by: str, expected: bool
) -> None:
    log = a_log(age)
    log.add("bpd", "victim_suspect.linked", {"case": CASE, "victim": PERSON, "suspect": SUSPECT}, subject=CASE)
    log.consents(
        *said.get("recipients", ["hti"]),
        agency=by,
        **{name: each for name, each in said.items() if name != "recipients"},
    )
    log.sends(to="hti")
    assert goes(log) is expected


def test_a_guardians_refusal_closes_and_a_determination_opens_over_it() -> None:
    log = a_log()
    log.consents("hti", **NAMED)
    log.consents("hti", basis="refused", given_by="guardian", guardian=GUARDIAN)
    log.sends(to="hti")
    assert not goes(log)
    log = a_log()
    log.consents("hti", basis="refused", given_by="guardian", guardian=GUARDIAN)
    log.consents("hti", agency="dhs", **DETERMINED)
    log.sends(to="hti")
    assert goes(log)


def test_the_childs_own_wish_is_recorded() -> None:
    log = a_log()
    event = log.consents("hti", **NAMED, wish="objects")
    assert event.data.model_dump(mode="json")["wish"] == "objects"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"basis": "given"}, True),
        ({"basis": "given", "given_by": "person"}, True),
        ({"basis": "given", "given_by": "guardian"}, False),
        ({"basis": "given", "given_by": "other"}, False),
        (NAMED, False),
        (DETERMINED, False),
        ({"basis": "overridden_legal_duty"}, False),
    ],
)
def test_an_adult_speaks_for_themselves(said: dict[str, Any], expected: bool) -> None:
    log = a_log("adult_18_20")
    log.consents("hti", agency="dhs", **said)
    log.sends(to="hti")
    assert goes(log) is expected


@pytest.mark.parametrize("basis", ["overridden_legal_duty", "overridden_best_interest"])
def test_nobodys_override_opens_over_an_adults_refusal(basis: str) -> None:
    log = a_log("adult_18_20")
    log.consents("dhs", basis="refused")
    log.consents("dhs", agency="dhs", **(DETERMINED if basis == DETERMINED["basis"] else {"basis": basis}))
    log.sends()
    assert not goes(log)


@pytest.mark.parametrize(
    ("of", "taken_back", "expected"),
    [
        (None, {}, False),
        (None, {"recipients": ["dhs"]}, False),
        (None, {"recipients": ["hti"]}, True),  # it was taken back from somebody else
        ({}, {}, False),
        ({"purposes": ["legal_help"]}, {}, True),  # what was taken back was for something else
        ({"purposes": []}, {}, False),
        ({"purposes": ["unknown"]}, {}, False),
    ],
)
def test_nobodys_override_opens_over_an_adults_taking_back(
    of: dict[str, Any] | None, taken_back: dict[str, Any], expected: bool
) -> None:
    """A duty that somebody records after an adult took consent back opened to the agency from which it was taken."""
    log = a_log("adult_18_20")
    given = log.consents("dhs", "hti", agency="dhs", **(of or {}))
    named = {} if of is None else {"consent": given.ref}
    log.add("dhs", "consent.withdrawn", {"person": PERSON, **named, **taken_back})
    log.consents("dhs", agency="dhs", basis="overridden_legal_duty")
    log.sends()
    assert goes(log) is expected


def test_a_consent_that_nobody_here_knows_was_taken_back_for_everything() -> None:
    log = a_log("adult_18_20")
    log.add("dhs", "consent.withdrawn", {"person": PERSON, "consent": log.entries[0].event.ref})
    log.consents("dhs", agency="dhs", basis="overridden_legal_duty")
    log.sends()
    assert not goes(log)
    log.consents("dhs")
    log.sends(referral=an_id(Kind.REFERRAL, "after consent"))
    (refused,) = [each for each in log.outcome().decisions if isinstance(each, MoveRefused)]
    assert refused.ground.referral == REFERRAL, "the adult's own later consent opens"


@pytest.mark.parametrize(
    ("age", "years", "is_child"),
    [("child_9_17", 8, True), ("child_9_17", 9, False), ("child_0_8", 17, True), ("child_0_8", 18, False)],
)
def test_a_child_grows_up_once_it_must_have(age: str, years: int, is_child: bool) -> None:
    """A guardian's consent opens while somebody may be a child; afterwards only their own does."""
    for said, expected in ((NAMED, is_child), ({"basis": "given", "given_by": "person"}, not is_child)):
        log = a_log(age)
        log.now = datetime(START.year + years, 3, 2, 18, tzinfo=UTC)
        log.consents("hti", **said)
        log.sends(to="hti")
        assert goes(log) is expected


def test_an_age_that_is_recorded_later_says_nothing_of_a_referral_from_before() -> None:
    log = a_log(None)
    log.sends()
    log.adult()
    assert goes(log)


def told(log: Log, subject: Subject) -> set[str]:
    return {each.agency for each in log.outcome().told if each.subject is subject}


@pytest.mark.parametrize(
    ("age", "recipients", "expected"),
    [
        ("child_9_17", [], {"bpd"}),
        ("adult_24_26", ["dhs"], set[str]()),
        ("adult_24_26", ["dhs", "bpd"], {"bpd"}),
    ],
)
def test_who_is_on_call_is_told_of_an_emergency_where_consent_or_duty_lets_it(
    age: str, recipients: list[str], expected: set[str]
) -> None:
    log = a_log(age)
    if recipients:
        log.consents(*recipients, agency="immigration")
    log.sends("immigration", urgency="emergency")
    assert goes(log)
    assert told(log, Subject.ON_CALL) == expected
    (late,) = [each for each in log.outcome().waiting if each.kind is WaitKind.ANSWER]
    assert {each.agency for each in messages_of_lateness(late)} == {"immigration", "dhs", "council"} | expected


def test_who_may_take_it_too_is_told_after_half_of_the_time() -> None:
    log = a_log("adult_24_26")
    log.consents("dhs", "hti", agency="immigration")
    log.sends("immigration", urgency="urgent")
    (second,) = [each for each in log.outcome().waiting if each.kind is WaitKind.SECOND]
    assert (second.agency, second.about) == ("hti", REFERRAL)  # not love_foundation: no consent names it
    assert second.late_at - log.now == timedelta(hours=1, minutes=30)
    assert second.due_at - log.now == timedelta(hours=3)
    (message,) = messages_of_lateness(second)
    assert (message.subject, message.agency, message.person) == (Subject.TO_TAKE, "hti", PERSON)
    log.moves("dhs", "accepted")
    assert not [each for each in log.outcome().waiting if each.kind is WaitKind.SECOND]


def test_a_consent_that_it_recorded_itself_lets_nobody_take_what_was_sent_to_another() -> None:
    log = a_log("adult_24_26")
    log.consents("dhs", agency="immigration")
    log.consents("hti", agency="hti")
    log.sends("immigration")
    log.moves("hti", "accepted")
    (found,) = [each for each in log.outcome().decisions if isinstance(each, MoveRefused)]
    assert found.reason is MoveRefusal.NOT_THE_RECEIVER


def test_a_day_of_a_profile_that_is_not_exact_makes_nobody_older() -> None:
    log = Log(policy=as_written())
    profile = {"person": PERSON, "role": "victim", "age_group": "child_9_17"}
    log.add("dhs", "person.profile_recorded", profile, at=datetime(2015, 1, 1, 6, tzinfo=UTC), occurredprecision="year")
    log.consents("hti")
    log.now = datetime(2024, 12, 1, 18, tzinfo=UTC)
    log.sends(to="hti")
    assert log.entries[-1].accepted_at.date() < date(2024, 12, 31)
    assert not goes(log)


def answers(log: Log) -> list[PendingAction]:
    return [each for each in log.outcome().waiting if each.kind is WaitKind.ANSWER]


@pytest.mark.parametrize(
    ("said", "waits"),
    [
        ({}, True),
        ({"basis": "guardian", "given_by": "guardian", "guardian": GUARDIAN}, False),
        ({"given_by": "other"}, False),
    ],
)
def test_only_consent_that_opens_lets_an_adult_who_refused_be_waited_for_again(
    said: dict[str, Any], *, waits: bool
) -> None:
    log = Log()
    log.adult()
    log.consents("dhs")
    log.sends()
    log.consents("dhs", basis="refused")
    assert not answers(log)
    log.consents("dhs", **said)
    assert bool(answers(log)) is waits


def heard(log: Log) -> dict[WaitKind, set[str]]:
    """By what waits, who is told once it is late."""
    waiting = log.outcome().waiting
    return {kind: {to for each in waiting if each.kind is kind for to in each.told} for kind in WaitKind}


@pytest.mark.parametrize("urgency", ["routine", "emergency"])
def test_a_consent_that_is_over_when_something_is_late_tells_nobody_of_it(urgency: str) -> None:
    """An agency was told of a person on a day on which its consent had expired, for it had held when they were sent."""
    told = {}
    for days in (0, 1, 5):
        log = a_log("adult_24_26")
        log.consents("hti")
        log.consents("dhs", expires_on=(START + timedelta(days=days)).date().isoformat())
        log.sends(to="hti", urgency=urgency)
        told[days] = {kind for kind in (WaitKind.ANSWER, WaitKind.SECOND) if "dhs" in heard(log)[kind]}
    always = {WaitKind.ANSWER, WaitKind.SECOND}
    assert told == {0: always if urgency == "emergency" else set(), 1: told[0], 5: always}


def test_a_guardian_who_becomes_a_suspect_tells_nobody_anew() -> None:
    log = a_log("child_9_17")
    log.consents("hti", "love_foundation", **NAMED)
    log.sends(to="hti")
    assert heard(log)[WaitKind.SECOND] == {"dhs", "love_foundation"}
    log.add("bpd", "victim_suspect.linked", {"case": CASE, "victim": PERSON, "suspect": GUARDIAN}, subject=CASE)
    assert heard(log)[WaitKind.SECOND] == {"dhs"}
    assert "hti" in heard(log)[WaitKind.ANSWER], "it was sent, and decided, before that"


def test_the_duty_tells_health_of_what_is_late_in_an_emergency_alone() -> None:
    policy = as_written().model_dump(mode="json")
    log = a_log("child_9_17")
    log.policy = type(log.policy).model_validate(policy | {"on_call": policy["on_call"] | {"dhs": ["mohw"]}})
    log.sends(service_types=["medical"], urgency="emergency")
    log.sends(service_types=["medical"], referral=an_id(Kind.REFERRAL, "urgent"))
    late = {each.about: each.told for each in log.outcome().waiting if each.kind is WaitKind.ANSWER}
    assert ["mohw" in told for told in late.values()] == [True, False]
