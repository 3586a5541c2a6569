"""O13 and O14: persons, counts, charges and cases are four numbers, and a count that was not stated is no number."""

from typing import Any

import pytest

from schemas.codebook.dated_groups_and_labels import Grouping
from schemas.codebook.identification import Exploitation
from services.reporting.domain.cells import cells_from_items
from services.reporting.domain.facts.verdicts_of_owner import ToldVerdicts
from services.reporting.domain.figures.justice.suspect import convictions_and_pending_charges, disposals
from services.reporting.domain.figures.justice.suspect.state import ChargeVerdict
from tests.unit.reporting.figures_of_events import Event, by, holds_only_by, reading, readings
from tests.unit.reporting.samples import case, person
from tests.unit.reporting.traps.justice import appeal, charge, verdict
from tests.unit.reporting.traps.test_o9_arrested import each_by_itself


def test_one_man_of_two_charges_and_three_counts() -> None:
    def check() -> None:
        events = verdict(1, 1, "2024-05-16", counts_n=2), verdict(2, 1, "2024-05-17", counts_n=1)
        found = [reading(number, "2024", *events).amount for number in ("O13a", "R13b", "O13b")]
        assert found == [1, 2, 3]

    holds_only_by((cells_from_items, "once"), each_by_itself, check)


def test_counts_are_summed_and_not_verdicts() -> None:
    def check() -> None:
        assert reading("O13b", "2024", verdict(1, 1, "2024-05-16", counts_n=2)).amount == 2

    holds_only_by((convictions_and_pending_charges, "possible_days"), lambda _: None, check)


def test_a_number_of_counts_that_is_not_stated_is_unknown() -> None:
    """V5: two persons and at least three counts, of which two are stated."""

    def check() -> None:
        man = verdict(1, 1, "2024-05-16", counts_n=2, exploitation=["sexual_exploitation"])
        woman = verdict(2, 2, "2024-10-22", exploitation=["forced_labour"])
        assert reading("O13a", "2024", man, woman).amount == 2
        found = reading("O13b", "2024", man, woman)
        assert (found.amount, found.unknown) == (2, 1)
        labour = reading("O14b", "2024", man, woman)
        assert (labour.value, labour.unknown) == (None, 1)
        assert reading("O14a", "2024", man, woman).amount == 1

    holds_only_by((convictions_and_pending_charges, "LABOUR"), Grouping(frozenset()), check)


def test_labour_is_a_part_of_all_convictions_and_has_more_than_one_purpose() -> None:
    def check() -> None:
        events = [
            verdict(number, number, "2024-05-16", exploitation=[purpose])
            for number, purpose in enumerate(
                ("forced_labour", "domestic_servitude", "sexual_exploitation", "child_labour")
            )
        ]
        assert reading("O13a", "2024", *events).amount == 4
        assert reading("O14a", "2024", *events).amount == 3

    holds_only_by((convictions_and_pending_charges, "LABOUR"), Grouping(frozenset({Exploitation.FORCED_LABOUR})), check)


def test_labour_is_forced_labour_child_labour_and_servitude_of_either_kind() -> None:
    labour = {
        purpose
        for purpose in Exploitation
        if reading("O14a", "2024", verdict(1, 1, "2024-05-16", exploitation=[purpose.value])).amount
    }
    assert labour == {"forced_labour", "child_labour", "servitude", "domestic_servitude"}


def test_a_conviction_of_less_is_none_as_charged_but_a_verdict() -> None:
    events = verdict(1, 1, "2024-05-16", "convicted_of_lesser"), verdict(2, 2, "2024-05-16", "acquitted")
    assert [reading(number, "2024", *events).amount for number in ("O13a", "R12", "R13a", "R13b")] == [0, 2, 2, 0]


def test_what_was_decided_in_a_year_stays_decided_in_it_whatever_an_appeal_says_later() -> None:
    first = verdict(1, 1, "2024-05-16", counts_n=2)
    again = first, appeal(1, 1, "2025-03-05", "retrial_ordered"), verdict(1, 1, "2025-09-01", counts_n=1)
    assert [reading("O13b", year, *again).amount for year in ("2024", "2025")] == [2, 1]
    assert [reading("R13a", year, *again).amount for year in ("2024", "2025")] == [1, 1]
    told_again = *again, appeal(1, 1, "2025-03-05", "retrial_ordered")
    assert [reading("O13b", year, *told_again).amount for year in ("2024", "2025")] == [2, 1]


def test_a_person_convicted_of_several_purposes_stands_in_a_row_of_each() -> None:
    both = verdict(1, 1, "2024-05-16", exploitation=["forced_labour", "sexual_exploitation"])
    found = by(readings("O13a", "2024", both, by=("exploitation",)))
    assert found == {("forced_labour",): 1, ("sexual_exploitation",): 1}
    assert reading("O13a", "2024", both).amount == 1


def test_charges_of_what_does_not_count_as_trafficking_are_in_no_conviction_rate_of_charges() -> None:
    filed = charge(1, 1, "2024-03-01", offence="other"), charge(2, 1, "2024-03-01", offence="tip_sex")
    other = *filed, verdict(1, 1, "2024-05-16"), verdict(2, 1, "2024-05-17", offence="other")
    assert [reading(number, "2024", *other).amount for number in ("R13a", "R13b")] == [1, 0]
    assert [reading(number, "2024", verdict(1, 1, "2024-05-16")).amount for number in ("R13a", "R13b")] == [1, 1]


def _of_counts(charged: int | None, *verdicts: tuple[str, int | None]) -> list[Event]:
    name, data, when = charge(1, 1, "2024-01-10")
    filed = data if charged is None else {**data, "counts_n": charged}
    told = [verdict(1, 1, "2024-05-16", outcome, counts_n=counts) for outcome, counts in verdicts]
    return [(name, {**said, "case": case(1)}, on) for name, said, on in [(name, filed, when), *told]]


GUILTY_OF_TWO, NOT_OF_THE_THIRD = ("convicted", 2), ("acquitted", 1)


@pytest.mark.parametrize(
    ("charged", "verdicts", "found"),
    [
        (3, (GUILTY_OF_TWO, NOT_OF_THE_THIRD), [1, 2, 1, 1, 1, 1]),
        (3, (NOT_OF_THE_THIRD, GUILTY_OF_TWO), [1, 2, 1, 1, 1, 1]),
        (3, (("convicted", 1), ("convicted_of_lesser", 2)), [1, 1, 1, 1, 1, 1]),
        (2, (GUILTY_OF_TWO, NOT_OF_THE_THIRD), [0, 0, 1, 0, 1, 0]),  # more counts than the charge has: another word
        (None, (GUILTY_OF_TWO, NOT_OF_THE_THIRD), [0, 0, 1, 0, 1, 0]),
        (3, (GUILTY_OF_TWO, ("acquitted", None)), [0, 0, 1, 0, 1, 0]),  # on the whole charge
        (None, (("convicted", 1), NOT_OF_THE_THIRD), [0, 0, 1, 0, 1, 0]),  # a charge is one count unless it is stated
        (3, (("convicted", 1), GUILTY_OF_TWO), [1, 2, 1, 1, 1, 1]),  # as much is said: the last one holds
    ],
)
def test_an_acquittal_on_one_count_takes_back_no_conviction_on_the_others(
    charged: int | None, verdicts: tuple[tuple[str, int | None], ...], found: list[int]
) -> None:
    """Somebody convicted of two counts and acquitted of a third was in no figure of convictions."""
    opened: Event = ("investigation.opened", {"case": case(1)}, "2024-01-05")
    events = opened, *_of_counts(charged, *verdicts)
    numbers = ("O13a", "O13b", "R13a", "R13b", "R12", "R23f")
    assert [reading(number, "2024", *events).amount for number in numbers] == found


@pytest.mark.parametrize("witness", [False, True])
def test_of_verdicts_on_different_counts_the_one_that_says_more_holds(witness: bool) -> None:
    rising = [ChargeVerdict(None, outcome, 1, ()) for outcome in ("acquitted", "convicted_of_lesser", "convicted")]
    for place, before in enumerate(rising):
        told = ToldVerdicts[ChargeVerdict]().with_verdict(before, 2, by_witness=witness)
        kept = [told.with_verdict(said, 2, by_witness=witness).counted(2) is before for said in rising]
        assert kept == [number <= place for number in range(3)]
    told = ToldVerdicts[ChargeVerdict]().with_verdict(rising[2], None, by_witness=witness)
    assert told.with_verdict(rising[0], None, by_witness=witness).counted(None) is rising[0]


@pytest.mark.parametrize("number", ["O13a", "R10a", "R11a"])
def test_a_suspect_who_was_a_child_stays_one_in_the_report_of_that_year(number: str) -> None:
    """The age group of 2026 made an adult of a child who was convicted in 2024."""

    def aged(group: str, when: str) -> Event:
        return "person.profile_recorded", {"person": person(1), "role": "suspect", "age_group": group}, when

    decided = charge(1, 1, "2024-01-10"), verdict(1, 1, "2024-05-16")
    child, grown = aged("child_9_17", "2024-02-02"), aged("adult_18_20", "2026-03-01")
    for events in ((*decided, child, grown), (grown, child, *decided)):
        assert by(readings(number, "2024", *events, by=("age_group",))) == {("child_9_17",): 1}
        assert by(readings(number, "2024..2026", *events, by=("age_group",))) == {("adult_18_20",): 1}
        assert reading(number, "2024..2026", *events).amount == 1
    assert by(readings(number, "2024", *decided, grown, by=("age_group",))) == {("adult_18_20",): 1}, "recorded after"


def test_a_charge_that_is_decided_again_after_a_retrial_is_one_charge() -> None:
    """Its counts were added up over its trials: a man convicted twice of two counts was convicted of four."""
    labour: dict[str, Any] = {"exploitation": ["forced_labour"]}
    first = charge(1, 1, "2023-01-02"), verdict(1, 1, "2024-03-01", counts_n=2, **labour)
    events = *first, appeal(1, 1, "2024-05-01", "retrial_ordered")
    again = *events, verdict(1, 1, "2024-09-01", counts_n=1)
    periods = ("2024-03", "2024-01..2024-08", "2024-09", "2024")

    def check() -> None:
        assert [reading("O13b", each, *again).amount for each in periods] == [2, 2, 1, 1]
        assert [reading("O14b", each, *again).amount for each in periods] == [2, 2, 0, 0]
        assert [reading("R13a", each, *again).amount for each in periods] == [1, 1, 1, 1]
        assert [reading("R13b", each, *again).amount for each in periods] == [1, 1, 1, 1]

    holds_only_by((convictions_and_pending_charges, "in_turn"), lambda every: dict.fromkeys(every, (None,)), check)
    holds_only_by((disposals, "in_turn"), lambda every: dict.fromkeys(every, (None,)), check)
    cleared = *events, verdict(1, 1, "2024-09-01", "acquitted")
    assert [reading(number, "2024", *cleared).amount for number in ("O13a", "O13b", "R13a", "R13b")] == [1, 2, 1, 0]
    stayed = *events, verdict(1, 1, "2024-09-01", "stayed")
    assert [reading(number, "2024", *stayed).amount for number in ("R13a", "R13b")] == [1, 1], "no court decided"
    undated = reading("O13b", "2024", first[0], verdict(1, 1, "", counts_n=2), *again[2:])
    assert (undated.amount, undated.undated) == (1, 2)
    year = first[0], verdict(1, 1, "2024", counts_n=2), appeal(1, 1, "2024-05-01", "retrial_ordered"), again[-1]
    assert [reading("O13b", each, *year).amount for each in ("2024", "2024-09")] == [1, 1]
    other = charge(1, 1, "2023-01-02", "other"), *again[1:]
    assert [reading(number, "2024", *other).amount for number in ("R28b", "R28c")] == [1, 1]
