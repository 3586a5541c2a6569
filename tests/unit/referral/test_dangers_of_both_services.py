"""Dangers by the two services that decide: both say one thing about a suspect, a bail, a victim, an act."""

from typing import Any

import pytest

from schemas.danger import (
    FactsById,
    IndexedFacts,
    bail_allowing_contact,
    deports,
    is_let_go,
    is_over_for_victim,
    is_protected,
    last_freeing_fact,
    suspect_at_liberty,
)
from schemas.ids import Kind
from services.case_tracker.domain.case_facts import spine
from services.case_tracker.domain.decide import examine_case
from services.referral.domain import dangers_to_victims
from services.referral.domain.dangers_to_victims import open_dangers
from services.referral.domain.events_in_force import facts_in_force_after
from services.referral.domain.person_file import fold_person_file
from tests.support.histories_of_danger import CASE, SUSPECTS, VICTIM, DangerHistory
from tests.unit.referral.dangers import CHARGE, found, victim
from tests.unit.referral.sample import CASE as A_CASE
from tests.unit.referral.sample import PERSON, SUSPECT, Log, an_id, policy

CODES = {"victim_unprotected", "bail_without_no_contact", "victim_prosecuted", "victim_deported"}
Said = set[tuple[str, str]]
"""Dangers: the code, and the reference of the act that endangers the victim."""


def answers(facts: FactsById[Any], suspects: list[str]) -> list[object]:
    """Give everything that the shared decisions say of the victim and the suspects."""
    given: list[object] = [is_protected(facts, VICTIM)]
    for person in (*suspects, VICTIM):
        free = last_freeing_fact(facts, person)
        given.append(None if free is None else free.ref)
        given.append({terms.ref for _, terms in bail_allowing_contact(facts, person)})
        given.append({each.ref for each in facts.of(person, "arrest.made") if not is_let_go(facts, person, each)})
        given.append(
            {each.ref for each in facts.of(person, "charge.filed") if not is_over_for_victim(facts, person, each)}
        )
        sent = facts.of(person, "repatriation.completed", "immigration.status_refused")
        given.append({each.ref for each in sent if deports(facts, person, each)})
    return given


def test_a_case_and_a_person_that_hear_the_same_events_give_the_same_answers() -> None:
    differing = []
    for seed in range(150):
        entries = DangerHistory(seed).entries
        effect = facts_in_force_after(VICTIM, entries)
        facts = IndexedFacts(effect.facts, effect.one_with)
        suspects = sorted({effect.smallest_id(each) for each in SUSPECTS})
        if answers(spine(CASE, entries), suspects) != answers(facts, suspects):
            differing.append(seed)
    assert differing == []


def of_case(history: DangerHistory) -> Said:
    """Give the dangers by the facts of the case; the end of a prison term is found there alone."""
    heard = [each for each in history.entries if CASE in each.event.concerns() or not plain(each.event)]
    standing = examine_case(spine(CASE, heard), len(heard)).values()
    return {(each.code, ref) for each in standing if each.code in CODES and not each.waits for ref in each.records}


def plain(event: Any) -> bool:  # noqa: ANN401 - an event of any type
    return not event.corrects and not event.joins()


def of_person(history: DangerHistory) -> Said:
    """Give the dangers that the victim's log opens."""
    after = fold_person_file(VICTIM, history.entries, policy())
    return {(each.code, each.records[-1]) for each in open_dangers(after).values() if each.code in CODES}


def missed(seed: int, monkeypatch: pytest.MonkeyPatch) -> Said:
    """Give the dangers that the victim's whole log has and neither service finds."""
    history = DangerHistory(seed, in_case=0.7)
    with monkeypatch.context() as patch:
        patch.setattr(dangers_to_victims, "_is_found_in", lambda effect, case, threat: False)
        whole = of_person(history)
    told = of_case(history) | of_person(history)
    free = {code for code, _ in told}
    return {each for each in whole - told if each[0] != "victim_unprotected" or each[0] not in free}


def test_no_danger_of_a_victim_is_left_by_each_service_to_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [seed for seed in range(150) if missed(seed, monkeypatch)] == []


def test_the_comparison_sees_a_danger_that_each_service_leaves_to_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dangers_to_victims, "_is_found_in", lambda effect, case, threat: case is not None)
    assert any(missed(seed, monkeypatch) for seed in range(150))


def test_the_comparison_sees_a_service_that_hears_less(monkeypatch: pytest.MonkeyPatch) -> None:
    def freeing(seed: int) -> list[Any]:
        facts = IndexedFacts(facts_in_force_after(VICTIM, DangerHistory(seed).entries).facts, {})
        return [last_freeing_fact(facts, each) for each in SUSPECTS]

    judged = [freeing(seed) for seed in range(20)]
    monkeypatch.setattr(suspect_at_liberty, "_nothing_holds", lambda facts, suspect, fact: True)
    assert judged != [freeing(seed) for seed in range(20)]


TIE = {"case": A_CASE, "victim": PERSON, "suspect": SUSPECT}


def suspect_says(log: Log, name: str, **said: Any) -> None:  # noqa: ANN401
    log.add("odpp", name, {"person": SUSPECT, "victims": [PERSON], **said})


def test_a_charge_that_ended_outside_the_case_holds_nobody_in_the_person_s_log() -> None:
    """The case knew of a charge, and not of its end: it was silent, and the person's log left the danger to it."""
    log = Log()
    victim(log)
    log.add("bpd", "victim_suspect.linked", TIE, subject=A_CASE)
    other = an_id(Kind.CHARGE, "other")
    for charge in (CHARGE, other):
        suspect_says(log, "charge.filed", case=A_CASE, charge=charge, offence="tip_sex")
    suspect_says(log, "charge.withdrawn", charge=other)
    suspect_says(log, "charge.withdrawn", case=A_CASE, charge=CHARGE)
    assert found(log) == [("found", "victim_unprotected")]


@pytest.mark.parametrize("kinds", [["other"], []])
def test_a_sentence_on_a_charge_that_nobody_filed_may_hold_a_suspect(kinds: list[str]) -> None:
    log = Log()
    victim(log)
    log.add("bpd", "victim_suspect.linked", TIE, subject=A_CASE)
    suspect_says(log, "charge.filed", charge=CHARGE, offence="tip_sex")
    unfiled = [an_id(Kind.CHARGE, "never filed")]
    suspect_says(log, "sentence.imposed", sentence=an_id(Kind.SENTENCE, "s"), charges=unfiled, kinds=kinds)
    suspect_says(log, "charge.withdrawn", charge=CHARGE)
    assert found(log) == []
    assert last_freeing_fact(spine(A_CASE, log.entries), SUSPECT) is None


def test_the_acquittal_of_one_does_not_end_the_charge_of_another_under_one_number() -> None:
    log = Log()
    victim(log)
    log.add("bpd", "victim_suspect.linked", TIE, subject=A_CASE)
    other = an_id(Kind.PERSON, "fellow accused")
    for person in (SUSPECT, other):
        suspect_says(log, "charge.filed", case=A_CASE, person=person, charge=CHARGE, offence="tip_sex")
    bail = {"bail": an_id(Kind.BAIL, "b"), "court": "magistrates", "conditions": ["surety"]}
    suspect_says(log, "bail.granted", case=A_CASE, charges=[CHARGE], **bail)
    suspect_says(log, "verdict.returned", case=A_CASE, person=other, charge=CHARGE, outcome="acquitted")
    standing = {each.code for each in examine_case(spine(A_CASE, log.entries), len(log.entries)).values()}
    assert "bail_without_no_contact" in standing
    suspect_says(log, "verdict.returned", case=A_CASE, charge=CHARGE, outcome="acquitted")
    standing = {each.code for each in examine_case(spine(A_CASE, log.entries), len(log.entries)).values()}
    assert "bail_without_no_contact" not in standing
