"""Words of the pages of clerks, operators and the IEC committee."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from services.presentation.terms import Words

WORDS: Final[Mapping[str, Words]] = MappingProxyType({})
