"""The rows of events about protection."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.ids import Kind
from schemas.protection.services import NeedAssessedV1, PlanApprovedV1, ServiceDeclinedV1, ServiceProvidedV1
from schemas.protection.shelter_and_return import (
    ImmigrationStatusGrantedV1,
    ImmigrationStatusRefusedV1,
    RepatriationCompletedV1,
    ShelterPlacementEndedV1,
    ShelterPlacementStartedV1,
)
from schemas.type_table.event_type import CASEWORKERS, IMMIGRATION, PROVIDERS, EventType

_SHELTERERS: Final = PROVIDERS | {"yes", "nopcan"}
"""Authors that place a person in shelter. Police, health and immigration refer persons to them."""

TYPES: Final[Mapping[str, EventType]] = MappingProxyType(
    {
        "bz.atips.need.assessed.v1": EventType(
            NeedAssessedV1,
            PROVIDERS,
            Kind.PERSON,
            30,
            "Need assessed",
            "Necesidad evaluada",
        ),
        "bz.atips.plan.approved.v1": EventType(
            PlanApprovedV1,
            PROVIDERS,
            Kind.PERSON,
            32,
            "Individual plan approved",
            "Plan individual aprobado",
        ),
        "bz.atips.service.provided.v1": EventType(
            ServiceProvidedV1,
            CASEWORKERS,
            Kind.PERSON,
            42,
            "Service provided",
            "Servicio prestado",
        ),
        "bz.atips.service.declined.v1": EventType(
            ServiceDeclinedV1,
            CASEWORKERS,
            Kind.PERSON,
            42,
            "Service declined",
            "Servicio no aceptado",
        ),
        "bz.atips.shelter.placement_started.v1": EventType(
            ShelterPlacementStartedV1,
            _SHELTERERS,
            Kind.PERSON,
            42,
            "Placement in shelter started",
            "Ingreso al albergue",
        ),
        "bz.atips.shelter.placement_ended.v1": EventType(
            ShelterPlacementEndedV1,
            _SHELTERERS,
            Kind.PERSON,
            43,
            "Placement in shelter ended",
            "Egreso del albergue",
        ),
        "bz.atips.repatriation.completed.v1": EventType(
            RepatriationCompletedV1,
            PROVIDERS | IMMIGRATION | {"mofa"},
            Kind.PERSON,
            43,
            "Repatriation completed",
            "Repatriación realizada",
        ),
        "bz.atips.immigration.status_granted.v1": EventType(
            ImmigrationStatusGrantedV1,
            IMMIGRATION,
            Kind.PERSON,
            43,
            "Immigration status granted",
            "Condición migratoria otorgada",
        ),
        "bz.atips.immigration.status_refused.v1": EventType(
            ImmigrationStatusRefusedV1,
            IMMIGRATION,
            Kind.PERSON,
            43,
            "Immigration status refused",
            "Condición migratoria denegada",
        ),
    }
)
