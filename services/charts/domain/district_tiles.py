"""Tile map: the six districts of Belize as squares, placed roughly as on a map, each with its amount as text."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.codebook.shared import District
from services.charts.domain.chart import DARK, PALE, Chart, specification
from services.presentation.bilingual_text import Language

_WHERE: Final[Mapping[str, tuple[int, int]]] = MappingProxyType(
    {
        District.COROZAL.value: (1, 0),
        District.ORANGE_WALK.value: (0, 1),
        District.BELIZE.value: (1, 1),
        District.CAYO.value: (0, 2),
        District.STANN_CREEK.value: (1, 2),
        District.TOLEDO.value: (0, 3),
    }
)
"""Column and row of each district, from the north-west."""
DISTRICTS: Final = tuple(_WHERE)
"""Codes of the districts that have a tile."""

_TILE: Final = 110
_SHORT: Final = 7
"""Longest text of a tile in large letters."""
_LARGE, _SMALL = 20, 13
"""Sizes of a tile's text in pixels. A long text, such as "not released", would not fit in large letters."""


def tiles(lang: Language, title: str, amounts: Mapping[str, tuple[int, str]]) -> Chart | None:
    """Return a tile map of the districts. `amounts`: (amount, amount as text) by code of the district.

    A district that is not a key has a dash: nothing is known of it. Returns None if no key is a district.
    """
    if not amounts.keys() & _WHERE.keys():
        return None
    data = []
    for code, (column, row) in _WHERE.items():
        amount, told = amounts.get(code, (0, "–"))
        name = getattr(District(code), lang.value)
        size = _LARGE if len(told) <= _SHORT else _SMALL
        data.append({"column": column, "row": row, "name": name, "told": told, "amount": amount, "size": size})
    x = {"field": "column", "type": "ordinal", "axis": None, "scale": {"paddingInner": 0.04}}
    y = {"field": "row", "type": "ordinal", "axis": None, "scale": {"paddingInner": 0.06}}
    spec = specification(
        data,
        [
            {
                "name": "tile",
                "mark": {"type": "rect", "fill": PALE, "stroke": DARK},
                "encoding": {"x": x, "y": y},
            },
            {
                "mark": {"type": "text", "dy": -12},
                "encoding": {"x": x, "y": y, "text": {"field": "name", "type": "nominal"}},
            },
            {
                "mark": {"type": "text", "dy": 12, "fontWeight": "bold"},
                "encoding": {
                    "x": x,
                    "y": y,
                    "text": {"field": "told", "type": "nominal"},
                    "size": {"field": "size", "type": "quantitative", "scale": None, "legend": None},
                },
            },
        ],
        width=2 * (_TILE + 20),
        height=4 * (_TILE - 40),
    )
    sentence = "; ".join(f"{each['name']}: {each['told']}" for each in data)
    return Chart("tiles", title, f"{sentence}.", spec)
