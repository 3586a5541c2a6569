"""A word or sentence in English and Spanish. Imports nothing of ours, so that a PC of an office can use it."""

from enum import StrEnum
from typing import NamedTuple


class Language(StrEnum):
    """Language of a text."""

    EN = "en"
    ES = "es"


class Words(NamedTuple):
    """A word or sentence in English and Spanish."""

    en: str
    es: str

    def of(self, lang: str) -> str:
        """Give the text in `en` or `es`."""
        return self.es if lang == "es" else self.en


def counted(number: int, one: str, several: str = "") -> str:
    """Write a number with its English noun: 1 receipt, 2 receipts, 1 entry, 2 entries."""
    return f"{number} {one if number == 1 else several or one + 's'}"
