"""The literal table of parts: every respect in which reporting knows a person, a case or an activity.

A new part is a module here and a line in the table.
"""

from typing import Any, Final

from services.reporting.domain.part import Part
from services.reporting.domain.parts import (
    awareness,
    claim,
    custody,
    dataset,
    inspection,
    investigation,
    media,
    meeting,
    milestone,
    operation,
    output,
    plan,
    progress,
    project,
    regularisation,
    repatriation,
    restitution,
    role,
    screening,
    service,
    shelter,
    staffing,
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
    service.PART,
    shelter.PART,
    repatriation.PART,
    regularisation.PART,
    plan.PART,
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
    progress.PART,
    milestone.PART,
    role.PART,
    dataset.PART,
    staffing.PART,
    claim.PART,
)
