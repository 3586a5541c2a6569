"""Roles, data given away, policies and laws: in their own year, and each stage for itself."""

from datetime import date

import pytest

from schemas.codebook.coordination import HeldRole
from schemas.codebook.dated_groups_and_labels import Grouping
from schemas.codec import decode_strict
from schemas.errors import BadMessage, Reason
from services.reporting.domain.declaration.figure import Days
from services.reporting.domain.figures.partnership import (
    dataset,
    policy_and_law_milestone,
    roles_in_international_bodies,
)
from tests.unit.reporting.figures_of_events import Event, by, holds_only_by, reading, readings
from tests.unit.reporting.samples import activity, at, raw


def held(number: int, what: str, when: str, body: str = "rcm", held_to: str | None = None) -> Event:
    data = {"tenure": activity(number), "role": what, "body": body}
    return "role.held", data | ({} if held_to is None else {"held_to": held_to}), when


def shared(number: int, when: str, **more: object) -> Event:
    data = {"dataset": activity(number), "recipient": "regional_coalition", "first_period": "2021", **more}
    return "dataset.shared", data, when


def policy(number: int, stage: str, when: str, name: str = "seasonal_workers_programme") -> Event:
    return "policy.milestone_reached", {"policy": activity(number), "name": name, "stage": stage}, when


def law(number: int, stage: str, when: str, of: str = "counter_trafficking") -> Event:
    return "legislation.milestone_reached", {"legislation": activity(number), "law": of, "stage": stage}, when


def test_a_presidency_known_by_its_year_was_held_in_that_year_and_surely_in_no_month() -> None:
    events = held(1, "pro_tempore_presidency", "2024", held_to="2024"), held(2, "membership", "2024")
    assert [reading("P4b", period, *events).amount for period in ("2023", "2024", "2024-05", "2025")] == [0, 1, 0, 0]

    def check() -> None:
        assert reading("P4b", "2024", *events).amount == 1

    wider = Grouping(frozenset({HeldRole.PRO_TEMPORE_PRESIDENCY, HeldRole.MEMBERSHIP}))
    holds_only_by((roles_in_international_bodies, "PRESIDENCIES"), wider, check)
    open_ended = held(1, "chair", "2023-03-01")
    assert [reading("P4b", period, open_ended).amount for period in ("2022", "2023-03", "2030")] == [0, 1, 1]
    assert reading("P4b", "2024", held(1, "chair", "")).undated == 1


def test_what_was_joined_the_year_before_is_not_of_this_year() -> None:
    joined = held(1, "membership", "2023-05-24", "regional_initiative_child_labour")
    events = joined, held(2, "pro_tempore_presidency", "2024")
    assert [reading("P7b", period, *events).amount for period in ("2023", "2024")] == [1, 0]
    assert by(readings("P7b", "2023", *events, by=("body",))) == {("regional_initiative_child_labour",): 1}


def test_data_of_three_years_given_in_one_are_one_extract_of_that_year() -> None:
    events = shared(1, "2024", last_period="2023"), shared(1, "2024", last_period="2023"), shared(2, "2023-06-01")

    def check() -> None:
        assert [reading("P5", period, *events).amount for period in ("2021", "2023", "2024")] == [0, 1, 1]
        assert by(readings("P5", "2024", *events, by=("recipient",))) == {("regional_coalition",): 1}

    covered = Days(date(2021, 1, 1), date(2021, 12, 31))
    holds_only_by((dataset, "possible_days"), lambda _: covered, check)


@pytest.mark.parametrize("digest", ["ab" * 31, "AB" * 32, "ab" * 33, "extract-2024.csv"])
def test_the_hash_of_an_extract_is_a_sha_256_and_nothing_else(digest: str) -> None:
    name, data, when = shared(1, "2024", extract_hash=digest)
    with pytest.raises(BadMessage) as refused:
        decode_strict(raw(name, 1, data, when))
    assert refused.value.pointer == "/data/extract_hash"
    assert refused.value.reason is Reason.WRONG_FORM
    decode_strict(raw(name, 1, {**data, "extract_hash": "ab" * 32}, when))


def test_what_is_approved_is_not_in_force() -> None:
    events = policy(1, "approved", "2024"), policy(2, "launched", "2024-09", "decent_work_programme")

    def check() -> None:
        assert by(readings("P10", "2024", *events, by=("stage",))) == {("approved",): 1, ("launched",): 1}

    holds_only_by((policy_and_law_milestone, "with_entry"), lambda known, _, when: {**known, "in_force": when}, check)
    assert by(readings("P10", "2024", *events, by=("policy", "stage"))) == {
        ("seasonal_workers_programme", "approved"): 1,
        ("decent_work_programme", "launched"): 1,
    }


def test_a_stage_said_twice_is_one_and_one_of_the_year_before_is_of_that_year() -> None:
    validated = "policy.milestone_reached", policy(1, "validated", "")[1], at("2023-10", "2023-12")
    events = validated, policy(1, "launched", "2024-09"), policy(1, "launched", "2024-09"), policy(2, "launched", "")
    assert [reading("P10", period, *events).amount for period in ("2023", "2024", "2023..2024")] == [1, 1, 2]
    assert reading("P10", "2024", *events).undated == 1


def test_laws_and_policies_do_not_count_for_each_other() -> None:
    events = law(1, "drafted", "2023"), law(1, "submitted", "2024"), law(2, "drafted", "2024", "seasonal_workers")
    both = *events, policy(3, "approved", "2024")
    assert [reading(number, "2024", *both).amount for number in ("P6c", "P10")] == [2, 1]
    assert by(readings("P6c", "2024", *both, by=("law", "stage"))) == {
        ("counter_trafficking", "submitted"): 1,
        ("seasonal_workers", "drafted"): 1,
    }


def test_an_id_that_stands_for_a_policy_and_a_law_has_the_stages_of_each() -> None:
    events = policy(1, "approved", "2024-03-01"), law(1, "drafted", "2024-02-01"), law(1, "approved", "2024-05-01")
    for told in (events, events[::-1]):
        assert [reading(number, "2024", *told).amount for number in ("P10", "P6c")] == [1, 2]
