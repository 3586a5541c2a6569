"""The one-line meaning of a field."""

from typing import NamedTuple


class Meaning(NamedTuple):
    """The meaning of a field: one sentence of at most 120 characters in each language."""

    en: str
    es: str
