"""Texts in English and Spanish. This module imports no other module of ours, so that programs of offices can use it."""

from enum import StrEnum
from typing import NamedTuple


class Language(StrEnum):
    """Languages of texts."""

    EN = "en"
    ES = "es"


class Words(NamedTuple):
    """A word or sentence in English and Spanish."""

    en: str
    es: str

    def of(self, lang: str) -> str:
        """Return the text in a language: Spanish for `es`, English for any other `lang`."""
        return self.es if lang == "es" else self.en


def pluralize(number: int, one: str, several: str = "") -> str:
    """Format a number with its English noun, as "1 receipt" or "2 receipts".

    `several`: an irregular plural, such as entries.
    """
    return f"{number} {one if number == 1 else several or one + 's'}"
