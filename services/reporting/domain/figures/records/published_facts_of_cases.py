"""Part of a case: the facts that agencies published about it (G2b, G5b)."""

from typing import Final

from schemas.ids import Kind
from services.reporting.domain.declaration.entity_state_part import Part
from services.reporting.domain.declaration.publication_counts_and_lag import PublishedFacts, part_of

PART: Final[Part[PublishedFacts]] = part_of(Kind.CASE, name="facts_of_cases", letter="b", en="cases", es="casos")
