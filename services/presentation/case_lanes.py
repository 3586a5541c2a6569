"""Timeline of a case as a grid: a column (lane) for each area of work, and a row for each month."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from schemas.catalogue import CATALOGUE
from schemas.sight import Matter
from schemas.sight.sight_table import matter_of_type
from schemas.times import Interval
from services.case_tracker.domain.fact import Fact
from services.presentation.bilingual_text import Words
from services.presentation.case_page import AREAS

OTHER: Final = Words("Other", "Otros")
"""Name of the lane for events whose type has no area."""

_ORDER: Final[tuple[Matter | None, ...]] = (*AREAS, None)


class EventShape(StrEnum):
    """Shape before an event in the grid. Shapes carry the meaning that colours may not carry alone."""

    IN_FINDING = "▲"
    """The event is one of the records of an open finding."""
    DAY_KNOWN = "●"
    DAY_UNKNOWN = "○"
    """The event has no date, lasted several days, or is dated to a span of days."""


@dataclass(frozen=True, slots=True)
class PlacedEvent:
    """An event in a cell of the grid. `days`: "05", or "2024-03-05..2024-03-09", or empty without a date.

    `what`: name of the event's type.
    """

    mark: EventShape
    days: str
    what: str


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A row: the month ("2024-03"; empty for events without a date), and one tuple of events for each lane."""

    month: str
    cells: tuple[tuple[PlacedEvent, ...], ...]


@dataclass(frozen=True, slots=True)
class Lanes:
    """The grid: names of the lanes in the reader's language, and the months that have events, in order."""

    areas: tuple[str, ...]
    months: tuple[MonthRow, ...]


def lanes(facts: Iterable[Fact], in_findings: Collection[str], lang: str) -> Lanes | None:
    """Return the events of a case as a grid by month and area of work; None if all of them are of one area.

    An event is in the month in which it began; events without a date come last. `in_findings`: references of the events
    that an open finding names.
    """
    cells: dict[tuple[str, Matter | None], list[PlacedEvent]] = {}
    for fact in facts:
        place = _month(fact.at), matter_of_type(fact.name)
        cells.setdefault(place, []).append(_placed(fact, fact.ref in in_findings, lang))
    areas = [area for area in _ORDER if any(area == matter for _, matter in cells)]
    if len(areas) <= 1:
        return None
    months = sorted({month for month, _ in cells}, key=lambda month: (not month, month))
    return Lanes(
        tuple((OTHER if area is None else AREAS[area]).of(lang) for area in areas),
        tuple(MonthRow(month, tuple(tuple(cells.get((month, area), ())) for area in areas)) for month in months),
    )


def _month(at: Interval | None) -> str:
    return "" if at is None else f"{at.first_day:%Y-%m}"


def _placed(fact: Fact, found: bool, lang: str) -> PlacedEvent:  # noqa: FBT001 - two words of one call
    at, kind = fact.at, CATALOGUE[fact.content.type]
    one_day = at is not None and at.first_day == at.last_day
    days = "" if at is None else f"{at.first_day:%d}" if one_day else f"{at.first_day}..{at.last_day}"
    mark = EventShape.IN_FINDING if found else EventShape.DAY_KNOWN if one_day else EventShape.DAY_UNKNOWN
    return PlacedEvent(mark, days, kind.es if lang == "es" else kind.en)
