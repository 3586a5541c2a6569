"""Part of an activity: a training session. It counts participations, not persons.

Participations of different programmes are never added.
"""

from typing import Final

from schemas.ids import Kind
from services.reporting.domain.declaration.entity_state_part import Part
from services.reporting.domain.figures.prevention.training.figures import FIGURES
from services.reporting.domain.figures.prevention.training.state import TrainingSession, session_delivered

PART: Final[Part[TrainingSession | None]] = Part(
    name="training",
    kind=Kind.ACTIVITY,
    empty=None,
    folds={"bz.atips.training.session_delivered.v1": session_delivered},
    figures=FIGURES,
)
