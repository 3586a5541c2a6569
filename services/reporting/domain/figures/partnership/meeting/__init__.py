"""A meeting that was held or a conference that was attended: one fact, however many tell of it, and however often.

Kinds never add to each other: a summit is no conference, and those who attended are attendances, not persons.
"""

from typing import Final

from schemas.ids import Kind
from services.reporting.domain.declaration.part import Part
from services.reporting.domain.figures.partnership.meeting.figures import FIGURES
from services.reporting.domain.figures.partnership.meeting.state import Meeting, conference_attended, meeting_held

PART: Final[Part[Meeting | None]] = Part(
    name="meeting",
    kind=Kind.ACTIVITY,
    empty=None,
    folds={
        "bz.atips.coordination.meeting_held.v1": meeting_held,
        "bz.atips.coordination.conference_attended.v1": conference_attended,
    },
    figures=FIGURES,
)
