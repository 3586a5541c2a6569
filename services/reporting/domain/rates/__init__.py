"""Rates: the only quotients of two figures. Each is declared by a name, and both figures are read over one cohort.

There are five conviction rates: of persons decided, of charges decided, and of cohorts of persons charged, charges
filed and cases opened. Other quotients are refused. Convictions of a year divided by arrests of that year, for example,
would mix two cohorts, because most of the convicted were arrested before.
"""

from services.reporting.domain.rates.declared import RATES, Definition, Variant
from services.reporting.domain.rates.dividing import Rate, RateRefused, rate

__all__ = ["RATES", "Definition", "Rate", "RateRefused", "Variant", "rate"]
