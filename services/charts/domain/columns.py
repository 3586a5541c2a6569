"""Column chart: one column for each period, with marks for changed definitions and first published amounts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from services.charts.domain.chart import BLUE, DARK, WIDTH, Chart, specification
from services.presentation.bilingual_text import Language

_HEIGHT: Final = 180
_ROOM: Final = 0.12
"""Space above the highest column for its number, as a share of the column."""


@dataclass(frozen=True, slots=True)
class Point:
    """A period of a column chart. `told`: the amount as text. `first`: the amount as first published, or None.

    `breaks`: a new version of the definition began in the period. `going_on`: the period has not ended.
    """

    name: str
    amount: int
    told: str
    first: int | None = None
    breaks: bool = False
    going_on: bool = False


_BREAK: Final = {Language.EN: "definition changed", Language.ES: "cambió la definición"}
_FIRST: Final = {Language.EN: "first published: {n}", Language.ES: "publicado al inicio: {n}"}
_NOT_OVER: Final = {Language.EN: "so far", Language.ES: "hasta ahora"}


def columns(lang: Language, title: str, points: Sequence[Point]) -> Chart | None:
    """Return a column chart of the points, in their order. None for fewer than two points, or if all amounts are 0."""
    if len(points) < 2 or not any(each.amount or each.first for each in points):  # noqa: PLR2004
        return None
    most = max(max(each.amount, each.first or 0) for each in points)
    data = [_row(lang, each, most * _ROOM) for each in points]
    order = [each["name"] for each in data]
    x = {
        "field": "name",
        "type": "ordinal",
        "sort": order,
        "title": None,
        "axis": {"labelAngle": 0, "ticks": False, "labelOverlap": False, "labelExpr": "split(datum.label, '|')"},
    }
    scale = {"domain": [0, most * (1 + _ROOM)], "nice": False}
    y = {"field": "amount", "type": "quantitative", "axis": None, "scale": scale}
    first = {"field": "first", "type": "quantitative", "axis": None, "scale": scale}
    layers: list[dict[str, Any]] = [
        {"mark": {"type": "bar", "color": BLUE}, "encoding": {"x": x, "y": y}},
        {
            "mark": {"type": "text", "baseline": "bottom", "dy": -4},
            "encoding": {"x": x, "y": {**y, "field": "told_at"}, "text": {"field": "told", "type": "nominal"}},
        },
        {
            "transform": [{"filter": "isValid(datum.first)"}],
            "mark": {"type": "tick", "color": DARK, "thickness": 3, "bandSize": 44},
            "encoding": {"x": x, "y": first},
        },
        {
            "transform": [{"filter": "datum.breaks"}],
            "mark": {"type": "rule", "color": DARK, "strokeDash": [5, 4], "strokeWidth": 2},
            "encoding": {"x": {**x, "bandPosition": 0}},
        },
    ]
    spec = specification(data, layers, width=max(WIDTH - 60, 46 * len(points)), height=_HEIGHT)
    return Chart("columns", title, ". ".join(_said(lang, each) for each in points) + ".", spec)


def _row(lang: Language, point: Point, room: float) -> dict[str, Any]:
    """Return the point's row. Its text stands above the line of the first amount if that would cross it out.

    `room`: height of a text, in the unit of the amounts.
    """
    first = point.amount if point.first is None else point.first
    crossed = point.amount < first <= point.amount + room
    # Each word of "so far" has a line of its own: a column may be no wider than a word.
    return {
        "name": "|".join([point.name, *_NOT_OVER[lang].split(" ")]) if point.going_on else point.name,
        "amount": point.amount,
        "told": point.told,
        "told_at": first if crossed else point.amount,
        "first": point.first,
        "breaks": point.breaks,
    }


def _said(lang: Language, point: Point) -> str:
    beside = [
        *([_NOT_OVER[lang]] if point.going_on else []),
        *([] if point.first is None else [_FIRST[lang].format(n=point.first)]),
        *([_BREAK[lang]] if point.breaks else []),
    ]
    return f"{point.name}: {point.told}" + (f" ({', '.join(beside)})" if beside else "")
