"""The rows of events about the reporting itself."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.facts.event_type import EVERYBODY, EventType
from schemas.governance import PeriodClosedV1
from schemas.ids import Kind
from schemas.merging import ActivityMergedV1

TYPES: Final[Mapping[str, EventType]] = MappingProxyType(
    {
        "bz.atips.activity.merged.v1": EventType(
            ActivityMergedV1,
            EVERYBODY,
            Kind.ACTIVITY,
            5,
            "Two activities found to be one",
            "Dos actividades resultaron ser una",
        ),
        "bz.atips.period.closed.v1": EventType(
            PeriodClosedV1,
            EVERYBODY,
            Kind.ACTIVITY,
            90,
            "Reporting period closed",
            "Período de informe cerrado",
            ends=True,
        ),
    }
)
