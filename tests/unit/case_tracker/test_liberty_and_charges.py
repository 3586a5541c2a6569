"""A suspect's charges: which of them hold the suspect, and which of a victim's are a danger."""

from datetime import timedelta

import pytest

from tests.support.liberty import HISTORIES
from tests.unit.case_tracker.sample import VICTIM, Log
from tests.unit.case_tracker.tellings import identified, linked


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
