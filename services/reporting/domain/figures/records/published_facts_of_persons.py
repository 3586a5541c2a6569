"""Part of a person: the facts that agencies published about the person (G2a, G5a)."""

from typing import Final

from schemas.ids import Kind
from services.reporting.domain.declaration.entity_state_part import Part
from services.reporting.domain.declaration.publication_counts_and_lag import PublishedFacts, part_of

PART: Final[Part[PublishedFacts]] = part_of(
    Kind.PERSON, name="facts_of_persons", letter="a", en="persons", es="personas"
)
