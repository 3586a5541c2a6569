"""Who is kept from a case: by whose word, how long, and never the Council."""

from datetime import timedelta

import pytest

from schemas.agencies import PUBLISHING
from schemas.codebook.governance import ViewPurpose
from schemas.sight.table import RESTRICTED_FOR
from services.case_tracker.domain.sight import sight, told_of_danger
from services.case_tracker.domain.spine import spine
from tests.unit.case_tracker.sample import CASE, OTHER_CASE, Log
from tests.unit.case_tracker.sighted import LATER, log, seen


def keeps(found: Log, agency: str, kept_from: str) -> None:
    said = {"case": CASE, "kept_from": kept_from, "reason": "conflict_of_interest"}
    found.add(agency, "case.access_restricted", said)


def shut_out(found: Log, now: timedelta = timedelta(days=1)) -> set[str]:
    whole = spine(CASE, found.entries)
    return {each for each in PUBLISHING if sight(whole, each, None, found.now + now).shut_out}


def test_who_is_kept_from_a_case_sees_nothing_of_it_not_even_its_own_words() -> None:
    found = log()
    keeps(found, "dhs", "bpd")
    assert seen(found, "bpd") == set()
    assert sight(spine(CASE, found.entries), "bpd", ViewPurpose.INVESTIGATION, LATER).shut_out
    assert seen(found, "odpp")


def test_one_agencys_word_ends_after_thirty_days_and_said_again_lasts_no_longer() -> None:
    found = log()
    keeps(found, "dhs", "bpd")
    assert shut_out(found, RESTRICTED_FOR - timedelta(seconds=1)) == {"bpd"}
    assert shut_out(found, RESTRICTED_FOR) == set()
    first = found.entries[-1].event
    found.now += timedelta(days=20)
    found.retracts(first)
    keeps(found, "dhs", "bpd")
    assert shut_out(found) == {"bpd"}
    assert shut_out(found, timedelta(days=11)) == set()


def test_a_second_agencys_word_makes_it_last_whenever_it_comes() -> None:
    found = log()
    keeps(found, "dhs", "bpd")
    found.now += timedelta(days=60)
    keeps(found, "odpp", "bpd")
    assert shut_out(found, timedelta(days=1000)) == {"bpd"}
    found.retracts(found.entries[-1].event)
    assert shut_out(found) == set()


@pytest.mark.parametrize("kept", ["dhs", "tip_care_unit"])
def test_those_who_protect_are_shut_out_by_no_word_alone(kept: str) -> None:
    """Found from outside: police alone shut out Human Services."""
    found = log()
    keeps(found, "bpd", kept)
    keeps(found, "bpd", kept)
    assert shut_out(found) == set()
    assert "case.access_restricted" not in seen(found, "dhs")  # it is not told who wants it out
    keeps(found, "odpp", kept)
    assert shut_out(found) == {"dhs"}


def test_nobody_shuts_out_the_council() -> None:
    found = log()
    for agency in ("bpd", "dhs", "odpp"):
        keeps(found, agency, "council")
    assert shut_out(found) == set()
    assert "case.access_restricted" in seen(found, "council", ViewPurpose.AUDIT)


def test_who_was_kept_from_a_case_by_mistake_for_another_sees_it_again() -> None:
    found = log()
    said = {"case": CASE, "kept_from": "bpd", "reason": "conflict_of_interest"}
    kept = found.add("dhs", "case.access_restricted", said)
    assert seen(found, "bpd") == set()
    found.corrects(kept, case=OTHER_CASE)
    assert seen(found, "bpd")


def test_who_is_kept_from_a_case_by_the_name_of_a_unit_is_its_agency() -> None:
    found = log()
    keeps(found, "council", "atips_pu")
    assert shut_out(found) == {"bpd"}
    assert sight(spine(CASE, found.entries), "atips_pu", None, LATER).shut_out


def test_who_is_kept_from_a_case_hears_of_no_danger_in_it_until_that_ends() -> None:
    found = log()
    keeps(found, "dhs", "bpd")
    whole = spine(CASE, found.entries)
    assert told_of_danger(whole, ("dhs", "bpd"), found.now) == ("dhs",)
    assert told_of_danger(whole, ("dhs", "bpd"), found.now + RESTRICTED_FOR) == ("dhs", "bpd")
