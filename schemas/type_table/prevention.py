"""The rows of events of prevention."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.ids import Kind
from schemas.prevention import (
    AwarenessActivityHeldV1,
    AwarenessMediaPublishedV1,
    LabourInspectionCompletedV1,
    OutputPublishedV1,
    ProjectRegisteredV1,
    TrainingSessionDeliveredV1,
)
from schemas.type_table.event_type import EVERYBODY, LABOUR, EventType

TYPES: Final[Mapping[str, EventType]] = MappingProxyType(
    {
        "bz.atips.training.session_delivered.v1": EventType(
            TrainingSessionDeliveredV1,
            EVERYBODY,
            Kind.ACTIVITY,
            10,
            "Training session delivered",
            "Sesión de capacitación impartida",
        ),
        "bz.atips.labour.inspection_completed.v1": EventType(
            LabourInspectionCompletedV1,
            LABOUR,
            Kind.ACTIVITY,
            10,
            "Labour inspection completed",
            "Inspección laboral realizada",
        ),
        "bz.atips.awareness.activity_held.v1": EventType(
            AwarenessActivityHeldV1,
            EVERYBODY,
            Kind.ACTIVITY,
            10,
            "Awareness activity held",
            "Actividad de sensibilización realizada",
        ),
        "bz.atips.awareness.media_published.v1": EventType(
            AwarenessMediaPublishedV1,
            EVERYBODY,
            Kind.ACTIVITY,
            10,
            "Shown in the media",
            "Difundido en los medios",
        ),
        "bz.atips.project.registered.v1": EventType(
            ProjectRegisteredV1,
            EVERYBODY,
            Kind.ACTIVITY,
            10,
            "Project registered",
            "Proyecto registrado",
        ),
        "bz.atips.output.published.v1": EventType(
            OutputPublishedV1,
            EVERYBODY,
            Kind.ACTIVITY,
            10,
            "Output published",
            "Producto publicado",
        ),
    }
)
