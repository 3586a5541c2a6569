"""A person who may stay: it counts on the day of the decision, in whatever year the programme was."""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from schemas.ids import Kind
from schemas.protection.settlement import ImmigrationStatusGrantedV1, ImmigrationStatusRefusedV1
from schemas.times import Interval
from services.reporting.domain.figure import Area, Counted, DateRole, Days, Figure, Unit
from services.reporting.domain.part import Part, code, touched, values


class Decision(Struct, frozen=True):
    """One decision on an application to stay."""

    decided: Interval | None
    granted: bool
    scheme: str | None
    programme_year: int | None


def _granted(person: str, decisions: tuple[Decision, ...], event: ImmigrationStatusGrantedV1) -> tuple[Decision, ...]:
    return _decided(person, decisions, event, granted=True)


def _refused(person: str, decisions: tuple[Decision, ...], event: ImmigrationStatusRefusedV1) -> tuple[Decision, ...]:
    return _decided(person, decisions, event, granted=False)


def _decided(
    person: str,
    decisions: tuple[Decision, ...],
    event: ImmigrationStatusGrantedV1 | ImmigrationStatusRefusedV1,
    *,
    granted: bool,
) -> tuple[Decision, ...]:
    data = event.data
    if data.person != person:
        return decisions
    return (*decisions, Decision(event.occurred, granted, code(data.scheme), data.programme_year))


def decided_on(decision: Decision) -> Days | None:
    """The days that a decision is of: its own, never its programme's year."""
    return touched(decision.decided)


def persons_granted(decisions: tuple[Decision, ...]) -> Iterator[Counted]:
    """One for each application that was granted."""
    for each in decisions:
        if each.granted:
            year = None if each.programme_year is None else str(each.programme_year)
            yield Counted(decided_on(each), dims={"scheme": values(each.scheme), "programme_year": values(year)})


FIGURES: Final[tuple[Figure[tuple[Decision, ...]], ...]] = (
    Figure(
        number="O23",
        name="persons_granted_status",
        en="Persons whose immigration status was granted by a decision of the period, whichever year their programme "
        "is called by; several decisions on one person count once.",
        es="Personas a las que se otorgó condición migratoria por decisión del período, sea cual sea el año de su "
        "programa; varias decisiones sobre una persona cuentan una vez.",
        entity=Kind.PERSON,
        unit=Unit.PERSONS,
        date_role=DateRole.DECIDED,
        counted=persons_granted,
        area=Area.PROTECTION,
        breakdowns=((), ("scheme",), ("programme_year", "scheme")),
        distinct=True,
    ),
)

PART: Final[Part[tuple[Decision, ...]]] = Part(
    name="regularisation",
    kind=Kind.PERSON,
    empty=(),
    folds={
        "bz.atips.immigration.status_granted.v1": _granted,
        "bz.atips.immigration.status_refused.v1": _refused,
    },
    figures=FIGURES,
)
