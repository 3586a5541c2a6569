"""Definitions of figures can be read by people who do not read code, in either language and without a cluster."""

import json
from enum import StrEnum
from fractions import Fraction

import pytest
from typer.testing import CliRunner, Result

from schemas.times import Period
from services.console.__main__ import app
from services.console.definitions import Language
from services.presentation import declaration_terms as words
from services.presentation import rates
from services.presentation.bilingual_text import Words
from services.reporting.domain.declaration.figure import Area, DateRole, Nature, Reader, SeenBy, Unit
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.rates import Rate, Variant


def definitions(*arguments: str) -> Result:
    done = CliRunner().invoke(app, ["figures", "--definitions", *arguments], env={"COLUMNS": "200"})
    assert done.exit_code == 0
    return done


def test_programs_get_every_figure_with_its_meaning_in_both_languages() -> None:
    found = json.loads(definitions("--json").stdout)["definitions"]
    assert [each["number"] for each in found] == list(FIGURES)
    assert all(each["counts"]["en"] and each["counts"]["es"] for each in found)
    assert all(each["seen_by"] and each["unit"] and each["area"] for each in found)


def test_people_are_told_in_their_language() -> None:
    english, spanish = definitions("--number", "O9").stdout, definitions("--number", "O9", "--lang", "es").stdout
    assert "Somebody arrested twice counts once" in " ".join(english.split())
    assert "Operations Committee" in english
    assert "Quien fue detenido dos veces" in " ".join(spanish.split())
    assert "personas" in spanish
    assert "el día en que ocurrió" in spanish


def test_what_the_report_tells_of_courts_in_words_alone_ends_the_definitions() -> None:
    assert "Since 2022 a judge alone decides" in definitions().stdout
    assert "Desde 2022" in definitions("--lang", "es").stdout
    assert "O17" not in definitions("--number", "O9").stdout


def test_a_row_s_number_stands_for_its_letters_and_an_unknown_one_is_told() -> None:
    assert [each["number"] for each in json.loads(definitions("--number", "O13", "--json").stdout)["definitions"]] == [
        number for number in FIGURES if number.startswith("O13")
    ]
    assert CliRunner().invoke(app, ["figures", "--definitions", "--number", "O99"]).exit_code == 2


def test_the_topic_of_figures_names_each_of_them() -> None:
    told = CliRunner().invoke(app, ["help", "figures"]).stdout
    assert [number for number in FIGURES if f"{number}:" not in told] == []


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        (Nature, words.NATURES),
        (Reader, words.READERS),
        (DateRole, words.DATE_ROLES),
        (Area, words.AREAS),
        (Area, words.OWNERS),
        (SeenBy, words.COMMITTEES),
    ],
)
def test_words_are_of_terms_that_there_are(terms: type[StrEnum], said: dict[str, Words]) -> None:
    assert set(said) <= set(terms)
    assert all(each.en and each.es for each in said.values())


def test_every_unit_and_every_dimension_that_a_figure_can_be_asked_by_has_words_in_both_languages() -> None:
    asked = {name for figure in FIGURES.values() for breakdown in figure.breakdowns for name in breakdown}
    assert asked - set(words.DIMENSIONS) == set()
    assert set(Unit) == set(words.UNITS)
    assert all(each.en and each.es for each in (*words.DIMENSIONS.values(), *words.UNITS.values()))


def test_a_term_without_words_is_shown_as_it_is() -> None:
    assert words.word(words.DIMENSIONS, "age_group_at_first_contact", "en") == "age group at first contact"


def test_a_rate_that_is_not_declared_is_refused_and_the_declared_ones_are_named() -> None:
    done = CliRunner().invoke(app, ["figures", "--rate", "convictions_per_arrest"])
    assert done.exit_code == 2
    assert "conviction_of_persons_decided" in done.stderr


def test_what_every_rate_divides_can_be_read_without_a_cluster() -> None:
    every = json.loads(definitions("--rate", "all", "--json").stdout)["rates"]
    assert [each["rate"] for each in every] == list(Variant)
    assert all(each["counts"]["en"] and each["counts"]["es"] for each in every)
    one = definitions("--rate", "conviction_of_charges_filed", "--lang", "es").stdout
    assert "(R22e de R22a, junto a R22g)" in one
    assert "De los cargos presentados en el período" in one
    assert "R6b to R6c" in definitions("--rate", "cases_per_social_worker").stdout
    shown = CliRunner().invoke(app, ["help", "rates"]).stdout
    assert all(f"{variant}: " in shown for variant in Variant)


def test_so_many_to_each_is_no_share() -> None:
    workers = Rate(Variant.CASES_PER_OFFICER, Period.parse("2024"), Fraction(5, 9), part_n=5, whole_n=9)
    assert rates.rate_text(workers) == "0.6 (5 to 9)"
    assert rates.rate_text(workers, Language.ES) == "0.6 (5 para 9)"


def test_a_rate_is_told_with_its_cohort_and_what_is_still_open() -> None:
    year = Period.parse("2024")
    share = Rate(Variant.CONVICTION_OF_PERSONS_CHARGED, year, Fraction(1, 4), Fraction(1, 2), 3, 12)
    assert rates.rate_text(share) == "25.0% (3 of 12); 50.0% still open"
    assert rates.rate_text(share, Language.ES) == "25.0% (3 de 12); 50.0% aún sin decidir"
    assert rates.plain(share)["cohort"] == "2024"
    assert rates.rate_text(Rate(Variant.CONVICTION_OF_PERSONS_DECIDED, year, None)) == "—"
