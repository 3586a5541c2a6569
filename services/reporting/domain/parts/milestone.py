"""What a policy or a law reaches, stage by stage: what is approved is not yet in force."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from schemas.coordination import LegislationMilestoneReachedV1, PolicyMilestoneReachedV1
from schemas.ids import Kind
from schemas.times import Interval
from services.reporting.domain.figure import (
    EVERY_COMMITTEE,
    Area,
    Counted,
    Figure,
    Unit,
)
from services.reporting.domain.part import Part, having, touched, values


@dataclass(frozen=True, slots=True)
class Milestones:
    """Which policy or which law it is, and when each stage was reached; a stage said again is the same one."""

    policy: str | None = None
    law: str | None = None
    reached: Mapping[str, Interval | None] = field(default_factory=dict)


def _policy(activity: str, before: Milestones, event: PolicyMilestoneReachedV1) -> Milestones:
    data = event.data
    if data.policy != activity:
        return before
    return Milestones(policy=str(data.name), reached=having(before.reached, str(data.stage), event.occurred))


def _law(activity: str, before: Milestones, event: LegislationMilestoneReachedV1) -> Milestones:
    data = event.data
    if data.legislation != activity:
        return before
    return Milestones(law=str(data.law), reached=having(before.reached, str(data.stage), event.occurred))


def of_laws(milestones: Milestones) -> Iterator[Counted]:
    """Stages that a law reached."""
    if milestones.law is not None:
        yield from _reached(milestones)


def of_policies(milestones: Milestones) -> Iterator[Counted]:
    """Stages that a policy reached."""
    if milestones.policy is not None:
        yield from _reached(milestones)


def _reached(milestones: Milestones) -> Iterator[Counted]:
    of = {"law": values(milestones.law), "policy": values(milestones.policy)}
    for stage, when in milestones.reached.items():
        yield Counted(touched(when), dims={**of, "stage": (stage,)})


# What the figures of milestones have in common.
_figure = partial(
    Figure,
    entity=Kind.ACTIVITY,
    unit=Unit.MILESTONES,
    area=Area.PARTNERSHIP,
    seen_by=EVERY_COMMITTEE,
)

FIGURES: Final[tuple[Figure[Milestones], ...]] = (
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

PART: Final[Part[Milestones]] = Part(
    name="milestone",
    kind=Kind.ACTIVITY,
    empty=Milestones(),
    folds={
        "bz.atips.policy.milestone_reached.v1": _policy,
        "bz.atips.legislation.milestone_reached.v1": _law,
    },
    figures=FIGURES,
)
