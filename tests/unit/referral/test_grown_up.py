"""Persons who grow up while they wait: what was said for a child, or by it, decides nothing for the adult."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from schemas.codebook.referral import MoveRefusal
from schemas.envelope import Event
from schemas.ids import Kind
from services.referral.domain.decision import MoveRefused
from services.referral.domain.pending_action import WaitKind
from services.referral.domain.policy import Policy
from tests.unit.referral.sample import GUARDIAN, PERSON, REFERRAL, Log, an_id, as_written, policy

SERVICE = an_id(Kind.SERVICE, "declined")


def of_age(log: Log, age: str) -> None:
    log.add("dhs", "person.profile_recorded", {"person": PERSON, "role": "victim", "age_group": age})


def kinds(log: Log) -> list[WaitKind]:
    return [each.kind for each in log.outcome().waiting if each.kind is not WaitKind.SECOND]


@pytest.mark.parametrize("by_a_profile", [True, False])
def test_a_guardians_consent_opens_nothing_once_the_child_has_grown_up(*, by_a_profile: bool) -> None:
    log = Log(policy=as_written())
    of_age(log, "child_9_17")
    log.consents("hti", basis="guardian", given_by="guardian", guardian=GUARDIAN)
    if by_a_profile:
        log.now += timedelta(days=1)
        of_age(log, "adult_18_20")
    log.sends(to="hti", after=None if by_a_profile else timedelta(days=366 * 9))
    reasons = [each.reason for each in log.outcome().decisions if isinstance(each, MoveRefused)]
    assert reasons == [MoveRefusal.CONSENT_MISSING]


@pytest.mark.parametrize("first", ["child_9_17", "adult_24_26"])
@pytest.mark.parametrize("correction", [False, True])
def test_of_two_ages_of_one_day_the_childs_counts_until_a_later_one_settles_it(first: str, *, correction: bool) -> None:
    """Police stated an adult's age an hour after Human Services stated a child's, and the child's own yes opened."""

    def refused(log: Log) -> list[MoveRefusal]:
        log.consents("hti", given_by="person")
        log.sends(to="hti")
        return [each.reason for each in log.outcome().decisions if isinstance(each, MoveRefused)]

    def contradicted() -> tuple[Log, Event]:
        log = Log(policy=as_written())
        of_age(log, first)
        said = log.entries[-1].event
        log.now += timedelta(hours=1)
        second = "adult_24_26" if first == "child_9_17" else "child_9_17"
        log.add("bpd", "person.profile_recorded", {"person": PERSON, "role": "victim", "age_group": second})
        return log, said if first == "child_9_17" else log.entries[-1].event

    log, _ = contradicted()
    assert refused(log) == [MoveRefusal.CONSENT_MISSING]
    log, child = contradicted()
    if correction:
        log.corrects(child, {"age_group": "adult_21_23"})
    else:
        log.now += timedelta(days=1)
        of_age(log, "adult_24_26")
    assert refused(log) == []


def declines(log: Log) -> None:
    data = {"person": PERSON, "service": SERVICE, "service_type": "shelter", "provider": "dhs"}
    log.add("dhs", "service.declined", {**data, "refused_by": "person", "referral": REFERRAL})


def hands_back(log: Log) -> None:
    log.moves("dhs", "handed_back", reason="person_declined")


def refuses(log: Log) -> None:
    log.consents("dhs", basis="refused", given_by="person")


def withdraws(log: Log) -> None:
    log.add("bpd", "consent.withdrawn", {"person": PERSON, "withdrawn_by": "person", "recipients": ["dhs"]})


SAID_NO = pytest.mark.parametrize("no", [declines, hands_back, refuses, withdraws])


@SAID_NO
@pytest.mark.parametrize(
    ("before", "since", "waits"),
    [
        ("child_9_17", "adult_18_20", True),  # a child said so
        ("child_9_17", "unknown", True),
        ("adult_18_20", "adult_21_23", False),
        ("adult_18_20", "child_9_17", True),  # a child after all
        ("unknown", "adult_24_26", False),  # an adult before, although nobody knew
        (None, "adult_24_26", False),
    ],
)
def test_what_a_child_refused_ends_nothing_for_the_adult(
    no: Callable[[Log], None], before: str | None, since: str, *, waits: bool
) -> None:
    """Somebody who declined at seventeen was no longer waited for from the day on which they were known as an adult."""
    log = Log()
    if before is not None:
        of_age(log, before)
    log.consents("dhs")
    log.sends()
    log.moves("dhs", "accepted")
    no(log)
    log.now += timedelta(days=2)
    of_age(log, since)
    still = WaitKind.NEXT_ATTEMPT if no is hands_back else WaitKind.START
    assert (still in kinds(log)) is waits


@SAID_NO
def test_what_an_adult_refuses_ends_what_waits_although_the_records_began_with_a_child(
    no: Callable[[Log], None],
) -> None:
    log = Log()
    of_age(log, "child_9_17")
    log.consents("dhs")
    log.sends()
    log.moves("dhs", "accepted")
    for _ in range(2):  # a profile, and two days later what the adult says
        log.now += timedelta(days=2)
        of_age(log, "adult_18_20")
    no(log)
    assert not {WaitKind.START, WaitKind.NEXT_ATTEMPT} & set(kinds(log))


@SAID_NO
def test_where_the_policy_lets_a_child_refuse_it_ends_what_waits_for_the_adult_too(no: Callable[[Log], None]) -> None:
    log = Log(policy=Policy.model_validate(policy().model_dump(mode="json") | {"child_may_refuse": True}))
    of_age(log, "child_9_17")
    log.consents("dhs")
    log.sends()
    log.moves("dhs", "accepted")
    no(log)
    for age in ("child_9_17", "adult_18_20"):
        of_age(log, age)
        assert not {WaitKind.START, WaitKind.NEXT_ATTEMPT} & set(kinds(log))


@pytest.mark.parametrize("by", ["guardian", "other", "unknown", "court"])
@pytest.mark.parametrize("name", ["consent.recorded", "consent.withdrawn"])
def test_nobody_ends_by_a_refusal_what_waits_for_an_adult(name: str, by: str) -> None:
    """A person who spoke for an adult, such as a partner who controls them, could stop the clock by a refusal."""
    log = Log()
    log.adult()
    log.consents("dhs")
    log.sends()
    log.moves("dhs", "accepted")
    said = {"basis": "refused", "given_by": by} if name.endswith("recorded") else {"withdrawn_by": by}
    log.add("bpd", name, {"person": PERSON, "recipients": ["dhs"], **said})
    assert WaitKind.START in kinds(log)
    own = {"basis": "refused", "given_by": "person"} if name.endswith("recorded") else {"withdrawn_by": "person"}
    log.add("bpd", name, {"person": PERSON, "recipients": ["dhs"], **own})
    assert WaitKind.START not in kinds(log)


def test_a_refusal_by_another_does_not_outlive_the_adults_own_later_consent() -> None:
    log = Log()
    log.adult()
    log.consents("dhs")
    log.sends()
    log.consents("dhs", basis="refused")
    assert kinds(log) == []
    log.consents("dhs")
    log.consents("dhs", basis="refused", given_by="other")
    assert kinds(log) == [WaitKind.ANSWER]


@pytest.mark.parametrize(
    ("before", "since", "opens"),
    [
        ("child_9_17", "adult_18_20", False),
        ("child_9_17", "unknown", False),
        ("adult_18_20", "adult_21_23", True),
        ("unknown", "adult_24_26", True),  # an adult before, although nobody knew
        (None, "adult_24_26", True),
    ],
)
def test_what_a_child_agreed_to_opens_nothing_until_the_adult_agrees_anew(
    before: str | None, since: str, *, opens: bool
) -> None:
    """A yes of a twelve-year-old, which opened nothing then, let partners know on the day of growing up."""
    log = Log(policy=as_written())
    if before is not None:
        of_age(log, before)
    log.consents("hti", given_by="person")
    log.now += timedelta(days=2)
    of_age(log, since)
    log.sends(to="hti")
    refused = [each for each in log.outcome().decisions if isinstance(each, MoveRefused)]
    assert bool(refused) is not opens
    log.now += timedelta(days=2)
    log.consents("hti", given_by="person")
    log.sends(to="hti", referral=an_id(Kind.REFERRAL, "anew"))
    refused_again = [each for each in log.outcome().decisions if isinstance(each, MoveRefused)]
    assert (len(refused_again) > len(refused)) is (since == "unknown")
