"""Short titles of the figures as `Words`, for pages and commands."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from services.presentation.bilingual_text import Words
from services.reporting import titles

TITLES: Final[Mapping[str, Words]] = MappingProxyType(
    {number: Words(*title) for number, title in titles.TITLES.items()}
)
"""Title of each figure, by the figure's number."""
