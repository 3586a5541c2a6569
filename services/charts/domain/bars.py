"""Bar chart: one horizontal bar for each value of a breakdown."""

from collections.abc import Sequence
from typing import Final

from services.charts.domain.chart import BLUE, WIDTH, Chart, listed, specification
from services.presentation.bilingual_text import Language

_STEP: Final = 28
_ROOM: Final = 0.3
"""Space beside the longest bar for its number, as a share of the bar."""
_MOST: Final = 40
"""Most bars of one chart. Further values are only in the table."""

_MORE: Final = {Language.EN: "and {n} more", Language.ES: "y {n} más"}


def bars(lang: Language, title: str, rows: Sequence[tuple[str, int, str]]) -> Chart | None:
    """Return a bar chart of rows (label, amount, amount as text). None if fewer than two amounts are above 0."""
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
