"""O10 to O12: three lines about the same persons; they are no partition of the arrested."""

import pytest

from services.reporting.domain.declaration.entity_state_part import certain_days
from services.reporting.domain.declaration.figure import NEVER, Days
from services.reporting.domain.figures.justice import victims_per_suspect
from services.reporting.domain.figures.justice.suspect import arrest_figures
from services.reporting.domain.read.reading import NotAdditive, total
from tests.unit.reporting.figures_of_events import Said, holds_only_by, reading
from tests.unit.reporting.traps.justice import amended, arrest, charge, committed, died, link


def test_what_is_committed_are_persons_however_many_charges_of_one_case_go_up() -> None:
    case = arrest(1, 1, "2024-02-01"), committed(1, 1, "2024-09-17"), committed(2, 1, "2024-09-18")
    assert reading("O10", "2024", *case).amount == 1
    two = arrest(2, 2, "2024-02-01"), committed(3, 2, "2024-09-17")
    assert reading("O10", "2024", *case, *two).amount == 2


def test_of_those_arrested_in_a_period_only_what_happened_by_its_end() -> None:
    def check() -> None:
        events = arrest(1, 1, "2024-11-01"), committed(1, 1, "2025-02-03")
        assert [reading("O10", each, *events).amount for each in ("2024", "2025", "2024..2025")] == [0, 0, 1]

    holds_only_by((arrest_figures, "both"), lambda made, _: Days(made.first_day, made.last_day), check)


def test_a_committal_before_an_arrest_does_not_come_of_it() -> None:
    def check() -> None:
        old = committed(1, 1, "2024-02-01"), arrest(1, 1, "2024-05-01", on_warrant="yes")
        assert reading("O10", "2024", *old).amount == 0

    holds_only_by((arrest_figures, "may_follow"), lambda *_: True, check)


@pytest.mark.parametrize(("offence", "found"), [("other", 0), ("tip_labour", 1)])
def test_a_committal_for_something_else_is_none_of_an_arrest_for_trafficking(offence: str, found: int) -> None:
    events = arrest(1, 1, "2024-02-01"), charge(1, 1, "2024-02-02", offence), committed(1, 1, "2024-05-01")
    assert reading("O10", "2024", *events).amount == found
    later = *events, amended(1, 1, "2024-06-01", "tip_labour" if offence == "other" else "other")
    assert reading("O10", "2024", *later).amount == found, "a charge is committed for what it says then"


def test_a_committal_or_an_arrest_without_a_date_is_listed_beside() -> None:
    for events in (
        (arrest(1, 1, ""), committed(1, 1, "2024-03-01")),
        (arrest(1, 1, "2024-03-01"), committed(1, 1, "")),
    ):
        found = reading("O10", "2024", *events)
        assert (found.amount, found.undated) == (0, 1)


@pytest.mark.parametrize("turned", [False, True])
def test_a_committal_that_two_tell_of_has_the_prosecutions_day(*, turned: bool) -> None:
    """The police are witnesses of it, whichever of the two was told first."""
    name, data, _ = committed(1, 1, "2024-03-01")
    told: tuple[Said, ...] = (
        (name, data, "2024-03-01", "odpp"),
        (name, {**data, "court": "magistrates"}, "2024-05-01", "bpd"),
    )
    events = arrest(1, 1, "2024-02-01"), *(told[::-1] if turned else told)
    assert [reading("O10", period, *events).amount for period in ("2024-02..2024-03", "2024-02")] == [1, 0]


def test_who_died_stays_among_the_arrested() -> None:
    events = arrest(1, 1, "2024-02-01"), arrest(2, 2, "2024-02-01"), died(1, "2024-08-20"), died(3, "2024-08-20")
    assert reading("O9", "2024", *events).amount == 2
    assert reading("O11", "2024", *events).amount == 1
    assert reading("O11", "2024-01..2024-07", *events).amount == 0


def test_a_death_told_by_several_is_one_and_has_the_date_of_its_owner() -> None:
    made, known = arrest(1, 1, "2024-02-01"), died(1, "2024-08-20")
    assert reading("O11", "2024", made, known, died(1, "2024-08-22")).amount == 1
    name, data, _ = known
    owners_unknown: Said = name, data, "", "mohw"
    for events in ((made, known, owners_unknown), (made, owners_unknown, known)):
        found = reading("O11", "2024", *events)
        assert (found.amount, found.undated) == (1, 0), "that one does not know the day takes it from nobody"


def test_the_three_lines_are_no_partition_of_the_arrested() -> None:
    """V3: as printed 1 + 1 + 5 = 7; here one person stands in all three lines, and one in none."""
    events = (
        arrest(1, 1, "2024-02-01", victims=[9]),
        charge(1, 1, "2024-02-03"),
        committed(1, 1, "2024-05-01"),
        died(1, "2024-08-20"),
        arrest(2, 2, "2024-02-01"),
    )
    found = {number: reading(number, "2024", *events) for number in ("O9", "O10", "O11", "O12")}
    assert {number: each.amount for number, each in found.items()} == {"O9": 2, "O10": 1, "O11": 1, "O12": 1}
    for one, other in (("O10", "O11"), ("O11", "O12"), ("O9", "O10")):
        with pytest.raises(NotAdditive):
            total(found[one], found[other])


def test_suspects_of_a_victim_are_of_those_arrested_in_the_period() -> None:
    tied = arrest(1, 1, "2024-02-01", victims=[9]), link(9, 1, "2024-02-14"), link(9, 2, "2024-03-01")
    assert reading("O12", "2024", *tied).amount == 1, "whoever was not arrested is none of the arrested"
    events = *tied, arrest(2, 2, "2024-01-20")
    assert [reading("O12", each, *events).amount for each in ("2024-02", "2024-01..2024-02", "2024")] == [1, 1, 2]
    assert reading("O12", "2025", *events).amount == 0


def test_who_is_no_longer_tied_to_a_victim_does_not_count() -> None:
    def check() -> None:
        arrested = arrest(1, 1, "2024-02-01", victims=[9]), arrest(2, 2, "2024-02-01")
        events = *arrested, link(9, 2, "2024-03-01"), link(9, 2, "2024-04-16", still=False)
        periods = ("2024-02", "2024-01..2024-03", "2024-01-01..2024-04-15", "2024")
        assert [reading("O12", each, *events).amount for each in periods] == [1, 2, 2, 1]
        again = *events, link(9, 2, "2024-06-01")
        assert reading("O12", "2024", *again).amount == 2

    holds_only_by((victims_per_suspect, "holding"), lambda since, _: certain_days(since.last_day, NEVER), check)


ARRESTED = arrest(2, 2, "2024-01-01")


def test_a_link_that_is_told_again_holds_from_the_first_telling() -> None:
    told = (*link(9, 2, "2024-03-01"), "bpd"), (*link(9, 2, "2025-01-20"), "odpp")
    assert [reading("R26", each, *told).amount for each in ("2024-02", "2024", "2025")] == [0, 1, 1]
    periods = ("2024-01..2024-02", "2024", "2024..2025")
    assert [reading("O12", each, ARRESTED, *told).amount for each in periods] == [0, 1, 1]


def test_an_end_known_to_the_month_ends_what_does_not_surely_begin_after_it() -> None:
    over = link(9, 2, "2024-03", still=False)
    for number in ("O12", "R26"):
        ended = *(link(9, 2, "2024-03-15"), over), *(link(9, 2, ""), over)
        assert reading(number, "2024", ARRESTED, *ended[:2]).amount == 0
        assert reading(number, "2024", ARRESTED, *ended).amount == 0
        assert reading(number, "2024", ARRESTED, link(9, 2, "2024-04-01"), over).amount == 1


def test_a_tie_that_ends_nobody_knows_when_is_listed_beside() -> None:
    found = reading("R26", "2024", link(9, 2, ""), link(9, 2, "2024-03-01", still=False))
    assert (found.amount, found.undated) == (0, 1)


def test_an_arrest_that_nobody_can_date_is_listed_beside() -> None:
    found = reading("O12", "2024", arrest(1, 1, "", victims=[9]), link(9, 1, "2024-03-01"))
    assert (found.amount, found.undated) == (0, 1)


def test_victims_do_not_follow_from_arrests() -> None:
    """A victim whom an arrest names is in no figure but that of the suspects tied to them."""
    named = arrest(1, 1, "2024-02-01", victims=[7, 8, 9])
    assert reading("O12", "2024", named).amount == 1
    assert reading("O9", "2024", named).amount == 1
