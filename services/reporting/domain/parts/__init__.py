"""The literal table of parts: every respect in which reporting knows a person, a case or an activity.

A new part is a module here and a line in the table.
"""

from typing import Any, Final

from services.reporting.domain.part import Part
from services.reporting.domain.parts import (
    awareness,
    custody,
    inspection,
    investigation,
    media,
    meeting,
    milestone,
    operation,
    output,
    project,
    restitution,
    screening,
    staffing,
    standing,
    strategy,
    suspect,
    training,
    victim,
)

PARTS: Final[tuple[Part[Any], ...]] = (
    suspect.PART,
    restitution.PART,
    custody.PART,
    victim.PART,
    investigation.PART,
    operation.PART,
    screening.PART,
    inspection.PART,
    training.PART,
    awareness.PART,
    media.PART,
    project.PART,
    output.PART,
    meeting.PART,
    strategy.PART,
    strategy.PROGRESS,
    milestone.PART,
    standing.ROLES,
    standing.DATASETS,
    staffing.PART,
)
