"""Data routes for rates, for the grid of publications by agency and month, and for completeness."""

from fastapi import Request
from fastapi.responses import Response

from services.presentation import completeness_grid as grid_as_told
from services.presentation import rates as rates_as_told
from services.reporting.domain.read.expected_reports import months
from services.web.api.data.answer import Table, answer, json_response, parse_months, period_of, tagged_csv
from services.web.api.data.figures import Found, Period
from services.web.api.dependencies import language, parts, reads_exact
from services.web.api.figure_question import WrongQuestion
from services.web.api.page import agency_name
from services.web.domain import cohorts_and_rates
from services.web.domain.account_rules import Session
from services.web.domain.roles import visible_figures

_RATE_COLUMNS = ("rate", "name", "cohort", "part", "part_amount", "whole", "whole_amount", "value", "per", "open")
_GRID_COLUMNS = ("agency", "agency_label", "month", "state", "events")


async def rates(request: Request, found: Found, period: Period = None) -> Response:
    """Give every declared rate of a cohort, with the amounts that it divides."""
    return await _rates(request, found, period, as_csv=False)


async def rates_csv(request: Request, found: Found, period: Period = None) -> Response:
    """Every declared rate of a cohort as CSV."""
    return await _rates(request, found, period, as_csv=True)


async def grid(request: Request, found: Found, period: Period = None) -> Response:
    """Give who published what in which month, and what is missing. The period has whole months."""
    return await _grid(request, found, period, as_csv=False)


async def grid_csv(request: Request, found: Found, period: Period = None) -> Response:
    """Give who published what as CSV, one row for each agency and month."""
    return await _grid(request, found, period, as_csv=True)


async def status(request: Request) -> Response:
    """Give how far the figures are complete."""
    return json_response(request, _status(request))


async def status_csv(request: Request) -> Response:
    """Give how far the figures are complete as CSV, in one row."""
    body = _status(request)
    row = ["" if each is None else each for each in body.values()]
    return tagged_csv(request, Table(body, list(body), [row]))


def _status(request: Request) -> dict[str, object]:
    fresh = parts(request).figures.freshness
    at = None if fresh.accepted_at is None else fresh.accepted_at.isoformat()
    body: dict[str, object] = {
        "version": fresh.version,
        "complete_to": fresh.complete_to,
        "accepted_to": fresh.accepted_to,
    }
    body |= {"accepted_at": at, "waiting": fresh.waiting, "refused": fresh.refused, "withheld": fresh.withheld}
    return body


async def _rates(request: Request, found: Session, period: str | None, *, as_csv: bool) -> Response:
    asked = period_of(period)

    async def made() -> Table:
        numbers = [each.number for each in visible_figures(found.account.role)]
        report = await parts(request).figures.report(asked.period, (), numbers)
        rows = []
        for each in cohorts_and_rates.rates({reading.number: reading for reading in report.figures}):
            defined = rates_as_told.plain_definition(each.variant)
            rows.append(rates_as_told.plain(each) | {"name": defined["name"], "counts": defined["counts"]})
        body = {"rates": rows, "complete_to": report.complete_to, "withheld": report.withheld}
        lang = language(request).value
        lines = [[row["name"][lang] if name == "name" else row[name] for name in _RATE_COLUMNS] for row in rows]
        return Table(body, _RATE_COLUMNS, lines)

    return await answer(request, found.account, made, as_csv=as_csv)


async def _grid(request: Request, found: Session, period: str | None, *, as_csv: bool) -> Response:
    asked, needed = parse_months(period), parts(request)
    whole = months(asked.period)
    if not whole or (whole[0].first, whole[-1].last) != (asked.period.first, asked.period.last):
        raise WrongQuestion(parameter="period")

    async def made() -> Table:
        publishing_grid = await needed.figures.publishing_grid(asked.period, needed.today())
        if not reads_exact(found):
            publishing_grid = publishing_grid.without_amounts()
        told = grid_as_told.plain(publishing_grid, ())
        told.pop("accepted")
        told["protected"] = publishing_grid.protected
        body = {"period": str(asked.period), "judged_on": needed.today().isoformat(), **told}
        lang = language(request)
        rows = [
            (
                *(row.agency, agency_name(lang, row.agency, asked.period), cell.month, cell.standing.value),
                "" if publishing_grid.protected else cell.events,
            )
            for row in publishing_grid.rows
            for cell in row.months
        ]
        return Table(body, _GRID_COLUMNS, rows)

    return await answer(request, found.account, made, as_csv=as_csv)
