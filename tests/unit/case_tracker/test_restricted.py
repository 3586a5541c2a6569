"""A case names who is kept from it: by whose statement, how long, and never the Council."""

import json
from datetime import datetime, timedelta

import pytest

from schemas.agencies import PUBLISHING
from schemas.catalogue import may_publish
from schemas.codebook.governance import ViewPurpose
from schemas.codec import decode
from schemas.service_decisions import Entered
from schemas.sight.sight_table import RESTRICTED_FOR
from services.case_tracker.domain.case_facts import spine
from services.case_tracker.domain.decide import decide
from services.case_tracker.domain.decision_values import OpenedFinding
from services.case_tracker.domain.events_and_messages import restriction_message, sight_change_event
from services.case_tracker.domain.sight import told_of_danger
from tests.unit.case_tracker.case_of_every_matter import LATER, OTHER_VICTIM, log, seen
from tests.unit.case_tracker.case_sight import sight
from tests.unit.case_tracker.case_statements import TIED, bailed, left, log_of, placed
from tests.unit.case_tracker.sample import CASE, OTHER_CASE, SUSPECT, VICTIM, Log


def keeps(found: Log, agency: str, kept_from: str, case: str = CASE) -> None:
    said = {"case": case, "kept_from": kept_from, "reason": "conflict_of_interest"}
    found.add(agency, "case.access_restricted", said)


def shut_out(found: Log, now: timedelta = timedelta(days=1), case: str = CASE) -> set[str]:
    whole = spine(case, found.entries)
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


@pytest.mark.parametrize("merges", ["bpd", "odpp"])
@pytest.mark.parametrize("named", [CASE, OTHER_CASE])
def test_whoever_is_kept_out_does_not_come_in_where_a_merge_is_taken_back(named: str, merges: str) -> None:
    """Found by attack: police merged the case with one of theirs. What was said of either id left with the merge."""
    found = log()
    merged = found.add(merges, "case.merged", {"case": CASE, "same_as": OTHER_CASE, "reason": "same_record"})
    keeps(found, "dhs", "bpd", named)
    assert shut_out(found) == {"bpd"}
    found.retracts(merged)
    assert shut_out(found) == shut_out(found, case=OTHER_CASE) == {"bpd"}
    assert seen(found, "bpd") == set()


def test_what_was_said_before_a_mistaken_merge_holds_for_its_own_case() -> None:
    found = log()
    keeps(found, "dhs", "bpd", OTHER_CASE)
    assert shut_out(found) == set()
    merged = found.add("odpp", "case.merged", {"case": CASE, "same_as": OTHER_CASE, "reason": "same_record"})
    assert shut_out(found) == {"bpd"}
    found.retracts(merged)
    assert shut_out(found) == set()
    assert shut_out(found, case=OTHER_CASE) == {"bpd"}


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


def test_a_danger_of_which_all_are_kept_out_is_told_to_the_council() -> None:
    found = log()
    for agency in ("bpd", "odpp"):
        keeps(found, agency, "dhs")
    whole = spine(CASE, found.entries)
    assert told_of_danger(whole, ("dhs",), found.now) == ("council",)
    assert told_of_danger(whole, ("dhs", "bpd"), found.now) == ("bpd",)
    assert told_of_danger(whole, (), found.now) == ()


def told_of_the_open(found: Log) -> tuple[str, ...]:
    """Return the agencies told when the victim leaves the shelter, and a suspect bailed long before is free."""
    left()(found)
    opened = [each for each in found.outcome().decisions if isinstance(each, OpenedFinding)]
    assert opened[-1].standing.code == "victim_unprotected"
    assert opened[-1].at == found.now
    return opened[-1].standing.told


def test_who_is_kept_from_a_case_since_hears_of_no_danger_that_opens_by_a_later_event() -> None:
    """The message went to those who were not kept out when bail had become known: to an agency that was kept out."""
    found = log_of((*TIED, bailed(), placed()))
    keeps(found, "dhs", "bpd")
    assert told_of_the_open(found) == ("dhs",)


def test_who_was_kept_from_a_case_when_a_suspect_was_bailed_hears_of_a_danger_that_opens_later() -> None:
    found = Log()
    keeps(found, "dhs", "bpd")
    for tell in (*TIED, bailed(), placed()):
        tell(found)
    found.now += RESTRICTED_FOR
    assert told_of_the_open(found) == ("dhs", "bpd")


def test_the_log_of_each_person_hears_whom_the_case_keeps_out() -> None:
    found = log()
    keeps(found, "dhs", "bpd")
    first = found.now
    found.identified(person=OTHER_VICTIM)
    keeps(found, "odpp", "bpd")
    events = [decode(sight_change_event(each, "0" * 16).value) for each in found.outcome().kept_out]
    assert max(each.data.model_dump()["answered_n"] for each in events) == len(found.entries)
    said = [each.data.model_dump(mode="json", exclude_defaults=True) for each in events]
    persons = {each["person"] for each in said}
    assert {VICTIM, SUSPECT, OTHER_VICTIM} == persons
    for person in persons:
        (*_, last) = [each for each in said if each["person"] == person]
        assert (last["shut_out"], last["agencies"], last["lasting"]) == ("named", ["bpd"], ["bpd"])
    assert datetime.fromisoformat(said[0]["until"]) == first + RESTRICTED_FOR
    assert all(may_publish(each) and each.concerns() == (each.data.model_dump()["person"], CASE) for each in events)
    assert len({each.id for each in events}) == len(events)


def test_the_log_of_each_person_hears_when_a_restriction_is_taken_back_or_its_time_is_over() -> None:
    found = log()
    keeps(found, "dhs", "bpd")
    word = found.entries[-1].event
    found.retracts(word)
    assert [len(each.holding) for each in found.outcome().kept_out] == [1, 1, 0, 0]
    found = log()
    keeps(found, "dhs", "bpd")
    found.says("dhs", "plan.approved", person=VICTIM, after=RESTRICTED_FOR)
    assert [len(each.holding) for each in found.outcome().kept_out] == [1, 1, 0, 0]


def test_what_it_says_itself_shuts_nobody_out_in_the_case() -> None:
    found = log()
    keeps(found, "dhs", "bpd")
    for each in found.outcome().kept_out:
        event = decode(sight_change_event(each, "0" * 16).value)
        found.entries.append(Entered(len(found.entries) + 1, found.now, event))
    assert spine(CASE, found.entries).shut_out == {}


def test_the_council_is_told_of_each_restriction_and_what_it_leads_to() -> None:
    found = log()
    keeps(found, "bpd", "dhs")
    keeps(found, "odpp", "tip_care_unit")
    keeps(found, "dhs", "customs")
    told = [json.loads(restriction_message(each, "council").value)["data"] for each in found.outcome().told]
    assert [(each["by"], each["kept_from"], each["holds"], each["until"] is None) for each in told] == [
        ("bpd", "dhs", False, True),
        ("odpp", "dhs", True, True),
        ("dhs", "customs", True, False),
    ]
    assert all(each["to"] == "council" and each["case"] == CASE for each in told)


def persons_kept(found: Log, case: str = CASE) -> dict[str, set[str]]:
    """By person the agencies that the case keeps out, as the person's log has it last."""
    last = {each.person: each for each in decide(case, (), found.entries).kept_out}
    return {person: {one.kept_from for one in each.holding} for person, each in last.items()}


@pytest.mark.parametrize("how", ["retracted", "of another case", "of another person", "corrected, then retracted"])
@pytest.mark.parametrize("when", ["before", "since"])
def test_who_is_kept_out_ends_no_restriction_by_taking_back_its_own_word(how: str, when: str) -> None:
    """Found by attack: police who were kept out took back who the victim was, and had the person's messages again."""
    found = Log()
    found.charged()
    if when == "since":
        keeps(found, "dhs", "bpd")
    named = found.identified(person=OTHER_VICTIM)
    if when == "before":
        keeps(found, "dhs", "bpd")
    assert persons_kept(found)[OTHER_VICTIM] == {"bpd"}
    match how:
        case "of another case":
            found.corrects(named, case=OTHER_CASE)
        case "of another person":
            found.corrects(named, person=VICTIM)
        case "corrected, then retracted":
            found.retracts(found.corrects(named, status="confirmed"))
            found.retracts(named)
        case _:
            found.retracts(named)
    found.now += RESTRICTED_FOR / 2
    found.charged(counts_n=2)
    assert persons_kept(found)[OTHER_VICTIM] == {"bpd"}
    found.retracts(next(each.event for each in found.entries if each.event.type.endswith("access_restricted.v1")))
    assert persons_kept(found)[OTHER_VICTIM] == set()


def test_a_person_whom_another_agency_named_by_mistake_is_protected_no_longer() -> None:
    found = Log()
    keeps(found, "dhs", "bpd")
    named = found.says("dhs", "victim.identified", person=OTHER_VICTIM, status="suspected")
    assert persons_kept(found)[OTHER_VICTIM] == {"bpd"}
    found.retracts(named)
    assert persons_kept(found)[OTHER_VICTIM] == set()


def test_a_person_whom_an_agency_took_out_before_it_was_kept_out_is_not_protected() -> None:
    found = Log()
    found.retracts(found.identified(person=OTHER_VICTIM))
    found.charged()
    keeps(found, "dhs", "bpd")
    assert persons_kept(found) == {SUSPECT: {"bpd"}}


def test_each_id_of_a_person_stays_protected_while_the_ids_are_one() -> None:
    """Found by attack: a merge said of one id that nobody is kept out, and its retraction came before the next word."""
    found = Log()
    found.identified()
    keeps(found, "dhs", "bpd")
    merged = found.says("dhs", "person.merged", person=VICTIM, same_as=OTHER_VICTIM, reason="same_record", case=None)
    assert persons_kept(found) == {VICTIM: {"bpd"}, OTHER_VICTIM: {"bpd"}}
    found.retracts(merged)
    assert persons_kept(found) == {VICTIM: {"bpd"}, OTHER_VICTIM: set()}


def test_a_case_that_is_one_with_another_goes_on_protecting_its_persons() -> None:
    found = Log()
    found.identified(case=OTHER_CASE)
    keeps(found, "dhs", "bpd", OTHER_CASE)
    merged = found.add("odpp", "case.merged", {"case": CASE, "same_as": OTHER_CASE, "reason": "same_record"})
    assert persons_kept(found) == persons_kept(found, OTHER_CASE) == {VICTIM: {"bpd"}}
    found.retracts(merged)
    assert (persons_kept(found), persons_kept(found, OTHER_CASE)) == ({VICTIM: set()}, {VICTIM: {"bpd"}})


def test_who_merges_a_case_that_keeps_it_out_with_its_own_leads_nothing_out_of_it() -> None:
    """Found by attack: what others told of the joined case under the id of the police's own one was theirs to see."""
    found = Log()
    keeps(found, "dhs", "bpd", OTHER_CASE)
    merged = found.add("bpd", "case.merged", {"case": CASE, "same_as": OTHER_CASE, "reason": "same_record"})
    found.says("dhs", "victim.identified", person=VICTIM, status="confirmed", case=CASE)
    found.retracts(merged)
    assert shut_out(found) == shut_out(found, case=OTHER_CASE) == {"bpd"}
    assert persons_kept(found) == {VICTIM: {"bpd"}}
