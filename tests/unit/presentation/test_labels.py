"""Every dimension of every figure has a code list, in both languages."""

import pytest

from schemas.codebook.countries import CITIZENSHIPS
from schemas.codec import decode
from services.presentation.countries import COUNTRIES
from services.presentation.declaration_terms import DIMENSIONS
from services.presentation.fields import fields
from services.presentation.labels import LABELS, OF_FIGURE, label, labels_of
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


def test_every_country_and_other_citizenship_has_a_name() -> None:
    assert all(labels_of("O4", "citizenship")(code) for code in CITIZENSHIPS)
    assert all(each.en and each.es for each in COUNTRIES.values())


def test_a_field_of_an_event_names_countries_and_keeps_what_is_none() -> None:
    data = {"person": person(1), "role": "victim", "citizenship": ["GT", "BZ"]}
    profile = decode(raw("person.profile_recorded", 1, data, "2024-05-01"))
    assert "Guatemala, Belize" in dict(fields(profile, "en")).values()
    assert "Guatemala, Belice" in dict(fields(profile, "es")).values()
