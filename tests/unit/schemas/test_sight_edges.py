"""Edges of sight that random stories seldom reach: instants of limits, offices, shut-out agencies, hidden fields."""

from datetime import UTC, date, datetime, timedelta

import pytest

from schemas.agencies import AGENCIES
from schemas.codebook.consent import BestInterestReason, ConsentBasis, ConsentGivenBy, ConsentPurpose
from schemas.codebook.governance import ViewPurpose
from schemas.codebook.identification import AgeGroup
from schemas.consent import ConsentRecorded
from schemas.ids import Kind, derive
from schemas.sight import (
    ConsentHistory,
    Matter,
    ReferralInSight,
    Restriction,
    SeenRecord,
    SightState,
    next_change,
    sight_of,
)
from schemas.sight.consent_history import Age, Consent, ConsentStatement, grown_up_on
from schemas.sight.table import PURPOSES, role_of

NOW = datetime(2024, 3, 1, 18, tzinfo=UTC)
PERSON, SUSPECT, OTHER = (derive(Kind.PERSON, "sight edges", name) for name in ("person", "suspect", "other"))
SECOND = timedelta(seconds=1)
HELD = ReferralInSight("ref", PERSON, "bpd", frozenset({"hti"}), frozenset({"hti"}), ended=False)


@pytest.mark.parametrize("purpose", ViewPurpose)
@pytest.mark.parametrize("agency", sorted(AGENCIES))
def test_an_agency_may_ask_for_what_its_role_may(agency: str, purpose: ViewPurpose) -> None:
    role = role_of(agency)
    expected = role is not None and purpose in PURPOSES[role]
    assert sight_of(agency, SightState(NOW)).may_ask(purpose) is expected


@pytest.mark.parametrize(
    ("at", "holds"),
    [(NOW - SECOND, False), (NOW, True), (NOW + timedelta(days=1) - SECOND, True), (NOW + timedelta(days=1), False)],
)
def test_a_restriction_holds_from_its_first_instant_until_before_its_last(at: datetime, *, holds: bool) -> None:
    assert Restriction("bpd", NOW, NOW + timedelta(days=1)).holds(at) is holds


def test_a_restriction_for_good_ends_never_and_changes_nothing_later() -> None:
    for_good = Restriction("bpd", NOW, None)
    assert for_good.holds(NOW + timedelta(days=10_000))
    assert next_change(SightState(NOW, restrictions=(for_good,))) is None
    until = NOW + timedelta(days=1)
    assert next_change(SightState(NOW, restrictions=(Restriction("bpd", NOW, until), for_good))) == until
    assert next_change(SightState(NOW - SECOND, restrictions=(for_good,))) == NOW


@pytest.mark.parametrize(
    ("agency", "hidden"),
    [("bpd", set[str]()), ("odpp", set[str]()), ("hti", {"operation", "others"}), ("labour", {"operation", "others"})],
)
def test_fields_that_a_role_never_sees_and_persons_who_are_not_a_partners_are_hidden(
    agency: str, hidden: set[str]
) -> None:
    state = SightState(NOW, referrals=(HELD,), suspects=frozenset({SUSPECT}))
    record = SeenRecord("dhs", Matter.JUSTICE, frozenset({PERSON}), frozenset({SUSPECT, OTHER}))
    naming = [("person", frozenset({PERSON})), ("suspect", frozenset({SUSPECT})), ("others", frozenset({OTHER}))]
    assert sight_of(agency, state).hidden_fields(record, naming) == hidden
    assert sight_of("dhs", state).hidden_fields(record, naming) == frozenset()


@pytest.mark.parametrize(
    ("group", "recorded", "adult_on"),
    [
        (AgeGroup.CHILD_9_17, date(2015, 3, 1), date(2024, 3, 1)),
        (AgeGroup.CHILD_0_8, date(2006, 3, 1), date(2024, 3, 1)),
        (AgeGroup.CHILD_9_17, date(2016, 2, 29), date(2025, 3, 1)),
        (AgeGroup.CHILD_0_8, date(2004, 2, 29), date(2022, 3, 1)),
    ],
)
def test_a_child_is_grown_up_on_the_day_and_not_the_day_before(group: AgeGroup, recorded: date, adult_on: date) -> None:
    words = ConsentHistory(ages=(Age(group, recorded),))
    assert grown_up_on(words.ages[0]) == adult_on
    assert not words.is_minor(adult_on)
    assert words.is_minor(adult_on - timedelta(days=1))
    assert ConsentHistory(ages=(Age(group, None),)).is_minor(date(2999, 1, 1))


def test_a_determination_opens_over_a_refusal_that_came_later_too() -> None:
    determined = ConsentRecorded(
        person=PERSON,
        basis=ConsentBasis.OVERRIDDEN_BEST_INTEREST,
        purposes=(ConsentPurpose.LEGAL_HELP, ConsentPurpose.PROTECTION_SERVICES),
        recipients=("hti",),
        determined_by="dhs",
        determined_on=date(2024, 2, 1),
        determined_because=BestInterestReason.NO_GUARDIAN,
        review_on=date(2024, 5, 1),
    )
    refused = ConsentRecorded(
        person=PERSON,
        basis=ConsentBasis.REFUSED,
        recipients=("hti",),
        given_by=ConsentGivenBy.GUARDIAN,
        guardian=OTHER,
    )
    said = [ConsentStatement(frozenset({name}), by, None, n) for name, by, n in (("one", "dhs", 1), ("two", "bpd", 2))]
    words = ConsentHistory(consents=(Consent(said[0], determined), Consent(said[1], refused)))
    state = SightState(NOW, words={PERSON: words})
    assert sight_of("hti", state).sees_for_any(SeenRecord("dhs", Matter.FILE, frozenset({PERSON})))


@pytest.mark.parametrize(
    ("said", "ages", "expected"),
    [
        ({"expires_on": date(2024, 3, 5)}, (), date(2024, 3, 6)),
        ({"review_on": date(2024, 3, 5)}, (), date(2024, 3, 6)),
        ({"determined_on": date(2024, 3, 5)}, (), date(2024, 3, 5)),
        ({"expires_on": date(2024, 2, 5)}, (), None),
        ({"expires_on": date(2024, 3, 8), "determined_on": date(2024, 3, 5)}, (), date(2024, 3, 5)),
        ({}, (Age(AgeGroup.CHILD_9_17, date(2015, 3, 5)),), date(2024, 3, 5)),
        ({}, (Age(AgeGroup.ADULT_18_20, date(2015, 3, 5)),), None),
    ],
)
def test_sight_is_decided_again_on_the_day_on_which_words_mean_something_else(
    said: dict[str, date], ages: tuple[Age, ...], expected: date | None
) -> None:
    given = ConsentRecorded(person=PERSON, basis=ConsentBasis.GIVEN).model_copy(update=said)
    words = ConsentHistory(consents=(Consent(ConsentStatement(frozenset({"one"}), "dhs", None), given),), ages=ages)
    found = next_change(SightState(NOW, words={PERSON: words}))
    midnight = None if expected is None else datetime(expected.year, expected.month, expected.day, 6, tzinfo=UTC)
    assert found == midnight
