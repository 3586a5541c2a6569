"""Projects and what they made: begun earlier, registered twice, published without a date."""

from datetime import date
from types import SimpleNamespace

from services.reporting.domain.figures.partnership import project
from services.reporting.domain.figures.prevention import output
from tests.unit.reporting.figures_of_events import Event, by, holds_only_by, reading, readings, told, told_by_name
from tests.unit.reporting.samples import activity, at


def registered(number: int, began: str, name: str = "other", /, **more: object) -> Event:
    return "project.registered", {"project": activity(number), "name": name, **more}, began


def made(number: int, when: str, kind: str, /, **more: object) -> Event:
    return "output.published", {"output": activity(number), "kind": kind, **more}, when


def test_projects_begun_in_earlier_years_are_led_in_this_one_until_they_end() -> None:
    events = (
        registered(1, "2021", "safe", led_by="ret"),
        registered(2, "2022", "tleap", led_by="ret"),
        registered(3, "2023", "protect", led_by="ret"),
        registered(4, "2020", led_by="ret", runs_to="2023"),
        registered(5, "2025-02", led_by="ret"),
        registered(6, "2024", "migrant_hub", led_by="hppbz", funders=["iom"]),
    )

    def check() -> None:
        assert by(readings("M10a", "2024", *events, by=("led_by",))) == {("ret",): 3, ("hppbz",): 1}

    holds_only_by((project, "NEVER"), date(2023, 12, 31), check)
    assert reading("M10a", "2022", *events).amount == 3


def test_a_project_whose_beginning_nobody_knows_is_listed_beside() -> None:
    found = reading("M10a", "2024", registered(1, "", led_by="ret"))
    assert (found.amount, found.undated) == (0, 1)


def test_of_a_project_the_one_who_leads_it_is_believed() -> None:
    def check() -> None:
        said = ("hppbz", registered(1, "2024", led_by="hppbz")), ("iom", registered(1, "2025", led_by="hppbz"))
        assert [told("M10a", period, *said).amount for period in ("2023", "2024")] == [0, 1]

    holds_only_by((project, "owners_statement"), lambda _, said: said, check)


def test_what_a_unit_leads_or_makes_is_its_agencys_too() -> None:
    def check_project() -> None:
        said = ("dhs", registered(1, "2024", led_by="tip_care_unit")), ("iom", registered(1, "2025", led_by="dhs"))
        assert told("M10a", "2024", *said).amount == 1

    def check_output() -> None:
        workbook = made(1, "2024-05-02", "training_workbook", created_by=["tip_care_unit"])
        assert [told("M7b", "2024", (agency, workbook)).twice for agency in ("dhs", "iom")] == [0, 1]

    holds_only_by((project, "is_statement_of"), told_by_name, check_project)
    holds_only_by((output, "is_statement_of"), told_by_name, check_output)


def test_a_funder_that_leads_is_not_another_and_two_funders_are_two_rows() -> None:
    events = (
        registered(1, "2024", "migrant_hub", led_by="hppbz", funders=["iom"]),
        registered(2, "2024", led_by="ret", funders=["ret"]),
        registered(3, "2023", led_by="ret", funders=["iom", "unicef", "ret"]),
        registered(4, "2023", led_by="ret"),
    )

    def check() -> None:
        assert reading("M13", "2024", *events).amount == 2
        assert by(readings("M13", "2024", *events, by=("led_by", "funder"))) == {
            ("iom", "hppbz"): 1,
            ("iom", "ret"): 1,
            ("unicef", "ret"): 1,
        }

    holds_only_by((project.LedProject, "others"), lambda registered: registered.funders, check)


def test_one_programme_registered_by_two_under_one_id_is_one_and_another_project_is_not_it() -> None:
    """M14: printed under two titles."""

    def check() -> None:
        programme = registered(1, "2017", "mandatory_reporting", led_by="nopcan")
        said = ("nopcan", programme), ("ncfc", programme), ("ret", registered(2, "2021", "safe", led_by="ret"))
        assert [told(number, "2024", *said).amount for number in ("M14", "M10a")] == [1, 2]

    holds_only_by((project, "Project"), SimpleNamespace(MANDATORY_REPORTING="no such programme"), check)


def test_six_shelters_have_plans_since_some_year_and_are_not_made_anew_each_year() -> None:
    plans = {"audience": "shelter_staff", "institutions_n": 6, "created_by": ["ret"]}
    events = (
        ("output.published", {"output": activity(1), "kind": "institutional_plan", **plans}, at("2021", "2024")),
        made(2, "2025-01-16", "institutional_plan", audience="shelter_staff", institutions_n=2),
        made(3, "2024-01-16", "institutional_plan", audience="medical", institutions_n=4),
    )

    def check() -> None:
        assert [reading("M10b", period, *events).amount for period in ("2023", "2024", "2025")] == [0, 6, 8]

    holds_only_by((output, "Days"), lambda first, last: (first, first), check)


def test_outputs_without_a_date_stand_beside_and_those_in_words_are_not_one() -> None:
    events = (
        made(1, "2024", "training_workbook", created_by=["hti"]),
        made(2, "2024-05", "newsletter", created_by=["ret"], outputs_text="several"),
        made(3, "2024-06", "newsletter", created_by=["ret"], outputs_n=2),
        made(4, "", "e_course", created_by=["ret", "ub"], project="tleap"),
        made(5, "2024-08", "analysis", created_by=["council"]),
    )
    found = reading("M15a", "2024", *events)
    assert (found.amount, found.undated, found.unknown) == (4, 1, 1)
    assert by(readings("M15a", "2024", *events, by=("created_by",))) == {
        ("hti",): 1,
        ("ret",): 2,
        ("council",): 1,
        ("ub",): 0,
    }
    assert reading("M7b", "2024", *events).amount == 1


def test_no_workbook_is_nought_and_an_undated_one_is_listed() -> None:
    assert (reading("M7b", "2024", made(1, "2024", "poster")).amount, reading("M7b", "2024").amount) == (0, 0)
    assert reading("M7b", "2024", made(1, "", "training_workbook")).undated == 1
