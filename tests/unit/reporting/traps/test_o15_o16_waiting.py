"""O15 and O16: at which court a charge waits, until when, and that it is persons who wait."""

from collections.abc import Sequence

import pytest

from schemas.codebook.justice import LAWS, Law, Offence
from schemas.ids import Kind
from services.reporting.domain.cells import cells_from_items
from services.reporting.domain.figures.justice import arrest_to_charge, suspect_and_victim_ties
from services.reporting.domain.figures.justice.suspect import convictions_and_pending_charges, folds, state
from tests.unit.reporting.figures_of_events import Event, by, holds_only_by, reading, readings
from tests.unit.reporting.samples import an_id
from tests.unit.reporting.traps.justice import (
    amended,
    appeal,
    arrest,
    charge,
    committed,
    died,
    tried,
    verdict,
    withdrawn,
)
from tests.unit.reporting.traps.test_o9_arrested import each_by_itself


def test_two_charges_of_one_person_are_one_person_at_court() -> None:
    def check() -> None:
        events = charge(1, 1, "2024-02-01"), charge(2, 1, "2024-03-01")
        assert reading("O16", "2024", *events).amount == 1

    holds_only_by((cells_from_items, "once"), each_by_itself, check)


def test_who_is_committed_leaves_the_magistrates_and_awaits_trial() -> None:
    def check() -> None:
        events = charge(1, 1, "2024-02-01"), committed(1, 1, "2024-05-10")
        found = {each: reading(each, "2024", *events).amount for each in ("O16", "O15a")}
        assert found == {"O16": 0, "O15a": 1}
        before = {each: reading(each, "2024-05-09", *events).amount for each in ("O16", "O15a")}
        assert before == {"O16": 1, "O15a": 0}

    holds_only_by((state, "by_committal"), lambda *_: [], check)


def test_who_dies_waits_at_no_court() -> None:
    def check() -> None:
        events = charge(1, 1, "2024-02-01"), charge(2, 2, "2024-02-01"), committed(2, 2, "2024-04-01")
        dead = *events, died(1, "2024-08-20"), died(2, "2024-08-20")
        assert [reading(each, "2024-08-19", *dead).amount for each in ("O16", "O15a")] == [1, 1]
        assert [reading(each, "2024", *dead).amount for each in ("O16", "O15a")] == [0, 0]

    holds_only_by((state, "by_death"), lambda *_: [], check)


def test_a_withdrawn_charge_waits_no_longer_and_another_one_does() -> None:
    def check() -> None:
        events = charge(1, 1, "2024-02-01"), withdrawn(1, 1, "2024-04-23")
        assert reading("O16", "2024", *events).amount == 0
        assert reading("O16", "2024", *events, charge(2, 1, "2024-02-01")).amount == 1

    holds_only_by((state, "by_withdrawal"), lambda *_: [], check)


def test_a_charge_was_filed_when_the_police_say_whoever_tells_of_it_again() -> None:
    def check() -> None:
        police, prosecution = charge(1, 1, "2024-12-20"), charge(1, 1, "2025-01-08", "tip_labour")
        told = (*police, "bpd"), (*prosecution, "odpp")
        assert by(readings("O16", "2024", *told, by=("offence",))) == {("tip_sex",): 1}
        assert [reading(each, "2024", *told).amount for each in ("O16", "R22a", "R8c", "R10a")] == [1, 1, 1, 1]
        assert reading("R22a", "2024", told[1]).amount == 0
        arrested = arrest(1, 1, "2024-12-20T08:00")
        hours = (*charge(1, 1, "2024-12-20T09:00"), "atips_pu"), (*charge(1, 1, "2024-12-20T12:00"), "odpp")
        assert reading("T11", "2024", arrested, *hours).few_durations == [60]

    for module in (folds, suspect_and_victim_ties, arrest_to_charge):
        holds_only_by((module, "charge_by_witness"), lambda _: False, check)


def test_a_retrial_awaits_its_own_verdict_also_where_nobody_told_of_the_committal() -> None:
    first = verdict(1, 1, "2024-03-01", "acquitted"), appeal(1, 1, "2024-06-01", "retrial_ordered")
    for events in (first, (committed(1, 1, "2024-01-10"), *first)):
        assert reading("O15a", "2024", *events).amount == 1
        assert reading("O15a", "2024-05", *events).amount == 0
        again = *events, tried(1, 1, "2024-09-01"), verdict(1, 1, "2024-10-01")
        assert [reading(each, "2024-11", *again).amount for each in ("O15a", "O15b")] == [0, 0]


def test_at_the_end_of_a_year_and_at_any_time_in_it_are_two_figures() -> None:
    events = (
        charge(1, 1, "2023-02-01"), committed(1, 1, "2023-05-01"), tried(1, 1, "2024-04-29"),
        verdict(1, 1, "2024-05-16"),
        charge(2, 2, "2024-02-01"), committed(2, 2, "2024-09-17"),
    )  # fmt: skip
    assert [reading(each, "2024", *events).amount for each in ("O15a", "O15b")] == [1, 2]
    assert [reading(each, "2024-06", *events).amount for each in ("O15a", "O15b")] == [0, 0]
    assert [reading(each, "2024-05", *events).amount for each in ("O15a", "O15b")] == [0, 1]


def test_who_was_committed_in_the_year_of_the_verdict_surely_awaited_it_in_that_year() -> None:
    events = charge(1, 1, "2023-01-01"), committed(1, 1, "2024"), verdict(1, 1, "2024-11-05")

    def check() -> None:
        for period, found in (("2024", 1), ("2024-11-04", 1), ("2024-11-05", 0), ("2024-01..2024-10", 0)):
            assert reading("O15b", period, *events).amount == found
        later = events[0], committed(1, 1, "2024-11-05"), verdict(1, 1, "2024")
        assert [reading("O15b", period, *later).amount for period in ("2024", "2024-11-05", "2024-12")] == [1, 1, 0]

    holds_only_by(
        (convictions_and_pending_charges, "waiting_days_for_active"), state.waiting_days_for_running_sum, check
    )
    assert reading("O15a", "2024-06", *events).amount == 0


def test_who_went_up_and_was_decided_on_one_day_or_the_other_way_round_never_waited() -> None:
    for up in ("2024-05-01", "2024-06"):
        events = charge(1, 1, "2023-01-01"), committed(1, 1, up), verdict(1, 1, "2024-05-01")
        assert reading("O15b", "2024", *events).amount == 0


def test_a_trial_that_has_begun_is_not_decided() -> None:
    events = charge(1, 1, "2023-02-01"), committed(1, 1, "2023-05-01"), tried(1, 1, "2024-04-29")
    assert reading("O15a", "2024", *events).amount == 1


def test_a_retrial_opens_a_charge_again_until_its_own_verdict() -> None:
    decided = committed(1, 1, "2023-05-01"), verdict(1, 1, "2024-02-10"), appeal(1, 1, "2024-06-03", "retrial_ordered")
    events = *decided, verdict(1, 1, "2024-11-04", "acquitted")
    found = [
        reading("O15a", each, *events).amount for each in ("2024-02-09", "2024-05", "2024-06", "2024-10", "2024-11")
    ]
    assert found == [1, 0, 1, 1, 0]


def test_a_retrial_that_nobody_can_date_leaves_open_what_waits() -> None:
    found = reading("O15a", "2024", committed(1, 1, "2023-05-01"), appeal(1, 1, "", "retrial_ordered"))
    assert (found.amount, found.undated) == (0, 1)


@pytest.mark.parametrize(
    ("arrests", "found"),
    [
        (("2024-01-20",), [1, 1, 1, 0]),
        (("2024-03-15", "2024-04-01"), [0, 1, 1, 0]),
        (("2024-05-09",), [0, 0, 1, 0]),
        (("2024-05-10",), [0, 0, 0, 0]),
        (("",), [0, 0, 0, 0]),
        ((), [0, 0, 0, 0]),
    ],
)
def test_r29_who_waits_below_counts_there_from_the_first_arrest_on(arrests: Sequence[str], found: list[int]) -> None:
    waits = charge(1, 1, "2024-02-01"), committed(1, 1, "2024-05-10")
    events = *waits, *(arrest(number, 1, when) for number, when in enumerate(arrests))
    days = "2024-03-14", "2024-03-15", "2024-05-09", "2024-05-10"
    assert [reading("R29", day, *events).amount for day in days] == found
    assert [reading("O16", day, *events).amount for day in days] == [1, 1, 1, 0]


def test_an_end_without_a_date_is_listed_beside() -> None:
    for end in (died(1, ""), withdrawn(1, 1, ""), committed(1, 1, ""), verdict(1, 1, "")):
        found = reading("O16", "2024", charge(1, 1, "2024-02-01"), end)
        assert (found.amount, found.undated) == (0, 1)


def test_an_amended_charge_is_the_one_that_was_filed() -> None:
    events = charge(1, 1, "2024-02-01", "withholding_documents"), amended(1, 1, "2024-03-01", "tip_labour")
    assert by(readings("O16", "2024", *events, by=("offence",))) == {("tip_labour",): 1}
    assert reading("O16", "2024-02-15", *events).amount == 1
    alone = reading("O16", "2024", amended(1, 1, "2024-03-01", "tip_labour"))
    assert (alone.amount, alone.undated) == (0, 1)


def test_sexual_exploitation_of_children_is_not_trafficking_in_the_classification() -> None:
    """The Council reports these offences with trafficking, but in the ICCS they are 0302 and not 0204."""

    def check() -> None:
        offences = (
            "making_child_pornography",
            "child_prostitution",
            "procuring_child",
            "tip_sex",
            "tip_labour",
            "other",
        )
        events = [charge(number, number, "2024-02-01", offence) for number, offence in enumerate(offences)]
        found = by(readings("O16", "2024", *events, by=("iccs",)))
        assert found == {("03022",): 3, ("02041",): 1, ("02042",): 1}

    holds_only_by((convictions_and_pending_charges, "law_on"), lambda *_: Law(iccs="0204", counts_as_tip=True), check)
    assert {each for each, law in LAWS.items() if law.counts_as_tip} == set(Offence) - {Offence.OTHER}


def test_an_amendment_of_a_later_year_does_not_change_who_was_charged_before() -> None:
    dropped = charge(1, 1, "2024-02-01"), amended(1, 1, "2025-03-01", "other")
    assert [reading("O16", each, *dropped).amount for each in ("2024", "2025-02", "2025")] == [1, 1, 0]
    assert [reading("R28d", each, *dropped).amount for each in ("2024", "2025-02", "2025")] == [0, 0, 1]
    raised = charge(1, 1, "2024-02-01", "other"), amended(1, 1, "2025-03-01", "tip_sex")
    assert [reading("O16", each, *raised).amount for each in ("2024", "2025")] == [0, 1]
    up = charge(1, 1, "2024-02-01"), committed(1, 1, "2024-03-01"), amended(1, 1, "2025-03-01", "tip_labour")
    for year, offence in (("2024", "tip_sex"), ("2025", "tip_labour")):
        assert by(readings("O15a", year, *up, by=("offence",))) == {(offence,): 1}


def test_who_awaits_trial_for_something_else_does_not_await_it_for_trafficking() -> None:
    """A charge of theft was in no figure of trafficking at the Magistrates' Court, and in one once it had gone up."""
    events = (
        *(charge(1, 1, "2024-02-01", "other"), committed(1, 1, "2024-03-01")),
        *(charge(2, 2, "2024-02-01", "procuring_child"), committed(2, 2, "2024-03-01")),
        committed(3, 3, "2024-03-01"),  # of which nobody told what it is of
    )
    assert [reading(number, "2024", *events).amount for number in ("O15a", "O15b", "R28e")] == [2, 2, 1]
    dropped = *events, amended(2, 2, "2025-02-10", "other")
    assert [reading("O15a", each, *dropped).amount for each in ("2024", "2025-02-09", "2025")] == [2, 2, 1]
    assert [reading("O15b", each, *dropped).amount for each in ("2025-02-09", "2025-02-10", "2025")] == [2, 1, 2]
    assert [reading("R28e", each, *dropped).amount for each in ("2024", "2025-02-09", "2025")] == [1, 1, 2]


def test_a_conviction_is_of_what_the_charge_said_at_the_verdict() -> None:
    events = charge(1, 1, "2024-02-01", "other"), amended(1, 1, "2024-04-01", "tip_labour"), verdict(1, 1, "2024-06-01")
    later = *events, amended(1, 1, "2025-03-01", "other")
    for number in ("O13a", "O14a", "R12", "R13b"):
        assert [reading(number, "2024", *each).amount for each in (events, later)] == [1, 1]


def test_of_a_charge_whose_filing_nobody_told_the_first_amendment_counts_before_it() -> None:
    """A second amendment, also on the day of the first, changed what the charge had named on a day before both."""
    judged = verdict(1, 1, "2023-11-20"), amended(1, 1, "2024-01-01", "tip_labour")
    for later in ("2024-01-01", "2025-02-01"):
        events = *judged, amended(1, 1, later, "other")
        assert [reading(number, "2023", *events).amount for number in ("O13a", "R28b")] == [1, 0]


def _retrial_by(appealed: int, when: str) -> Event:
    """Ordered on an appeal of its own, of the same charge."""
    name, data, day = appeal(1, 1, when, "retrial_ordered")
    return name, {**data, "appeal": an_id(Kind.APPEAL, appealed)}, day


BELOW: Event = ("trial.started", {**tried(1, 1, "2023-03-01")[1], "court": "magistrates"}, "2023-03-01")


@pytest.mark.parametrize(("number", "before"), [("O15a", committed(1, 1, "2023-03-01")), ("O16", BELOW)])
@pytest.mark.parametrize("first", [(), (verdict(1, 1, "2023-06-01"),)])
@pytest.mark.parametrize("ordered", [1, 2])
def test_the_verdict_of_a_retrial_ends_all_waiting(
    number: str, before: Event, first: tuple[Event, ...], ordered: int
) -> None:
    """Also where prosecution and defence both appealed, and where nobody told the verdict of the first trial."""
    appeals = [_retrial_by(each, "2024-02-01") for each in range(ordered)]
    events = charge(1, 1, "2023-02-01"), before, *first, *appeals, verdict(1, 1, "2024-06-01", "acquitted")
    assert [reading(number, each, *events).amount for each in ("2024-03", "2024", "2025")] == [1, 0, 0]
    again = *events, _retrial_by(7, "2025-02-01")
    assert [reading(number, each, *again).amount for each in ("2024", "2025")] == [0, 1], "that is another retrial"
    begun = *events[:-1], tried(1, 1, "2024-04-01"), _retrial_by(7, "2024-05-01"), events[-1]
    assert reading("T14", "2024", *begun).amount == 0, "whose trial had begun, and was to begin again"


@pytest.mark.parametrize("name", ["indictment.filed", "trial.started"])
def test_a_charge_goes_up_once_however_often_it_is_indicted_or_tried(name: str) -> None:
    """An indictment filed anew in 2025 took a person back to the Magistrates' Court for all of 2024."""
    _, data, _ = tried(1, 1, "2024-05-01")
    up = (name, data, "2024-05-01"), (name, data, "2025-02-01")
    events = charge(1, 1, "2024-01-01"), *up
    assert [reading("O15a", each, *events).amount for each in ("2024-04", "2024", "2025")] == [0, 1, 1]
    assert [reading("O16", each, *events).amount for each in ("2024-04", "2024", "2025")] == [1, 0, 0]
    closer = charge(1, 1, "2024-01-01"), (name, data, "2024"), (name, data, "2024-05-01")
    assert [reading("O15a", each, *closer).amount for each in ("2024-04", "2024-05")] == [0, 1]
