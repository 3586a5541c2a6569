"""Part of an activity: the stages of a policy or a law. An approved one may not be in force yet."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from schemas.coordination import LegislationMilestoneReachedV1, PolicyMilestoneReachedV1
from schemas.ids import Kind
from schemas.times import Interval
from services.reporting.domain.declaration.entity_state_part import Part, possible_days, with_entry
from services.reporting.domain.declaration.figure import EVERY_COMMITTEE, Area, Counted, Figure, Unit


class Milestones(Struct, frozen=True):
    """Name (`of`) of a policy or law, and the time of each stage. A stage that is published again replaces the time."""

    of: str
    reached: Mapping[str, Interval | None] = field(default_factory=dict)


class MilestonesReached(Struct, frozen=True):
    """The stages of an activity as a policy and as a law. An id that is used for both counts as both."""

    policy: Milestones | None = None
    law: Milestones | None = None


def _policy(activity: str, before: MilestonesReached, event: PolicyMilestoneReachedV1) -> MilestonesReached:
    data = event.data
    if data.policy != activity:
        return before
    return replace(before, policy=_told(before.policy, str(data.name), str(data.stage), event.occurred))


def _law(activity: str, before: MilestonesReached, event: LegislationMilestoneReachedV1) -> MilestonesReached:
    data = event.data
    if data.legislation != activity:
        return before
    return replace(before, law=_told(before.law, str(data.law), str(data.stage), event.occurred))


def _told(before: Milestones | None, of: str, stage: str, when: Interval | None) -> Milestones:
    return Milestones(of, with_entry({} if before is None else before.reached, stage, when))


def of_laws(reached: MilestonesReached) -> Iterator[Counted]:
    """Yield one item for each stage that a law reached."""
    if reached.law is not None:
        for stage, when in reached.law.reached.items():
            yield Counted(possible_days(when), dims={"law": (reached.law.of,), "stage": (stage,)})


def of_policies(reached: MilestonesReached) -> Iterator[Counted]:
    """Yield one item for each stage that a policy reached."""
    if reached.policy is not None:
        for stage, when in reached.policy.reached.items():
            yield Counted(possible_days(when), dims={"policy": (reached.policy.of,), "stage": (stage,)})


# Arguments that all figures of milestones share.
_figure = partial(
    Figure,
    entity=Kind.ACTIVITY,
    unit=Unit.MILESTONES,
    area=Area.PARTNERSHIP,
    seen_by=EVERY_COMMITTEE,
)

FIGURES: Final[tuple[Figure[MilestonesReached], ...]] = (
    _figure(
        number="P6c",
        name="milestones_of_laws",
        en="Stages that draft laws reached in the period, by law and stage.",
        es="Etapas que alcanzaron los proyectos de ley en el período, por ley y etapa.",
        counted=of_laws,
        breakdowns=((), ("law",), ("stage",), ("law", "stage")),
    ),
    _figure(
        number="P10",
        name="milestones_of_policies",
        en="Stages that policies and programmes reached in the period, by policy and stage; "
        "one that is approved is not yet in force.",
        es="Etapas que alcanzaron las políticas y los programas en el período, por política y etapa; "
        "lo aprobado aún no está en vigor.",
        counted=of_policies,
        breakdowns=((), ("policy",), ("stage",), ("policy", "stage")),
    ),
)

PART: Final[Part[MilestonesReached]] = Part(
    name="policy_and_law_milestone",
    kind=Kind.ACTIVITY,
    empty=MilestonesReached(),
    folds={
        "bz.atips.policy.milestone_reached.v1": _policy,
        "bz.atips.legislation.milestone_reached.v1": _law,
    },
    figures=FIGURES,
)
