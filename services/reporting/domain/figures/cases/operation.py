"""Part of an activity: a police operation. Persons arrested in it are counted with all persons arrested."""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from schemas.ids import Kind
from schemas.justice.police import OperationConductedV1
from schemas.times import Interval
from services.reporting.domain.declaration.entity_state_part import Part, code, codes, possible_days, values
from services.reporting.domain.declaration.figure import Area, Counted, Figure, Unit


class Operation(Struct, frozen=True):
    """A police operation, as last published. `told`: False while the activity is not known to be an operation."""

    told: bool = False
    conducted: Interval | None = None
    lead: str | None = None
    activities: tuple[str, ...] = ()
    district: str | None = None


def _conducted(activity: str, operation: Operation, event: OperationConductedV1) -> Operation:
    data = event.data
    if data.operation != activity:
        return operation
    return Operation(
        told=True,
        conducted=event.occurred,
        lead=data.lead,
        activities=codes(data.activities),
        district=code(data.district),
    )


def operations(operation: Operation) -> Iterator[Counted]:
    """Yield the activity if it was a police operation."""
    if operation.told:
        dims = {
            "lead": values(operation.lead),
            "activity": operation.activities,
            "district": values(operation.district),
        }
        yield Counted(possible_days(operation.conducted), dims=dims)


FIGURES: Final[tuple[Figure[Operation], ...]] = (
    Figure(
        number="O25a",
        name="operations_conducted",
        en="Operations against trafficking that took place in the period; by activity, an operation with several "
        "stands in the row of each.",
        es="Operativos contra la trata realizados en el período; por actividad, el que tuvo varias figura en la "
        "fila de cada una.",
        entity=Kind.ACTIVITY,
        unit=Unit.OPERATIONS,
        counted=operations,
        area=Area.PROSECUTION,
        breakdowns=((), ("lead",), ("activity",), ("district",)),
    ),
)

PART: Final = Part(
    name="operation",
    kind=Kind.ACTIVITY,
    empty=Operation(),
    folds={"bz.atips.operation.conducted.v1": _conducted},
    figures=FIGURES,
)
