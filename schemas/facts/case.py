"""The rows of events about a case as such."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.facts.event_type import HUMAN_SERVICES, POLICE_AND_PROSECUTION, EventType
from schemas.ids import Kind
from schemas.merging import CaseMergedV1

TYPES: Final[Mapping[str, EventType]] = MappingProxyType(
    {
        "bz.atips.case.merged.v1": EventType(
            CaseMergedV1,
            POLICE_AND_PROSECUTION | HUMAN_SERVICES,
            Kind.CASE,
            5,
            "Two cases found to be one",
            "Dos casos resultaron ser uno",
        ),
    }
)
