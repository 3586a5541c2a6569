"""The clock runs until there is a service: when work must begin, go on, and be heard of; and what ends the clock."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from schemas.codebook.referral import EscalationReason
from schemas.ids import Kind
from services.referral.domain.decision import escalation_of
from services.referral.domain.pending_action import PendingAction, WaitKind
from tests.unit.referral.sample import CASE, PERSON, REFERRAL, SUSPECT, Log, an_id
from tests.unit.referral.test_deadlines import at, waiting

NEED, SERVICE = an_id(Kind.NEED, "need"), an_id(Kind.SERVICE, "service")


def accepted(urgency: str = "urgent", *, now: datetime | None = None, **said: str) -> Log:
    """A referral of an adult who consented, accepted at once."""
    log = Log() if now is None else Log(now=now)
    log.adult()
    log.consents("dhs")
    log.sends(urgency=urgency, need=NEED)
    log.moves("dhs", "accepted", **said)
    return log


def only(log: Log) -> PendingAction:
    (found,) = waiting(log)
    return found


def kinds(log: Log) -> list[WaitKind]:
    return [each.kind for each in log.outcome().waiting]


def provides(log: Log, agency: str = "dhs", name: str = "service.provided", **said: Any) -> None:  # noqa: ANN401
    data = {"person": PERSON, "case": CASE, "service": SERVICE, "service_type": "shelter", "provider": agency}
    how = {key: said.pop(key) for key in ("after", "at") if key in said}
    log.add(agency, name, {**data, **said}, **how)


@pytest.mark.parametrize(("urgency", "hours"), [("emergency", 4), ("urgent", 24), ("soon", 72), (None, 24)])
def test_work_begins_within_hours_of_acceptance(urgency: str | None, hours: int) -> None:
    log = Log()
    log.sends(urgency=urgency)
    log.moves("dhs", "accepted")
    found = only(log)
    assert (found.kind, found.due_at) == (WaitKind.START, log.now + timedelta(hours=hours))


def test_only_routine_work_may_wait_for_offices_to_open() -> None:
    log = accepted("routine", now=at("2024-04-08T09:56"))
    assert only(log).due_at == at("2024-04-15T10:00")


@pytest.mark.parametrize(
    ("wish", "urgency", "by"),
    [
        ("2024-03-01", "urgent", "2024-03-02T00:00"),  # the end of the day that was announced, before the limit
        ("2024-03-02", "urgent", "2024-03-02T12:04"),  # no later than the limit
        ("2024-12-24", "urgent", "2024-03-02T12:04"),
        ("2024-03-01", "emergency", "2024-03-01T16:04"),
        ("9999-12-31", "urgent", "2024-03-02T12:04"),
        ("2024-02-20", "urgent", "2024-03-01T12:04"),  # before acceptance: due at once
    ],
)
def test_a_date_that_the_receiver_wishes_is_no_later_than_the_limit(wish: str, urgency: str, by: str) -> None:
    assert only(accepted(urgency, expected_start_on=wish)).due_at == at(by)


@pytest.mark.parametrize("corrected", [True, False])
def test_the_senders_word_allows_a_later_start(*, corrected: bool) -> None:
    log = Log()
    log.adult()
    log.consents("dhs")
    agreed = {"latest_start_on": "2024-03-20"}
    sent = log.sends(urgency="urgent", **({} if corrected else agreed))
    log.moves("dhs", "accepted", expected_start_on="2024-03-18")
    if corrected:
        assert only(log).due_at == at("2024-03-02T12:04")
        log.corrects(sent, agreed)
    assert only(log).due_at == at("2024-03-19T00:00")


def test_the_senders_word_is_the_latest_day_and_shortens_nothing() -> None:
    log = Log()
    log.sends(urgency="soon", latest_start_on="2024-03-05")
    log.moves("dhs", "accepted", expected_start_on="2024-04-18")
    assert only(log).due_at == at("2024-03-06T00:00")
    log = Log()
    log.sends(urgency="soon", latest_start_on="2024-03-02")
    log.moves("dhs", "accepted")
    assert only(log).due_at == log.now + timedelta(hours=72)


@pytest.mark.parametrize(("urgency", "hours"), [("emergency", 24), ("urgent", 72), ("soon", 168)])
def test_work_is_on_hold_no_longer_than_the_urgency_allows(urgency: str, hours: int) -> None:
    log = accepted(urgency)
    log.moves("dhs", "put_on_hold", expected_start_on="2024-12-24")
    found = only(log)
    assert (found.kind, found.due_at) == (WaitKind.RESUMPTION, log.now + timedelta(hours=hours))


@pytest.mark.parametrize(("urgency", "hours"), [("emergency", 24), ("urgent", 72), ("soon", 168)])
def test_silence_after_the_start_alarms(urgency: str, hours: int) -> None:
    log = accepted(urgency)
    log.moves("dhs", "started")
    found = only(log)
    assert (found.kind, found.agency, found.about) == (WaitKind.SILENCE, "dhs", REFERRAL)
    assert found.due_at == log.now + timedelta(hours=hours)
    late = escalation_of(found)
    assert late is not None
    assert (late.reason, late.told) == (EscalationReason.GONE_SILENT, ("bpd", "dhs", "council"))


def test_every_word_of_the_receiver_about_the_person_ends_the_silence_and_nobody_elses_does() -> None:
    log = accepted()
    log.moves("dhs", "started")
    started = only(log)
    provides(log, "hti", after=timedelta(hours=5))
    assert only(log).due_at == started.due_at
    log.add("dhs", "need.assessed", {"person": PERSON, "need": NEED}, after=timedelta(hours=5))
    assert only(log).due_at == started.due_at + timedelta(hours=10)
    # Told today of a contact of long ago: what counts is when it was.
    provides(log, at=log.now - timedelta(hours=8), after=timedelta(hours=1))
    assert only(log).due_at == started.due_at + timedelta(hours=10)


def test_what_the_holder_says_of_a_suspect_is_no_word_about_the_person() -> None:
    """An agency that brought the suspect to court was never missed, although nobody had seen the victim since."""
    log = accepted()
    log.moves("dhs", "started")
    started = only(log)
    released = {"person": SUSPECT, "arrest": an_id(Kind.ARREST, "a"), "victims": [PERSON]}
    log.add("dhs", "arrest.released", released, after=timedelta(hours=5))
    tie = {"case": CASE, "victim": PERSON, "suspect": SUSPECT}
    log.add("dhs", "victim_suspect.linked", tie, subject=CASE, after=timedelta(hours=5))
    assert only(log).due_at == started.due_at
    screening = an_id(Kind.ACTIVITY, "screening")
    log.add("dhs", "screening.completed", {"screening": screening, "persons": [PERSON]}, subject=screening)
    assert only(log).due_at == log.now + timedelta(hours=72)


def test_a_service_on_the_referral_is_a_start_though_nobody_says_started() -> None:
    log = accepted()
    provides(log, "hti", referral=REFERRAL)
    provides(log, "dhs", referral=an_id(Kind.REFERRAL, "two"))
    assert kinds(log) == [WaitKind.START]
    provides(log, referral=REFERRAL, after=timedelta(hours=2))
    assert kinds(log) == [WaitKind.SILENCE]
    assert only(log).since == log.now


def test_work_that_went_on_after_a_pause_is_heard_of_too() -> None:
    log = accepted()
    log.moves("dhs", "put_on_hold", reason="safety")
    log.moves("dhs", "resumed", after=timedelta(hours=1))
    assert only(log).due_at == log.now + timedelta(hours=72)


def states() -> dict[str, Log]:
    """A referral in each state in which somebody is waited for."""
    found = {"accepted": accepted(), "started": accepted(), "held": accepted(), "sent": Log(), "failing": accepted()}
    found["started"].moves("dhs", "started")
    found["held"].moves("dhs", "put_on_hold", reason="safety")
    found["failing"].moves("dhs", "handed_back", reason="no_capacity")
    found["sent"].adult()
    found["sent"].consents("dhs")
    found["sent"].sends(need=NEED)
    return found


STATES = list(states())


@pytest.mark.parametrize("state", STATES)
def test_who_declines_what_was_asked_is_no_longer_waited_for(state: str) -> None:
    log = states()[state]
    assert len(waiting(log)) == 1
    provides(log, name="service.declined", refused_by="person", referral=REFERRAL)
    assert waiting(log) == []


@pytest.mark.parametrize(
    "said",
    [
        {"refused_by": "provider", "referral": REFERRAL},
        {"refused_by": "unknown", "referral": REFERRAL},
        {"referral": REFERRAL},
        {"refused_by": "person", "referral": an_id(Kind.REFERRAL, "two")},
        {"refused_by": "person", "need": an_id(Kind.NEED, "another")},
        {"refused_by": "person"},
        {"refused_by": "person", "referral": REFERRAL, "service_type": "counselling"},
    ],
)
def test_in_doubt_somebody_is_still_waited_for(said: dict[str, str]) -> None:
    log = accepted()
    provides(log, name="service.declined", **said)
    assert kinds(log) == [WaitKind.START]


def test_a_refusal_for_the_need_is_one_for_the_referral() -> None:
    log = accepted()
    provides(log, name="service.declined", refused_by="person", need=NEED)
    assert waiting(log) == []


def test_who_declines_one_of_two_services_is_waited_for_until_both_are_declined() -> None:
    log = Log()
    log.adult()
    log.consents("dhs")
    log.sends(service_types=["shelter", "counselling"])
    for service_type, left in (("shelter", 1), ("counselling", 0)):
        said = {"service_type": service_type, "service": an_id(Kind.SERVICE, service_type)}
        provides(log, name="service.declined", refused_by="person", referral=REFERRAL, **said)
        assert len(waiting(log)) == left


def test_a_referral_that_names_no_service_is_ended_by_a_refusal_of_protection_alone() -> None:
    log = Log()
    log.adult()
    log.consents("dhs")
    log.sends(service_types=[])
    provides(log, name="service.declined", refused_by="person", referral=REFERRAL)
    assert kinds(log) == [WaitKind.ANSWER]
    log.consents("dhs", basis="refused", given_by="person", purposes=["legal_help"])
    assert kinds(log) == [WaitKind.ANSWER]
    log.consents("dhs", basis="refused", given_by="person", purposes=["protection_services"])
    assert kinds(log) == []


def test_who_declined_before_it_was_asked_again_is_waited_for() -> None:
    log = Log()
    log.adult()
    log.consents("dhs")
    provides(log, name="service.declined", refused_by="person", need=NEED)
    log.sends(need=NEED)
    assert kinds(log) == [WaitKind.ANSWER]


@pytest.mark.parametrize(
    ("move", "said", "ends"),
    [
        ("rejected", {"reason": "person_declined"}, True),
        ("rejected", {"reason": "other", "refused_by": "person"}, True),
        ("rejected", {"reason": "no_capacity", "refused_by": "provider"}, False),
        ("rejected", {"reason": "consent_missing"}, False),
        ("handed_back", {"reason": "person_declined"}, True),
        ("handed_back", {"reason": "consent_withdrawn"}, True),
        ("handed_back", {"reason": "person_not_reachable"}, False),
        ("referred_onward", {"reason": "person_declined"}, True),
    ],
)
def test_nobody_refers_again_whom_the_person_said_no_to(move: str, said: dict[str, str], *, ends: bool) -> None:
    log = Log()
    log.adult()
    log.consents("dhs")
    log.sends()
    if move != "rejected":
        log.moves("dhs", "accepted")
    log.moves("dhs", move, **said)
    assert kinds(log) == ([] if ends else [WaitKind.NEXT_ATTEMPT])


@pytest.mark.parametrize(
    ("reason", "waits"),
    [
        ("not_answered", True),
        ("wrong_recipient", True),
        ("no_longer_needed", False),
        ("person_declined", False),
        ("consent_withdrawn", False),
        ("wrong_person", False),
        ("duplicate", False),
        ("other", False),
        (None, False),
    ],
)
def test_who_cancels_because_of_the_receiver_is_to_refer_again(reason: str | None, *, waits: bool) -> None:
    """A sender that cancelled a referral because nobody had answered it was no longer waited for, nor was anybody."""
    log = states()["sent"]
    log.moves("bpd", "cancelled", from_agency="bpd", reason=reason)
    assert kinds(log) == ([WaitKind.NEXT_ATTEMPT] if waits else [])
    if waits:
        (found,) = log.outcome().waiting
        assert (found.agency, found.due_at) == ("bpd", log.now + timedelta(hours=3))
        log.consents("hti")
        log.sends(to="hti", referral=an_id(Kind.REFERRAL, "two"), previous_referral=REFERRAL)
        assert WaitKind.NEXT_ATTEMPT not in kinds(log)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize(
    ("said", "ends"),
    [
        ({"basis": "refused", "recipients": []}, True),
        ({"basis": "refused", "recipients": ["dhs"]}, True),
        ({"basis": "refused", "recipients": ["hti"]}, False),
        ({"basis": "refused", "recipients": ["dhs"], "purposes": ["legal_help"]}, False),
    ],
)
def test_who_refuses_consent_is_no_longer_waited_for(state: str, said: dict[str, object], *, ends: bool) -> None:
    log = states()[state]
    log.add("dhs", "consent.recorded", {"person": PERSON, "purposes": ["protection_services"], **said})
    # Whoever is asked next may be another agency than the one that the person refused.
    next_may_be_asked = state == "failing" and said["recipients"] == ["dhs"]
    assert len(waiting(log)) == (0 if ends and not next_may_be_asked else 1)


@pytest.mark.parametrize(
    ("purposes", "again"),
    [(["protection_services", "legal_help"], True), (["protection_services"], True), (["legal_help"], False)],
)
def test_who_consents_again_is_waited_for_again(purposes: list[str], *, again: bool) -> None:
    log = accepted()
    log.add("dhs", "consent.recorded", {"person": PERSON, "basis": "refused", "recipients": []})
    assert waiting(log) == []
    log.consents("dhs", case=CASE, purposes=purposes)
    assert kinds(log) == ([WaitKind.START] if again else [])


def test_consent_taken_back_leaves_its_acknowledgement_to_be_waited_for_alone() -> None:
    log = accepted()
    log.add("bpd", "consent.withdrawn", {"person": PERSON})
    assert kinds(log) == [WaitKind.ACKNOWLEDGEMENT]


@pytest.mark.parametrize(("recipients", "ends"), [(["dhs"], True), (["hti"], False), ([], True)])
def test_consent_taken_back_ends_the_clock_of_whom_it_names(recipients: list[str], *, ends: bool) -> None:
    log = accepted()
    log.add("bpd", "consent.withdrawn", {"person": PERSON, "recipients": recipients})
    assert (WaitKind.START not in kinds(log)) is ends


@pytest.mark.parametrize(("said", "ends"), [("all", True), ("of dhs", False), ("of one consent", False)])
def test_whoever_comes_next_is_waited_for_unless_consent_was_taken_back_from_all(said: str, *, ends: bool) -> None:
    log = states()["failing"]
    given = next(each.event for each in log.entries if each.event.type == "bz.atips.consent.recorded.v1")
    more: dict[str, dict[str, Any]] = {
        "all": {},
        "of dhs": {"recipients": ["dhs"]},
        "of one consent": {"consent": given.ref},
    }
    log.add("bpd", "consent.withdrawn", {"person": PERSON, **more[said]})
    assert (WaitKind.NEXT_ATTEMPT not in kinds(log)) is ends


@pytest.mark.parametrize("age", ["child_9_17", "unknown", None])
def test_a_child_is_waited_for_whatever_it_says(age: str | None) -> None:
    log = Log()
    if age is not None:
        log.add("dhs", "person.profile_recorded", {"person": PERSON, "role": "victim", "age_group": age})
    log.sends()
    log.moves("dhs", "accepted")
    provides(log, name="service.declined", refused_by="person", referral=REFERRAL)
    assert kinds(log) == [WaitKind.START]
    log.moves("dhs", "handed_back", reason="person_declined")
    assert kinds(log) == [WaitKind.NEXT_ATTEMPT]


def status(log: Log, agency: str, status: str) -> None:
    name = "victim.identified" if status in {"suspected", "potential"} else "victim.status_changed"
    log.add(agency, name, {"person": PERSON, "case": CASE, "status": status})


@pytest.mark.parametrize("state", STATES)
def test_who_is_found_not_to_be_a_victim_is_no_longer_waited_for(state: str) -> None:
    log = states()[state]
    status(log, "dhs", "suspected")
    assert len(waiting(log)) == 1
    status(log, "bpd", "not_a_victim")
    assert waiting(log) == []
    status(log, "odpp", "confirmed")
    assert len(waiting(log)) == 1


@pytest.mark.parametrize(
    ("words", "waits"),
    [
        ((("dhs", "confirmed"), ("bpd", "not_a_victim")), True),
        ((("bpd", "confirmed"), ("bpd", "not_a_victim")), False),
        ((("bpd", "not_a_victim"), ("bpd", "confirmed")), True),
        ((("dhs", "suspected"), ("bpd", "not_a_victim")), False),
        ((("bpd", "not_a_victim"), ("dhs", "suspected")), True),
        ((("bpd", "not_a_victim"), ("bpd", "undetermined")), True),
        ((("bpd", "undetermined"),), True),
    ],
)
def test_one_agencys_word_takes_back_its_own_alone(words: tuple[tuple[str, str], ...], *, waits: bool) -> None:
    log = accepted()
    for agency, said in words:
        status(log, agency, said)
    assert kinds(log) == ([WaitKind.START] if waits else [])


@pytest.mark.parametrize("state", STATES)
def test_nobody_is_waited_for_who_died(state: str) -> None:
    """An agency was told as late for care of somebody who had died."""
    log = states()[state]
    died = log.add("mohw", "person.deceased_recorded", {"person": PERSON})
    assert waiting(log) == []
    log.retracts(died)
    assert len(waiting(log)) == 1


def test_the_death_of_somebody_else_ends_no_wait() -> None:
    log = accepted()
    log.add("mohw", "person.deceased_recorded", {"person": SUSPECT})
    assert kinds(log) == [WaitKind.START]


def test_an_identification_of_who_refuses_or_is_no_victim_needs_no_referral() -> None:
    for said in ("refused", "not_a_victim", "died"):
        log = Log()
        log.adult()
        status(log, "labour", "potential")
        assert kinds(log) == [WaitKind.FIRST_REFERRAL]
        if said == "refused":
            log.add("labour", "consent.recorded", {"person": PERSON, "basis": "refused", "recipients": []})
        elif said == "died":
            log.add("mohw", "person.deceased_recorded", {"person": PERSON})
        else:
            status(log, "bpd", said)
        assert kinds(log) == []
