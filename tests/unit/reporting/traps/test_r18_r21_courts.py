"""Courts beyond the report: a hearing told twice is one, bail is a person's, an indictment is no charge."""

import pytest

from schemas.ids import Kind
from services.reporting.domain.figures.justice import hearing
from tests.unit.reporting.figures_of_events import Event, by, holds_only_by, reading, readings, told, told_by_name
from tests.unit.reporting.samples import When, an_id, on_behalf, person


def heard(name: str, when: When, number: int = 1, **more: object) -> Event:
    data = {"person": person(1), "hearing": an_id(Kind.HEARING, number), "court": "magistrates", **more}
    return f"court.{name}", data, when


def scheduled(when: str, next_on: str, number: int = 1) -> Event:
    return heard("hearing_scheduled", when, number, next_on=next_on)


def on_bail(name: str, when: str, number: int = 1, who: int = 1, **more: object) -> Event:
    data = {"person": person(who), "bail": an_id(Kind.BAIL, number), "court": "magistrates", **more}
    return f"bail.{name}", data, when


def charges(*numbers: int) -> list[str]:
    return [an_id(Kind.CHARGE, each) for each in numbers]


def indicted(when: str, *numbers: int, who: int = 1) -> Event:
    return "indictment.filed", {"person": person(who), "court": "high_court", "charges": charges(*numbers)}, when


def appeal(name: str, when: str, number: int = 1, **more: object) -> Event:
    data = {"person": person(1), "appeal": an_id(Kind.APPEAL, number), "court": "court_of_appeal", **more}
    return f"appeal.{name}", data | {"charges": charges(1)}, when


def test_r18_one_hearing_told_by_police_and_prosecution_is_one_and_the_prosecution_s_day_holds() -> None:
    police, docket = heard("hearing_held", "2024-05-07"), heard("hearing_held", "2024-05-06")

    def check() -> None:
        found = told("R18a", "2024-05-06", ("odpp", docket), ("bpd", police))
        assert (found.amount, found.twice) == (1, 0)

    holds_only_by((hearing, "_told"), lambda _, said: (said,), check)


def test_r18_a_hearing_that_only_the_police_told_of_is_counted_and_marked() -> None:
    found = told("R18a", "2024", ("bpd", heard("hearing_held", "2024-05-06")))
    assert (found.amount, found.twice) == (1, 1)


def test_r18_what_the_police_say_for_their_unit_is_the_police_s() -> None:
    def check() -> None:
        for name, number in (("hearing_held", "R18a"), ("adjourned", "R18b")):
            docket, unit = heard(name, "2024-05-02"), heard(name, on_behalf("atips_pu", "2024-06-03"))
            assert told(number, "2024-05", ("odpp", docket), ("bpd", unit)).amount == 1
            assert told(number, "2024", ("bpd", unit)).twice == 1

    holds_only_by((hearing, "is_statement_of"), told_by_name, check)


def test_r18_a_hearing_that_was_set_down_and_never_heard_of_again_is_seen_on_its_day() -> None:
    said = scheduled("2024-02-01", "2024-03-05"), scheduled("2024-02-01", "2024-03-06", 2)
    after = heard("hearing_held", "2024-03-06", 2)
    assert [reading("R18c", period, *said, after).amount for period in ("2024-02", "2024-03", "2024")] == [0, 1, 1]
    assert reading("R18c", "2024", *said).amount == 2


def test_r18_a_hearing_put_off_waits_for_its_new_day_and_without_one_for_none() -> None:
    said = scheduled("2024-02-01", "2024-03-05")
    moved = heard("adjourned", "2024-03-05", next_on="2024-06-11", reason="witness_absent")
    assert [reading("R18c", period, said, moved).amount for period in ("2024-03", "2024-06")] == [0, 1]
    assert by(readings("R18b", "2024", said, moved, by=("reason",), agency="odpp")) == {("witness_absent",): 1}
    assert reading("R18c", "2024", said, heard("adjourned", "2024-03-05")).amount == 0


def test_r18_a_hearing_that_is_set_down_anew_after_it_was_held_waits_for_its_new_day() -> None:
    said = scheduled("2024-02-01", "2024-03-05"), heard("hearing_held", "2024-03-05")
    anew = (
        scheduled("2024-03-06", "2024-06-11"),
        # What is put off on the day on which it was heard is heard in part.
        heard("adjourned", "2024-03-05", next_on="2024-06-11"),
    )

    def check() -> None:
        for each in anew:
            assert [reading("R18c", period, *said, each).amount for period in ("2024-03", "2024-06")] == [0, 1]

    holds_only_by((hearing, "_awaited"), lambda known, day: None if known.held else day, check)


def test_r18_a_day_that_is_set_down_after_the_hearing_took_place_on_it_is_not_waited_for() -> None:
    held = heard("hearing_held", "2024-06-11")
    for day, awaited in (("2024-06-10", 0), ("2024-06-11", 0), ("2024-06-12", 1)):
        assert reading("R18c", "2024", held, scheduled("2024-06-12", day)).amount == awaited


@pytest.mark.parametrize("when", ["2024-06-11", "2024-05-02", "2024-06", "2024", ""])
def test_r18_what_anybody_may_have_told_of_since_is_not_without_word(when: str) -> None:
    docket = scheduled("2024-02-01", "2024-03-05"), heard("hearing_held", "2024-03-05")
    said = *(("odpp", each) for each in docket), ("odpp", scheduled("2024-03-06", "2024-06-11"))

    def check() -> None:
        assert told("R18c", "2024", *said).amount == 1
        assert told("R18c", "2024", *said, ("bpd", heard("hearing_held", when))).amount == 0

    if when in {"2024", ""}:  # in the order of what happened before it was set down
        holds_only_by((hearing, "_awaited"), lambda _, day: day, check)
    else:
        check()


def test_r19_bail_is_of_persons_and_each_step_of_its_own_day() -> None:
    said = (
        on_bail("granted", "2023-12-01", conditions=["surety", "curfew"]),
        on_bail("granted", "2024-02-01", 2),
        on_bail("granted", "2024-02-01", 3, who=2),
        on_bail("breached", "2024-05-01", conditions=["curfew"]),
        on_bail("varied", "2024-05-03", conditions=["surety"]),
        on_bail("revoked", "2024-06-01"),
    )
    asked = {number: reading(number, "2024", *said).amount for number in ("R19a", "R19b", "R19c", "R19d")}
    assert asked == {"R19a": 2, "R19b": 1, "R19c": 1, "R19d": 1}
    assert reading("R19a", "2023..2024", *said).amount == 2
    assert by(readings("R19a", "2023", *said, by=("condition",))) == {("surety",): 1, ("curfew",): 1}
    assert by(readings("R19c", "2024", *said, by=("condition",))) == {("curfew",): 1}


def test_r20_a_person_indicted_on_two_charges_is_one_person_and_two_charges() -> None:
    said = indicted("2024-11-25", 1, 2), indicted("2024-11-25", 3, who=2), indicted("2024-11-26", 2)
    assert (reading("R20a", "2024", *said).amount, reading("R20b", "2024", *said).amount) == (2, 3)
    assert reading("R20b", "2024-11-26", *said).amount == 1


def test_r21_an_appeal_is_filed_in_one_year_and_decided_in_another() -> None:
    said = (
        appeal("filed", "2024-06-27", against="sentence", appellant="defence"),
        appeal("decided", "2025-03-05", against="sentence", outcome="dismissed"),
    )
    assert [reading(number, "2024", *said).amount for number in ("R21a", "R21b")] == [1, 0]
    assert by(readings("R21b", "2025", *said, by=("outcome",))) == {("dismissed",): 1}
    assert by(readings("R21a", "2024", *said, by=("appellant",))) == {("defence",): 1}


@pytest.mark.parametrize(("name", "number"), [("hearing_held", "R18a"), ("adjourned", "R18b")])
def test_r18_what_goes_on_in_the_next_year_is_not_lost_to_the_year_before(name: str, number: str) -> None:
    """A hearing that was put off in 2024, and again in 2025, was put off in 2025 alone."""
    twice = heard(name, "2024-03-10"), heard(name, "2024-12-10"), heard(name, "2025-02-01")
    said = [("odpp", each) for each in twice]
    periods = "2024-03", "2024-04", "2024-12", "2024", "2025", "2024..2025", "2026"
    assert [told(number, period, *said).amount for period in periods] == [1, 0, 1, 1, 1, 1, 0]
    assert [told(number, period, *said[:2]).amount for period in ("2024-03", "2024", "2025")] == [1, 1, 0]
    police = ("bpd", heard(name, "2024-03-11")), *said
    assert [told(number, period, *police).amount for period in ("2024-03-11", "2024")] == [0, 1]
    assert told(number, "2024", ("odpp", heard(name, ""))).undated == 1


def test_r19_a_breach_of_the_next_year_leaves_that_of_the_year_before() -> None:
    days = "2024-03-01", "2024-05-01", "2025-02-01"
    said = on_bail("granted", "2023-12-01"), *(on_bail(name, day) for name in ("varied", "breached") for day in days)
    for number in ("R19b", "R19c"):
        assert [reading(number, each, *said).amount for each in ("2024-03", "2024", "2025", "2023")] == [1, 1, 1, 0]


def test_r19_bail_that_is_granted_again_after_it_was_revoked_counts_in_both_years() -> None:
    """The grant of 2025 took the person out of the report of 2024."""
    granted, revoked = on_bail("granted", "2024-02-01"), on_bail("revoked", "2024-05-01")
    again = granted, revoked, on_bail("granted", "2025-02-01"), on_bail("revoked", "2025-05-01")
    for number in ("R19a", "R19d"):
        assert [reading(number, each, *again).amount for each in ("2024", "2025", "2024..2025")] == [1, 1, 1]
    told_again = granted, on_bail("granted", "2025-02-01"), on_bail("revoked", "2025")
    assert [reading("R19a", each, *told_again).amount for each in ("2024", "2025")] == [0, 1], "one grant, told twice"


def test_r20_an_indictment_filed_anew_leaves_that_of_the_year_before() -> None:
    said = indicted("2024-05-01", 1, 2), indicted("2024-06-01", 2), indicted("2025-02-01", 1)
    periods = "2024-05", "2024", "2025", "2024..2025"
    assert [reading("R20a", each, *said).amount for each in periods] == [1, 1, 1, 1]
    assert [reading("R20b", each, *said).amount for each in periods] == [2, 2, 1, 2]
    assert reading("R20b", "2024", indicted("", 1)).undated == 1
