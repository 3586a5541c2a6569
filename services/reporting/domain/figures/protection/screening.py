"""Part of an activity: a screening of persons by name or of a batch. The performer's event counts.

A screened person is not a victim merely by being screened.
"""

from collections.abc import Iterator
from typing import Final, TypeAlias

from msgspec import Struct

from schemas.agencies import agency_of
from schemas.codebook.shared import CountBasis
from schemas.identification import ScreeningCompletedV1
from schemas.ids import Kind
from schemas.times import Interval
from services.reporting.domain.declaration.batch_and_item_totals import scope
from services.reporting.domain.declaration.entity_state_part import (
    Part,
    code,
    possible_days,
    speaker,
    values,
)
from services.reporting.domain.declaration.figure import SCOPE, VERSION_2_FROM, Area, Counted, Figure, Reader, Unit
from services.reporting.domain.facts.fact_owner import FactStatements, counted_screening


class Screening(Struct, frozen=True):
    """A screening, as one agency last published it.

    `persons`: ids of persons screened by name, empty for a batch. `batch_n`: None if nobody counted the batch.
    """

    happened: Interval | None
    agency: str
    persons: tuple[str, ...]
    batch_n: int | None
    nationalities: tuple[str, ...]
    requested_by: str | None
    outcome: str | None

    def dims(self, person: str = "") -> dict[str, tuple[str, ...]]:
        """Return the dimensions of the batch, or of `person`, who was screened by name."""
        said = {"requested_by": values(self.requested_by), "outcome": values(self.outcome)}
        return {**said, SCOPE: scope(self.happened, self.agency, said, batch=not person, person=person)}


Screenings: TypeAlias = FactStatements[Screening]
"""Each agency's statement of one screening, and the agencies that any of them names as requester."""

_NOTHING: Final[Screenings] = FactStatements()


def _screening_completed(activity: str, screenings: Screenings, event: ScreeningCompletedV1) -> Screenings:
    data = event.data
    if data.screening != activity:
        return screenings
    counted = data.count if data.count_basis is CountBasis.PERSONS else None
    said = Screening(
        happened=event.occurred,
        agency=agency_of(speaker(event)),
        persons=data.persons,
        batch_n=counted,
        nationalities=tuple(data.nationalities),
        requested_by=data.requested_by,
        outcome=code(data.outcome),
    )
    return screenings.with_statement(speaker(event), said, data.requested_by)


def persons_screened(screenings: Screenings) -> Iterator[Counted]:
    """Yield one item for each person screened by name, or one item with the number of persons of a batch."""
    if not screenings.told:
        return
    screening, by_witness = counted_screening(screenings)
    when = possible_days(screening.happened)
    if not screening.persons:
        yield Counted(when, screening.batch_n, screening.dims(), twice=by_witness)
    for person in screening.persons:
        yield Counted(when, dims=screening.dims(person), twice=by_witness)


def nationalities_screened(screenings: Screenings) -> Iterator[Counted]:
    """Yield one item with all nationalities among the persons of the screening."""
    if not screenings.told:
        return
    screening, _ = counted_screening(screenings)
    if screening.nationalities:
        dims = {"requested_by": values(screening.requested_by), "nationality": screening.nationalities}
        yield Counted(possible_days(screening.happened), dims=dims)


FIGURES: Final[tuple[Figure[Screenings], ...]] = (
    Figure(
        number="O6a",
        name="persons_screened",
        en="Persons screened for indicators of trafficking: each person screened by name once, however often; and "
        "the persons of batches as they were counted. Of a batch and the persons screened by name who lie within it, "
        "by agency, days, request and outcome, the larger number counts, never both. Being screened makes nobody a "
        "victim.",
        es="Personas entrevistadas para detectar indicios de trata: cada persona identificada una vez, por muchas "
        "veces que lo fuera, y las de los grupos según se contaron. De un grupo y las personas identificadas "
        "comprendidas en él, por institución, días, solicitud y resultado, cuenta el número mayor, nunca ambos. Haber "
        "sido entrevistado no convierte a nadie en víctima.",
        entity=Kind.ACTIVITY,
        unit=Unit.PERSONS,
        reader=Reader.TOTALS,
        counted=persons_screened,
        area=Area.PROTECTION,
        breakdowns=((), ("requested_by",), ("outcome",), ("requested_by", "outcome")),
        over=SCOPE,
        version=2,
        valid_from=VERSION_2_FROM,
    ),
    Figure(
        number="O6b",
        name="nationalities_screened",
        en="Different nationalities among the persons screened in the period.",
        es="Nacionalidades distintas entre las personas entrevistadas en el período.",
        entity=Kind.ACTIVITY,
        unit=Unit.NATIONALITIES,
        reader=Reader.NONZERO,
        counted=nationalities_screened,
        area=Area.PROTECTION,
        breakdowns=((), ("requested_by",)),
        over="nationality",
        version=2,
        valid_from=VERSION_2_FROM,
    ),
)

PART: Final[Part[Screenings]] = Part(
    name="screening",
    kind=Kind.ACTIVITY,
    empty=_NOTHING,
    folds={"bz.atips.screening.completed.v1": _screening_completed},
    figures=FIGURES,
)
