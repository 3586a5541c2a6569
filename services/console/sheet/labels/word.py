"""The type of a label."""

from typing import NamedTuple


class Words(NamedTuple):
    """One thing in both languages."""

    en: str
    es: str
