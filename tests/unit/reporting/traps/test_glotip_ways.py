"""Victims by how they were exploited, and suspects by what they are: what international questionnaires ask for."""

from tests.unit.reporting.figures_of_events import Said, by, reading, readings
from tests.unit.reporting.samples import person


def found(who: int, agency: str = "dhs", when: str = "2024-03-01", **said: object) -> Said:
    return "victim.identified", {"person": person(who), "status": "suspected", **said}, when, agency


def suspected(who: int, when: str = "2024-03-01", **said: object) -> Said:
    return "suspect.identified", {"person": person(who), **said}, when, "bpd"


def victims_by(dimension: str, *events: Said) -> dict[tuple[str, ...], int]:
    return by(readings("O32a", "2024", *events, by=(dimension,)))


def test_victims_are_told_apart_by_how_they_were_recruited_and_exploited() -> None:
    events = (
        found(1, scope="domestic", sectors=["construction"], exploitation_countries=["BZ"]),
        found(2, scope="cross_border", sectors=["construction", "accommodation_food"], means=["fraud"]),
        found(3, means=[], sexual_exploitation_forms=["pornography"], exploiter_relation="employer"),
        found(4, recruitment_methods=["at_work"], recruiter_relation="family", control=["debt_bondage"]),
    )
    assert victims_by("scope", *events) == {("absent",): 2, ("cross_border",): 1, ("domestic",): 1}
    assert victims_by("sector", *events) == {("absent",): 2, ("accommodation_food",): 1, ("construction",): 2}
    assert victims_by("exploitation_country", *events) == {("BZ",): 1, ("absent",): 3}
    assert victims_by("means", *events) == {("absent",): 2, ("fraud",): 1, ("none",): 1}
    assert victims_by("control", *events) == {("absent",): 3, ("debt_bondage",): 1}
    assert victims_by("sexual_exploitation_form", *events) == {("absent",): 3, ("pornography",): 1}
    assert victims_by("exploiter_relation", *events) == {("absent",): 3, ("employer",): 1}
    assert victims_by("recruitment_method", *events) == {("absent",): 3, ("at_work",): 1}
    assert victims_by("recruiter_relation", *events) == {("absent",): 3, ("family",): 1}
    assert reading("O32a", "2024", *events).amount == 4


def test_of_two_agencies_the_answer_of_the_weightier_one_counts_and_no_answer_hides_none() -> None:
    events = found(1, "hti", scope="domestic"), found(1, "bpd", scope="cross_border"), found(1, "odpp", scope="unknown")
    assert victims_by("scope", *events) == {("cross_border",): 1}


def test_suspects_are_told_apart_by_role_by_kind_and_by_public_office() -> None:
    events = (
        suspected(1, perpetrator_roles=["transporter"], suspect_kind="natural_person", public_office="police"),
        suspected(
            1, "2024-04-01", perpetrator_roles=["exploiter"], suspect_kind="unknown", public_office="immigration"
        ),
        suspected(2, suspect_kind="legal_person"),
    )

    def suspects_by(dimension: str) -> dict[tuple[str, ...], int]:
        return by(readings("R10a", "2024", *events, by=(dimension,)))

    assert suspects_by("perpetrator_role") == {("absent",): 1, ("exploiter",): 1, ("transporter",): 1}
    assert suspects_by("suspect_kind") == {("legal_person",): 1, ("natural_person",): 1}
    assert suspects_by("public_office") == {("absent",): 1, ("immigration",): 1}
    assert reading("R10a", "2024", *events).amount == 2
