"""A word or sentence in English and Spanish. Imports nothing, so that a PC of an office can use it."""

from typing import NamedTuple


class Words(NamedTuple):
    """One thing in both languages."""

    en: str
    es: str

    def of(self, lang: str) -> str:
        """Give it in `en` or `es`."""
        return self.es if lang == "es" else self.en
