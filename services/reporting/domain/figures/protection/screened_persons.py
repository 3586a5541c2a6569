"""Part of a person: screenings by name, their outcomes, and whether the person was identified as a victim (R5).

A cohort is the persons first screened in a period. Persons of a batch have no names, so batches count only in O6.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from schemas.codebook.dated_groups_and_labels import SCREENED_WITH_INDICATORS
from schemas.identification import ScreeningCompletedV1, VictimIdentifiedV1
from schemas.ids import Kind
from schemas.times import Interval
from services.reporting.domain.declaration.counting_each_thing import EachCounted
from services.reporting.domain.declaration.entity_state_part import Part, code, first_of, speaker, with_entry
from services.reporting.domain.declaration.figure import VERSION_2_FROM, Area, Counted, Figure, Unit
from services.reporting.domain.facts.fact_owner import FactStatements, counted_screening


class PersonScreening(Struct, frozen=True):
    """A screening of a person, as one agency last published it."""

    when: Interval | None
    outcome: str | None


class Screened(Struct, frozen=True):
    """A person's screenings by their ids, and whether any agency identified the person as a victim.

    Of each screening: each agency's statement, and the agencies that any of them names as requester.
    """

    screenings: Mapping[str, FactStatements[PersonScreening]] = field(default_factory=dict)
    identified: bool = False

    def counted(self) -> Iterator[PersonScreening]:
        """Yield each screening as its performer says, or a witness while the performer has said nothing."""
        for each in self.screenings.values():
            yield counted_screening(each).said


def _screening_completed(person: str, screened: Screened, event: ScreeningCompletedV1) -> Screened:
    data = event.data
    if person not in data.persons:
        return screened
    before: FactStatements[PersonScreening] = screened.screenings.get(data.screening, FactStatements())
    said = PersonScreening(event.occurred, code(data.outcome))
    kept = before.with_statement(speaker(event), said, data.requested_by)
    return replace(screened, screenings=with_entry(screened.screenings, data.screening, kept))


def _identified(person: str, screened: Screened, event: VictimIdentifiedV1) -> Screened:
    return replace(screened, identified=True) if event.data.person == person else screened


def with_indicators(screened: Screened) -> bool:
    """Whether any screening found indicators."""
    return any(each.outcome in SCREENED_WITH_INDICATORS.at(each.when) for each in screened.counted())


def _by_name(screened: Screened) -> tuple[Screened, ...]:
    """Return a tuple of the person's record, or an empty tuple if the person was never screened by name."""
    return (screened,) if screened.screenings else ()


def _step(letter: str, name: str, en: str, es: str, reached: Callable[[Screened], bool]) -> Figure[Screened]:
    def counted(screened: Screened) -> Iterator[Counted]:
        if reached(screened):
            yield Counted(first_of(each.when for each in screened.counted()))

    return Figure(
        number=f"R5{letter}",
        name=f"screened_cohort_{name}",
        en=f"Of the persons first screened by name in the period, {en}",
        es=f"De las personas entrevistadas por primera vez con identidad en el período, {es}",
        entity=Kind.PERSON,
        unit=Unit.PERSONS,
        counted=EachCounted(_by_name, counted),
        area=Area.PROTECTION,
        distinct=True,
        part_of=None if letter == "a" else "R5a",
        version=2,
        valid_from=VERSION_2_FROM,
    )


FIGURES: Final[tuple[Figure[Screened], ...]] = (
    _step("a", "all", "all: the cohort of the steps below. Persons of a batch cannot be followed, and are not in it.",
          "todas: la cohorte de los pasos siguientes. No incluye a las personas de un grupo, que no se pueden seguir.",
          lambda _: True),
    _step("b", "with_indicators", "those in whom a screening found indicators so far.",
          "aquellas en las que alguna entrevista halló indicios hasta ahora.", with_indicators),
    _step("c", "identified", "those identified as victims so far, by whomever and with whatever status since.",
          "las identificadas hasta ahora como víctimas, por quien sea y con el estado que hayan tenido después.",
          lambda each: each.identified),
)  # fmt: skip

PART: Final = Part(
    name="screened_persons",
    kind=Kind.PERSON,
    empty=Screened(),
    folds={
        "bz.atips.screening.completed.v1": _screening_completed,
        "bz.atips.victim.identified.v1": _identified,
    },
    figures=FIGURES,
)
