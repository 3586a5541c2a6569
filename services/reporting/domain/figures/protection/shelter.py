"""Part of a person: placements in shelters, as a victim or as a migrant child.

Figures count admissions, persons sheltered, and occupancy, which differ.
"""

from collections.abc import Iterator, Mapping
from typing import Final, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from schemas.agencies import agency_of
from schemas.codebook.protection import ShelterPopulation
from schemas.identification import VictimIdentifiedV1
from schemas.ids import Kind
from schemas.protection.shelter_and_return import ShelterPlacementEndedV1, ShelterPlacementStartedV1
from schemas.times import Interval
from services.reporting.domain.declaration.counting_each_thing import EachCounted
from services.reporting.domain.declaration.durations import duration, duration_items
from services.reporting.domain.declaration.entity_state_part import (
    Part,
    at_some_time,
    certain_days,
    code,
    is_known_answer,
    possible_days,
    speaker,
    values,
    with_entry,
)
from services.reporting.domain.declaration.figure import (
    NEVER,
    VERSION_2_FROM,
    Area,
    Counted,
    Days,
    Figure,
    Nature,
    Reader,
    Unit,
)
from services.reporting.domain.facts.fact_owner import CountedStatement, FactStatements
from services.reporting.domain.facts.victim_status_decisions import speaker_weight

_OWNER: Final = "dhs"
"""The agency whose statement counts if no operator is named."""

_T = TypeVar("_T")


class PlacementStart(Struct, frozen=True):
    """The start of a placement, as one agency last published it."""

    happened: Interval | None
    population: str
    shelter_form: str | None

    def dims(self) -> dict[str, tuple[str, ...]]:
        """Return the dimensions of the placement."""
        return {"population": (self.population,), "shelter_form": values(self.shelter_form)}


class PlacementEnd(Struct, frozen=True):
    """The end of a placement, as one agency last published it."""

    happened: Interval | None


class Placements(Struct, frozen=True):
    """Starts and ends of placements by the placements' ids. The end may be known before the start.

    Of each: each agency's statement, and the agencies that any of them names as operator. A unit speaks as its agency.
    `minor`: ((whether it is an answer, rank of the agency), whether the person was a minor when exploited, as a code).
    An answer outranks `unknown` and `not_asked`; between answers the rank of the agency decides.
    """

    starts: Mapping[str, FactStatements[PlacementStart]] = field(default_factory=dict)
    ends: Mapping[str, FactStatements[PlacementEnd]] = field(default_factory=dict)
    minor: tuple[tuple[bool, int], str] | None = None

    def placed(self) -> Iterator[tuple[CountedStatement[PlacementStart], PlacementEnd | None]]:
        """Yield the start of each placement and its end, if told, as the operator says, or witnesses in its place.

        Any statement on the start or the end may name the operator. Without one, Human Services is it.
        """
        for placement, starts in self.starts.items():
            ends = self.ends.get(placement)
            operators = (starts.named | ends.named if ends else starts.named) or {_OWNER}
            end = None if ends is None else ends.counted(operators.__contains__).said
            yield starts.counted(operators.__contains__), end


def _placement_started(person: str, sheltered: Placements, event: ShelterPlacementStartedV1) -> Placements:
    data = event.data
    if data.person != person:
        return sheltered
    said = PlacementStart(event.occurred, str(data.population), code(data.shelter_form))
    kept = _with(sheltered.starts.get(data.placement, FactStatements()), event, said)
    return replace(sheltered, starts=with_entry(sheltered.starts, data.placement, kept))


def _placement_ended(person: str, sheltered: Placements, event: ShelterPlacementEndedV1) -> Placements:
    data = event.data
    if data.person != person:
        return sheltered
    kept = _with(sheltered.ends.get(data.placement, FactStatements()), event, PlacementEnd(event.occurred))
    return replace(sheltered, ends=with_entry(sheltered.ends, data.placement, kept))


def _with(
    before: FactStatements[_T], event: ShelterPlacementStartedV1 | ShelterPlacementEndedV1, said: _T
) -> FactStatements[_T]:
    operator = event.data.operator
    return before.with_statement(agency_of(speaker(event)), said, None if operator is None else agency_of(operator))


def _victim_identified(person: str, sheltered: Placements, event: VictimIdentifiedV1) -> Placements:
    said = code(event.data.minor_at_exploitation)
    if event.data.person != person or said is None:
        return sheltered
    weight = is_known_answer(said), speaker_weight(event)
    if sheltered.minor is not None and sheltered.minor[0] > weight:
        return sheltered
    return replace(sheltered, minor=(weight, said))


def _sheltered_on(start: PlacementStart, end: PlacementEnd | None) -> Days | None:
    """Return the days of a stay for the reader ACTIVE, including the day of leaving. None if a date is unknown."""
    first, last = possible_days(start.happened), Days(NEVER, NEVER) if end is None else possible_days(end.happened)
    return None if first is None or last is None else at_some_time(first, last)


def _placed(sheltered: Placements) -> tuple[Placements, ...]:
    """Return a tuple of the person's placements, or an empty tuple if no start of a placement is known."""
    return (sheltered,) if sheltered.starts else ()


def _persons(sheltered: Placements, population: ShelterPopulation) -> Iterator[Counted]:
    for (start, _), end in sheltered.placed():
        if start.population == population:
            minor = values(None if sheltered.minor is None else sheltered.minor[1])
            dims = {**start.dims(), "minor_at_exploitation": minor}
            yield Counted(_sheltered_on(start, end), dims=dims)


def migrant_children(sheltered: Placements) -> Iterator[Counted]:
    """Yield one item for each placement as a migrant child."""
    return _persons(sheltered, ShelterPopulation.MIGRANT_CHILD)


def victims_sheltered(sheltered: Placements) -> Iterator[Counted]:
    """Yield one item for each placement as a victim."""
    return _persons(sheltered, ShelterPopulation.VICTIM)


def admissions(sheltered: Placements) -> Iterator[Counted]:
    """Yield one item for each placement, on the day when it began."""
    for (start, by_witness), _ in sheltered.placed():
        yield Counted(possible_days(start.happened), dims=start.dims(), twice=by_witness)


def occupancy(sheltered: Placements) -> Iterator[Counted]:
    """Yield for each placement the days at whose end the person is certainly in shelter, without the day of leaving."""
    for (start, _), end in sheltered.placed():
        if start.happened is None or (end is not None and end.happened is None):
            yield Counted(None, dims=start.dims())
            continue
        closed = NEVER if end is None or end.happened is None else end.happened.first_day
        days = certain_days(start.happened.last_day, closed)
        if days is not None:
            yield Counted(days, dims=start.dims())


def stays(sheltered: Placements) -> Iterator[Counted]:
    """Yield for each placement the days until it ended."""
    for (start, _), end in sheltered.placed():
        left = [] if end is None else [end.happened]
        yield from duration_items(start.happened, left, Unit.DAYS, start.dims())


FIGURES: Final[tuple[Figure[Placements], ...]] = (
    Figure(
        number="O24a",
        name="migrant_children_sheltered",
        en="Migrant children who were in shelter on any day of the period, each once. That alone makes no child "
        "a victim of trafficking; a stay over a year’s end counts in both years.",
        es="Niñas, niños y adolescentes migrantes albergados algún día del período; cada quien cuenta una vez. "
        "No por ello son víctimas de trata; una estancia que cruza el fin de año cuenta en ambos años.",
        entity=Kind.PERSON,
        unit=Unit.PERSONS,
        nature=Nature.STOCK,
        reader=Reader.ACTIVE,
        counted=EachCounted(_placed, migrant_children),
        area=Area.PROTECTION,
        breakdowns=((), ("shelter_form",)),
        distinct=True,
        version=2,
        valid_from=VERSION_2_FROM,
    ),
    Figure(
        number="O24b",
        name="victims_sheltered",
        en="Victims who were in shelter of any form on any day of the period, each once. Those who were minors when "
        "exploited can be told apart.",
        es="Víctimas albergadas en cualquier modalidad algún día del período; cada quien cuenta una vez. Se pueden "
        "distinguir las que eran menores de edad al ser explotadas.",
        entity=Kind.PERSON,
        unit=Unit.PERSONS,
        nature=Nature.STOCK,
        reader=Reader.ACTIVE,
        counted=EachCounted(_placed, victims_sheltered),
        area=Area.PROTECTION,
        breakdowns=((), ("shelter_form",), ("minor_at_exploitation",), ("minor_at_exploitation", "shelter_form")),
        distinct=True,
        version=2,
        valid_from=VERSION_2_FROM,
    ),
    Figure(
        number="O24c",
        name="shelter_admissions",
        en="Placements in shelter that began in the period; somebody who comes twice is two admissions.",
        es="Ingresos a albergue en el período; quien ingresa dos veces cuenta como dos ingresos.",
        entity=Kind.PERSON,
        unit=Unit.PLACEMENTS,
        counted=EachCounted(_placed, admissions),
        area=Area.PROTECTION,
        breakdowns=((), ("population",), ("shelter_form",)),
        version=2,
        valid_from=VERSION_2_FROM,
    ),
    Figure(
        number="O24d",
        name="shelter_occupancy",
        en="Placements in shelter in force at the end of the period’s last day.",
        es="Estancias en albergue vigentes al final del último día del período.",
        entity=Kind.PERSON,
        unit=Unit.PLACEMENTS,
        nature=Nature.STOCK,
        reader=Reader.RUNNING_SUM,
        counted=EachCounted(_placed, occupancy),
        area=Area.PROTECTION,
        breakdowns=((), ("population",), ("shelter_form",)),
        version=2,
        valid_from=VERSION_2_FROM,
    ),
    duration(
        number="T18",
        name="shelter_stay",
        en="Days from a placement in shelter to its end, which is the number of its nights, by the day of leaving: "
        "the median; placements still in force are beside it.",
        es="Días desde el ingreso a un albergue hasta el egreso, es decir, el número de noches, según el día del "
        "egreso: la mediana; las estancias aún vigentes figuran aparte.",
        entity=Kind.PERSON,
        unit=Unit.DAYS,
        counted=EachCounted(_placed, stays),
        area=Area.PROTECTION,
        breakdowns=((), ("population",), ("shelter_form",)),
        version=2,
        valid_from=VERSION_2_FROM,
    ),
)

PART: Final = Part(
    name="shelter",
    kind=Kind.PERSON,
    empty=Placements(),
    folds={
        "bz.atips.shelter.placement_started.v1": _placement_started,
        "bz.atips.shelter.placement_ended.v1": _placement_ended,
        "bz.atips.victim.identified.v1": _victim_identified,
    },
    figures=FIGURES,
)
