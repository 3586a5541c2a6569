"""The list of the report's sentences, its table in docs/figures.md and the printed numbers say the same."""

from typing import Final

import pytest

from services.console.definitions.figures_by_report_sentence import SENTENCES, Sentence
from services.presentation.report_2024_numbers import PRINTED
from tests.check.report_sentences import NOTHING, Claim, claims, differences, numbers

NOT_SAID: Final = {
    "O32": "no sentence of the report counts victims; the questions of others on Belize do",
    "64": "the report names neither indicators nor a budget; its strategy has them",
}
"""Rows that no sentence of the report asks for."""
WORKED_OUT: Final = {
    "O6": {9: "the countries that the sentence lists"},
    "O16": {6: "one, three and two"},
    "M6": {7: "the bodies that the sentence lists"},
    "M9": {1: "'appeared on Sunup7' is one appearance"},
    "P3": {2: "Colombia and El Salvador"},
    "P9": {5: "the bodies and sectors that the sentence lists"},
}
"""Numbers of the table that the report's words come to without naming them."""
NO_AMOUNTS: Final = {
    "M9": "a programme and a channel are called by numbers",
    "M13": "the project is one of several",
    "O28": "the report has 'Three' for 'There'",
    "O29": "numbers that people call",
    "P7": "days of a month, and the nations beside Belize",
}
"""Rows of whose sentences some numbers are no amounts that anybody counts."""
ROWS: Final = {each.row or str(position): each for position, each in enumerate(SENTENCES, start=1)}
LISTED: Final = claims()


def said_of(row: str) -> list[Claim]:
    return [each for each in LISTED if row in each.rows]


def printed(sentence: Sentence) -> set[int]:
    names = set(sentence.figures.split())
    return {each.value for each in PRINTED if each.number in names and each.value is not None}


def test_each_row_of_the_table_answers_a_sentence_of_the_report() -> None:
    assert {row for each in LISTED for row in each.rows} - {NOTHING} == ROWS.keys() - NOT_SAID.keys()
    assert len(ROWS) == 64


def test_a_sentence_that_counts_nothing_says_why() -> None:
    assert [each for each in LISTED if (NOTHING in each.rows) is not bool(each.because)] == []


@pytest.mark.parametrize("row", sorted(ROWS.keys() - NOT_SAID.keys()))
def test_the_numbers_of_a_row_are_those_of_its_sentences(row: str) -> None:
    """Each number that the table tells stands in the report; each of the report's stands in the table or is printed."""
    told, said = numbers(ROWS[row].says), set[int]().union(*(numbers(each.says) for each in said_of(row)))
    assert told - said - WORKED_OUT.get(row, {}).keys() == set()
    shared = set[int]().union(*(numbers(ROWS[other].says) | printed(ROWS[other]) for other in _beside(row)))
    assert bool(said - told - printed(ROWS[row]) - shared) is (row in NO_AMOUNTS)


def _beside(row: str) -> set[str]:
    """The other rows that sentences of a row answer as well."""
    return {other for each in said_of(row) for other in each.rows} - {row}


def test_what_differs_from_a_report_is_named() -> None:
    report = "18 suspected cases were investigated. They are **new**.\n<p>- Teachers\t834</p>\n12\nIn 2024 it rained."
    listed = [Claim(("O1",), "18 suspected cases were investigated."), Claim(("M2",), "Teachers 835")]
    assert differences(report, listed) == ["not in the report: Teachers 835", "not in the list: Teachers 834"]
