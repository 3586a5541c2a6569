"""Every sentence of the report has its figures: the table in docs/figures.md is what the declarations give."""

from pathlib import Path

from services.console.definitions.figures_by_report_sentence import BEGIN, END, SENTENCES, page
from services.reporting.domain.figures.all_figures import FIGURES, row_of

PAGE = Path(__file__).parents[3] / "docs" / "figures.md"
ROWS = [
    *(f"O{row}" for row in range(1, 33)),
    *(f"M{row}" for row in range(1, 17)),
    *(f"P{row}" for row in range(1, 11)),
]
NOT_COUNTED = {"O17"}


def test_there_are_sixty_four_sentences_and_every_row_of_the_map_is_one_of_them() -> None:
    assert len(SENTENCES) == 64
    assert [each.row for each in SENTENCES if each.row] == ROWS
    assert {each.row for each in SENTENCES if not each.figures} == NOT_COUNTED
    assert all(each.says for each in SENTENCES)


def test_each_named_figure_exists_and_each_figure_of_a_row_is_named() -> None:
    named = {name for each in SENTENCES for name in each.figures.split()}
    assert named <= FIGURES.keys()
    assert {number for number in FIGURES if number[0] in "OMP"} <= named
    for each in SENTENCES:
        own = {number for number in FIGURES if row_of(number) == each.row}
        assert not each.row or own & set(each.figures.split()) or each.row in NOT_COUNTED, each.row


def test_the_page_has_the_table_as_the_figures_are_declared() -> None:
    """To write it anew: python -m services.console.definitions.figures_by_report_sentence."""
    text = PAGE.read_text("utf-8")
    assert text[text.index(BEGIN) : text.index(END) + len(END)] == page()
