"""The only ways to divide one figure by another: by name, and over one cohort.

“The conviction rate” is five: of persons and charges decided, and of cohorts of persons charged, charges filed and of
cases. Nothing else is divided; convictions of a year over arrests of that year would mix those who were arrested long
before.
"""

from services.reporting.domain.rates.declared import RATES, Definition, Variant
from services.reporting.domain.rates.dividing import Rate, RateRefused, rate

__all__ = ["RATES", "Definition", "Rate", "RateRefused", "Variant", "rate"]
