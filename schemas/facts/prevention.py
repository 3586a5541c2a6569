"""The rows of events of prevention."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.facts.event_type import EVERYBODY, LABOUR, EventType
from schemas.ids import Kind
from schemas.prevention import LabourInspectionCompletedV1, TrainingSessionDeliveredV1

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
    }
)
