"""The invented prosecutions of 2024: what the report's lists say of the same persons, and where they do not fit."""

from datetime import date

from services.reporting.domain.figures.justice.suspect.state import ChargeSpell, Suspect, at_magistrates_court
from tests.unit.demo.counted_year import accepted, counted, states

YEARS_END = date(2024, 12, 31)


def suspects() -> list[Suspect]:
    return [state["suspect"] for state in states(accepted()).values() if "suspect" in state]


def on_the_last_day(spell: ChargeSpell) -> bool:
    return spell.days is not None and spell.days.first <= YEARS_END <= spell.days.last


def amounts() -> dict[str, int]:
    return {line.printed.number: line.computed or 0 for line in counted(accepted()) if not line.printed.dimensions}


def test_the_seven_are_the_printed_lines_and_these_are_no_partition() -> None:
    """V3: one committed, one dead and five of one survivor are seven by chance."""
    found = amounts()
    assert found["O10"] + found["O11"] + found["O12"] == found["O9"] == 7


def test_six_at_court_are_one_more_than_the_arrested_who_are_left() -> None:
    """V4: of seven arrested five are left, and six are at the Magistrates' Court: one has a charge and no arrest."""
    found = amounts()
    assert found["O16"] == 6 > found["O9"] - found["O10"] - found["O11"]
    at_court = [suspect for suspect in suspects() if any(map(on_the_last_day, at_magistrates_court(suspect)))]
    assert sorted(bool(suspect.arrests) for suspect in at_court) == [False, *[True] * 5]


def test_two_persons_and_at_least_three_counts_were_convicted() -> None:
    """V5: of the woman's counts nobody wrote the number."""
    lines = {line.printed.number: line for line in counted(accepted()) if not line.printed.dimensions}
    assert lines["O13a"].computed == 2
    assert (lines["O13b"].computed, lines["O13b"].unknown) == (2, 1)
    assert (lines["O14a"].computed, lines["O14b"].computed, lines["O14b"].unknown) == (1, None, 1)


def test_what_the_report_does_not_print_is_what_was_written() -> None:
    found = amounts()
    expected = {
        "O15a": 2, "O15b": 5, "O25a": 2, "O25b": 2,
        "R11a": 9, "R11b": 1, "R11c": 6, "R12": 3, "R13a": 3, "R13b": 2,
        "R14a": 3, "R14b": 2, "R15a": 156, "R16": 3_000_000, "R17a": 2_240_000, "R17b": 400_000,
    }  # fmt: skip
    assert {number: found[number] for number in expected} == expected
    assert [found[f"R10{step}"] for step in "abcdefgh"] == [9, 7, 8, 1, 0, 0, 0, 7]
