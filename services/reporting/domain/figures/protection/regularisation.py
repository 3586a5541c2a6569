"""Part of a person: decisions on applications to stay in Belize. They count on the day of the decision.

The year of the programme is only a dimension.
"""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from schemas.identification import VictimIdentifiedV1, VictimStatusChangedV1
from schemas.ids import Kind
from schemas.protection.shelter_and_return import ImmigrationStatusGrantedV1, ImmigrationStatusRefusedV1
from schemas.times import Interval
from services.reporting.domain.declaration.entity_state_part import Part, code, possible_days, values
from services.reporting.domain.declaration.figure import VERSION_2_FROM, Area, Counted, DateRole, Days, Figure, Unit
from services.reporting.domain.facts import victim_status_decisions


class ResidenceDecision(Struct, frozen=True):
    """One decision on an application to stay: granted or refused."""

    decided: Interval | None
    granted: bool
    scheme: str | None
    programme_year: int | None


class ResidenceDecisions(Struct, frozen=True):
    """A person's decisions on applications to stay, and `held`: the status decisions on whether the person is a victim.

    Both are in the order in which they happened.
    """

    decisions: tuple[ResidenceDecision, ...] = ()
    held: tuple[victim_status_decisions.StatusGiven, ...] = ()


def _granted(person: str, settled: ResidenceDecisions, event: ImmigrationStatusGrantedV1) -> ResidenceDecisions:
    return _decided(person, settled, event, granted=True)


def _refused(person: str, settled: ResidenceDecisions, event: ImmigrationStatusRefusedV1) -> ResidenceDecisions:
    return _decided(person, settled, event, granted=False)


def _decided(
    person: str,
    settled: ResidenceDecisions,
    event: ImmigrationStatusGrantedV1 | ImmigrationStatusRefusedV1,
    *,
    granted: bool,
) -> ResidenceDecisions:
    data = event.data
    if data.person != person:
        return settled
    decision = ResidenceDecision(event.occurred, granted, code(data.scheme), data.programme_year)
    return replace(settled, decisions=(*settled.decisions, decision))


def _status(
    person: str, settled: ResidenceDecisions, event: VictimIdentifiedV1 | VictimStatusChangedV1
) -> ResidenceDecisions:
    if event.data.person != person:
        return settled
    return replace(settled, held=victim_status_decisions.with_decision(settled.held, event))


def decided_on(decision: ResidenceDecision) -> Days | None:
    """Return the days that a decision may lie on. The year of its programme has no effect."""
    return possible_days(decision.decided)


def persons_granted(settled: ResidenceDecisions) -> Iterator[Counted]:
    """Yield one item for each application that was granted."""
    for each in settled.decisions:
        if each.granted:
            year = None if each.programme_year is None else str(each.programme_year)
            yield Counted(decided_on(each), dims={"scheme": values(each.scheme), "programme_year": values(year)})


def victims_granted(settled: ResidenceDecisions) -> Iterator[Counted]:
    """Yield one item for each granted application, for periods at whose end the person is held as a victim."""
    for each in persons_granted(settled):
        yield from victim_status_decisions.while_a_victim(each, settled.held)


_BREAKDOWNS: Final = ((), ("scheme",), ("programme_year", "scheme"))

FIGURES: Final[tuple[Figure[ResidenceDecisions], ...]] = (
    Figure(
        number="O23",
        name="victims_granted_status",
        en="Victims whose immigration status was granted by a decision of the period, whichever year their programme "
        "is called by. Several decisions on one person count once. Anyone not held as a victim at the period’s end is "
        "left out.",
        es="Víctimas a las que se otorgó condición migratoria por decisión del período, sea cual sea el año de su "
        "programa. Varias decisiones sobre una persona cuentan una vez. No se incluye a quien no se considera víctima "
        "al final del período.",
        entity=Kind.PERSON,
        unit=Unit.PERSONS,
        date_role=DateRole.DECIDED,
        counted=victims_granted,
        area=Area.PROTECTION,
        breakdowns=_BREAKDOWNS,
        distinct=True,
        part_of="O23b",
        version=2,
        valid_from=VERSION_2_FROM,
    ),
    Figure(
        number="O23b",
        name="persons_granted_status",
        en="Persons whose immigration status was granted by a decision of the period, victims or not; several "
        "decisions on one person count once.",
        es="Personas a las que se otorgó condición migratoria por decisión del período, sean o no víctimas; varias "
        "decisiones sobre una persona cuentan una vez.",
        entity=Kind.PERSON,
        unit=Unit.PERSONS,
        date_role=DateRole.DECIDED,
        counted=persons_granted,
        area=Area.PROTECTION,
        breakdowns=_BREAKDOWNS,
        distinct=True,
        valid_from=VERSION_2_FROM,
    ),
)

PART: Final[Part[ResidenceDecisions]] = Part(
    name="regularisation",
    kind=Kind.PERSON,
    empty=ResidenceDecisions(),
    folds={
        "bz.atips.victim.identified.v1": _status,
        "bz.atips.victim.status_changed.v1": _status,
        "bz.atips.immigration.status_granted.v1": _granted,
        "bz.atips.immigration.status_refused.v1": _refused,
    },
    figures=FIGURES,
)
