"""Data routes: figures, findings, cases and referrals as JSON and CSV. The addresses under /v1/ do not change."""

from services.web.api.data.figures import definitions, definitions_csv, figure, figure_csv, figures, figures_csv
from services.web.api.data.findings import account, finding, findings, findings_csv
from services.web.api.data.rates_and_grid import grid, grid_csv, rates, rates_csv, status, status_csv

__all__ = [
    "account",
    "definitions",
    "definitions_csv",
    "figure",
    "figure_csv",
    "figures",
    "figures_csv",
    "finding",
    "findings",
    "findings_csv",
    "grid",
    "grid_csv",
    "rates",
    "rates_csv",
    "status",
    "status_csv",
]
