"""Part of an activity: a meeting that was held or a conference that was attended.

It counts once, however often it is published. Different kinds of meeting are never added. Attendees are counted as
attendances, not as persons.
"""

from typing import Final

from schemas.ids import Kind
from services.reporting.domain.declaration.entity_state_part import Part
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
