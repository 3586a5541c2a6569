"""Part of an activity: an agency's closing of a period with control totals, to be compared with the ledger."""

from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct

from schemas.governance import PeriodClosedV1
from schemas.ids import Kind
from schemas.times import Period
from services.reporting.domain.declaration.entity_state_part import Part, primary_entity_of
from services.reporting.domain.declaration.figure import EVERY_COMMITTEE, Area, Counted, Days, Figure, Unit


class PeriodClosing(Struct, frozen=True):
    """The closing of a period as last published. `counts`: control total by event type, only for types mentioned."""

    agency: str
    period: str
    counts: Mapping[str, int]
    record: str


def _closed(activity: str, closing: PeriodClosing | None, event: PeriodClosedV1) -> PeriodClosing | None:
    """Replace the closing.

    A correction may turn another event into a closing, which is then stored under two activities. Only the primary
    entity counts it.
    """
    if primary_entity_of(event) != activity:
        return closing
    data = event.data
    counts = {**dict.fromkeys(data.zero_types, 0), **(data.counts or {})}
    return PeriodClosing(data.agency, data.period, counts, event.ref)


def periods_closed(closing: PeriodClosing | None) -> Iterator[Counted]:
    """Yield one item for each control total of the closing, or one item if it has none."""
    if closing is None:
        return
    period = Period.parse(closing.period)
    days = Days(period.first, period.last)
    dims = {"agency": (closing.agency,), "closes": (closing.period,), "record": (closing.record,)}
    if not closing.counts:
        yield Counted(days, dims=dims)
    for name, number in closing.counts.items():
        yield Counted(days, dims={**dims, "type": (name,), "stated": (str(number),)})


EACH: Final = ("agency", "closes", "type", "stated", "record")
"""Breakdown with one row for each control total."""

FIGURES: Final[tuple[Figure[PeriodClosing | None], ...]] = (
    Figure(
        number="G3",
        name="periods_closed",
        en="Months and years within the period that an agency has closed, saying how much it published for them "
        "and of what there was nothing.",
        es="Meses y años dentro del período que una institución ha cerrado, diciendo cuánto publicó de ellos y "
        "de qué no hubo nada.",
        entity=Kind.ACTIVITY,
        unit=Unit.CLOSINGS,
        counted=periods_closed,
        area=Area.PARTNERSHIP,
        seen_by=EVERY_COMMITTEE,
        breakdowns=((), ("agency",), EACH),
        distinct=True,
    ),
)

PART: Final[Part[PeriodClosing | None]] = Part(
    name="period_closing",
    kind=Kind.ACTIVITY,
    empty=None,
    folds={"bz.atips.period.closed.v1": _closed},
    figures=FIGURES,
)
