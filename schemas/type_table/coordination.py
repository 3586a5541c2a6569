"""The rows of events of coordination."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.coordination import (
    CoordinationConferenceAttendedV1,
    CoordinationMeetingHeldV1,
    DatasetSharedV1,
    LegislationMilestoneReachedV1,
    ObjectiveProgressReportedV1,
    PolicyMilestoneReachedV1,
    RoleHeldV1,
    StrategyAdoptedV1,
    UnitStaffingReportedV1,
)
from schemas.ids import Kind
from schemas.type_table.event_type import COUNCIL, EVERYBODY, POLICE_AND_HUMAN_SERVICES, EventType, OwnName

TYPES: Final[Mapping[str, EventType]] = MappingProxyType(
    {
        "bz.atips.coordination.meeting_held.v1": EventType(
            CoordinationMeetingHeldV1,
            EVERYBODY,
            Kind.ACTIVITY,
            10,
            "Coordination meeting held",
            "Reunión de coordinación celebrada",
        ),
        "bz.atips.coordination.conference_attended.v1": EventType(
            CoordinationConferenceAttendedV1,
            EVERYBODY,
            Kind.ACTIVITY,
            10,
            "Conference attended",
            "Asistencia a una conferencia",
        ),
        "bz.atips.strategy.adopted.v1": EventType(
            StrategyAdoptedV1,
            COUNCIL,
            Kind.ACTIVITY,
            10,
            "Strategy adopted",
            "Estrategia adoptada",
        ),
        "bz.atips.objective.progress_reported.v1": EventType(
            ObjectiveProgressReportedV1,
            EVERYBODY,
            Kind.ACTIVITY,
            10,
            "Progress of an objective reported",
            "Avance de un objetivo informado",
        ),
        "bz.atips.policy.milestone_reached.v1": EventType(
            PolicyMilestoneReachedV1,
            EVERYBODY,
            Kind.ACTIVITY,
            10,
            "Policy milestone reached",
            "Hito de política alcanzado",
        ),
        "bz.atips.legislation.milestone_reached.v1": EventType(
            LegislationMilestoneReachedV1,
            EVERYBODY,
            Kind.ACTIVITY,
            10,
            "Milestone of a law reached",
            "Hito de una ley alcanzado",
        ),
        "bz.atips.role.held.v1": EventType(
            RoleHeldV1,
            EVERYBODY,
            Kind.ACTIVITY,
            10,
            "Role held in an international body",
            "Función ejercida en un organismo internacional",
        ),
        "bz.atips.dataset.shared.v1": EventType(
            DatasetSharedV1,
            EVERYBODY,
            Kind.ACTIVITY,
            10,
            "Data shared",
            "Datos compartidos",
        ),
        "bz.atips.unit.staffing_reported.v1": EventType(
            UnitStaffingReportedV1,
            COUNCIL | POLICE_AND_HUMAN_SERVICES,
            Kind.ACTIVITY,
            10,
            "Staffing of a unit reported",
            "Personal de una unidad informado",
            own_name=OwnName("unit", units=True, free=COUNCIL),
        ),
    }
)
