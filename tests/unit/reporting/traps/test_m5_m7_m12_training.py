"""Training beside the plan: of several years, without numbers, by place."""

from types import SimpleNamespace

from schemas.codebook.dated_groups_and_labels import Grouping
from schemas.codebook.prevention import Programme, Project
from services.reporting.domain.cells import cells_from_items
from services.reporting.domain.facts import fact_owner
from services.reporting.domain.figures.prevention.training import state
from tests.unit.reporting.figures_of_events import Event, by, holds_only_by, reading, readings, told, told_by_name
from tests.unit.reporting.samples import When, activity, on_behalf


def session(number: int, when: When, participants_n: int | None = None, /, **more: object) -> Event:
    data = {"session": activity(number), **more}
    return (
        "training.session_delivered",
        data if participants_n is None else data | {"participants_n": participants_n},
        when,
    )


def medical(number: int, when: str, participants_n: int) -> Event:
    return session(
        number, when, participants_n, audience="medical", programmes=["ret_protect"], organisers=["ret"], topic="ht101"
    )


def test_medical_personnel_since_the_programme_began_is_not_this_years() -> None:
    events = medical(1, "2023-10-18", 61), medical(2, "2024-04-17", 82), medical(3, "2025-01-15", 9)

    def check() -> None:
        assert [reading("M5b", period, *events).amount for period in ("2023", "2024", "2025")] == [61, 143, 152]

    check()
    assert [reading("M5a", period, *events).amount for period in ("2023", "2024", "2025")] == [61, 82, 9]
    holds_only_by((state, "Days"), lambda first, last: (first, first), check)


def test_medical_personnel_are_no_part_of_the_plans_sessions() -> None:
    events = medical(1, "2024-04-17", 143), session(2, "2024-04-17", 20, programmes=["iec_plan"], audience="medical")

    def check() -> None:
        assert [reading(number, "2024", *events).amount for number in ("M1", "M5a")] == [20, 143]

    one_programme = {**Programme.__members__, "RET_PROTECT": Programme.IEC_PLAN}
    holds_only_by((state, "Programme"), SimpleNamespace(**one_programme), check)


def test_a_session_is_of_an_organiser_its_unit_and_the_agency_that_it_is_a_unit_of() -> None:
    def check() -> None:
        for organiser, when in (("atips_pu", "2024-04-17"), ("bpd", on_behalf("atips_pu", "2024-04-17"))):
            held = session(1, when, 20, organisers=[organiser], programmes=["iec_plan"], audience="medical")
            assert (told("M1", "2024", ("bpd", held)).amount, told("M1", "2024", ("bpd", held)).twice) == (20, 0)

    holds_only_by((fact_owner, "is_statement_of"), told_by_name, check)


def test_who_sent_people_to_a_session_does_not_change_its_number() -> None:
    held = ("ret", medical(1, "2024-09-18", 21))
    sent = ("mohw", medical(1, "2024-09-18", 25))

    def check() -> None:
        assert told("M5a", "2024", held, sent).amount == 21

    holds_only_by((state, "owners_statement"), lambda _, said: said, check)
    alone = told("M5a", "2024", sent)
    assert (alone.amount, alone.twice) == (25, 25)
    so_far = [told("M5b", year, ("mohw", medical(1, "2023-10-18", 61))).twice for year in ("2022", "2023", "2024")]
    assert so_far == [0, 61, 61], "what is there since then may be there twice since then"


def test_what_nobody_counted_is_not_in_the_number_twice() -> None:
    name, data, when = medical(1, "2024-09-18", 25)
    uncounted = told("M5a", "2024", ("mohw", (name, {**data, "participants_n": None}, when)))
    assert (uncounted.amount, uncounted.unknown, uncounted.twice) == (0, 1, 0)


def test_a_training_of_trainers_whose_participants_nobody_counted_is_not_nought() -> None:
    def check() -> None:
        found = reading("M7a", "2024", session(1, "2024", topic="training_of_trainers", audience="social_workers"))
        assert (found.amount, found.unknown) == (0, 1)

    holds_only_by((cells_from_items, "UNKNOWN"), "", check)
    nobody_came = reading("M7a", "2024", session(1, "2024", 0, topic="training_of_trainers"))
    assert (nobody_came.amount, nobody_came.unknown) == (0, 0)
    none_held = reading("M7a", "2024", session(1, "2024", topic="ht101"))
    assert (none_held.amount, none_held.unknown) == (0, 0)


def test_sessions_are_not_participations_and_both_stand_by_district() -> None:
    events = (
        session(1, "2024-02-01", 30, programmes=["iec_plan"], district="toledo"),
        session(2, "2024-03-01", 12, programmes=["iec_plan"], district="toledo"),
        session(3, "2024-03-01", None, programmes=["iec_plan"], district="cayo"),
        session(4, "2024-03-01", 99, programmes=["hti_bpd"], district="cayo"),
        session(5, "2024-03-01", 8, programmes=["iec_plan"]),
    )

    def check() -> None:
        sessions = by(readings("M12a", "2024", *events, by=("district",)))
        assert sessions == {("toledo",): 2, ("cayo",): 1, ("absent",): 1}

    others = {**Programme.__members__, "IEC_PLAN": Programme.HTI_BPD}
    holds_only_by((state, "Programme"), SimpleNamespace(**others), check)
    found = readings("M12b", "2024", *events, by=("district",))
    assert by(found) == {("toledo",): 42, ("cayo",): 0, ("absent",): 8}
    assert {each.dimensions["district"]: each.unknown for each in found} == {"toledo": 0, "cayo": 1, "absent": 0}
    assert reading("M12b", "2024", *events).amount == reading("M1", "2024", *events).amount


def test_rets_sessions_without_number_or_date_are_listed_beside() -> None:
    events = (
        session(1, "", project="safe", audience="shelter_staff"),
        session(2, "", project="tleap", audience="transport"),
        session(3, "2024-05-01", 10, project="protect", programmes=["ret_protect"], audience="medical"),
    )
    found = reading("M15b", "2024", *events)
    assert (found.amount, found.undated, found.unknown) == (0, 2, 0)

    def check() -> None:
        assert reading("M15b", "2024", *events).amount == 0

    wider = Grouping(frozenset({Project.SAFE, Project.TLEAP, Project.PROTECT}))
    holds_only_by((state, "RET_PROJECTS"), wider, check)
