"""Part of an activity: the facts that agencies published about it (G2c, G5c)."""

from typing import Final

from schemas.ids import Kind
from services.reporting.domain.declaration.entity_state_part import Part
from services.reporting.domain.declaration.publication_counts_and_lag import PublishedFacts, part_of

PART: Final[Part[PublishedFacts]] = part_of(
    Kind.ACTIVITY, name="facts_of_activities", letter="c", en="activities", es="actividades"
)
