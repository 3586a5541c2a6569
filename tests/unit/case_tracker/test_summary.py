"""The summary of a case: parties with roles and dates, charges with their last words, hearings, bail, care."""

from datetime import UTC, datetime

import pytest

from schemas.ids import Kind
from services.case_tracker.domain.case_facts import spine
from services.case_tracker.domain.summary import Summary, summary
from tests.unit.case_tracker.case_statements import (
    BYSTANDER,
    OTHER_BAIL,
    OTHER_CHARGE,
    OTHER_HEARING,
    SENTENCE,
    Telling,
    adjourned,
    amended,
    bailed,
    charged,
    held,
    identified,
    left,
    linked,
    log_of,
    placed,
    says,
    sentence,
    served,
    set_down,
    verdict,
)
from tests.unit.case_tracker.sample import BAIL, CHARGE, HEARING, PLACEMENT, SUSPECT, VICTIM, an_id, day

NOW = datetime(2024, 3, 31, tzinfo=UTC)


def read(*tellings: Telling, now: datetime = NOW) -> Summary:
    log = log_of(tellings)
    return summary(spine(log.case, log.entries), now)


def joins(role: str, person: str = BYSTANDER, **said: object) -> Telling:
    return says("bpd", "case.party_added", person=person, role=role, **said)


def leaves(role: str | None = None, person: str = BYSTANDER, **said: object) -> Telling:
    return says("bpd", "case.party_removed", person=person, role=role, **said)


def parties(*tellings: Telling) -> list[tuple[str, str, bool]]:
    return [(each.person, each.role, each.over) for each in read(*tellings).parties]


def test_a_party_is_in_the_case_since_the_first_word_until_somebody_removes_it() -> None:
    (one,) = read(identified(**day("2024-01-01")), identified(**day("2024-02-01"))).parties
    assert one.since is not None
    assert (one.role, one.since.first_day.isoformat(), one.until) == ("victim", "2024-01-01", None)
    (one,) = read(joins("witness", **day("2024-01-01")), leaves("witness", **day("2024-02-01"))).parties
    assert one.since is not None
    assert one.until is not None
    assert (one.since.first_day.isoformat(), one.until.first_day.isoformat()) == ("2024-01-01", "2024-02-01")


@pytest.mark.parametrize(
    ("removed", "left"),
    [
        (leaves("witness"), {"suspect"}),
        (leaves(), set[str]()),
        (leaves("victim"), {"witness", "suspect"}),
        (leaves("witness", person=VICTIM), {"witness", "suspect"}),
    ],
)
def test_who_is_removed_leaves_the_named_role_or_every_one(removed: Telling, left: set[str]) -> None:
    found = parties(joins("witness"), joins("suspect"), removed)
    assert {role for _, role, over in found if not over} == left
    assert len(found) == 2


def test_a_charge_stands_as_its_last_words_say() -> None:
    (one,) = read(
        charged(counts_n=2, **day("2024-01-01")),
        amended(**day("2024-01-02")),
        verdict("convicted", **day("2024-01-03")),
        verdict("acquitted", **day("2024-01-04")),
        sentence(custodial_months=3, **day("2024-01-05")),
        sentence(sentence=SENTENCE, custodial_months=6, fine_cents=5, **day("2024-01-06")),
    ).charges
    assert (one.charge, one.person, one.offence, one.counts_n) == (CHARGE, SUSPECT, "tip_labour", 2)
    assert one.law is not None
    assert one.at is not None
    assert (one.stage, one.at.first_day.isoformat()) == ("sentence.imposed", "2024-01-06")
    assert (one.outcomes, one.custodial_months, one.fine_cents) == (("convicted", "acquitted"), 6, 5)
    bare, other = read(charged(), charged(charge=OTHER_CHARGE)).charges
    assert {bare.charge, other.charge} == {CHARGE, OTHER_CHARGE}
    assert (bare.counts_n, bare.outcomes, bare.custodial_months, bare.fine_cents) == (None, (), None, None)


@pytest.mark.parametrize(("now", "missed"), [("2024-03-15T05:59", False), ("2024-03-15T06:00", True)])
def test_a_hearing_is_missed_two_days_after_its_day(now: str, *, missed: bool) -> None:
    found = read(set_down("2024-03-12"), now=datetime.fromisoformat(f"{now}+00:00")).hearings
    assert [(each.hearing, each.person, each.court, each.what, each.next_on, each.missed) for each in found] == [
        (HEARING, SUSPECT, "magistrates", "court.hearing_scheduled", "2024-03-12", missed)
    ]


def test_a_hearing_is_told_by_its_last_word_each_once() -> None:
    found = read(set_down("2024-03-12"), adjourned(next_on="2024-04-01"), held(hearing=OTHER_HEARING)).hearings
    assert {(each.hearing, each.what, each.next_on, each.missed) for each in found} == {
        (HEARING, "court.adjourned", "2024-04-01", False),
        (OTHER_HEARING, "court.hearing_held", None, False),
    }


def test_bail_and_placements_stand_by_their_last_word_and_each_service_once() -> None:
    found = read(identified(), linked(), bailed(), bailed(bail=OTHER_BAIL), placed(), left(), served("medical"))
    assert {(each.id, each.person, each.kind, each.last) for each in found.kept} == {
        (BAIL, SUSPECT, "bail", "bail.granted"),
        (OTHER_BAIL, SUSPECT, "bail", "bail.granted"),
        (PLACEMENT, VICTIM, "placement", "shelter.placement_ended"),
    }
    assert found.ties == ((VICTIM, SUSPECT),)
    assert found.services == ((VICTIM, "medical"),)
    twice = read(served("medical"), served("medical"), served("food_water", service=an_id(Kind.SERVICE, "other")))
    assert twice.services == ((VICTIM, "medical"), (VICTIM, "food_water"))
