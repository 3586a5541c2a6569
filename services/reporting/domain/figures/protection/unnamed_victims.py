"""Part of an activity: the number of victims who refuse to be identified. They cannot be distinguished as persons."""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from schemas.identification import VictimCountedAnonymouslyV1
from schemas.ids import Kind
from schemas.times import Interval
from services.reporting.domain.declaration.entity_state_part import Part, code, codes, possible_days, values
from services.reporting.domain.declaration.figure import Area, Counted, Figure, Unit


class UnnamedVictims(Struct, frozen=True):
    """A number of victims who refuse to be identified, as last published."""

    counted: Interval | None
    number: int
    sex: str | None
    age_group: str | None
    exploitation: tuple[str, ...]


def _counted_anonymously(
    activity: str, unnamed: UnnamedVictims | None, event: VictimCountedAnonymouslyV1
) -> UnnamedVictims | None:
    data = event.data
    if data.report != activity:
        return unnamed
    return UnnamedVictims(event.occurred, data.count, code(data.sex), code(data.age_group), codes(data.exploitation))


def unnamed_victims(unnamed: UnnamedVictims | None) -> Iterator[Counted]:
    """Yield the number of one statement. One victim may be counted in several statements."""
    if unnamed is not None:
        dims = {
            "sex": values(unnamed.sex),
            "age_group": values(unnamed.age_group),
            "exploitation": unnamed.exploitation,
        }
        yield Counted(possible_days(unnamed.counted), unnamed.number, dims)


FIGURES: Final[tuple[Figure[UnnamedVictims | None], ...]] = (
    Figure(
        number="O32c",
        name="victims_without_identity",
        en="Victims who refused to be identified, as agencies counted them in the period. They are in no other figure, "
        "and the same person may have been counted twice.",
        es="Víctimas que no quisieron ser identificadas, según las contaron las instituciones en el período. No están "
        "en ninguna otra cifra, y una misma persona pudo contarse dos veces.",
        entity=Kind.ACTIVITY,
        unit=Unit.UNIDENTIFIED,
        counted=unnamed_victims,
        area=Area.PROTECTION,
        breakdowns=((), ("sex",), ("age_group",), ("exploitation",)),
    ),
)

PART: Final[Part[UnnamedVictims | None]] = Part(
    name="unnamed_victims",
    kind=Kind.ACTIVITY,
    empty=None,
    folds={"bz.atips.victim.counted_anonymously.v1": _counted_anonymously},
    figures=FIGURES,
)
