"""Titles of problems: each says what is wrong and, after a colon, what to do next, in both languages."""

import pytest

from services.intake.api.problem_titles import WORDS, ProblemTitle, RefusalCause


def says_what_to_do(title: ProblemTitle) -> bool:
    return all(": " in text and not text.endswith((".", ":")) for text in (title.en, title.es))


@pytest.mark.parametrize("cause", WORDS)
def test_a_title_says_what_is_wrong_and_what_to_do(cause: RefusalCause) -> None:
    assert says_what_to_do(WORDS[cause])


def test_a_title_without_advice_in_one_language_is_found() -> None:
    assert not says_what_to_do(ProblemTitle(422, "Not JSON: correct it", "No es JSON"))
