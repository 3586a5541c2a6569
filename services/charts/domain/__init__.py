"""Charts as Vega-Lite specifications, each with a title and a sentence that says in words what it shows."""

from services.charts.domain.chart import Chart
from services.charts.domain.cohort import dots
from services.charts.domain.place import tiles
from services.charts.domain.size import bars
from services.charts.domain.time import Point, columns

__all__ = ["Chart", "Point", "bars", "columns", "dots", "tiles"]
