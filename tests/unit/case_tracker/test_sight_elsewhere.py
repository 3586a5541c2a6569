"""Words on consent that did not come to the case end sight in it all the same, as the referral service last said."""

from typing import Any

import pytest

from schemas.referral.decision_events import ConsentSightChanged
from services.case_tracker.domain.case_facts import spine
from services.case_tracker.domain.decide import decide
from tests.unit.case_tracker.case_of_every_matter import (
    LATER,
    OF,
    OTHER_REFERRAL,
    OTHER_VICTIM,
    accepted,
    log,
    referred,
)
from tests.unit.case_tracker.case_sight import sight
from tests.unit.case_tracker.sample import CASE, OTHER_CASE, VICTIM, Log

NOBODY, EVERYBODY = ("nobody", ()), ("all_but_named", ())
HTI = ("named", ("hti",))


def says(found: Log, said: tuple[str, tuple[str, ...]], **more: Any) -> None:  # noqa: ANN401
    """Return a statement of the referral service on her."""
    versions = {"code_version": "0" * 16, "policy_version": "0" * 16}
    by = {"answered_n": len(found.entries), "decided_at": found.now.isoformat(), **versions}
    shut_out, agencies = said
    found.add(
        "referral", "consent.sight_changed", {**OF, **by, "shut_out": shut_out, "agencies": list(agencies), **more}
    )


def others(found: Log, agency: str) -> set[str]:
    """Return what it sees of other agencies' statements."""
    whole = spine(CASE, found.entries)
    sees = sight(whole, agency, None, LATER).sees
    return {each.name for each in whole.facts if sees(each) and each.actor != agency}


@pytest.mark.parametrize(
    ("said", "shut"),
    [
        (NOBODY, False),
        (EVERYBODY, True),
        (HTI, True),
        (("named", ("iom",)), False),
        (("all_but_named", ("hti", "iom")), False),
        (("all_but_named", ("iom",)), True),
    ],
)
@pytest.mark.parametrize("agency", ["hti", "labour"])
def test_who_is_said_to_be_shut_out_sees_nothing_of_the_person(
    agency: str, said: tuple[str, tuple[str, ...]], *, shut: bool
) -> None:
    said = said[0], tuple(agency if each == "hti" else each for each in said[1])
    found = referred(log(), to=agency)
    before, by_council = others(found, agency), others(found, "council")
    assert "referral.sent" in before
    says(found, said)
    assert others(found, agency) == (set() if shut else before)
    assert others(found, "council") == by_council


def test_the_last_word_holds_however_they_come() -> None:
    found = referred(log())
    before = others(found, "hti")
    says(found, HTI, answered_n=2)
    says(found, NOBODY, answered_n=5)
    assert others(found, "hti") == before
    says(found, EVERYBODY, answered_n=5)
    assert others(found, "hti") == set()
    says(found, NOBODY, answered_n=4)
    assert others(found, "hti") == set()


def test_another_person_is_seen_all_the_same_and_not_named_beside() -> None:
    found = Log()
    for person in (VICTIM, OTHER_VICTIM):
        found.identified(person=person)
    found.arrested(linked_victims=sorted((VICTIM, OTHER_VICTIM)))
    accepted(referred(found))
    other = {"person": OTHER_VICTIM, "referral": OTHER_REFERRAL}
    accepted(referred(found, **other), **other)
    assert others(found, "hti") == {"victim.identified", "arrest.made", "referral.sent"}
    says(found, EVERYBODY)
    whole = spine(CASE, found.entries)
    allowed = sight(whole, "hti", None, LATER)
    shown = [each for each in whole.facts if allowed.sees(each) and each.actor != "hti"]
    assert {each.content.concerns()[0] for each in shown if each.name != "arrest.made"} == {OTHER_VICTIM}
    assert ["linked_victims" in allowed.left_out(each) for each in shown if each.name == "arrest.made"] == [True]


@pytest.mark.parametrize("of", [VICTIM, OTHER_VICTIM])
def test_what_is_said_of_one_id_of_a_person_is_said_of_each(of: str) -> None:
    found = Log()
    found.identified()
    found.identified(person=OTHER_VICTIM)
    referred(found)
    says(found, HTI, person=of)
    says(found, NOBODY, person=({VICTIM, OTHER_VICTIM} - {of}).pop())
    merged = found.add("bpd", "person.merged", {"person": VICTIM, "same_as": OTHER_VICTIM, "reason": "same_record"})
    assert others(found, "hti") == set()
    found.retracts(merged)
    assert ("referral.sent" in others(found, "hti")) is (of != VICTIM)


def test_what_is_said_in_another_case_counts_while_both_are_one() -> None:
    found = referred(log())
    before = others(found, "hti")
    says(found, HTI, case=OTHER_CASE)
    assert others(found, "hti") == before
    merged = {"case": CASE, "same_as": OTHER_CASE, "reason": "same_record", "_subject": CASE}
    joined = found.add("bpd", "case.merged", merged)
    assert others(found, "hti") == set()
    found.retracts(joined)
    assert others(found, "hti") == before


def test_who_is_shut_out_of_all_that_it_saw_finds_the_case_in_no_list() -> None:
    found = referred(log())
    seen_by = found.outcome().seen_by
    assert "hti" in seen_by
    says(found, HTI)
    assert set(found.outcome().seen_by) == set(seen_by) - {"hti"}
    by_itself = [found.entries[-1]]
    assert set(decide(CASE, found.entries[:-1], by_itself).seen_by) == set(seen_by) - {"hti"}
    says(found, NOBODY)
    assert found.outcome().seen_by == seen_by


def test_nobody_is_shown_what_is_said_and_no_rule_hears_it() -> None:
    found = referred(log())
    before = spine(CASE, found.entries), found.standing()
    says(found, EVERYBODY)
    after = spine(CASE, found.entries)
    assert (after.facts, after.about) == (before[0].facts, before[0].about)
    assert found.standing() == before[1]
    assert found.outcome().decisions == Log(found.now, CASE, found.entries[:-1]).outcome().decisions


def test_a_withdrawal_in_the_case_stays_whatever_is_said_of_others() -> None:
    found = referred(log())
    found.add("dhs", "consent.withdrawn", OF)
    says(found, NOBODY)
    assert others(found, "hti") == set()


@pytest.mark.parametrize("recipients", [[], ["hti"]])
def test_a_withdrawal_of_a_consent_of_elsewhere_shuts_out_all_until_it_is_said_whom(recipients: list[str]) -> None:
    found = accepted(referred(log(), to="iom"), "iom")
    before = others(found, "iom") | {"consent.withdrawn"}
    elsewhere = Log().add("dhs", "consent.recorded", {**OF, "case": OTHER_CASE, "basis": "given"})
    taken = found.add("dhs", "consent.withdrawn", {**OF, "consent": elsewhere.ref, "recipients": recipients})
    assert others(found, "iom") == (before if recipients else set())
    says(found, HTI, _causationid=found.entries[0].event.ref)
    assert others(found, "iom") == (before if recipients else set()), "a decision on something else"
    says(found, HTI, _causationid=taken.ref)
    assert others(found, "iom") == before


def test_the_samples_catch_a_case_that_hears_its_own_words_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ConsentSightChanged, "shuts_out", lambda *_: False)
    with pytest.raises(AssertionError):
        test_who_is_said_to_be_shut_out_sees_nothing_of_the_person("hti", HTI, shut=True)
