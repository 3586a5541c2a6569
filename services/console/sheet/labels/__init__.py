"""Labels of a sheet's columns, in English and Spanish: one for every field that a sheet can have.

A field is called the same in whatever sheet it stands.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from services.console.sheet.labels.offices import OFFICES
from services.console.sheet.labels.people import PEOPLE
from services.console.sheet.labels.things import EVERY_SHEET, THINGS
from services.console.sheet.labels.word import Words

__all__ = ["LABELS", "Words"]

LABELS: Final[Mapping[str, Words]] = MappingProxyType({**EVERY_SHEET, **THINGS, **PEOPLE, **OFFICES})
