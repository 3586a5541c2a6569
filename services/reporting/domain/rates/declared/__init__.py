"""Table of the declared rates: each variant with the two figures that it divides, and its names and texts."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from services.reporting.domain.rates.declared import justice, prevention, referrals, victims
from services.reporting.domain.rates.declared.definition import Definition, Variant

__all__ = ["RATES", "Definition", "Variant"]

RATES: Final[Mapping[Variant, Definition]] = MappingProxyType(
    {**prevention.ROWS, **justice.ROWS, **victims.ROWS, **referrals.ROWS}
)
