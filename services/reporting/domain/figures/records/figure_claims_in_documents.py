"""Part of an activity: claims, that is amounts of figures stated in documents, and whether they contest each other.

A claim never changes a computed figure.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Final, NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from schemas.governance import FigureClaimedV1, FigureContestedV1, FigureResolvedV1
from schemas.governance.figure_claims import Dimensions
from schemas.ids import Kind
from schemas.times import Period
from services.reporting.domain.declaration.entity_state_part import Part, primary_entity_of, speaker, with_entry
from services.reporting.domain.declaration.figure import EVERY_COMMITTEE, Area, Counted, Days, Figure, Unit

IN_WORDS: Final = "in_words"
"""Value of the dimension `claimed` for a claim that states words and no number."""

WHOLE: Final = "whole"
"""Value of the dimension `of` for a claim that names no dimensions."""


class ClaimStanding(StrEnum):
    """Standing of the claims about one figure, period and dimensions.

    ALONE: no claim has another amount. CONTESTED: claims differ, or a contest was published. SETTLED: a resolution was
    published, and no other amount was claimed since.
    """

    ALONE = "alone"
    CONTESTED = "contested"
    SETTLED = "settled"


class ClaimSubject(NamedTuple):
    """The subject of a claim: number of the figure, period, and dimensions as text (`audience=police`)."""

    number: str
    period: str
    of: str


class Claim(Struct, frozen=True):
    """The last statement of a claim in one document: its amount (None for words), and the event's reference."""

    amount: int | None
    record: str


class Claims(Struct, frozen=True):
    """Claims with their contests and resolutions. `said`: claims by subject, agency and document.

    `doubted`: subjects that were contested and not resolved since. `settled`: the amounts known at the resolution of a
    subject.
    """

    said: Mapping[tuple[ClaimSubject, str, str], Claim] = field(default_factory=dict)
    doubted: frozenset[ClaimSubject] = frozenset()
    settled: Mapping[ClaimSubject, frozenset[int | None]] = field(default_factory=dict)


def of(dimensions: Mapping[str, str] | None) -> str:
    """Return dimensions as one text sorted by name, as `audience=police,topic=law`; `WHOLE` for none."""
    return ",".join(f"{name}={value}" for name, value in sorted((dimensions or {}).items())) or WHOLE


def _place(number: str, period: str, dimensions: Dimensions | None) -> ClaimSubject:
    return ClaimSubject(number, period, of(dimensions))


def _claimed(activity: str, claims: Claims, event: FigureClaimedV1) -> Claims:
    """Add a claim.

    A correction may turn another event into a claim, which is then stored under two activities. Only the primary entity
    counts it.
    """
    if primary_entity_of(event) != activity:
        return claims
    data = event.data
    key = _place(data.number, data.period, data.dimensions), speaker(event), str(data.document)
    return replace(claims, said=with_entry(claims.said, key, Claim(data.amount, event.ref)))


def _contested(activity: str, claims: Claims, event: FigureContestedV1) -> Claims:
    if primary_entity_of(event) != activity:
        return claims
    place = _place(event.data.number, event.data.period, event.data.dimensions)
    settled = {each: amounts for each, amounts in claims.settled.items() if each != place}
    return replace(claims, doubted=claims.doubted | {place}, settled=settled)


def _resolved(activity: str, claims: Claims, event: FigureResolvedV1) -> Claims:
    if primary_entity_of(event) != activity:
        return claims
    place = _place(event.data.number, event.data.period, event.data.dimensions)
    return replace(
        claims, doubted=claims.doubted - {place}, settled=with_entry(claims.settled, place, _amounts(claims)[place])
    )


def _amounts(claims: Claims) -> Mapping[ClaimSubject, frozenset[int | None]]:
    """Return the different amounts claimed of each subject. Claims in words have no amount, so they never differ."""
    found: dict[ClaimSubject, frozenset[int | None]] = defaultdict(frozenset)
    for (place, _, _), claim in claims.said.items():
        found[place] |= frozenset() if claim.amount is None else {claim.amount}
    return found


def _standing(claims: Claims, place: ClaimSubject, amounts: frozenset[int | None]) -> ClaimStanding:
    known = claims.settled.get(place)
    if known is not None and amounts <= known:
        return ClaimStanding.SETTLED
    if place in claims.doubted or len(amounts) > 1:
        return ClaimStanding.CONTESTED
    return ClaimStanding.ALONE


def claimed(claims: Claims) -> Iterator[Counted]:
    """Yield one item for each claim, on the days of the period that it is about."""
    amounts = _amounts(claims)
    for (place, agency, document), claim in claims.said.items():
        period = Period.parse(place.period)
        dims = {
            "figure": place.number,
            "period": place.period,
            "of": place.of,
            "agency": agency,
            "document": document,
            "claimed": IN_WORDS if claim.amount is None else str(claim.amount),
            "standing": _standing(claims, place, amounts[place]).value,
            "record": claim.record,
        }
        yield Counted(Days(period.first, period.last), dims={name: (value,) for name, value in dims.items()})


EACH: Final = ("figure", "period", "of", "agency", "document", "claimed", "standing", "record")
"""Breakdown with one row for each claim."""

FIGURES: Final[tuple[Figure[Claims], ...]] = (
    Figure(
        number="G1",
        name="figures_claimed",
        en="Statements of figures of the period in reports and other documents, each beside what the events give; "
        "a number that the same document states anew counts once.",
        es="Declaraciones de cifras del período en informes y otros documentos, cada una junto a lo que dan los "
        "eventos; una cifra que el mismo documento declara de nuevo cuenta una vez.",
        entity=Kind.ACTIVITY,
        unit=Unit.CLAIMS,
        counted=claimed,
        area=Area.PARTNERSHIP,
        seen_by=EVERY_COMMITTEE,
        breakdowns=((), ("figure",), ("agency",), ("standing",), EACH),
    ),
)

PART: Final[Part[Claims]] = Part(
    name="figure_claims_in_documents",
    kind=Kind.ACTIVITY,
    empty=Claims(),
    folds={
        "bz.atips.figure.claimed.v1": _claimed,
        "bz.atips.figure.contested.v1": _contested,
        "bz.atips.figure.resolved.v1": _resolved,
    },
    figures=FIGURES,
)
