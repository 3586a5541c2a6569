"""Figures on histories that were not made to fit the report of 2024: each test is a definition that was once broken."""

from collections.abc import Mapping
from typing import Any

import pytest

from schemas.ids import Kind
from tests.unit.reporting.figures_of_events import Said, by, reading, readings
from tests.unit.reporting.samples import activity, an_id, at, case, person
from tests.unit.reporting.traps.justice import (
    appeal,
    arrest,
    charge,
    committed,
    died,
    link,
    tried,
    verdict,
    withdrawn,
)


def opened(number: int, when: str = "2024-02-01") -> Said:
    return "investigation.opened", {"case": case(number)}, when


def found(who: int, when: str, in_case: int | None = None, **more: object) -> Said:
    data: dict[str, Any] = {"person": person(who), "status": "potential", **more}
    return "victim.identified", data | ({} if in_case is None else {"case": case(in_case)}), when


def decided(who: int, when: str, status: str, in_case: int | None = None) -> Said:
    data = {"person": person(who), "status": status, **({} if in_case is None else {"case": case(in_case)})}
    return "victim.status_changed", data, when


def in_case(event: Said, number: int = 1) -> Said:
    name, data, when = event[:3]
    return name, {**data, "case": case(number)}, when


def service(number: int, who: int, when: str, **more: object) -> Said:
    data = {"person": person(who), "service": an_id(Kind.SERVICE, number), "service_type": "medical", "provider": "hti"}
    return "service.provided", {**data, **more}, when, "hti"


def granted(who: int, when: str) -> Said:
    return "immigration.status_granted", {"person": person(who), "scheme": "amnesty"}, when, "immigration"


def inspected(number: int, when: str | Mapping[str, Any], **more: object) -> Said:
    return "labour.inspection_completed", {"inspection": activity(number), **more}, when, "labour"


def screened(number: int, when: str, *who: int, **more: object) -> Said:
    return (
        "screening.completed",
        {"screening": activity(number), "persons": [person(each) for each in who], **more},
        when,
    )


# ---- O3 to O5: the victims of the cases opened in the period, each once


@pytest.mark.parametrize("number", ["O3", "O4", "O5", "O28"])
def test_o3_to_o5_count_the_victims_of_the_cases_opened_in_the_period(number: str) -> None:
    events = (
        opened(1, "2024-02-01"),
        opened(2, "2023-05-01"),
        found(1, "2023-12-20", 1),  # identified before, in a case that is opened in the year
        found(2, "2024-06-01", 2),  # identified in the year, in a case of the year before
        found(3, "2024-06-01"),  # in no case
        found(4, "2025-03-01", 1),  # found in a case of the year, after the year
        found(5, "2024-07-01", 1),
    )
    found_in = {each: reading(number, each, *events).amount for each in ("2024", "2023", "2023..2024", "2024..2025")}
    assert found_in == {"2024": 2, "2023": 0, "2023..2024": 3, "2024..2025": 3}
    assert reading("O32a", "2024", *events).amount == 3, "O32 counts identification"


def test_a_victim_of_two_cases_of_the_period_is_one() -> None:
    events = opened(1), opened(2), found(1, "2024-02-02", 1), found(1, "2024-03-02", 2)
    assert reading("O3", "2024", *events).amount == 1


def test_who_was_found_to_be_no_victim_leaves_the_cohort_at_the_end_of_the_period_after() -> None:
    events = opened(1), found(1, "2024-02-02", 1), decided(1, "2024-09-01", "not_a_victim", 1)
    assert [reading("O3", each, *events).amount for each in ("2024-02", "2024-02..2024-08", "2024")] == [1, 1, 0]


def test_the_victims_of_a_case_by_what_is_known_of_them_in_it() -> None:
    profile: Said = (
        "person.profile_recorded",
        {"person": person(1), "case": case(1), "role": "victim", "sex": "female", "citizenship": ["GT", "HN"]},
        "2024-02-03",
    )
    events = opened(1), found(1, "2024-02-02", 1, minor_at_exploitation="yes", exploitation=["forced_labour"]), profile
    assert by(readings("O3", "2024", *events, by=("minor_at_exploitation",))) == {("yes",): 1}
    assert by(readings("O4", "2024", *events, by=("citizenship",))) == {("GT",): 1, ("HN",): 1}
    assert by(readings("O5", "2024", *events, by=("trafficking_type",))) == {("forced_labour",): 1}
    assert by(readings("O5", "2024", *events, by=("sex",))) == {("female",): 1}


def test_who_is_no_longer_a_party_is_no_victim_of_the_case() -> None:
    data = {"case": case(1), "person": person(1), "role": "victim"}
    added: Said = "case.party_added", data, "2024-02-05"
    gone: Said = "case.party_removed", data, "2024-05-05"
    assert reading("O3", "2024", opened(1), added).amount == 1
    assert reading("O3", "2024", opened(1), added, gone).amount == 0


# ---- O7, R23, T19: what courts have decided is over


def _three_charges() -> tuple[Said, ...]:
    one = in_case(charge(1, 1, "2024-03-01")), in_case(charge(2, 1, "2024-03-01"))
    return opened(1), *one, in_case(charge(3, 2, "2024-03-02"))


@pytest.mark.parametrize("number", ["O7", "R23h"])
def test_a_case_ends_by_a_final_verdict_on_all_charges_without_a_word_of_the_police(number: str) -> None:
    charged = _three_charges()
    one = in_case(verdict(1, 1, "2024-06-01"))
    assert reading(number, "2024", *charged, one).amount == 1
    others = in_case(withdrawn(2, 1, "2024-06-02")), in_case(verdict(3, 2, "2024-06-03", "acquitted"))
    assert reading(number, "2024", *charged, one, *others).amount == 0
    again = *charged, one, *others, in_case(charge(4, 3, "2024-08-01"))
    assert reading(number, "2024", *again).amount == 1


def test_the_day_on_which_the_last_charge_is_decided_ends_the_case() -> None:
    events = opened(1), in_case(charge(1, 1, "2024-03-01")), in_case(verdict(1, 1, "2024-06-10"))
    assert [reading("O7", each, *events).amount for each in ("2024-06-09", "2024-06-10")] == [1, 0]


def test_a_retrial_takes_a_case_up_again() -> None:
    over = opened(1), in_case(charge(1, 1, "2024-03-01")), in_case(verdict(1, 1, "2024-06-10"))
    again = *over, in_case(appeal(1, 1, "2024-08-01", "retrial_ordered"))
    assert [reading("O7", each, *again).amount for each in ("2024-07", "2024")] == [0, 1]
    assert reading("O7", "2024", *again, in_case(verdict(1, 1, "2024-11-01", "acquitted"))).amount == 0


CLOSED: tuple[Said, ...] = (
    ("investigation.closed", {"case": case(1), "outcome": "closed_insufficient_evidence"}, "2024-04-01"),
    ("investigation.status_changed", {"case": case(1), "outcome": "transferred"}, "2024-04-01"),
    ("case.closed", {"case": case(1)}, "2024-04-01"),
)


@pytest.mark.parametrize("number", ["O7", "R23h"])
@pytest.mark.parametrize("end", CLOSED)
def test_a_new_charge_makes_a_case_active_again_that_the_police_had_closed(number: str, end: Said) -> None:
    """A case before the court was over for good, where the police had closed it before anybody was charged."""
    new = in_case(charge(2, 2, "2024-06-01"))
    for before in ((opened(1), end), (opened(1), in_case(charge(1, 1, "2024-03-01")), end)):
        assert reading(number, "2024", *before).amount == 0
        assert reading(number, "2024", *before, new).amount == 1
        told = *before, in_case(committed(2, 2, "2024-06-01"))
        assert reading(number, "2024", *told).amount == 1, "of whose filing nobody told"
    known = opened(1), in_case(charge(1, 1, "2024-03-01")), end, in_case(charge(1, 1, "2024-06-01"))
    assert reading(number, "2024", *known).amount == 0, "that is no new charge"
    assert [reading("O7", each, opened(1), end, new).amount for each in ("2024-03", "2024-05", "2024-06")] == [1, 0, 1]
    assert reading("O1b", "2024-06", opened(1), end, new).amount == 0, "and nobody looks into it anew"


@pytest.mark.parametrize(
    "end",
    [
        (("case.closed", {"case": case(1)}, "2024-03-01"),),
        (("investigation.closed", {"case": case(1), "outcome": "closed_unfounded"}, "2024-03-01"),),
        (in_case(charge(1, 1, "2024-02-05")), in_case(verdict(1, 1, "2024-03-01"))),
    ],
)
@pytest.mark.parametrize("number", ["O7", "R23h"])
def test_a_case_that_is_opened_anew_after_its_end_goes_on(number: str, end: tuple[Said, ...]) -> None:
    """It was open in O7 and at its end in R23h, where two files of one case were merged."""
    assert reading(number, "2024", opened(1), *end).amount == 0
    assert reading(number, "2024", opened(1), *end, opened(1, "2024-05-01")).amount == 1
    again: Said = "case.closed", {"case": case(1)}, "2024-08-01"
    assert reading(number, "2024", opened(1), *end, opened(1, "2024-05-01"), again).amount == 0


def test_a_death_ends_the_charges_of_a_case() -> None:
    dead: Said = "person.deceased_recorded", {"person": person(1), "cases": [case(1)]}, "2024-05-01", "mohw"
    assert reading("O7", "2024", opened(1), in_case(charge(1, 1, "2024-03-01")), dead).amount == 0


def test_no_silence_is_asked_about_once_the_courts_have_decided() -> None:
    events = opened(1, "2024-01-01"), in_case(charge(1, 1, "2024-01-02")), in_case(verdict(1, 1, "2024-02-01"))
    assert reading("T19", "2024", *events).amount == 0


# ---- O9 to O16: by what counts as trafficking


def test_who_is_arrested_for_something_else_is_not_among_the_arrested() -> None:
    events = (
        in_case(arrest(1, 1, "2024-02-01")),
        _for(arrest(2, 2, "2024-02-01"), "other"),
        _for(arrest(3, 3, "2024-02-01"), "tip_sex"),
        _for(arrest(4, 4, "2024-02-01"), "child_prostitution"),
    )
    assert reading("O9", "2024", *events).amount == 3
    assert by(readings("O9", "2024", *events, by=("offence_group",))) == {("absent",): 1, ("csec",): 1, ("tip",): 1}
    assert reading("R28a", "2024", *events).amount == 1, "and stands apart"


def _for(event: Said, offence: str) -> Said:
    name, data, when = event[:3]
    return name, {**data, "suspected_offence": offence}, when


def test_a_conviction_counts_by_the_offence_of_the_conviction() -> None:
    events = (
        *(charge(1, 1, "2024-02-01", "tip_sex"), verdict(1, 1, "2024-06-01")),
        *(charge(2, 2, "2024-02-01", "other"), verdict(2, 2, "2024-06-01", counts_n=3)),
        *(charge(3, 3, "2024-02-01", "child_prostitution"), verdict(3, 3, "2024-06-01", counts_n=2)),
        *(charge(4, 4, "2024-02-01", "tip_labour"), verdict(4, 4, "2024-06-01", offence="other")),
        verdict(5, 5, "2024-06-01"),
    )
    assert reading("O13a", "2024", *events).amount == 3
    assert by(readings("O13a", "2024", *events, by=("offence_group",))) == {("absent",): 1, ("csec",): 1, ("tip",): 1}
    assert reading("O13b", "2024", *events).amount == 2
    assert (reading("R28b", "2024", *events).amount, reading("R28c", "2024", *events).amount) == (2, 3)
    labour: dict[str, Any] = {"exploitation": ["forced_labour"]}
    other = charge(6, 6, "2024-02-01", "other"), verdict(6, 6, "2024-06-01", **labour)
    ours = charge(7, 7, "2024-02-01", "tip_labour"), verdict(7, 7, "2024-06-01", **labour)
    assert reading("O14a", "2024", *other, *ours).amount == 1


@pytest.mark.parametrize(
    ("charged", "said", "labour"),
    [
        ("tip_labour", {}, 1),  # nobody stated the purpose, and the offence does
        ("tip_sex", {"offence": "tip_labour"}, 1),
        ("tip_labour", {"offence": "tip_sex"}, 0),
        ("tip_labour", {"exploitation": ["sexual_exploitation"]}, 0),
        ("tip_sex", {"exploitation": ["forced_labour"]}, 1),
        ("tip_other", {}, 0),
    ],
)
def test_a_conviction_of_trafficking_for_labour_is_of_labour_where_no_purpose_is_stated(
    charged: str, said: dict[str, Any], labour: int
) -> None:
    events = charge(1, 1, "2024-02-01", charged), verdict(1, 1, "2024-06-01", counts_n=2, **said)
    assert [reading(number, "2024", *events).amount for number in ("O14a", "O14b")] == [labour, labour * 2]


def test_who_is_charged_with_something_else_is_not_before_the_court_for_trafficking() -> None:
    events = (
        charge(1, 1, "2024-02-01", "other"),
        charge(2, 2, "2024-02-01", "procuring_child"),
        charge(3, 3, "2024-02-01", "tip_sex"),
    )
    assert reading("O16", "2024", *events).amount == 2
    assert by(readings("O16", "2024", *events, by=("offence_group",))) == {("csec",): 1, ("tip",): 1}
    assert reading("R28d", "2024", *events).amount == 1


def indicted(number: int, who: int, when: str) -> Said:
    data = {"person": person(who), "charges": [an_id(Kind.CHARGE, number)], "court": "high_court"}
    return "indictment.filed", data, when, "odpp"


@pytest.mark.parametrize("up", [committed(1, 1, "2024-05-01"), indicted(1, 1, "2024-05-01"), tried(1, 1, "2024-05-01")])
def test_committal_indictment_and_trial_all_move_a_person_up(up: Said) -> None:
    events = charge(1, 1, "2024-02-01"), up
    assert [reading("O16", each, *events).amount for each in ("2024-04", "2024")] == [1, 0]
    assert [reading("O15a", each, *events).amount for each in ("2024-04", "2024")] == [0, 1]
    assert reading("O15b", "2024", *events).amount == 1
    over = *events, verdict(1, 1, "2024-09-01")
    assert [reading("O15a", each, *over).amount for each in ("2024-08", "2024")] == [1, 0]


def test_a_trial_at_the_magistrates_court_moves_nobody_up() -> None:
    name, data, when = tried(1, 1, "2024-05-01")
    events = charge(1, 1, "2024-02-01"), (name, {**data, "court": "magistrates"}, when)
    assert (reading("O16", "2024", *events).amount, reading("O15a", "2024", *events).amount) == (1, 0)


@pytest.mark.parametrize("by", ["trial", "verdict"])
def test_a_retrial_of_what_the_magistrates_tried_is_before_the_magistrates(by: str) -> None:
    """It was counted before the High Court, to which nobody had sent the charge up."""
    name, data, when = tried(1, 1, "2024-03-01")
    below = (name, {**data, "court": "magistrates"}, when) if by == "trial" else found(9, "2024-03-01")
    first = verdict(1, 1, "2024-04-01", "acquitted", **({"court": "magistrates"} if by == "verdict" else {}))
    ordered = charge(1, 1, "2024-02-01"), below, first, appeal(1, 1, "2024-06-01", "retrial_ordered")
    assert [reading("O16", each, *ordered).amount for each in ("2024-03", "2024-05", "2024-06", "2024")] == [1, 0, 1, 1]
    assert [reading(number, "2024", *ordered).amount for number in ("O15a", "O15b")] == [0, 0]
    over = *ordered, verdict(1, 1, "2024-09-01")
    assert [reading("O16", each, *over).amount for each in ("2024-08", "2024")] == [1, 0]
    up = *ordered[:2], committed(1, 1, "2024-03-15"), *ordered[2:]
    assert [reading(number, "2024", *up).amount for number in ("O16", "O15a")] == [0, 1]
    undated = *ordered[:3], appeal(1, 1, "", "retrial_ordered")
    assert (reading("O16", "2024", *undated).amount, reading("O16", "2024", *undated).undated) == (0, 1)
    unfiled = ordered[1:]
    assert [reading(number, "2024", *unfiled).amount for number in ("O16", "O15a")] == [0, 1]


# ---- O12: of the arrested of the period


def test_the_most_suspects_of_one_victim_are_of_those_arrested_in_the_period() -> None:
    events = (
        *(arrest(each, each, "2023-05-01", victims=[9]) for each in (1, 2, 3)),
        *(arrest(each, each, "2024-05-01", victims=[9]) for each in (4, 5)),
        *(arrest(6, 6, "2024-06-01"), link(9, 6, "2024-06-20")),
        link(9, 7, "2024-03-01"),  # never arrested
        arrest(8, 8, "2024-05-01", victims=[10]),
    )
    assert [reading("O12", each, *events).amount for each in ("2023", "2024", "2024-05", "2025")] == [3, 3, 2, 0]


def test_one_who_is_arrested_twice_is_one_suspect_of_the_victim() -> None:
    events = arrest(1, 1, "2024-02-01", victims=[9]), arrest(2, 1, "2024-07-01", victims=[9])
    assert reading("O12", "2024", *events).amount == 1


# ---- O19, O23: victims, and persons beside them


def test_only_victims_are_among_the_victims_supported() -> None:
    events = found(1, "2023-02-01"), service(1, 1, "2024-03-01"), service(2, 2, "2024-03-01")
    assert reading("O19a", "2024", *events).amount == 1
    assert reading("O19c", "2024", *events).amount == 2
    none = *events, decided(1, "2024-09-01", "not_a_victim")
    assert [reading("O19a", each, *none).amount for each in ("2024-03", "2024")] == [1, 0]


def test_only_victims_are_among_those_granted_a_status() -> None:
    events = found(1, "2023-02-01"), granted(1, "2024-03-01"), granted(2, "2024-03-01")
    assert reading("O23", "2024", *events).amount == 1
    assert reading("O23b", "2024", *events).amount == 2


def test_whose_status_could_not_be_determined_is_no_victim_and_is_shown_apart() -> None:
    events = found(1, "2024-02-01", 1), decided(1, "2024-06-01", "undetermined", 1), opened(1)
    assert [reading("O32b", each, *events).amount for each in ("2024-05", "2024")] == [1, 0]
    assert [reading("O32d", each, *events).amount for each in ("2024-05", "2024")] == [0, 1]
    assert (reading("R7b", "2024", *events).amount, reading("R7d", "2024", *events).few_durations) == (1, [0])
    for number in ("O3", "O32a", "O19a", "O23"):
        told = *events, service(1, 1, "2024-03-01"), granted(1, "2024-03-01")
        assert reading(number, "2024", *told).amount == 0


def test_the_dead_are_not_held_as_victims() -> None:
    events = found(1, "2024-02-01"), died(1, "2024-05-10")
    assert [reading("O32b", each, *events).amount for each in ("2024-05-09", "2024-05-10", "2024")] == [1, 0, 0]
    assert reading("O32a", "2024", *events).amount == 1, "who died was identified all the same"


@pytest.mark.parametrize("turned", [False, True])
def test_a_death_of_no_known_day_takes_nobody_out_of_the_years_before_a_known_one(*, turned: bool) -> None:
    """One agency that did not know the day took the person out of every year, and left the charge undated."""
    deaths = [(*died(1, "2024-05-10"), "bpd"), (*died(1, ""), "mohw")]
    told: tuple[Said, ...] = (deaths[1], deaths[0]) if turned else (deaths[0], deaths[1])
    held = found(1, "2023-02-01"), *told
    assert [reading("O32b", each, *held).amount for each in ("2023", "2024-05-09", "2024")] == [1, 1, 0]
    accused: tuple[Said, ...] = (charge(1, 1, "2023-02-01"), *told)
    assert [reading("O16", each, *accused).amount for each in ("2023", "2024")] == [1, 0]
    assert reading("O16", "2024", *accused).undated == reading("O32b", "2024", *held).undated == 0
    unknown = reading("O32b", "2023", found(1, "2023-02-01"), deaths[1])
    assert (unknown.amount, unknown.undated) == (0, 1)


# ---- O6, O22, O27


def test_persons_screened_by_name_count_once_and_a_batch_as_it_was_counted() -> None:
    events = (
        screened(1, "2024-02-01", 1, 2),
        screened(2, "2024-05-01", 2, 3),
        screened(3, "2024-06-01", count=40, count_basis="persons"),
    )
    assert reading("O6a", "2024", *events).amount == 43
    assert [reading("O6a", each, *events).amount for each in ("2024-02", "2024-05", "2024-06")] == [2, 2, 40]


def test_an_estimate_is_not_a_count() -> None:
    guessed = screened(1, "2024-02-01", count=40, count_basis="estimate")
    told = reading("O6a", "2024", guessed, screened(2, "2024-02-01", 1))
    assert (told.amount, told.unknown) == (1, 1)
    told = reading(
        "O27a", "2024", inspected(1, "2024-02", count=40, count_basis="estimate"), inspected(2, "2024-05-01")
    )
    assert (told.amount, told.unknown) == (1, 1)


@pytest.mark.parametrize(
    ("of", "funders", "partners", "paid"),
    [(1, ["hti"], [], 1), (1, ["hti", "iom"], [], 1), (1, [], ["hti"], 0), (2, ["hti"], [], 0), (1, ["iom"], [], 0)],
)
def test_who_paid_for_a_return_is_told_by_the_service_that_it_is_too(
    of: int, funders: list[str], partners: list[str], paid: int
) -> None:
    """The funds were told with the service alone, whose id the return carries."""
    data = {"person": person(1), "service": an_id(Kind.SERVICE, 1), "destination": "GT"}
    back: Said = "repatriation.completed", data, "2024-03-01", "dhs"
    told = service(of, 1, "2024-02-20", service_type="repatriation", funders=funders, partners=partners)
    for events in ((told, back), (back, told)):
        assert [reading(number, "2024", *events).amount for number in ("O22a", "O22b")] == [1, paid]


@pytest.mark.parametrize("turned", [False, True])
def test_a_return_that_its_owner_calls_a_deportation_is_none(*, turned: bool) -> None:
    """Before, a witness of the departure was believed although Human Services called it a deportation."""

    def told(agency: str, when: str, kind: str | None) -> Said:
        data = {"person": person(1), "service": an_id(Kind.SERVICE, 1), "destination": "GT", "return_kind": kind}
        return "repatriation.completed", {**data, "funders": ["hti"]}, when, agency

    days = ("2024-03-02", "2024-03-01") if turned else ("2024-03-01", "2024-03-02")
    for numbers in ("O22a", "O22b"):
        forced = told("dhs", days[0], "deportation"), told("mofa", days[1], "voluntary")
        assert reading(numbers, "2024", *forced).amount == 0
        voluntary = told("dhs", days[0], "voluntary"), told("mofa", days[1], "deportation")
        assert reading(numbers, "2024", *voluntary).amount == 1
        again = told("dhs", "2024-03-01", "voluntary"), told("dhs", "2024-03-02", "deportation")
        assert reading(numbers, "2024", *again).amount == 0, "the last word of the owner holds"


def test_nobody_is_repatriated_to_belize() -> None:
    def returned(who: int, to: str | None) -> Said:
        return (
            "repatriation.completed",
            {"person": person(who), "destination": to, "funders": ["hti"]},
            "2024-03-01",
            "dhs",
        )

    events = returned(1, "BZ"), returned(2, "GT"), returned(3, None)
    assert reading("O22a", "2024", *events).amount == 2
    assert reading("O22b", "2024", *events).amount == 2


def test_a_batch_and_its_items_never_both_count() -> None:
    batch = inspected(1, "2024-03", count=100, count_basis="inspections")
    items = inspected(2, "2024-03-04"), inspected(3, "2024-03-11"), inspected(4, "2024-04-02")
    assert reading("O27a", "2024", batch, *items).amount == 101
    assert reading("O27a", "2024-03", batch, *items).amount == 100
    assert reading("O27a", "2024-03-01..2024-03-10", batch, *items).amount == 1


def test_items_that_outnumber_their_batch_count_themselves() -> None:
    batch = inspected(1, "2024-03", count=1, count_basis="inspections")
    assert reading("O27a", "2024", batch, inspected(2, "2024-03-04"), inspected(3, "2024-03-11")).amount == 2


def test_the_batches_of_the_months_are_items_of_the_year() -> None:
    year = inspected(1, "2024", count=834, count_basis="inspections")
    months = (
        inspected(2, "2024-03", count=60, count_basis="inspections"),
        inspected(3, "2024-04", count=70, count_basis="inspections"),
    )
    assert reading("O27a", "2024", year, *months).amount == 834
    assert reading("O27a", "2024-03..2024-04", year, *months).amount == 130


def test_what_a_batch_is_not_of_is_no_item_of_it() -> None:
    batch = inspected(1, "2024-03", count=100, count_basis="inspections", district="cayo", focus=["child_labour"])
    items = (
        inspected(2, "2024-03-04", district="belize", focus=["child_labour"]),
        inspected(3, "2024-03-04", district="cayo", focus=["working_conditions"]),
        inspected(4, "2024-03-04", district="cayo", focus=["child_labour", "working_conditions"]),
    )
    assert reading("O27a", "2024", batch, *items).amount == 102
    assert reading("O27b", "2024", batch, *items).amount == 101
    assert by(readings("O27a", "2024", batch, *items, by=("district",))) == {("belize",): 1, ("cayo",): 101}


def test_a_span_that_is_one_inspection_is_no_batch() -> None:
    long: Said = "labour.inspection_completed", {"inspection": activity(1)}, at("2024-03-01", "2024-03-10"), "labour"
    assert reading("O27a", "2024", long, inspected(2, "2024-03-04")).amount == 2
