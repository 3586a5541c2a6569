"""The facts that agencies published about activities."""

from typing import Final

from schemas.ids import Kind
from services.reporting.domain.part import Part
from services.reporting.domain.published import Published, part_of

PART: Final[Part[Published]] = part_of(
    Kind.ACTIVITY,
    name="facts_of_activities",
    letter="c",
    en="Facts about activities that happened in the period and were published, as they stand after corrections.",
    es="Hechos sobre actividades ocurridos en el período y publicados, tal como quedan tras las correcciones.",
)
