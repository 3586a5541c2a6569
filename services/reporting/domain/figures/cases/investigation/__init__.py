"""Part of a case: its investigation, with openings, outcomes and charges. A case is neither a victim nor a suspect."""

from typing import Final

from schemas.ids import Kind
from services.reporting.domain.declaration.entity_state_part import Part
from services.reporting.domain.figures.cases.investigation import durations, figures
from services.reporting.domain.figures.cases.investigation.folds import FOLDS
from services.reporting.domain.figures.cases.investigation.state import Investigation

PART: Final = Part(
    name="investigation",
    kind=Kind.CASE,
    empty=Investigation(),
    folds=FOLDS,
    figures=(*figures.FIGURES, *durations.FIGURES),
)
