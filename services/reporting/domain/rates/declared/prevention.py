"""Rates of prevention: shares of inspections and of participations in training."""

from collections.abc import Mapping
from typing import Final

from services.reporting.domain.rates.declared.definition import Definition, Variant

ROWS: Final[Mapping[Variant, Definition]] = {
    Variant.CHILD_LABOUR_SHARE_OF_INSPECTIONS: Definition(
        part="O27b",
        whole="O27a",
        name_en="Inspections on child labour, share",
        name_es="Inspecciones sobre trabajo infantil, proporción",
        en="Of the labour inspections of the period, those that looked at child labour.",
        es="De las inspecciones laborales del período, las que examinaron el trabajo infantil.",
    ),
    Variant.TEACHERS_SHARE_OF_PARTICIPATIONS: Definition(
        part="M2",
        whole="M1",
        name_en="Teachers among those trained, share",
        name_es="Docentes entre las personas capacitadas, proporción",
        en="Of the participations in the plan's training in the period, those of teachers.",
        es="De las participaciones en la capacitación del plan en el período, las de docentes.",
    ),
}
