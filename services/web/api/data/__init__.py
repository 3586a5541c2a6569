"""Data as JSON and CSV, at addresses that stay. An account gets the same numbers as on its pages."""

from services.web.api.data.figures import definitions, figure, figure_csv, figures, figures_csv
from services.web.api.data.others import findings, findings_csv, grid, grid_csv, rates, rates_csv, status

__all__ = [
    "definitions",
    "figure",
    "figure_csv",
    "figures",
    "figures_csv",
    "findings",
    "findings_csv",
    "grid",
    "grid_csv",
    "rates",
    "rates_csv",
    "status",
]
