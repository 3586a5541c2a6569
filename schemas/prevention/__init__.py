"""Events of prevention: training, labour inspections, awareness, projects and their outputs."""

from schemas.prevention.awareness import (
    AwarenessActivityHeld,
    AwarenessActivityHeldV1,
    AwarenessMediaPublished,
    AwarenessMediaPublishedV1,
)
from schemas.prevention.inspection import (
    LabourInspectionCompleted,
    LabourInspectionCompletedV1,
)
from schemas.prevention.projects_and_outputs import (
    OutputPublished,
    OutputPublishedV1,
    ProjectRegistered,
    ProjectRegisteredV1,
)
from schemas.prevention.training import (
    TrainingSessionDelivered,
    TrainingSessionDeliveredV1,
)

__all__ = [
    "AwarenessActivityHeld",
    "AwarenessActivityHeldV1",
    "AwarenessMediaPublished",
    "AwarenessMediaPublishedV1",
    "LabourInspectionCompleted",
    "LabourInspectionCompletedV1",
    "OutputPublished",
    "OutputPublishedV1",
    "ProjectRegistered",
    "ProjectRegisteredV1",
    "TrainingSessionDelivered",
    "TrainingSessionDeliveredV1",
]
