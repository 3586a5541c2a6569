"""Every figure has a short title in both languages, and no two figures share one."""

from services.presentation.figure_titles import TITLES
from services.reporting.domain.figures.all_figures import FIGURES

LONGEST = 64
"""Characters that a column of the page and of a workbook holds."""


def test_every_figure_has_a_title_and_no_title_is_of_no_figure() -> None:
    assert TITLES.keys() == FIGURES.keys()


def test_titles_are_short_and_told_apart() -> None:
    for language in ("en", "es"):
        titles = [getattr(words, language) for words in TITLES.values()]
        assert len(set(titles)) == len(titles)
        assert all(0 < len(title) <= LONGEST for title in titles)


def test_titles_are_told_apart_without_their_remark_too() -> None:
    """The page of measures leaves the remark out: "Persons screened" was 4 there, and 102 on the page of figures."""
    for language in ("en", "es"):
        titles = [getattr(words, language).partition(" (")[0] for words in TITLES.values()]
        assert {title for title in titles if titles.count(title) > 1} == set()
