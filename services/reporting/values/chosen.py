"""The figures and rates whose values are kept: those that the M&E committee may see."""

from typing import Final

from services.reporting.domain.declaration.figure import Nature, SeenBy
from services.reporting.domain.figures.table import FIGURES
from services.reporting.domain.rates import RATES

KEPT: Final = tuple(each for each in FIGURES.values() if SeenBy.M_AND_E in each.seen_by)
"""The figures that the M&E committee may see."""

NUMBERS: Final = frozenset(each.number for each in KEPT)
DIMENSIONS: Final = tuple(sorted({names[0] for each in KEPT for names in each.breakdowns if len(names) == 1}))
PUBLIC: Final = frozenset(each.number for each in KEPT if each.nature is Nature.REGISTRY)
"""Figures of the public register of agencies: small numbers of them are no persons."""

KEPT_RATES: Final = tuple(
    variant for variant, each in RATES.items() if {each.part, each.whole, each.remainder} - {None} <= NUMBERS
)
