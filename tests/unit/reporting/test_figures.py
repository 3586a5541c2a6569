"""Each figure by the traps of the Council's report: what must count, what must not, and where it is said instead."""

from collections.abc import Mapping
from typing import Any

import pytest

from schemas.codec import decode
from schemas.ids import Kind
from schemas.times import Period
from services.reporting.domain.declaration.figure import FLOWING, Nature, Reader
from services.reporting.domain.figures import committees_partners_and_population
from services.reporting.domain.figures.all_entity_parts import PARTS
from services.reporting.domain.figures.all_figures import FIGURES, UndeclaredBreakdown, UnknownFigure, chosen
from services.reporting.domain.read.amounts_from_cells import read
from tests.unit.reporting.figures_of_events import Event, by, reading, readings
from tests.unit.reporting.samples import activity, an_id, at, case, person, raw
from tests.unit.reporting.test_fold import all_cells

_LOOKING_OVER = {
    *(Reader.NONZERO, Reader.COHORT, Reader.LARGEST, Reader.TOTALS, Reader.MAXIMUM, Reader.LATEST, Reader.QUANTILE),
}


def arrest(number: int, who: int, when: str | Mapping[str, Any], victims: tuple[int, ...] = ()) -> Event:
    linked = [person(each) for each in victims]
    data = {"person": person(who), "arrest": an_id(Kind.ARREST, number), "linked_victims": linked}
    return "arrest.made", data, when


def charge(number: int, who: int, when: str, offence: str = "procuring_child") -> Event:
    return "charge.filed", {"person": person(who), "charge": an_id(Kind.CHARGE, number), "offence": offence}, when


def verdict(number: int, who: int, when: str, outcome: str = "convicted", **more: object) -> Event:
    data = {"person": person(who), "charge": an_id(Kind.CHARGE, number), "outcome": outcome, **more}
    return "verdict.returned", data, when


def profile(who: int, when: str, role: str = "suspect", **more: object) -> Event:
    return "person.profile_recorded", {"person": person(who), "role": role, **more}, when


def session(number: int, when: str, participants_n: int | None, *programmes: str, **more: object) -> Event:
    data = {"session": activity(number), "programmes": list(programmes), **more}
    return (
        "training.session_delivered",
        data | ({"participants_n": participants_n} if participants_n is not None else {}),
        when,
    )


def opened(number: int, when: str, **more: object) -> Event:
    return "investigation.opened", {"case": case(number), **more}, when


def test_no_number_is_declared_twice() -> None:
    declared = [figure.number for part in PARTS for figure in part.figures] + [
        each.number for each in committees_partners_and_population.FIGURES
    ]
    assert sorted(declared) == sorted(FIGURES)


def test_a_person_arrested_twice_counts_once_in_any_period_that_holds_both() -> None:
    twice = arrest(1, 1, "2023-12-30"), arrest(2, 1, "2024-01-02")
    assert [reading("O9", period, *twice).amount for period in ("2023", "2024", "2023..2024")] == [1, 1, 1]


def test_a_day_belongs_to_the_year_it_has_in_belize() -> None:
    late = arrest(1, 1, "2024-12-31T20:00")
    assert (reading("O9", "2024", late).amount, reading("O9", "2025", late).amount) == (1, 0)


def test_what_the_periods_edge_cuts_and_what_has_no_date_is_listed_and_not_counted() -> None:
    events = arrest(1, 1, "2024"), arrest(2, 2, ""), arrest(3, 3, at("2024-03", "2024-05"))
    found = reading("O9", "2024-04..2024-12", *events)
    assert (found.amount, found.cut, found.undated) == (0, 2, 1)
    assert reading("O9", "2024", *events).amount == 2


@pytest.mark.parametrize(
    ("period", "cut"),
    [("2024-03-31..2024-06", 1), ("2024-04-01..2024-06", 0), ("2024-01..2024-02-01", 1), ("2023-12..2024-01-31", 0)],
)
def test_what_has_but_one_day_within_the_period_is_cut(period: str, cut: int) -> None:
    found = reading("O9", period, arrest(1, 1, at("2024-02", "2024-03")))
    assert (found.amount, found.cut) == (0, cut)


def test_a_restated_arrest_is_one_arrest_and_a_date_wins_over_none() -> None:
    found = reading("O9", "2024", arrest(1, 1, ""), arrest(1, 1, "2024-05-03"))
    assert (found.amount, found.undated) == (1, 0)


def test_a_person_of_whose_charges_none_has_a_date_is_undated_once() -> None:
    undated = charge(1, 1, ""), charge(2, 1, "", "child_prostitution")
    assert reading("O16", "2024", *undated).undated == 1
    assert reading("O16", "2024", *undated, charge(3, 1, "2024-05-03")).undated == 0


def test_arrested_by_sex_and_citizenship_are_from_the_suspects_profile_alone() -> None:
    events = (
        arrest(1, 1, "2024-02-01"),
        arrest(2, 2, "2024-02-01"),
        profile(1, "2024-01-01", sex="male", citizenship=["GT", "HN"]),
        profile(2, "2024-01-01", role="victim", sex="female"),
    )
    assert by(readings("O9", "2024", *events, by=("sex",))) == {("male",): 1, ("absent",): 1}
    by_citizenship = by(readings("O9", "2024", *events, by=("citizenship",)))
    assert by_citizenship == {("GT",): 1, ("HN",): 1, ("absent",): 1}


def test_suspects_of_one_victim_are_persons_and_not_arrests() -> None:
    events = [arrest(n, n % 5, f"2024-0{1 + n % 5}-01", victims=(9,)) for n in range(8)] + [
        arrest(9, 7, "2024-01-01", (8,))
    ]
    assert reading("O12", "2024", *events).amount == 5
    assert reading("O12", "2024-01..2024-03", *events).amount == 3
    assert reading("O12", "2024-03", *events).amount == 1
    assert reading("O12", "2023", *events).amount == 0


def test_victims_of_one_suspect_are_persons_however_they_are_tied() -> None:
    link = {"case": an_id(Kind.CASE, 1), "victim": person(9), "suspect": person(1)}
    events = (
        arrest(1, 1, "2024-02-01", (7, 8)),
        arrest(2, 1, "2024-03-01", (8,)),
        arrest(3, 2, "2024-03-01", (8,)),
        ("victim_suspect.linked", link, "2024-04-01"),
        ("victim_suspect.unlinked", link, "2024-06-01"),
    )
    found = [reading("R26", month, *events).amount for month in ("2024-01", "2024-02", "2024-04", "2024-06")]
    assert found == [0, 2, 3, 2]


def test_an_undated_arrest_is_not_added_to_a_victims_suspects() -> None:
    tied = (
        "victim_suspect.linked",
        {"case": an_id(Kind.CASE, 1), "victim": person(9), "suspect": person(2)},
        "2024-02-01",
    )
    found = reading("O12", "2024", arrest(1, 1, "2024-01-01", (9,)), arrest(2, 2, "", (9,)), tied)
    assert (found.amount, found.undated) == (1, 1)


def test_one_man_two_counts_is_one_person_and_two_counts() -> None:
    events = (
        profile(1, "2024-01-01", sex="male", citizenship=["GT"]),
        verdict(1, 1, "2024-06-03", counts_n=1, exploitation=["sexual_exploitation"]),
        verdict(2, 1, "2024-06-03", counts_n=1, exploitation=["sexual_exploitation"]),
        verdict(3, 1, "2024-06-03", "acquitted", counts_n=5),
    )
    assert reading("O13a", "2024", *events).amount == 1
    assert reading("O13b", "2024", *events).amount == 2
    found = readings("O13a", "2024", *events, by=("exploitation", "sex", "citizenship"))
    assert [(dict(each.dimensions), each.amount) for each in found] == [
        ({"exploitation": "sexual_exploitation", "sex": "male", "citizenship": "GT"}, 1)
    ]


def test_a_verdict_said_again_counts_once_and_the_last_one_holds() -> None:
    said = verdict(1, 1, "2024-06-03", counts_n=2), verdict(1, 1, "2024-06-04", counts_n=3)
    assert reading("O13b", "2024", *said).amount == 3
    assert reading("O13a", "2024", *said, verdict(1, 1, "2024-09-01", "acquitted")).amount == 0


def test_counts_that_nobody_stated_are_unknown_and_not_zero() -> None:
    found = reading("O13b", "2024", verdict(1, 1, "2024-06-03"), verdict(2, 2, "2024-06-03", counts_n=2))
    assert (found.amount, found.unknown) == (2, 1)
    assert reading("O13b", "2025", verdict(1, 1, "2024-06-03")).unknown == 0


def test_a_person_with_two_open_charges_counts_once_and_until_the_last_is_decided() -> None:
    events = charge(1, 1, "2024-02-01"), charge(2, 1, "2024-03-01", "child_prostitution"), verdict(1, 1, "2024-06-15")
    periods = ("2023", "2024-02", "2024-06-14", "2024-06-15", "2024")
    assert [reading("O16", period, *events).amount for period in periods] == [0, 1, 1, 1, 1]
    assert by(readings("O16", "2024-06-14", *events, by=("offence",))) == {
        ("procuring_child",): 1,
        ("child_prostitution",): 1,
    }
    assert by(readings("O16", "2024-06-15", *events, by=("offence",))) == {("child_prostitution",): 1}
    assert reading("O16", "2024", *events, verdict(2, 1, "2024-12-31", "withdrawn")).amount == 0


def test_an_imprecise_charge_is_open_only_when_it_surely_is() -> None:
    assert [reading("O16", p, charge(1, 1, "2024-03")).amount for p in ("2024-03-30", "2024-03-31")] == [0, 1]
    closed = charge(1, 1, "2024-01-10"), verdict(1, 1, "2024-03")
    assert [reading("O16", p, *closed).amount for p in ("2024-02", "2024-03-01")] == [1, 0]
    undated = reading("O16", "2024", charge(1, 1, "2024-01-10"), verdict(1, 1, ""))
    assert (undated.amount, undated.undated) == (0, 1)
    assert reading("O16", "2024", charge(1, 1, "2024-03-10"), verdict(1, 1, "2024-03-01")).amount == 0


def test_opened_and_active_are_two_figures() -> None:
    events = opened(1, "2023-05-01"), opened(2, "2024-05-01", district="cayo"), opened(2, "2024-06-01", district="cayo")
    assert reading("O1a", "2024", *events).amount == 1
    assert reading("O1b", "2024", *events).amount == 2
    assert by(readings("O1a", "2024", *events, by=("district",))) == {("cayo",): 1}


@pytest.mark.parametrize(
    ("opened_at", "closed_at", "counted"),
    [
        ("2024-02-01", ["2024-03-10"], {"2024-01": 0, "2024-02": 1, "2024-03": 1, "2024-04": 0}),
        ("2024-02-01", ["2024-02-01"], {"2024-02-01": 1, "2024-02-02": 0}),
        ("2024-03", ["2024-03-15"], {"2024-03": 1, "2024-03-10..2024-03-20": 0, "2024-04": 0}),
        ("2024-02-01", ["2024-01-05"], {"2024-01": 0, "2024-12": 1}),
        ("2024-02-01", [""], {"2024-03": 0}),
    ],
)
def test_a_closing_ends_what_was_active(opened_at: str, closed_at: list[str], counted: dict[str, int]) -> None:
    closed: list[Event] = [("investigation.closed", {"case": case(1)}, text) for text in closed_at]
    for period, amount in counted.items():
        assert reading("O1b", period, opened(1, opened_at), *closed).amount == amount, period


def screening(number: int, when: str = "2024-08-01", **more: object) -> Event:
    return "screening.completed", {"screening": activity(number), **more}, when


def test_a_batch_and_persons_of_whom_it_does_not_speak_add_up_and_nationalities_are_a_set() -> None:
    asked = {"requested_by": "immigration"}
    events = (
        screening(1, count=100, count_basis="persons", **asked, outcome="no_indicators", nationalities=["TR", "HN"]),
        screening(2, persons=[person(1), person(2)], **asked, nationalities=["HN", "VN"]),
        screening(3, count=40, count_basis="estimate", nationalities=["CO"]),
    )
    found = reading("O6a", "2024", *events)
    assert (found.amount, found.unknown) == (102, 1)
    assert by(readings("O6a", "2024", *events, by=("requested_by",)))["immigration",] == 102
    assert reading("O6b", "2024", *events).amount == 4
    assert by(readings("O6b", "2024", *events, by=("requested_by",))) == {("immigration",): 3, ("absent",): 1}


@pytest.mark.parametrize("first", ["bpd", "immigration"])
def test_who_asked_for_a_screening_does_not_double_it_whoever_says_it_last(first: str) -> None:
    second = {"bpd": "immigration", "immigration": "bpd"}[first]
    counts = {"bpd": 102, "immigration": 90}
    said = [
        decode(raw("screening.completed", n, {"screening": activity(1), "requested_by": "immigration",
                   "count": counts[agency], "count_basis": "persons"}, agency=agency,
                   recordedtime=f"2025-02-0{n + 1}T09:00:00-06:00"))
        for n, agency in enumerate((first, second))
    ]  # fmt: skip
    assert read(FIGURES["O6a"], all_cells(said), Period.parse("2024"))[0].amount == 102


def test_of_two_witnesses_the_later_holds() -> None:
    asked = {"screening": activity(1), "requested_by": "immigration", "count_basis": "persons"}
    said = [
        decode(raw("screening.completed", n, {**asked, "count": n}, agency="immigration", recordedtime=recorded))
        for n, recorded in ((2, "2025-02-02T09:00:00-06:00"), (1, "2025-02-01T09:00:00-06:00"))
    ]
    assert read(FIGURES["O6a"], all_cells(said), Period.parse("2024"))[0].amount == 2


def test_a_session_that_its_organiser_and_a_guest_publish_counts_once_with_the_organisers_number() -> None:
    hosts: dict[str, Any] = {
        "organisers": ["hti"],
        "audience": "police",
        "programmes": ["hti_bpd"],
        "session": activity(1),
    }
    said = [
        decode(raw("training.session_delivered", 1, {**hosts, "participants_n": 31}, agency="hti")),
        decode(raw("training.session_delivered", 2, {**hosts, "participants_n": 30}, agency="bpd")),
    ]
    assert read(FIGURES["M3"], all_cells(said), Period.parse("2024"))[0].amount == 31


def test_programmes_never_add_to_each_other_and_a_session_in_two_counts_once_in_each() -> None:
    events = (
        session(1, "2024-05-01", 20, "iec_plan", audience="teachers"),
        session(2, "2024-05-01", 30, "hti_bpd", audience="police"),
        session(3, "2024-05-01", 7, "iec_plan", "hti_local_gov", audience="liquor_boards_regulators"),
        session(4, "2024-05-01", None, "iec_plan", audience="teachers"),
        session(5, "2024-05-01", 99, "ret_protect", audience="medical"),
    )
    amounts = {number: reading(number, "2024", *events) for number in ("M1", "M2", "M3", "M4")}
    assert {number: each.amount for number, each in amounts.items()} == {"M1": 27, "M2": 20, "M3": 30, "M4": 7}
    assert (amounts["M1"].unknown, amounts["M2"].unknown) == (1, 1)
    assert by(readings("M1", "2024", *events, by=("audience",))) == {
        ("teachers",): 20,
        ("liquor_boards_regulators",): 7,
    }


def test_inspections_on_child_labour_are_part_of_all_and_a_batch_is_a_number() -> None:
    events = (
        (
            "labour.inspection_completed",
            {"inspection": activity(1), "focus": ["child_labour"], "district": "cayo"},
            "2024-05-01",
        ),
        (
            "labour.inspection_completed",
            {"inspection": activity(2), "count": 30, "count_basis": "inspections"},
            "2024-06",
        ),
        ("labour.inspection_completed", {"inspection": activity(3), "count": 9, "count_basis": "estimate"}, "2024-05"),
    )
    everything = reading("O27a", "2024", *events)
    assert (everything.amount, everything.unknown) == (31, 1)
    assert reading("O27b", "2024", *events).amount == 1
    assert by(readings("O27a", "2024", *events, by=("district",)))["cayo",] == 1


def test_every_figure_is_declared_whole() -> None:
    for figure in FIGURES.values():
        assert figure.breakdowns[0] == ()
        assert len(set(map(frozenset, figure.breakdowns))) == len(figure.breakdowns)
        assert figure.en.endswith(".")
        assert figure.es.endswith(".")
        assert figure.en != figure.es
        assert (figure.over is not None) == (figure.reader in _LOOKING_OVER)
        assert (figure.nature is Nature.FLOW) == (figure.reader in FLOWING)
        assert figure.part_of is None or FIGURES[figure.part_of].unit is figure.unit
    assert len({figure.name for figure in FIGURES.values()}) == len(FIGURES)
    some = ["O1a", "O1b", "O6a", "O6b", "O9", "O13a", "M1"]
    assert [number for number in FIGURES if number in some] == some


def test_figures_are_chosen_by_number_row_or_breakdown_and_nothing_else() -> None:
    assert [figure.number for figure in chosen(["O13", "O9"])] == ["O9", "O13a", "O13b"]
    assert "M1" in {figure.number for figure in chosen(by=["audience"])}
    assert all(("audience",) in figure.breakdowns for figure in chosen(by=["audience"]))
    assert len(chosen()) == len(FIGURES)
    with pytest.raises(UnknownFigure, match="O27b"):
        chosen(["O9", "O99"])
    with pytest.raises(UndeclaredBreakdown, match=r"not kept by O9; kept are: .*citizenship"):
        chosen(["O9"], by=["offence"])
    with pytest.raises(UndeclaredBreakdown, match="any figure"):
        chosen(by=["shoe_size"])
