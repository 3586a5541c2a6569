"""The only ways to divide one figure by another: by name, and over one cohort.

“The conviction rate” is three: of the persons decided, of a cohort of charged persons, of the charges decided. Nothing
else is divided; convictions of a year over arrests of that year would mix those who were arrested long before.
"""

from services.reporting.domain.rates.declared import RATES, Definition, Variant
from services.reporting.domain.rates.dividing import Rate, RateRefused, rate

__all__ = ["RATES", "Definition", "Rate", "RateRefused", "Variant", "rate"]
