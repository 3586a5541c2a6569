"""Dot chart of a cohort: one row for each stage, with one dot for each person or case that reached it."""

from collections.abc import Sequence
from typing import Final

from services.charts.domain.chart import BLUE, WIDTH, Chart, specification
from services.presentation.bilingual_text import Language

_STEP: Final = 30
_FEWEST: Final = 20
"""A row has space for at least this many dots, so that a small cohort looks small."""
_MOST: Final = 60
"""Most dots in a row. A larger cohort has no dot chart."""

_OF: Final = {Language.EN: "{label}: {n} of {whole}", Language.ES: "{label}: {n} de {whole}"}


def dots(lang: Language, title: str, stages: Sequence[tuple[str, int]]) -> Chart | None:
    """Return a dot chart of stages (label, number), the whole cohort first. None if all are 0 or one is above 60."""
    if not stages or not 0 < max(number for _, number in stages) <= _MOST:
        return None
    most = max(*(number for _, number in stages), _FEWEST)
    data = [
        {"label": label, "place": place, "told": str(number) if place == 1 else ""}
        for label, number in stages
        for place in range(1, max(number, 1) + 1)
    ]
    for each in data:
        each["empty"] = dict(stages)[str(each["label"])] == 0
    size = min(140.0, (250 / most) ** 2)
    y = {
        "field": "label",
        "type": "nominal",
        "sort": [label for label, _ in stages],
        "title": None,
        "axis": {"ticks": False, "domain": False},
    }
    x = {
        "field": "place",
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [-most * 0.12, most + 0.5], "nice": False, "zero": False},
    }
    spec = specification(
        data,
        [
            {
                "transform": [{"filter": "!datum.empty"}],
                "mark": {"type": "circle", "color": BLUE, "opacity": 1, "size": size},
                "encoding": {"y": y, "x": x},
            },
            {
                "transform": [{"filter": "datum.place == 1"}],
                "mark": {"type": "text", "align": "right", "fontWeight": "bold", "x": 26},
                "encoding": {"y": y, "text": {"field": "told", "type": "nominal"}},
            },
        ],
        width=WIDTH - 240,
        height={"step": _STEP},
    )
    whole = stages[0][1]
    said = [f"{stages[0][0]}: {whole}"]
    said += [_OF[lang].format(label=label, n=number, whole=whole) for label, number in stages[1:]]
    return Chart("dots", title, "; ".join(said) + ".", spec)
