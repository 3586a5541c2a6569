"""Charts as Vega-Lite specifications, each with a title and a sentence that describes its data in words."""

from services.charts.domain.bars import bars
from services.charts.domain.chart import Chart
from services.charts.domain.columns import Point, columns
from services.charts.domain.district_tiles import DISTRICTS, tiles
from services.charts.domain.dots import dots

__all__ = ["DISTRICTS", "Chart", "Point", "bars", "columns", "dots", "tiles"]
