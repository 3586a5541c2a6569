"""Part of a person: the approvals of individual plans."""

from collections.abc import Iterator
from typing import Final, TypeAlias

from schemas.ids import Kind
from schemas.protection.services import PlanApprovedV1
from schemas.times import Interval
from services.reporting.domain.declaration.entity_state_part import Part, possible_days
from services.reporting.domain.declaration.figure import Area, Counted, Figure, Unit

Approvals: TypeAlias = tuple[Interval | None, ...]
"""Times at which plans for a person were approved."""


def _plan_approved(person: str, approvals: Approvals, event: PlanApprovedV1) -> Approvals:
    return (*approvals, event.occurred) if event.data.person == person else approvals


def persons_with_a_plan(approvals: Approvals) -> Iterator[Counted]:
    """Yield one item for each approval of a plan."""
    for approved in approvals:
        yield Counted(possible_days(approved))


FIGURES: Final[tuple[Figure[Approvals], ...]] = (
    Figure(
        number="O30a",
        name="persons_with_a_plan",
        en="Persons for whom an individual plan was approved in the period; somebody with two plans counts once.",
        es="Personas con un plan individual aprobado en el período; quien tiene dos planes cuenta una vez.",
        entity=Kind.PERSON,
        unit=Unit.PERSONS,
        counted=persons_with_a_plan,
        area=Area.PROTECTION,
        distinct=True,
    ),
)

PART: Final[Part[Approvals]] = Part(
    name="individual_plan",
    kind=Kind.PERSON,
    empty=(),
    folds={"bz.atips.plan.approved.v1": _plan_approved},
    figures=FIGURES,
)
