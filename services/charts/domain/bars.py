"""Bars: one for each value of a breakdown, longest where the amount is highest."""

from collections.abc import Sequence
from typing import Final

from services.charts.domain.chart import BLUE, WIDTH, Chart, listed, specification
from services.presentation.words import Language

_STEP: Final = 28
_ROOM: Final = 0.3
"""Room beside the longest bar for its number."""
_MOST: Final = 40
"""Bars that one chart shows. What a breakdown has beyond is in the table."""

_MORE: Final = {Language.EN: "and {n} more", Language.ES: "y {n} más"}


def bars(lang: Language, title: str, rows: Sequence[tuple[str, int, str]]) -> Chart | None:
    """Draw (label, amount, amount as text) of each row; None where there are no two bars to compare."""
    known = [each for each in rows if each[1] > 0][:_MOST]
    if len(known) < 2:  # noqa: PLR2004 - one bar compares nothing
        return None
    data = [{"label": label, "amount": amount, "told": told} for label, amount, told in known]
    y = {"field": "label", "type": "nominal", "sort": None, "title": None, "axis": {"ticks": False, "domain": False}}
    most = max(amount for _, amount, _ in known)
    scale = {"domain": [0, most * (1 + _ROOM)], "nice": False}
    x = {"field": "amount", "type": "quantitative", "axis": None, "scale": scale}
    spec = specification(
        data,
        [
            {"mark": {"type": "bar", "color": BLUE}, "encoding": {"y": y, "x": x}},
            {
                "mark": {"type": "text", "align": "left", "dx": 6},
                "encoding": {"y": y, "x": x, "text": {"field": "told", "type": "nominal"}},
            },
        ],
        width=WIDTH - 240,
        height={"step": _STEP},
    )
    sentence = listed([f"{label}: {told}" for label, _, told in known], _MORE[lang])
    return Chart("bars", title, f"{sentence}.", spec)
