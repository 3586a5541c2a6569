"""The facts that agencies published about cases."""

from typing import Final

from schemas.ids import Kind
from services.reporting.domain.part import Part
from services.reporting.domain.published import Published, part_of

PART: Final[Part[Published]] = part_of(Kind.CASE, name="facts_of_cases", letter="b", en="cases", es="casos")
