"""Part of a person: the records of a suspect, from the first suspicion to the sentence."""

from typing import Final

from schemas.ids import Kind
from services.reporting.domain.declaration.entity_state_part import Part
from services.reporting.domain.figures.justice.suspect import (
    arrest_figures,
    attrition,
    charge_attrition,
    charge_durations,
    convictions_and_pending_charges,
    disposals,
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
        *convictions_and_pending_charges.FIGURES,
        *attrition.FIGURES,
        *charge_attrition.FIGURES,
        *disposals.FIGURES,
        *sentences.FIGURES,
        *charge_durations.FIGURES,
    ),
)
