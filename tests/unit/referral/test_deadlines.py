"""Waits and their deadlines: the wall clock for persons in danger, working time for routine referrals alone."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from schemas.codebook.referral import EscalationReason
from schemas.ids import Kind
from schemas.times import BELIZE
from services.referral.domain.accepted_referral_deadlines import end_of_limit
from services.referral.domain.decision import Subject, escalation_of
from services.referral.domain.pending_action import PendingAction, WaitKind
from tests.unit.referral.sample import CASE, OTHER, PERSON, REFERRAL, Log, an_id, policy


def at(text: str) -> datetime:
    """A time in Belize."""
    return datetime.fromisoformat(text).replace(tzinfo=BELIZE).astimezone(UTC)


def waiting(log: Log) -> list[PendingAction]:
    return [each for each in log.outcome().waiting if each.kind not in {WaitKind.FIRST_REFERRAL, WaitKind.SECOND}]


@pytest.mark.parametrize(
    ("urgency", "hours"),
    [("emergency", 1), ("urgent", 3), ("soon", 24), ("unknown", 3), ("not_asked", 3), (None, 3), ("routine", 24)],
)
def test_on_the_wall_clock_at_night_on_a_holiday(urgency: str | None, hours: int) -> None:
    """The evening before Good Friday, of a person of unknown age, who is a child until recorded otherwise."""
    sent = at("2024-03-28T23:30")
    log = Log(now=sent)
    log.sends(urgency=urgency, after=timedelta(0))
    (found,) = waiting(log)
    assert found.due_at == sent + timedelta(hours=hours)
    assert found.agency == "dhs"
    (told,) = [each for each in log.outcome().told if each.subject is Subject.TO_ANSWER]
    assert found.urgency == told.urgency == {1: "emergency", 3: "urgent", 24: "soon"}[hours]


@pytest.mark.parametrize(
    ("sent", "by"),
    [
        ("2024-03-04T10:00", "2024-03-07T10:00"),  # Monday to Thursday
        ("2024-03-01T18:30", "2024-03-06T17:00"),  # Friday evening: from Monday on
        ("2024-03-28T15:00", "2024-04-04T15:00"),  # over Good Friday, Easter Monday and the weekend
        ("2024-07-26T16:00", "2024-08-01T16:00"),  # Emancipation Day, observed on Monday the 29th
        ("2024-12-24T12:00", "2024-12-31T12:00"),  # Christmas and Boxing Day
    ],
)
def test_routine_waits_three_working_days(sent: str, by: str) -> None:
    log = Log(now=at(sent))
    log.adult()
    log.consents("dhs")
    log.sends(urgency="routine", after=timedelta(0), at=at(sent))
    (found,) = waiting(log)
    assert found.due_at == at(by)


def test_a_working_day_is_no_holiday() -> None:
    hours = policy().working_hours.working_time
    assert not hours.is_working_day(date(2024, 7, 29))
    assert hours.is_working_day(date(2024, 8, 1))
    assert not hours.is_working_day(date(2024, 9, 21))


def test_learning_that_somebody_is_an_adult_lets_routine_be_routine() -> None:
    log = Log(now=at("2024-03-01T10:00"))
    log.sends(urgency="routine")
    before = waiting(log)[0].due_at
    log.adult()
    assert waiting(log)[0].due_at > before + timedelta(days=2)


def test_what_was_entered_late_may_still_be_answered_before_others_are_told() -> None:
    log = Log()
    sent = log.now - timedelta(days=3)
    log.sends(urgency="emergency", at=sent, after=timedelta(0))
    (found,) = waiting(log)
    assert found.due_at == sent + timedelta(hours=1)
    assert found.late_at == log.now + timedelta(minutes=15)


def test_each_state_waits_for_its_own() -> None:
    log = Log()
    log.sends()
    log.moves("dhs", "accepted")
    (accepted,) = waiting(log)
    assert (accepted.kind, accepted.agency, accepted.reason) == (WaitKind.START, "dhs", EscalationReason.NOT_STARTED)
    log.moves("dhs", "started")
    (started,) = waiting(log)
    assert (started.kind, started.agency, started.reason) == (WaitKind.SILENCE, "dhs", EscalationReason.GONE_SILENT)
    log.moves("dhs", "put_on_hold", expected_start_on="2024-03-02")
    (held,) = waiting(log)
    assert (held.kind, held.due_at) == (WaitKind.RESUMPTION, at("2024-03-03T00:00"))
    assert held.reason is EscalationReason.ON_HOLD_TOO_LONG
    log.moves("dhs", "handed_back", reason="no_capacity")
    assert [(each.kind, each.agency) for each in waiting(log)] == [(WaitKind.NEXT_ATTEMPT, "bpd")]
    log.sends(referral=an_id(Kind.REFERRAL, "two"), previous_referral=REFERRAL, attempt_no=2)
    assert [each.kind for each in waiting(log)] == [WaitKind.ANSWER]


def test_an_identification_waits_for_its_referral() -> None:
    log = Log()
    log.add("labour", "victim.identified", {"person": PERSON, "case": CASE, "status": "potential"})
    (found,) = log.outcome().waiting
    assert (found.kind, found.agency, found.receiver) == (WaitKind.FIRST_REFERRAL, "labour", "dhs")
    assert found.due_at == found.since + timedelta(hours=24)
    (told,) = log.outcome().told
    assert (told.subject, told.agency, told.receiver, told.referral) == (
        Subject.TO_REFER,
        "labour",
        "dhs",
        found.about,
    )
    assert (told.service_types, told.due_at) == (("shelter", "counselling"), found.due_at)
    log.sends("labour")
    assert [each.kind for each in waiting(log)] == [WaitKind.ANSWER]


@pytest.mark.parametrize(("first", "waits"), [("labour", ["labour"]), ("dhs", [])])
def test_only_who_identified_the_person_first_is_to_refer_them(first: str, waits: list[str]) -> None:
    log = Log()
    for agency in (first, "immigration"):
        log.add(agency, "victim.identified", {"person": PERSON, "case": CASE, "status": "potential"})
    assert [each.agency for each in log.outcome().waiting] == waits


def identified(log: Log, agency: str, **said: str) -> None:
    data = {"person": PERSON, "case": CASE, "status": "suspected", **said}
    log.add(agency, "victim.identified", data, after=timedelta(days=9))


@pytest.mark.parametrize("ended", [True, False])
@pytest.mark.parametrize(
    ("how", "waits"), [({}, True), ({"new_or_carried_over": "carried_over"}, False), ({"status": "confirmed"}, True)]
)
def test_who_is_identified_again_after_they_were_found_no_victim_is_referred_again(
    how: dict[str, str], *, waits: bool, ended: bool
) -> None:
    """Two years later nobody was to refer them: Human Services had had them once."""
    log = Log()
    identified(log, "bpd")
    log.sends()
    log.moves("dhs", "accepted")
    if ended:
        log.moves("dhs", "completed")
    log.add("bpd", "victim.status_changed", {"person": PERSON, "case": CASE, "status": "not_a_victim"})
    identified(log, "labour", **how)
    found = [each.agency for each in log.outcome().waiting if each.kind is WaitKind.FIRST_REFERRAL]
    assert found == (["labour"] if waits and ended else [])
    log.sends("labour", referral=an_id(Kind.REFERRAL, "anew"))
    assert not [each for each in log.outcome().waiting if each.kind is WaitKind.FIRST_REFERRAL]


def test_the_denial_of_another_person_requires_no_referral_anew() -> None:
    log = Log()
    identified(log, "bpd")
    log.sends()
    log.moves("dhs", "accepted")
    log.moves("dhs", "completed")
    log.add("bpd", "victim.status_changed", {"person": OTHER, "case": CASE, "status": "not_a_victim"})
    identified(log, "labour")
    assert log.outcome().waiting == ()


def test_who_was_referred_under_another_id_is_not_referred_again() -> None:
    """Immigration was told as late although Human Services had the person in its care under the id of the police."""
    log = Log()
    identified(log, "immigration")
    log.sends(person=OTHER)
    log.moves("dhs", "accepted", person=OTHER)
    assert [each.kind for each in log.outcome().waiting] == [WaitKind.FIRST_REFERRAL]
    log.merges(PERSON, OTHER)
    assert log.outcome().waiting == ()


@pytest.mark.parametrize(
    ("reason", "waits"),
    [
        *((each, True) for each in ("no_capacity", "out_of_mandate", "other_service_needed", "conflict_of_interest")),
        ("safety", True),
        *((each, False) for each in ("person_not_reachable", "person_moved", "other", "unknown")),
    ],
)
def test_a_referral_that_failed_because_of_its_holder_is_sent_again(reason: str, *, waits: bool) -> None:
    """The shelter had no room any more, and nobody was waited for."""
    log = Log()
    log.sends()
    log.moves("dhs", "accepted")
    log.moves("dhs", "failed", reason=reason)
    assert [(each.kind, each.agency) for each in waiting(log)] == ([(WaitKind.NEXT_ATTEMPT, "bpd")] if waits else [])
    log.sends(to="hti", referral=TWO, previous_referral=REFERRAL)
    assert [each.kind for each in waiting(log)] == [WaitKind.ANSWER]


TWO = an_id(Kind.REFERRAL, "two")


@pytest.mark.parametrize("said", [{"next_referral": TWO}, {}])
def test_whoever_refers_onward_is_waited_for_until_it_has(said: dict[str, str]) -> None:
    log = Log()
    log.sends()
    log.moves("hti", "accepted")
    log.moves("hti", "referred_onward", reason="other_service_needed", **said)
    (found,) = waiting(log)
    assert (found.kind, found.agency, found.about) == (WaitKind.NEXT_ATTEMPT, "hti", REFERRAL)
    assert found.due_at == found.since + timedelta(hours=3)
    log.sends("hti", "iom", referral=TWO, **({} if said else {"previous_referral": REFERRAL}))
    assert [(each.kind, each.agency) for each in waiting(log)] == [(WaitKind.ANSWER, "iom")]


@pytest.mark.parametrize("first", ["handed_back", "referred_onward"])
def test_who_refers_onward_to_the_referral_before_is_still_waited_for(first: str) -> None:
    """Each of two referrals was said to follow the other, and nobody was waited for."""
    log = Log()
    log.sends()
    log.moves("dhs", "accepted")
    log.moves("dhs", first, reason="no_capacity", next_referral=TWO if first == "referred_onward" else None)
    log.sends("dhs", "hti", referral=TWO, previous_referral=REFERRAL)
    log.moves("hti", "accepted", referral=TWO)
    log.moves("hti", "referred_onward", referral=TWO, reason="other_service_needed", next_referral=REFERRAL)
    (found,) = waiting(log)
    assert (found.kind, found.agency, found.about) == (WaitKind.NEXT_ATTEMPT, "hti", TWO)


def test_a_referral_does_not_follow_one_that_was_sent_later() -> None:
    log = Log()
    log.sends(previous_referral=TWO)
    log.moves("dhs", "accepted")
    log.moves("dhs", "completed")
    log.sends(to="hti", referral=TWO)
    log.moves("hti", "rejected", referral=TWO, reason="no_capacity")
    assert [(each.kind, each.about) for each in waiting(log)] == [(WaitKind.NEXT_ATTEMPT, TWO)]


def test_a_next_attempt_by_mistake_is_none() -> None:
    log = Log()
    log.sends()
    log.moves("dhs", "rejected", reason="no_capacity")
    log.sends(to="hti", referral=TWO, previous_referral=REFERRAL)
    log.moves("bpd", "entered_in_error", referral=TWO, from_agency="bpd")
    assert [(each.kind, each.about) for each in waiting(log)] == [(WaitKind.NEXT_ATTEMPT, REFERRAL)]


NEED, OTHER_NEED = an_id(Kind.NEED, "need"), an_id(Kind.NEED, "other")


@pytest.mark.parametrize(
    ("number", "need", "follows"),
    [(2, NEED, True), (1, NEED, False), (None, NEED, False), (2, OTHER_NEED, False), (2, None, False)],
)
def test_a_later_attempt_for_the_same_need_is_the_next_one(
    number: int | None, need: str | None, *, follows: bool
) -> None:
    log = Log()
    log.sends(need=NEED, attempt_no=1)
    log.moves("dhs", "rejected", reason="no_capacity")
    log.sends(to="hti", referral=TWO, need=need, attempt_no=number)
    assert (WaitKind.NEXT_ATTEMPT not in {each.kind for each in waiting(log)}) is follows


@pytest.mark.parametrize("refused", [True, False])
def test_who_was_referred_by_mistake_or_without_consent_is_still_to_be_referred(refused: bool) -> None:
    log = Log()
    log.add("labour", "victim.identified", {"person": PERSON, "case": CASE, "status": "potential"})
    (first,) = log.outcome().waiting
    if refused:
        log.adult()
        log.sends("labour")
    else:
        log.sends("labour")
        log.moves("labour", "entered_in_error", from_agency="labour")
    hears = ("labour", "council") if refused else first.told  # of an adult who agreed to nothing nobody else hears
    assert log.outcome().waiting == (replace(first, answered_n=len(log.entries), told=hears),)
    told = [each.agency for each in log.outcome().told if each.subject is Subject.TO_REFER]
    assert told == (["labour"] if refused else ["labour", "labour"])


def test_what_is_late_is_decided_alike_whoever_asks() -> None:
    log = Log()
    log.sends(urgency="emergency")
    (late,) = waiting(log)
    found = escalation_of(late)
    assert found == escalation_of(late)
    assert found is not None
    assert found.reason is EscalationReason.NOT_ANSWERED
    assert found.told == ("bpd", "dhs", "council")
    assert found.ground.decided_at == late.late_at
    assert end_of_limit(log.now, policy().answer.emergency, policy()) == late.due_at
