"""Events of stages that policies and laws reach."""

from typing import Literal

from typing_extensions import override

from schemas.codebook.coordination import Law, Policy, Stage
from schemas.envelope import Event, entities
from schemas.fields import Wire
from schemas.ids import ActivityId


class PolicyMilestoneReached(Wire):
    """A stage of a policy or programme."""

    policy: ActivityId
    name: Policy
    stage: Stage


class PolicyMilestoneReachedV1(Event):
    """bz.atips.policy.milestone_reached.v1."""

    type: Literal["bz.atips.policy.milestone_reached.v1"]
    subject: ActivityId
    data: PolicyMilestoneReached

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.policy)


class LegislationMilestoneReached(Wire):
    """A stage of a law."""

    legislation: ActivityId
    law: Law
    stage: Stage


class LegislationMilestoneReachedV1(Event):
    """bz.atips.legislation.milestone_reached.v1."""

    type: Literal["bz.atips.legislation.milestone_reached.v1"]
    subject: ActivityId
    data: LegislationMilestoneReached

    @override
    def concerns(self) -> tuple[str, ...]:
        return entities(self.data.legislation)
