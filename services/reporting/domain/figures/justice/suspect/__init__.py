"""Part of a person: the records of a suspect, from the first suspicion to the sentence."""

from typing import Final

from schemas.ids import Kind
from services.reporting.domain.declaration.part import Part
from services.reporting.domain.figures.justice.suspect import (
    arrest_figures,
    attrition,
    charges,
    courts,
    disposals,
    durations,
    sentences,
)
from services.reporting.domain.figures.justice.suspect.folds import FOLDS
from services.reporting.domain.figures.justice.suspect.state import Suspect

PART: Final = Part(
    name="suspect",
    kind=Kind.PERSON,
    empty=Suspect(),
    folds=FOLDS,
    figures=(
        *arrest_figures.FIGURES,
        *courts.FIGURES,
        *attrition.FIGURES,
        *charges.FIGURES,
        *disposals.FIGURES,
        *sentences.FIGURES,
        *durations.FIGURES,
    ),
)
