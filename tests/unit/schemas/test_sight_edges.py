"""Edges of sight that random stories seldom reach: instants of limits, offices, shut-out agencies, hidden fields."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from schemas.agencies import AGENCIES
from schemas.codebook.consent import BestInterestReason, ConsentBasis, ConsentGivenBy, ConsentPurpose
from schemas.codebook.governance import ViewPurpose
from schemas.codebook.identification import AgeGroup
from schemas.consent_events import ConsentRecorded, ConsentWithdrawn
from schemas.ids import Kind, derive
from schemas.sight import (
    ConsentGap,
    ConsentHistory,
    Matter,
    ReferralInSight,
    Restriction,
    SeenRecord,
    SightState,
    consent_gaps,
    has_lost_consent,
    may_be_told,
    next_change,
    sees_every_file,
    sees_every_matter,
    sight_of,
)
from schemas.sight.consent_history import Age, Consent, ConsentStatement, Withdrawal, grown_up_on
from schemas.sight.sight_table import PURPOSES, role_of
from schemas.times import Interval

NOW = datetime(2024, 3, 1, 18, tzinfo=UTC)
PERSON, SUSPECT, OTHER = (derive(Kind.PERSON, "sight edges", name) for name in ("person", "suspect", "other"))
BOTH = frozenset({PERSON}), frozenset({PERSON, OTHER})
SECOND = timedelta(seconds=1)
HELD = ReferralInSight("ref", PERSON, "bpd", frozenset({"hti"}), frozenset({"hti"}), ended=False)


@pytest.mark.parametrize("purpose", ViewPurpose)
@pytest.mark.parametrize("agency", sorted(AGENCIES))
def test_an_agency_may_ask_for_what_its_role_may(agency: str, purpose: ViewPurpose) -> None:
    role = role_of(agency)
    expected = role is not None and purpose in PURPOSES[role]
    assert sight_of(agency, SightState(NOW)).may_ask(purpose) is expected


def test_the_council_sees_every_matter_and_four_offices_every_file() -> None:
    bodies = [*AGENCIES, "nobody"]
    assert {each for each in bodies if sees_every_matter(each)} == {"council"}
    units = {"atips_pu", "pitcu", "tip_care_unit", "alternative_care_unit"}
    assert {each for each in bodies if sees_every_file(each)} == {"council", "dhs", "bpd", "odpp"} | units


@pytest.mark.parametrize("matter", [Matter.FILE, Matter.JUSTICE, Matter.PROTECTION, Matter.HEALTH, Matter.PLACEMENT])
@pytest.mark.parametrize("by", ["referral", "consent"])
def test_a_partner_sees_a_record_about_two_persons_only_where_both_are_its_own(by: str, matter: Matter) -> None:
    """Such a record says that two ids are one person."""
    purposes = (ConsentPurpose.PROTECTION_SERVICES, ConsentPurpose.HEALTH_CARE)
    given = ConsentRecorded(person=PERSON, basis=ConsentBasis.GIVEN, purposes=purposes, recipients=("hti",))
    words = ConsentHistory(
        consents=(Consent(ConsentStatement(frozenset({"one"}), "bpd", None), given),),
        ages=(Age(AgeGroup.ADULT_24_26, date(2024, 1, 1)),),
    )
    held = [HELD, replace(HELD, id="other", person=OTHER)]
    seen = []
    for several in (1, 2):
        state = SightState(
            NOW,
            referrals=tuple(held[:several]) if by == "referral" else (),
            words=dict.fromkeys((PERSON, OTHER)[:several], words) if by == "consent" else {},
        )
        hti = sight_of("hti", state)
        seen += [hti.sees_for_any(SeenRecord("dhs", matter, about)) for about in BOTH]
    cared_for = by == "referral" and matter in {Matter.HEALTH, Matter.PLACEMENT}
    assert seen == ([False] * 4 if cared_for else [True, False, True, True])


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


def test_an_adult_s_age_without_a_day_settles_nothing_until_the_child_must_have_grown_up() -> None:
    words = ConsentHistory(ages=(Age(AgeGroup.CHILD_9_17, date(2024, 3, 1)), Age(AgeGroup.ADULT_18_20, None)))
    assert words.is_minor(date(2033, 2, 28))
    assert not words.is_minor(date(2033, 3, 1))


CHILD, ADULT, NOBODY_KNOWS = AgeGroup.CHILD_9_17, AgeGroup.ADULT_18_20, AgeGroup.UNKNOWN
YOUNG = AgeGroup.CHILD_0_8


@pytest.mark.parametrize(
    ("ages", "on", "minor"),
    [
        ((), date(2024, 3, 1), True),
        (((NOBODY_KNOWS, date(2024, 2, 1)),), date(2024, 3, 1), True),
        (((CHILD, date(2024, 3, 1)), (ADULT, date(2024, 3, 2))), date(2024, 3, 1), True),
        (((CHILD, date(2024, 3, 1)), (ADULT, date(2024, 3, 2))), date(2024, 3, 2), False),
        (((ADULT, date(2024, 3, 2)),), date(2024, 3, 1), False),  # known later, and so before
        (((NOBODY_KNOWS, date(2024, 2, 1)), (ADULT, date(2024, 3, 2))), date(2024, 3, 1), False),
        (((ADULT, None), (CHILD, date(2024, 3, 2))), date(2024, 3, 1), False),
        (((CHILD, date(2010, 3, 1)),), date(2024, 3, 1), False),  # grown up by then
        (((CHILD, date(2024, 3, 1)), (ADULT, date(2024, 3, 1))), date(2024, 3, 1), True),  # of one day both count
        (((ADULT, date(2024, 3, 1)), (CHILD, date(2024, 3, 1))), date(2024, 3, 1), True),
        (
            ((CHILD, date(2024, 3, 1)), (ADULT, date(2024, 3, 1)), (NOBODY_KNOWS, date(2024, 3, 2))),
            date(2024, 3, 2),
            True,
        ),
        (((CHILD, date(2024, 3, 1)), (ADULT, date(2024, 3, 1)), (ADULT, date(2024, 3, 2))), date(2024, 3, 2), False),
        (((CHILD, date(2024, 3, 1)), (ADULT, date(2024, 3, 1)), (ADULT, date(2024, 3, 2))), date(2024, 3, 1), True),
        (((YOUNG, date(2010, 3, 1)), (CHILD, date(2010, 3, 1))), date(2024, 3, 1), True),
        (((CHILD, None), (ADULT, date(2024, 3, 1))), date(2024, 3, 1), False),
        (((CHILD, date(2024, 3, 1)), (ADULT, None)), date(2024, 3, 1), True),  # nobody knows which came later
        ((), None, True),
        (((CHILD, date(2010, 3, 1)), (ADULT, date(2024, 3, 2))), None, True),
        (((ADULT, date(2024, 3, 2)),), None, False),
    ],
)
def test_somebody_was_a_child_by_the_last_age_recorded_by_that_day(
    ages: tuple[tuple[AgeGroup, date | None], ...], on: date | None, minor: bool
) -> None:
    words = ConsentHistory(ages=tuple(Age(group, day) for group, day in ages))
    assert words.was_minor(on) is minor


MARCH = Interval(datetime(2024, 3, 1, 6, tzinfo=UTC), datetime(2024, 4, 1, 6, tzinfo=UTC))
MIDDLE = Interval(datetime(2024, 3, 15, 18, tzinfo=UTC), datetime(2024, 3, 15, 18, tzinfo=UTC))
LATER = Interval(datetime(2024, 4, 1, 6, tzinfo=UTC), datetime(2024, 4, 1, 6, tzinfo=UTC))


@pytest.mark.parametrize(
    ("ages", "minor"),
    [
        (((CHILD, MARCH), (ADULT, MIDDLE)), True),  # the child may have been recorded later in March
        (((ADULT, MARCH), (CHILD, MIDDLE)), True),
        (((CHILD, MIDDLE), (ADULT, MARCH)), True),
        (((CHILD, MARCH), (ADULT, LATER)), False),
        (((CHILD, MIDDLE), (ADULT, LATER)), False),
        (((CHILD, MIDDLE), (ADULT, MIDDLE)), True),
        (((CHILD, None), (ADULT, MIDDLE)), False),  # an unknown time comes first
    ],
)
def test_an_adults_age_settles_a_childs_age_only_if_it_is_surely_of_a_later_day(
    ages: tuple[tuple[AgeGroup, Interval | None], ...], *, minor: bool
) -> None:
    """An age that was stated a minute later on the same day ended all protection of a child."""
    words = ConsentHistory(ages=tuple(Age.stated(group, at) for group, at in ages))
    assert words.is_minor(date(2024, 4, 2)) is minor


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
        ({"determined_on": date(2024, 2, 1), "review_on": date(2024, 5, 4)}, (), date(2024, 5, 4)),
        ({"expires_on": date(2024, 2, 5)}, (), None),
        ({"expires_on": date(2024, 3, 8), "determined_on": date(2024, 3, 5)}, (), date(2024, 3, 5)),
        ({"expires_on": date.max, "review_on": date.max}, (), date(2200, 1, 1)),
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


def _at(day: int) -> Interval:
    return Interval(*[datetime(2024, 2, day, 18, tzinfo=UTC)] * 2)


@pytest.mark.parametrize(("yes_on", "no_on"), [(20, 10), (10, 20), (10, 10)])
@pytest.mark.parametrize(("yes_n", "no_n"), [(1, 2), (2, 1), (None, 1), (2, None), (None, None)])
@pytest.mark.parametrize("how", ["refused", "withdrawn"])
def test_a_consent_opens_over_a_no_only_if_it_came_later_in_the_world_and_in_the_log(
    how: str, yes_n: int | None, no_n: int | None, yes_on: int, no_on: int
) -> None:
    """A no that reaches the log after the consent closes, whatever day it bears: nobody could know it before."""
    given = ConsentRecorded(
        person=PERSON,
        basis=ConsentBasis.GIVEN,
        purposes=(ConsentPurpose.PROTECTION_SERVICES,),
        recipients=("hti",),
    )
    refused = ConsentRecorded(person=PERSON, basis=ConsentBasis.REFUSED, recipients=("hti",))
    yes, no = (
        ConsentStatement(frozenset({name}), "bpd", _at(day), n)
        for name, day, n in (("yes", yes_on, yes_n), ("no", no_on, no_n))
    )
    consents = (Consent(yes, given), *((Consent(no, refused),) if how == "refused" else ()))
    back = (Withdrawal(no, ConsentWithdrawn(person=PERSON)),) if how == "withdrawn" else ()
    words = ConsentHistory(consents, back, (Age(AgeGroup.ADULT_24_26, date(2024, 1, 1)),))
    later = yes_on > no_on and (yes_n is None or no_n is None or yes_n > no_n)
    assert may_be_told(words, "hti", given.purposes, NOW.date()) is later
    assert has_lost_consent(words, "hti", NOW.date()) is not later


WANTED = (ConsentPurpose.PROTECTION_SERVICES,)
AN_ADULT = Age(AgeGroup.ADULT_24_26, date(2024, 1, 1))
A_CHILD = Age(AgeGroup.CHILD_9_17, date(2024, 1, 1))
NOT_KNOWN = Age(AgeGroup.UNKNOWN, date(2024, 2, 1))
GIVEN: dict[str, object] = {"basis": ConsentBasis.GIVEN}
GUARDIANS: dict[str, object] = {"basis": ConsentBasis.GUARDIAN, "given_by": ConsentGivenBy.GUARDIAN, "guardian": OTHER}


@pytest.mark.parametrize(
    ("ages", "said", "gaps"),
    [
        ((AN_ADULT, NOT_KNOWN), GIVEN, (ConsentGap.OTHER_RECORDS,)),
        ((AN_ADULT,), GUARDIANS, (ConsentGap.PERSON,)),
        ((NOT_KNOWN, A_CHILD), GIVEN, (ConsentGap.GUARDIAN,)),
        ((A_CHILD, NOT_KNOWN), GUARDIANS, (ConsentGap.OTHER_RECORDS,)),
        ((A_CHILD,), GUARDIANS | {"guardian": None}, (ConsentGap.GUARDIAN,)),
        ((), GIVEN, (ConsentGap.AGE_UNKNOWN,)),
        ((NOT_KNOWN,), GIVEN, (ConsentGap.AGE_UNKNOWN,)),
        ((NOT_KNOWN,), GUARDIANS, (ConsentGap.OTHER_RECORDS,)),
        ((), GUARDIANS | {"guardian": None}, (ConsentGap.AGE_UNKNOWN, ConsentGap.GUARDIAN)),
    ],
)
def test_a_consent_lacks_the_word_of_the_adult_or_of_the_childs_guardian_or_the_age(
    ages: tuple[Age, ...], said: dict[str, object], gaps: tuple[ConsentGap, ...]
) -> None:
    asked = {"person": PERSON, "purposes": WANTED, "recipients": ("hti",), **said}
    given = ConsentRecorded.model_validate({name: each for name, each in asked.items() if each is not None})
    own = ConsentHistory((Consent(ConsentStatement(frozenset({"one"}), "bpd", _at(10)), given),), ages=ages)
    assert consent_gaps(own, "hti", WANTED, NOW.date()) == gaps


@pytest.mark.parametrize(
    ("said", "gaps"),
    [
        ({}, (ConsentGap.OTHER_RECORDS,)),
        ({"recipients": ("iom",)}, (ConsentGap.RECIPIENT,)),
        ({"purposes": (ConsentPurpose.HEALTH_CARE,)}, (ConsentGap.PURPOSE,)),
        ({"expires_on": NOW.date()}, (ConsentGap.OTHER_RECORDS,)),
        ({"expires_on": NOW.date() - timedelta(days=1)}, (ConsentGap.EXPIRED,)),
        (
            {"recipients": ("iom",), "purposes": (), "expires_on": date(2023, 1, 1)},
            (ConsentGap.RECIPIENT, ConsentGap.PURPOSE, ConsentGap.EXPIRED),
        ),
    ],
)
def test_an_agency_learns_all_that_its_consent_lacks_and_nothing_else(
    said: dict[str, object], gaps: tuple[ConsentGap, ...]
) -> None:
    given = ConsentRecorded.model_validate(
        {"person": PERSON, "basis": ConsentBasis.GIVEN, "purposes": WANTED, "recipients": ("hti",), **said}
    )
    consent = Consent(ConsentStatement(frozenset({"one"}), "bpd", _at(10)), given)
    own = ConsentHistory((consent,), ages=(Age(AgeGroup.ADULT_24_26, date(2024, 1, 1)),))
    assert consent_gaps(own, "hti", WANTED, NOW.date()) == gaps
    back = Withdrawal(ConsentStatement(frozenset({"no"}), "bpd", _at(20)), ConsentWithdrawn(person=PERSON))
    taken = (ConsentGap.TAKEN_BACK,) if gaps == (ConsentGap.OTHER_RECORDS,) else gaps
    assert consent_gaps(replace(own, withdrawals=(back,)), "hti", WANTED, NOW.date()) == taken


@pytest.mark.parametrize("at", [10, 20])
def test_of_several_consents_the_one_that_lacks_least_is_told(at: int) -> None:
    said = {"person": PERSON, "purposes": WANTED, "expires_on": date(2023, 1, 1), **GIVEN}
    given = [
        Consent(
            ConsentStatement(frozenset({name}), "bpd", _at(when)),
            ConsentRecorded.model_validate(said | {"recipients": (recipient,)}),
        )
        for name, when, recipient in (("one", 15, "hti"), ("two", at, "iom"))
    ]
    for each in (given, given[::-1]):
        own = ConsentHistory(tuple(each), ages=(AN_ADULT,))
        assert consent_gaps(own, "hti", WANTED, NOW.date()) == (ConsentGap.EXPIRED,)
        assert consent_gaps(own, "hti", WANTED, NOW.date(), "two") == (ConsentGap.RECIPIENT, ConsentGap.EXPIRED)
