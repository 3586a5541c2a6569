"""Form of a chart: its specification, title, sentence, colours and font."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

FONT: Final = "Atkinson Hyperlegible"
BLUE: Final = "#1d70b8"
DARK: Final = "#0b0c0c"
GREY: Final = "#505a5f"
PALE: Final = "#d2e2f1"

WIDTH: Final = 560
"""Width of a chart in pixels. In a narrower window the chart scrolls, so that its text keeps its size."""

_TEXT: Final = 15

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: `kind` (such as `bars`), title and sentence in one language, and the Vega-Lite specification."""

    kind: str
    title: str
    sentence: str
    spec: Mapping[str, Any]


def specification(data: Sequence[Row], layers: Sequence[Mapping[str, Any]], **size: object) -> dict[str, Any]:
    """Return a Vega-Lite specification of layers over one table of data. `size`: its width and height."""
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "background": None,
        "padding": 4,
        "data": {"values": [dict(each) for each in data]},
        "layer": [dict(each) for each in layers],
        "config": {
            "font": FONT,
            "view": {"stroke": None},
            "axis": {
                "labelFontSize": _TEXT,
                "labelColor": DARK,
                "labelLimit": 380,
                "titleFontSize": _TEXT,
                "domainColor": GREY,
                "tickColor": GREY,
                "grid": False,
            },
            "text": {"fontSize": _TEXT, "color": DARK},
        },
        **size,
    }


def listed(parts: Sequence[str], more: str) -> str:
    """Join the first eight of `parts` by semicolons. `more`: words for the number `{n}` of the others, if there are."""
    few = 8
    shown = "; ".join(parts[:few])
    return f"{shown}; {more.format(n=len(parts) - few)}" if len(parts) > few else shown
