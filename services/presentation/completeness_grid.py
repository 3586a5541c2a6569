"""The grid of publications by agency and month, as JSON."""

from collections.abc import Iterable
from typing import Any

from services.reporting.domain.declaration.durations import MEDIAN, NINTH_DECILE
from services.reporting.domain.read.completeness_grid import AgencyMonth, AgencyRow, Lag, MonthState
from services.reporting.domain.read.expected_reports import DueReport
from services.reporting.domain.read.reading import FEW, MANY
from services.reporting.read.acceptance_lag import AcceptanceDelay
from services.reporting.read.completeness_grid import PublishingGrid


def plain(found: PublishingGrid, arrived: Iterable[AcceptanceDelay]) -> dict[str, Any]:
    """Convert the grid, and the delays until acceptance of agencies' events (`arrived`), to a dict for JSON.

    Its keys are grid, lag (days to record), accepted (minutes to acceptance), complete_to and withheld.
    """
    return {
        "grid": [_plain_row(row, protected=found.protected) for row in found.rows],
        "lag": [plain_lag(each) for each in found.lags],
        "accepted": [_plain_accepted(each) for each in arrived],
        "complete_to": found.complete_to,
        "withheld": found.withheld,
    }


def _plain_row(row: AgencyRow, *, protected: bool) -> dict[str, Any]:
    return {
        "agency": row.agency,
        "events": None if protected else row.events,
        "months": [_plain_cell(cell, protected=protected) for cell in row.months],
    }


def _plain_cell(cell: AgencyMonth, *, protected: bool) -> dict[str, Any]:
    events = None if protected else cell.events
    told: dict[str, Any] = {"month": str(cell.month), "state": cell.standing.value, "events": events}
    for standing in (MonthState.MISSING, MonthState.ZERO, MonthState.NOT_DUE):
        told[standing.value] = [_plain_report(each) for each in cell.of(standing)]
    return told


def _plain_report(report: DueReport) -> dict[str, str]:
    return {"type": report.type, "span": str(report.span), "due": report.by.isoformat()}


def plain_lag(lag: Lag) -> dict[str, Any]:
    """Convert an agency's lag, in days from a fact to its record, to a dict for JSON."""
    return {
        "agency": lag.agency,
        "facts": lag.facts,
        "unknown": lag.unknown,
        "median_days": lag.within(MEDIAN),
        "ninth_decile_days": lag.within(NINTH_DECILE) if lag.facts >= MANY else None,
        "each": _each(lag),
    }


def _plain_accepted(each: AcceptanceDelay) -> dict[str, Any]:
    return {
        "agency": each.agency,
        "facts": each.facts,
        "corrections": each.corrections,
        "retractions": each.retractions,
        "median_minutes": each.median,
        "ninth_decile_minutes": each.ninth_decile if each.all >= MANY else None,
    }


def _each(lag: Lag) -> list[int] | None:
    if lag.facts >= FEW:
        return None
    return [days for days, often in lag.durations.items() for _ in range(often)]
