"""A correction that asks another agency, or for more, is judged as it comes; any other one changes no decision."""

from typing import Any

import pytest

from schemas.codebook.referral import MoveRefusal, ReferralState
from schemas.envelope import Event
from services.referral.domain.decision import MoveRefused, Subject
from services.referral.domain.person_file import fold_person_file
from tests.unit.referral.sample import CASE, GUARDIAN, OTHER, PERSON, REFERRAL, Log, as_written
from tests.unit.referral.test_consent_by_age import DETERMINED, NAMED
from tests.unit.referral.test_restrictions import keeps_out


def refusals(log: Log) -> list[tuple[str, MoveRefusal]]:
    return [(each.move, each.reason) for each in log.outcome().decisions if isinstance(each, MoveRefused)]


def told(log: Log, *subjects: Subject) -> set[str]:
    return {each.agency for each in log.outcome().told if each.subject in subjects}


def sent(*consented: str, **said: Any) -> tuple[Log, Event]:  # noqa: ANN401
    """A referral of an adult to Human Services, by consent to these agencies."""
    log = Log(policy=as_written())
    log.adult()
    log.consents(*consented, agency="labour")
    return log, log.sends("immigration", **said)


ENDED: dict[str, dict[str, Any]] = {
    "taken back from it": {"name": "consent.withdrawn", "recipients": ["hti"]},
    "taken back from all": {"name": "consent.withdrawn"},
    "refused": {"name": "consent.recorded", "basis": "refused", "recipients": ["hti"]},
}


@pytest.mark.parametrize("how", ENDED)
def test_a_correction_sends_nobody_to_an_agency_to_which_consent_ended_since(how: str) -> None:
    """By a correction of the receiver an agency got an adult who had taken consent back from it before."""
    log, first = sent("dhs", "hti")
    said = dict(ENDED[how])
    log.add("labour", said.pop("name"), {"person": PERSON, **said})
    again = log.corrects(first, {"to_agency": "hti"})
    assert refusals(log) == [(again.ref, MoveRefusal.CONSENT_MISSING)]
    assert "hti" not in told(log, Subject.TO_ANSWER)
    log.retracts(again)
    assert fold_person_file(PERSON, log.entries, log.policy).attempts[REFERRAL].state is ReferralState.SENT


def test_a_correction_is_judged_by_consent_that_came_before_it() -> None:
    log, first = sent("dhs")
    log.consents("hti", agency="labour")
    log.corrects(first, {"to_agency": "hti"})
    assert refusals(log) == []
    assert told(log, Subject.TO_ANSWER) == {"dhs", "hti"}


@pytest.mark.parametrize("since", ["the review has passed", "the guardian is a suspect", "the case keeps it out"])
def test_of_a_child_a_correction_is_judged_on_its_own_day(since: str) -> None:
    log = Log(policy=as_written())
    log.add("dhs", "person.profile_recorded", {"person": PERSON, "role": "victim", "age_group": "child_9_17"})
    said = DETERMINED if since.startswith("the review") else NAMED
    log.consents("hti", agency="dhs", **said)
    first = log.sends()
    match since:
        case "the review has passed":
            log.now = log.now.replace(month=6)
        case "the guardian is a suspect":
            log.add("bpd", "victim_suspect.linked", {"case": CASE, "victim": PERSON, "suspect": GUARDIAN}, subject=CASE)
        case _:
            keeps_out(log, "hti", lasting=True)
    log.corrects(first, {"to_agency": "hti"})
    wanted = MoveRefusal.CONFLICT_OF_INTEREST if since.startswith("the case") else MoveRefusal.CONSENT_MISSING
    assert [reason for _, reason in refusals(log)] == [wanted]


@pytest.mark.parametrize(
    ("change", "goes"),
    [
        ({"latest_start_on": "2024-03-20"}, True),
        ({"reason": "safety"}, True),
        ({"case": None}, True),
        ({"urgency": "emergency"}, True),
        ({"service_types": ["shelter"]}, True),
        ({"service_types": ["shelter", "counselling", "clothing"]}, False),
        ({"service_types": []}, False),
    ],
)
def test_a_correction_that_asks_for_no_more_takes_away_no_carer(change: dict[str, Any], *, goes: bool) -> None:
    log, first = sent("dhs", service_types=["shelter", "counselling"])
    log.moves("dhs", "accepted")
    log.add("labour", "consent.withdrawn", {"person": PERSON})
    again = log.corrects(first, change)
    assert refusals(log)[:1] == ([] if goes else [(again.ref, MoveRefusal.CONSENT_MISSING)])
    holder = fold_person_file(PERSON, log.entries, log.policy).attempts[REFERRAL].holder
    assert holder == ("dhs" if goes else None)


def test_a_second_correction_of_anything_else_leaves_the_judgement_of_the_first() -> None:
    log, first = sent("dhs", "hti")
    again = log.corrects(first, {"to_agency": "hti"})
    log.add("labour", "consent.withdrawn", {"person": PERSON})
    last = log.corrects(first, {"to_agency": "hti", "reason": "safety"}, again=again)
    assert refusals(log) == []
    log.corrects(first, {"to_agency": "dhs"}, again=last)
    assert [reason for _, reason in refusals(log)] == [MoveRefusal.CONSENT_MISSING]


def test_a_referral_that_named_somebody_else_is_judged_when_it_names_the_person() -> None:
    log = Log(policy=as_written())
    log.adult()
    log.consents("dhs", agency="labour")
    first = log.sends("immigration", person=OTHER)
    log.add("labour", "consent.withdrawn", {"person": PERSON})
    log.corrects(first, {"person": PERSON})
    assert [reason for _, reason in refusals(log)] == [MoveRefusal.CONSENT_MISSING]


@pytest.mark.parametrize("how", ["turned into an emergency", "not accepted after all"])
@pytest.mark.parametrize("taken_back", [True, False])
def test_nobody_is_called_of_whom_consent_was_taken_back_since(how: str, *, taken_back: bool) -> None:
    """The agency on call was told of an emergency by the consent of the day on which the referral was sent."""
    urgent = "soon" if how.startswith("turned") else "emergency"
    log, first = sent("dhs", "bpd", urgency=urgent)
    accepted = None if urgent == "soon" else log.moves("dhs", "accepted")
    before = len([each for each in log.outcome().told if each.subject is Subject.ON_CALL])
    if taken_back:
        log.add("labour", "consent.withdrawn", {"person": PERSON, "recipients": ["bpd"]})
    if accepted is None:
        log.corrects(first, {"urgency": "emergency"})
    else:
        log.retracts(accepted)
    called = [each.agency for each in log.outcome().told if each.subject is Subject.ON_CALL][before:]
    assert called == ([] if taken_back else ["bpd"])
