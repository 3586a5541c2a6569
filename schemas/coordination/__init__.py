"""Events of coordination: meetings and conferences; the strategy, policies and laws; what bodies hold and share."""

from schemas.coordination.international_roles_and_staffing import (
    DatasetShared,
    DatasetSharedV1,
    RoleHeld,
    RoleHeldV1,
    UnitStaffingReported,
    UnitStaffingReportedV1,
    strength_of,
)
from schemas.coordination.meeting import (
    CoordinationConferenceAttended,
    CoordinationConferenceAttendedV1,
    CoordinationMeetingHeld,
    CoordinationMeetingHeldV1,
)
from schemas.coordination.policy_and_law_events import (
    LegislationMilestoneReached,
    LegislationMilestoneReachedV1,
    PolicyMilestoneReached,
    PolicyMilestoneReachedV1,
)
from schemas.coordination.strategy import (
    ObjectiveProgressReported,
    ObjectiveProgressReportedV1,
    StrategyAdopted,
    StrategyAdoptedV1,
    area_of,
)

__all__ = [
    "CoordinationConferenceAttended",
    "CoordinationConferenceAttendedV1",
    "CoordinationMeetingHeld",
    "CoordinationMeetingHeldV1",
    "DatasetShared",
    "DatasetSharedV1",
    "LegislationMilestoneReached",
    "LegislationMilestoneReachedV1",
    "ObjectiveProgressReported",
    "ObjectiveProgressReportedV1",
    "PolicyMilestoneReached",
    "PolicyMilestoneReachedV1",
    "RoleHeld",
    "RoleHeldV1",
    "StrategyAdopted",
    "StrategyAdoptedV1",
    "UnitStaffingReported",
    "UnitStaffingReportedV1",
    "area_of",
    "strength_of",
]
