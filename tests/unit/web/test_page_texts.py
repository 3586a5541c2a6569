"""Every word of the pages is used and stands in both languages."""

import re
from pathlib import Path

from services.presentation.bilingual_text import pluralize
from services.presentation.declaration_terms import UNITS
from services.presentation.units import ONE, unit
from services.web.api import page
from services.web.domain.page_texts import GROUPS, WORDS, Language, singular

FOLDER = Path(__file__).resolve().parents[3] / "services" / "web"


def test_every_word_is_in_both_languages_with_the_same_places() -> None:
    for name, words in WORDS.items():
        assert words.en, name
        assert words.es, name
        assert set(re.findall(r"\{\w*\}", words.en)) == set(re.findall(r"\{\w*\}", words.es)), name


def test_a_count_of_one_has_words_of_its_own() -> None:
    assert page.word(Language.EN, "referrals_count", n=1) == "1 referral"
    assert page.word(Language.ES, "referrals_count", n=1) == "1 remisión"
    assert page.word(Language.EN, "referrals_count", n=2) == "2 referrals"
    for name in singular.WORDS:
        assert name.removesuffix("_one") in WORDS, name


def test_each_unit_has_a_word_for_one() -> None:
    assert ONE.keys() == UNITS.keys()
    for lang in Language:
        assert unit("persons", 1, lang) != unit("persons", 2, lang) == unit("persons", None, lang)
    assert [pluralize(each, "entry", "entries") for each in (0, 1, 2)] == ["0 entries", "1 entry", "2 entries"]


def test_no_name_stands_in_two_files() -> None:
    assert sum(map(len, GROUPS)) == len(WORDS)


def test_templates_use_words_that_exist() -> None:
    used = {
        name
        for file in (FOLDER / "templates").iterdir()
        for name in re.findall(r"\bt\(['\"](\w+)['\"]", file.read_text("utf-8"))
    }
    begun = {name for name in used if name.endswith("_")}  # the template adds a code
    assert used - begun <= WORDS.keys()
    assert all(any(name.startswith(each) for name in WORDS) for each in begun)


def test_no_template_turns_escaping_off_or_holds_style_or_script_of_its_own() -> None:
    for file in (FOLDER / "templates").iterdir():
        text = file.read_text("utf-8")
        assert not re.search(r"\|\s*safe\b|autoescape|<style|\sstyle=|\son\w+=|<script(?! src=)", text), file.name
