"""The facts that agencies published about activities."""

from typing import Final

from schemas.ids import Kind
from services.reporting.domain.part import Part
from services.reporting.domain.published import Published, part_of

PART: Final[Part[Published]] = part_of(
    Kind.ACTIVITY, name="facts_of_activities", letter="c", en="activities", es="actividades"
)
