"""Texts about the plan's indicators, compared with their reported levels."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from services.presentation.bilingual_text import Words
from services.presentation.declaration_terms import UNITS
from services.reporting.domain.read.progress_against_plan import Note

NOTES: Final[Mapping[str, Words]] = MappingProxyType(
    {
        Note.NOT_REPORTED: Words("nobody has reported it", "nadie lo ha informado"),
        Note.NOT_IN_PLAN: Words("not in the plan's table", "no está en la tabla del plan"),
        Note.OTHER_OBJECTIVE: Words("reported under another objective", "informado bajo otro objetivo"),
        Note.OTHER_BASELINE: Words("reported with another baseline", "informado con otra línea de base"),
        Note.OTHER_TARGET: Words("reported with another target", "informado con otra meta"),
        Note.OTHER_LEVEL: Words(
            "reported with another level than the figure", "informado con otro nivel que el de la cifra"
        ),
    }
)
STANDINGS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "reached": Words("reached", "alcanzada"),
        "short": Words("short of it", "sin alcanzar"),
        "no_target": Words("no target or level", "sin meta o nivel"),
    }
)


def dollars(cents: int | None) -> str:
    """Format cents as dollars, such as 22,400.00; a dash for None."""
    return "—" if cents is None else f"{cents / 100:,.2f}"


def unit_text(unit: str, lang: str) -> str:
    """Return the name of an indicator's unit. A unit that no figure has stands as the plan writes it."""
    return UNITS[unit].of(lang) if unit in UNITS else unit
