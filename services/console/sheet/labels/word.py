"""What a label is."""

from typing import NamedTuple


class Words(NamedTuple):
    """One thing in both languages."""

    en: str
    es: str
