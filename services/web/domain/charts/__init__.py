"""Charts as Vega-Lite specifications, each with a title and a sentence that says in words what it shows."""

from services.web.domain.charts.chart import Chart
from services.web.domain.charts.cohort import dots
from services.web.domain.charts.place import tiles
from services.web.domain.charts.size import bars
from services.web.domain.charts.time import Point, columns

__all__ = ["Chart", "Point", "bars", "columns", "dots", "tiles"]
