"""Texts of the pages in English and Spanish, by the name that templates use. Each group of pages has its own module."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from services.presentation.bilingual_text import Language, Words
from services.web.domain.page_texts import (
    clerk,
    committee_pages,
    figures,
    frame,
    officer_cases,
    officer_inbox,
    officer_referrals,
    report,
    singular,
)

__all__ = ["GROUPS", "WORDS", "Language"]

GROUPS: Final[tuple[Mapping[str, Words], ...]] = (
    frame.WORDS,
    figures.WORDS,
    officer_inbox.WORDS,
    officer_referrals.WORDS,
    officer_cases.WORDS,
    clerk.WORDS,
    committee_pages.WORDS,
    report.WORDS,
    singular.WORDS,
)
"""Texts of each group of pages. A name is in one group only."""

WORDS: Final[Mapping[str, Words]] = MappingProxyType({name: words for group in GROUPS for name, words in group.items()})
