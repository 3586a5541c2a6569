"""A suspect's charges: which of them hold the suspect, and which of a victim's are a danger."""

from datetime import timedelta

import pytest

from schemas.ids import Kind
from tests.support.histories_of_charges import HISTORIES
from tests.unit.case_tracker.case_statements import (
    OTHER_CHARGE,
    arrested,
    bailed,
    charged,
    identified,
    left,
    linked,
    placed,
    planned,
    released,
    says,
    sentence,
    unlinked,
    verdict,
)
from tests.unit.case_tracker.sample import CHARGE, VICTIM, Log, an_id, day

OTHER = an_id(Kind.ARREST, "of the victim")


def tied() -> Log:
    """A victim who is linked to a suspect."""
    log = Log()
    for tell in (identified(), linked()):
        tell(log)
    return log


@pytest.mark.parametrize("history", HISTORIES)
def test_a_charge_holds_a_suspect_only_where_it_may(history: str) -> None:
    """A charge that was filed weeks after the suspect had walked out closed the danger; nobody had arrested them."""
    steps, free = HISTORIES[history]
    log = tied()
    for hours, name, said in steps:
        log.says("odpp", name, after=timedelta(hours=hours), **said)
    assert ("victim_unprotected" in log.codes()) is free


def test_a_victim_who_is_found_guilty_again_after_a_quashed_conviction_is_in_danger() -> None:
    steps, _ = HISTORIES["quashed, and found guilty again"]
    log = Log()
    identified()(log)
    stands = []
    for hours, name, said in steps:
        log.says("odpp", name, person=VICTIM, after=timedelta(hours=hours), **said)
        stands.append("victim_prosecuted" in log.codes())
    assert stands == [True, True, False, True, True]


def test_who_is_arrested_again_under_the_same_arrest_is_held_and_a_victim_is_in_danger() -> None:
    """An earlier release of the same arrest let a victim sit in a cell, and a recaptured suspect count as free."""
    log = tied()
    for tell in (arrested(), released(reason="escaped")):
        tell(log)
    assert "victim_unprotected" in log.codes()
    arrested()(log)
    assert "victim_unprotected" not in log.codes()
    for tell in (arrested(person=VICTIM, arrest=OTHER), released(person=VICTIM, arrest=OTHER, reason="without_charge")):
        tell(log)
    assert "victim_prosecuted" not in log.codes()
    arrested(person=VICTIM, arrest=OTHER)(log)
    assert "victim_prosecuted" in log.codes()


@pytest.mark.parametrize(
    ("linked_on", "unlinked_on", "again", "tied_still"),
    [
        ("2024-02-01", "2024-02-02", "2024-02-01", False),
        ("2024-02-01", "2024-02-02", "2024-02-03", True),
        ("2024-02-01", "2024-02-02", "2024-02-02", True),  # of one day the word that was recorded later holds
        ("2024-02-02", "2024-02-02", None, False),
    ],
)
def test_what_ties_two_again_outlasts_their_unlinking(
    linked_on: str, unlinked_on: str, again: str | None, *, tied_still: bool
) -> None:
    log = Log()
    for tell in (identified(), linked(**day(linked_on)), unlinked(**day(unlinked_on)), bailed()):
        tell(log)
    if again is not None:
        linked(**day(again))(log)
    assert ("victim_unprotected" in log.codes()) is tied_still


@pytest.mark.parametrize("reason", [None, "other", "unknown", "not_asked"])
def test_after_a_stay_that_ended_for_no_known_reason_nobody_knows_a_safe_place(reason: str | None) -> None:
    log = tied()
    for tell in (bailed(), planned(), placed()):
        tell(log)
    assert "victim_unprotected" not in log.codes()
    left(reason=reason)(log)
    assert "victim_unprotected" in log.codes()
    placed(placement=an_id(Kind.PLACEMENT, "next"))(log)
    assert "victim_unprotected" not in log.codes()


@pytest.mark.parametrize(("quashed", "ends"), [((CHARGE,), True), ((CHARGE, OTHER_CHARGE), False)])
def test_a_prison_term_for_two_charges_runs_while_one_conviction_stands(
    quashed: tuple[str, ...], *, ends: bool
) -> None:
    """The victim must be warned before the end of the term, also if an appeal set one of two convictions aside."""
    log = tied()
    for each in (CHARGE, OTHER_CHARGE):
        charged(charge=each, **day("2024-02-02"))(log)
        verdict("convicted", charge=each, **day("2024-03-01"))(log)
    both = sorted([CHARGE, OTHER_CHARGE])
    sentence(charges=both, kinds=["imprisonment"], custodial_months=24, **day("2024-03-02"))(log)
    appeal = {"appeal": an_id(Kind.APPEAL, "a"), "charges": sorted(quashed), "court": "court_of_appeal"}
    says("odpp", "appeal.decided", **appeal, outcome="conviction_quashed", **day("2024-06-03"))(log)
    waiting = [each for each in log.standing() if each.code == "victim_unprotected" and each.waits]
    assert [each.opens_at.isoformat() for each in waiting] == (["2026-03-03T06:00:00+00:00"] if ends else [])
