"""Sight by consent follows the order of the acts, in whatever order their events arrive and are corrected."""

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from tests.unit.case_tracker.case_of_every_matter import OF, adult, log, referred, seen
from tests.unit.case_tracker.sample import START, Log

GIVEN = {**OF, "basis": "given", "purposes": ["legal_help"], "recipients": ["labour"]}
REFUSED = {**OF, "basis": "refused", "recipients": ["labour"]}


def at(hours: int) -> dict[str, Any]:
    return {"_time": (START - timedelta(hours=hours)).isoformat()}


def test_a_corrected_time_does_not_bring_a_withdrawn_consent_back() -> None:
    """The corrected consent was given after its own withdrawal, by its new time, and opened sight again."""
    found = referred(adult(log()), to="labour", **at(9))
    given = found.add("dhs", "consent.recorded", GIVEN | at(8))
    found.add("dhs", "consent.withdrawn", OF | at(5))
    assert seen(found, "labour") == set()
    found.corrects(given)
    assert seen(found, "labour") == set()


def test_a_corrected_time_of_a_referral_does_not_overcome_a_refusal() -> None:
    found = adult(log())
    sent = referred(found, to="labour", **at(9)).entries[-1].event
    found.add("dhs", "consent.recorded", REFUSED | at(5))
    assert seen(found, "labour") == set()
    found.corrects(sent)
    assert seen(found, "labour") == set()


def test_a_withdrawal_moved_before_a_consent_by_correction_still_ends_it() -> None:
    found = referred(adult(log()), to="labour", **at(9))
    found.add("dhs", "consent.recorded", GIVEN | at(5))
    back = found.add("dhs", "consent.withdrawn", OF | at(2))
    found.now -= timedelta(hours=7)
    found.corrects(back)
    found.now += timedelta(hours=7)
    assert seen(found, "labour") == set()


def test_a_childs_yes_does_not_become_an_adults_by_a_corrected_time() -> None:
    found = Log()
    for age, days in (("child_9_17", 400), ("adult_18_20", 10)):
        profile = {**OF, "role": "victim", "age_group": age}
        found.add("dhs", "person.profile_recorded", profile | at(24 * days))
    referred(found, to="labour", **at(24 * 390))
    found.add("dhs", "consent.recorded", REFUSED | at(24 * 350))
    yes = found.add("dhs", "consent.recorded", GIVEN | at(24 * 300))
    assert seen(found, "labour") == set()
    found.corrects(yes)
    assert seen(found, "labour") == set()


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_consent_given_again_opens_in_whatever_order_the_events_arrive(order: tuple[int, ...]) -> None:
    acts = (
        ("consent.recorded", GIVEN | at(8)),
        ("consent.withdrawn", OF | at(5)),
        ("consent.recorded", GIVEN | at(2)),
    )
    found = referred(adult(Log()), to="labour", **at(9))
    for place in order:
        found.add("dhs", *acts[place])
    assert seen(found, "labour") == {"referral.sent"}


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_consent_withdrawn_again_closes_in_whatever_order_the_events_arrive(order: tuple[int, ...]) -> None:
    acts = (
        ("consent.withdrawn", OF | at(8)),
        ("consent.recorded", GIVEN | at(5)),
        ("consent.withdrawn", {**OF, "recipients": ["labour"]} | at(2)),
    )
    found = referred(adult(Log()), to="labour", **at(9))
    for place in order:
        found.add("dhs", *acts[place])
    assert seen(found, "labour") == set()
