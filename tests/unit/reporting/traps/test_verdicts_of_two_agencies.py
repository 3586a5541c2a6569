"""Verdicts on one charge that prosecution and police tell differently: the prosecution's counts."""

import random

import pytest

from schemas.codec import decode
from schemas.ids import Kind
from schemas.times import Period
from tests.unit.reporting.figures_of_events import Said, reading
from tests.unit.reporting.folds_and_oracle import agrees
from tests.unit.reporting.samples import an_id, case, person, raw
from tests.unit.reporting.test_fold import all_cells

YEARS = "2024", "2025"
CHARGE = an_id(Kind.CHARGE, 1)


def amounts(number: str, *events: Said) -> list[int]:
    return [reading(number, year, *events).amount for year in YEARS]


def filed(**more: object) -> Said:
    data = {"person": person(1), "charge": CHARGE, "case": case(1), "offence": "tip_sex", **more}
    return "charge.filed", data, "2024-02-01", "bpd"


def verdict(agency: str, outcome: str, when: str, **more: object) -> Said:
    data = {"person": person(1), "charge": CHARGE, "case": case(1), "outcome": outcome, "court": "magistrates"}
    return "verdict.returned", {**data, **more}, when, agency


def opened() -> Said:
    return "investigation.opened", {"case": case(1)}, "2024-01-05", "bpd"


def appealed(outcome: str, when: str) -> Said:
    data = {"person": person(1), "case": case(1), "appeal": an_id(Kind.APPEAL, 1), "charges": [CHARGE]}
    return "appeal.decided", {**data, "court": "high_court", "outcome": outcome}, when, "odpp"


GUILTY = "O13a", "R13b", "R11b", "R22e", "R23f"
"""Figures of persons, charges and cases with a conviction, by the year of the verdict, charge or case."""


@pytest.mark.parametrize("number", GUILTY)
@pytest.mark.parametrize("days", [("2024-06-01", "2024-06-03"), ("2024-06-03", "2024-06-01")])
def test_the_police_neither_convict_nor_acquit_whom_the_prosecution_tells_of(
    number: str, days: tuple[str, str]
) -> None:
    own, other = days
    acquitted = opened(), filed(), verdict("odpp", "acquitted", own), verdict("bpd", "convicted", other)
    assert amounts(number, *acquitted) == [0, 0]
    convicted = opened(), filed(), verdict("odpp", "convicted", own), verdict("bpd", "acquitted", other)
    assert amounts(number, *convicted) == [1, 0]


@pytest.mark.parametrize("number", GUILTY)
def test_the_verdict_that_the_police_alone_tell_counts(number: str) -> None:
    assert amounts(number, opened(), filed(), verdict("bpd", "convicted", "2024-06-01")) == [1, 0]
    changed = verdict("bpd", "convicted", "2024-06-01"), verdict("bpd", "acquitted", "2024-06-02")
    assert amounts(number, opened(), filed(), *changed) == [0, 0]


@pytest.mark.parametrize("number", ["O13a", "R12", "R13a", "R13b"])
def test_a_verdict_is_of_the_day_that_the_prosecution_tells(number: str) -> None:
    late = verdict("odpp", "convicted", "2024-12-31"), verdict("bpd", "convicted", "2025-01-02")
    assert amounts(number, filed(), *late) == [1, 0]
    early = verdict("bpd", "convicted", "2024-12-31"), verdict("odpp", "convicted", "2025-01-02")
    assert amounts(number, filed(), *early) == [0, 1]


@pytest.mark.parametrize("number", ["O16", "O7", "R23h"])
def test_a_charge_and_its_case_end_on_the_day_that_the_prosecution_tells(number: str) -> None:
    late = verdict("odpp", "acquitted", "2024-12-31"), verdict("bpd", "acquitted", "2025-01-02")
    assert amounts(number, opened(), filed(), *late) == [0, 0]
    early = verdict("bpd", "acquitted", "2024-12-31"), verdict("odpp", "acquitted", "2025-01-02")
    if number != "R23h":
        assert reading(number, "2024", opened(), filed(), *early).amount == 1
    assert reading(number, "2025", opened(), filed(), *early).amount == 0


def test_another_charge_that_ends_between_two_statements_of_a_verdict_does_not_end_the_case() -> None:
    other = an_id(Kind.CHARGE, 2)
    events = (
        *(opened(), filed(), filed(charge=other), verdict("bpd", "acquitted", "2024-11-01")),
        *(verdict("odpp", "acquitted", "2024-12-01", charge=other), verdict("odpp", "acquitted", "2025-01-02")),
    )
    assert amounts("O7", *events) == [1, 0]
    assert amounts("O7", *events[:-1]) == [0, 0]


def test_days_to_a_verdict_are_those_that_the_prosecution_tells() -> None:
    told = verdict("bpd", "acquitted", "2024-06-01"), verdict("odpp", "acquitted", "2024-06-03")
    assert reading("T16", "2024", opened(), filed(), *told).few_durations == [150]
    begun: Said = (
        "trial.started", {"person": person(1), "charges": [CHARGE], "court": "magistrates"}, "2024-05-01", "odpp",
    )  # fmt: skip
    assert reading("T14", "2024", filed(), begun, *told).few_durations == [33]


def test_counts_are_those_of_the_prosecution() -> None:
    told = verdict("odpp", "convicted", "2024-06-01", counts_n=2), verdict("bpd", "convicted", "2024-06-02", counts_n=3)
    assert amounts("O13b", filed(), *told) == [2, 0]
    assert amounts("O13b", filed(), *reversed(told)) == [2, 0]


@pytest.mark.parametrize("guilty", ["odpp", "bpd"])
def test_a_conviction_on_another_count_stands_whichever_agency_tells_of_it(guilty: str) -> None:
    free = "bpd" if guilty == "odpp" else "odpp"
    told = (
        verdict(guilty, "convicted", "2024-06-01", counts_n=1),
        verdict(free, "acquitted", "2024-06-02", counts_n=1),
    )
    for number in ("O13a", "O13b", "R23f"):
        assert amounts(number, opened(), filed(counts_n=2), *told) == [1, 0]
        assert amounts(number, opened(), filed(counts_n=2), *reversed(told)) == [1, 0]


def test_what_the_police_took_back_themselves_leaves_the_prosecution_s_verdict() -> None:
    told = (
        verdict("odpp", "acquitted", "2024-06-01", counts_n=1),
        verdict("bpd", "convicted", "2024-06-02", counts_n=1),
        verdict("bpd", "acquitted", "2024-06-03"),
    )
    assert amounts("O13a", filed(counts_n=2), *told) == [0, 0]
    assert reading("R13a", "2024-06-01", filed(counts_n=2), *told).amount == 1


@pytest.mark.parametrize("number", ["R22e", "R23f"])
def test_what_the_police_say_again_of_a_quashed_conviction_does_not_restore_it(number: str) -> None:
    quashed = verdict("odpp", "convicted", "2024-06-01"), appealed("conviction_quashed", "2024-08-01")
    assert amounts(number, opened(), filed(), *quashed, verdict("bpd", "convicted", "2024-09-01")) == [0, 0]


@pytest.mark.parametrize("number", ["R22e", "R23f"])
def test_of_a_retrial_the_police_s_verdict_counts_while_the_prosecution_tells_none(number: str) -> None:
    again = (
        *(verdict("odpp", "convicted", "2024-06-01"), appealed("retrial_ordered", "2024-08-01")),
        verdict("bpd", "acquitted", "2024-10-01"),
    )
    assert amounts(number, opened(), filed(), *again) == [0, 0]
    assert reading("O7", "2024", opened(), filed(), *again).amount == 0
    later = verdict("odpp", "convicted", "2025-02-01")
    assert amounts(number, opened(), filed(), *again, later) == [1, 0]
    assert amounts("O7", opened(), filed(), *again, later) == [1, 0]


def test_a_charge_that_the_police_call_dismissed_is_not_filed_again_after_a_conviction() -> None:
    told = verdict("odpp", "convicted", "2024-06-01"), verdict("bpd", "dismissed", "2024-06-02")
    again: Said = filed()[0], filed()[1], "2024-09-01", "bpd"
    assert amounts("O16", filed(), *told, again) == [0, 0]
    assert amounts("R22a", filed(), *told, again) == [1, 0]
    assert amounts("O7", opened(), filed(), *told, again) == [0, 0]


OUTCOMES = "convicted", "convicted_of_lesser", "acquitted", "dismissed", "no_case", "stayed", "abated_by_death"
BY_VERDICTS = (
    *("O7", "O13a", "O13b", "O14a", "O14b", "O15a", "O15b", "O16", "R10e", "R10f", "R10g", "R10h", "R11b", "R11c"),
    *("R12", "R13a", "R13b", "R22c", "R22d", "R22e", "R22f", "R22g", "R23e", "R23f", "R23g", "R23h", "R28b", "R28c"),
    *("R28d", "R28e", "R29", "T12", "T13", "T14", "T15", "T16", "T19"),
)


def drawn(dice: random.Random) -> Said:
    """Draw an event of one suspect with two charges, mostly a verdict of either agency."""
    of = {"person": person(1)} | ({"case": case(1)} if dice.random() < 0.8 else {})
    charge = an_id(Kind.CHARGE, dice.randint(1, 2))
    counts = {"counts_n": dice.randint(1, 2)} if dice.random() < 0.6 else {}
    month = f"{dice.choice((2024, 2024, 2025))}-{dice.randint(1, 12):02}"
    when = month if dice.random() < 0.1 else f"{month}-{dice.randint(1, 28):02}"
    agency = dice.choice(("bpd", "odpp"))
    appeal = {"appeal": an_id(Kind.APPEAL, dice.randint(1, 2)), "charges": [charge], "court": "court_of_appeal"}
    prison = {"sentence": an_id(Kind.SENTENCE, 1), "charges": [charge], "kinds": ["imprisonment"]}
    told: tuple[Said, ...] = (
        *[("verdict.returned", of | counts | {"charge": charge, "outcome": dice.choice(OUTCOMES)}, when, agency)] * 9,
        *[("charge.filed", of | counts | {"charge": charge, "offence": "tip_sex"}, when, agency)] * 3,
        ("charge.filed", of | {"charge": charge, "offence": "other"}, when, agency),
        ("charge.withdrawn", of | {"charge": charge, "reason": "insufficient_evidence"}, when, "odpp"),
        ("appeal.decided", of | appeal | {"outcome": "conviction_quashed"}, when, "odpp"),
        ("appeal.decided", of | appeal | {"outcome": "retrial_ordered"}, when, "odpp"),
        ("trial.started", of | {"charges": [charge], "court": "magistrates"}, when, "odpp"),
        ("sentence.imposed", of | prison, when, "odpp"),
        ("investigation.opened", {"case": case(1)}, when, "bpd"),
        ("case.closed", {"case": case(1)}, when, agency),
    )
    return dice.choice(told)


@pytest.mark.parametrize("seed", range(60))
def test_random_histories_of_verdicts_by_two_agencies_agree_with_the_oracle(seed: int) -> None:
    dice = random.Random(seed)
    told = [drawn(dice) for _ in range(dice.randint(3, 10))]
    events = [decode(raw(name, n, data, when, agency=by[0])) for n, (name, data, when, *by) in enumerate(told)]
    cells = all_cells(events)
    for period in ("2024", "2024-06", "2025"):
        agrees(events, cells, Period.parse(period), BY_VERDICTS)
