"""Every dimension of every figure has a code list, in both languages."""

from dataclasses import replace
from datetime import date
from functools import partial

import pytest

from schemas.agencies import AGENCIES, agency_on
from schemas.codebook.countries import CITIZENSHIPS
from schemas.codebook.dated_groups_and_labels import Relabelled, labels_on
from schemas.codebook.shared import District
from schemas.codec import decode
from schemas.times import Period
from services.presentation import label_functions
from services.presentation.countries import COUNTRIES
from services.presentation.declaration_terms import DIMENSIONS
from services.presentation.fields import fields
from services.presentation.labels import LABELS, OF_FIGURE, label, label_in, labels_of
from services.reporting.domain.declaration.figure import ABSENT
from services.reporting.domain.figures.all_figures import FIGURES, row_of
from tests.unit.reporting.samples import person, raw

ASKED = sorted(
    {(figure.number, name) for figure in FIGURES.values() for breakdown in figure.breakdowns for name in breakdown}
)


def test_every_dimension_of_a_figure_has_a_code_list() -> None:
    assert {name for _, name in ASKED} - LABELS.keys() == set()
    assert LABELS.keys() - DIMENSIONS.keys() == set()
    assert all(labels_of(number, name) for number, name in ASKED)


def test_a_list_of_one_figure_is_of_a_dimension_that_it_has() -> None:
    known = {*ASKED, *((row_of(number), name) for number, name in ASKED)}
    assert OF_FIGURE.keys() - known == set()


@pytest.mark.parametrize(
    ("number", "dimension", "value", "english", "spanish"),
    [
        ("O9", "district", "cayo", "Cayo", "Cayo"),
        ("O9", "sex", "female", "Female", "Femenino"),
        ("O4", "citizenship", "GT", "Guatemala", "Guatemala"),
        ("O4", "citizenship", "BZ", "Belize", "Belice"),
        ("O5", "trafficking_type", "mixed", "Several", "Varias"),
        ("R2a", "to_agency", "dhs", "Department of Human Services", "Departamento de Servicios Humanos"),
        ("R2d", "reason", ABSENT, "Not stated", "No se indicó"),
        ("G2a", "type", "bz.atips.arrest.made.v1", "Arrest made", "Detención efectuada"),
        ("G1", "figure", "O9", "Persons arrested", "Personas detenidas"),
        ("O9", "district", "nowhere_near", "nowhere near", "nowhere near"),
    ],
)
def test_a_value_has_its_label(number: str, dimension: str, value: str, english: str, spanish: str) -> None:
    assert label(number, dimension, value) == (english, spanish)


@pytest.mark.parametrize(
    ("period", "name", "district"),
    [
        ("2024", "Department of Human Services", "Cayo"),
        (Period.parse("2026"), "Department of Human Services", "Cayo"),
        ("2027-01", "Department of Human Care", "Upper Cayo"),
        ("2024..2027", "Department of Human Care", "Upper Cayo"),
    ],
)
def test_a_later_name_leaves_the_names_of_past_years(
    period: Period | str, name: str, district: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The report of 2024 was written with the names of the day on which somebody printed it."""
    was = AGENCIES["dhs"]
    former = (replace(was, valid_to=date(2026, 12, 31)), replace(was, name_en="Welfare", valid_to=date(2020, 12, 31)))
    renamed = replace(was, name_en="Department of Human Care", valid_from=date(2027, 1, 1))

    def on(code: str, day: date | None) -> object:
        found = agency_on(code, day, former)
        return renamed if found is was else found

    monkeypatch.setattr(label_functions, "agency_on", on)
    changed = Relabelled(District.CAYO, date(2027, 1, 1), "Upper Cayo", "Alto Cayo")
    monkeypatch.setattr(label_functions, "labels_on", partial(labels_on, changes=(changed,)))
    assert label_in(period, "R2a", "to_agency", "dhs").en == name
    assert label_in(period, "O9", "district", "cayo").en == district
    assert label("O9", "district", "cayo").en == "Upper Cayo"
    assert label("R2a", "to_agency", "dhs").en == "Department of Human Care"
    assert label_in("2020", "R2a", "to_agency", "dhs").en == "Welfare"


def test_every_country_and_other_citizenship_has_a_name() -> None:
    assert all(labels_of("O4", "citizenship")(code) for code in CITIZENSHIPS)
    assert all(each.en and each.es for each in COUNTRIES.values())


def test_a_field_of_an_event_names_countries_and_keeps_what_is_none() -> None:
    data = {"person": person(1), "role": "victim", "citizenship": ["GT", "BZ"]}
    profile = decode(raw("person.profile_recorded", 1, data, "2024-05-01"))
    assert "Guatemala, Belize" in dict(fields(profile, "en")).values()
    assert "Guatemala, Belice" in dict(fields(profile, "es")).values()
