"""The report's document: every finding has its sentence, in both languages, whatever the number is."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from services.presentation.bilingual_text import Language
from services.report.domain.content import PARTS
from services.report.domain.content.entry_kinds import ToldFigure
from services.report.domain.document import Document, Heading, Paragraph, ReportTable, StatedFinding
from services.report.domain.document_building import document, needed_figures
from services.report.domain.figure_values import FigureValue, Values
from services.report.domain.report_input import CorrectedValue, EarlierFigures, ReportSource, YearBefore, corrected
from services.reporting.domain.figures.all_figures import FIGURES
from tests.unit.report.report_sources import AT, demo, every

LANGUAGES = list(Language)
TOLD = [each for part in PARTS for each in part.entries if isinstance(each, ToldFigure)]


def text(made: Document) -> str:
    said = [each.text for each in made.blocks() if isinstance(each, StatedFinding | Paragraph | Heading)]
    cells = [cell.text for table in made.tables() for row in table.rows for cell in row]
    return "\n".join([*said, *cells])


def sentence(source: ReportSource, number: str, lang: Language = Language.EN) -> str:
    found = [
        each.text
        for each in document(lang, source).blocks()
        if isinstance(each, StatedFinding) and each.values[0].number == number
    ]
    return found[0]


def test_every_figure_of_the_printed_report_is_in_it() -> None:
    printed = {number for number in FIGURES if number[0] in "OMP"}
    assert printed - {number for numbers in needed_figures().values() for number in numbers} == {"M12b", "O19c", "O23b"}


@pytest.mark.parametrize(
    ("by", "numbers"),
    [
        (("topic",), {"M12a"}),
        (("facilitator",), {"M12a"}),
        (("announced",), {"O27d", "O27e", "O27f"}),  # what unannounced inspections found
        ((), {"O27c", "P11a", "P11b", "P11c"}),
    ],
)
def test_what_the_report_speaks_of_beside_its_numbers_is_in_it(by: tuple[str, ...], numbers: set[str]) -> None:
    """Training topics, who led sessions, unannounced inspections, indicators, budget: found missing from outside."""
    assert numbers <= set(needed_figures()[by])


def test_what_is_asked_for_is_declared() -> None:
    for by, numbers in needed_figures().items():
        for number in numbers:
            assert frozenset(by) in map(frozenset, FIGURES[number].breakdowns), (number, by)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_sentence_states_its_number(lang: Language) -> None:
    for each in TOLD:
        forms = getattr(each.sentence, lang.value)
        assert re.search(r"\b1\b", forms.one), forms.one
        assert "{n}" in forms.other, forms.other
        assert "{n}" not in forms.none + forms.one
        assert all(form.endswith(".") for form in forms)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("amount", [0, 1, 2, 1669])
@pytest.mark.parametrize("before", [None, 0, 1, 2])
def test_no_place_is_left_unfilled(lang: Language, amount: int, before: int | None) -> None:
    said = text(document(lang, every(amount, before)))
    assert "{" not in said
    assert "None" not in said
    assert "  " not in said


def test_a_sentence_is_singular_plural_or_says_that_there_was_nothing() -> None:
    assert sentence(every(0), "O9").startswith("Nobody was arrested")
    assert sentence(every(1), "O9").startswith("1 person was arrested in 2024")
    assert sentence(every(1234), "O9").startswith("1,234 persons were arrested in 2024")
    assert sentence(every(0), "O9", Language.ES).startswith("En 2024 no se detuvo a nadie")
    assert sentence(every(1), "O9", Language.ES).startswith("En 2024 se detuvo a 1 persona por")
    assert sentence(every(7), "O9", Language.ES).startswith("En 2024 se detuvo a 7 personas por")


@pytest.mark.parametrize(
    ("now", "before", "en", "es"),
    [
        (7, 5, "That is 2 more than in 2023 (5).", "Son 2 más que en 2023 (5)."),
        (7, 6, "That is 1 more than in 2023 (6).", "Es 1 más que en 2023 (6)."),
        (4, 9, "That is 5 fewer than in 2023 (9).", "Son 5 menos que en 2023 (9)."),
        (0, 1, "That is 1 fewer than in 2023 (1).", "Es 1 menos que en 2023 (1)."),
        (3, 3, "In 2023 it was the same number (3).", "En 2023 fue la misma cantidad (3)."),
    ],
)
def test_the_year_before_stands_beside_it_in_counts(now: int, before: int, en: str, es: str) -> None:
    assert sentence(every(now, before), "O9").endswith(en)
    assert sentence(every(now, before), "O9", Language.ES).endswith(es)
    assert "%" not in text(document(Language.EN, every(now, before)))


def test_a_broken_definition_is_not_compared() -> None:
    figure = FIGURES["O9"]
    year = figure.valid_from.year
    values = [FigureValue(number, str(each), amount=7) for number in FIGURES for each in (year, year - 1)]
    source = replace(every(7), year=year, before=YearBefore.COMPARED, values=Values(values))
    said = sentence(source, "O9")
    assert figure.version > 1
    assert f"not compared with {year - 1}" in said
    assert "more than" not in said


def test_a_year_of_which_nothing_was_expected_is_not_compared() -> None:
    made = document(Language.EN, every(7))
    about = "\n".join(each.text for each in made.sections[-2].blocks if isinstance(each, Paragraph))
    assert "2024 is not compared with 2023" in about
    assert "than in 2023" not in text(made)


@pytest.mark.parametrize(
    ("at", "release", "told"),
    [
        (datetime(2025, 1, 1, 5, 59, tzinfo=UTC), None, True),  # the last minute of the year in Belize
        (datetime(2025, 1, 1, 6, tzinfo=UTC), None, False),
        (datetime(2024, 12, 1, tzinfo=UTC), 1, False),
    ],
)
def test_a_year_that_goes_on_is_said_to_go_on(at: datetime, release: int | None, told: bool) -> None:
    said = text(document(Language.EN, replace(every(1), at=at, release=release)))
    assert ("2024 was not over when the last of these events was accepted" in said) is told


def test_a_withheld_number_is_said_to_be_withheld_and_a_band_stands_as_one() -> None:
    values = [FigureValue("O9", "2024", withheld=True), FigureValue("O1a", "2024", band=(10, 19))]
    source = replace(every(0), values=Values(values, lacking=True))
    assert "withheld" in sentence(source, "O9")
    assert "reserva" in sentence(source, "O9", Language.ES)
    assert sentence(source, "O1a") == "Cases opened: 10 to 19."
    assert not any(isinstance(each, StatedFinding) and each.values[0].number == "O13a" for each in _blocks(source))


def _blocks(source: ReportSource) -> list[object]:
    return list(document(Language.EN, source).blocks())


def test_what_stands_beside_a_number_is_said() -> None:
    said = sentence(every(7, unknown=1, undated=2, cut=1, twice=3), "O9")
    assert "For 1 more record nobody stated a number." in said
    assert "2 more have no date and are not included." in said
    assert "1 more may or may not lie within the year and is not included." in said
    assert "3 of these may be counted twice." in said


def test_a_number_that_nobody_counted_is_not_zero() -> None:
    source = replace(
        every(0), values=Values([FigureValue("M11b", "2024", unknown=1), FigureValue("M11a", "2024", amount=3)])
    )
    assert sentence(source, "M11b") == (
        "Persons reached by Labour: nobody stated a number. For 1 more record nobody stated a number."
    )


def test_what_differs_from_an_earlier_state_is_listed() -> None:
    then = Values([FigureValue("O9", "2024", amount=7), FigureValue("O1a", "2024", amount=18)])
    now = Values([FigureValue("O9", "2024", amount=8), FigureValue("O1a", "2024", amount=18)])
    found = corrected(then, now)
    assert found == [CorrectedValue(FigureValue("O9", "2024", amount=7), FigureValue("O9", "2024", amount=8))]
    made = document(Language.EN, replace(every(8), earlier=EarlierFigures(900, AT, found)))
    [table] = [
        each
        for each in made.tables()
        if each.title == "Figures that differ from what was known on 30 November 2026, at event 900"
    ]
    assert [cell.text for cell in table.rows[0]] == ["O9", "Persons arrested", "2024", "7", "8"]


def test_contested_figures_stand_side_by_side() -> None:
    made = document(Language.EN, demo())
    [table] = [each for each in made.tables() if each.title == "Figures and what documents state"]
    assert all(len(row) == 6 for row in table.rows)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_chart_has_a_table_with_its_numbers(lang: Language) -> None:
    pictures = list(document(lang, demo()).pictures())
    assert len(pictures) >= 8
    assert len({each.name for each in pictures}) == len(pictures)
    for each in pictures:
        shown = {str(row["told"]) for row in each.chart.spec["data"]["values"] if row.get("told")}
        cells = {cell.text for row in each.table.rows for cell in row} | {"0"}
        assert shown <= cells, each.name


def test_every_value_of_the_demo_is_the_figures() -> None:
    source = demo()
    for each in document(Language.EN, source).values():
        assert each == source.values.row(each.number, each.period, each.dimensions)


def test_tables_are_whole() -> None:
    for table in document(Language.ES, demo()).tables():
        assert isinstance(table, ReportTable)
        assert {len(row) for row in table.rows} <= {len(table.heads)}
        assert len(table.numeric) == len(table.heads)
