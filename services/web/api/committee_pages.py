"""Pages for committees: home with the printed and the present numbers, all figures, the grid, and the findings."""

import asyncio
from collections.abc import Coroutine
from typing import Annotated, Any, Final, TypeVar

from fastapi import Depends, Request
from fastapi.responses import Response

from schemas.times import Period
from services.presentation.contradicting_figures import ordered
from services.presentation.report_2024_numbers import YEAR
from services.presentation.report_2024_numbers.comparison_with_figures import (
    PERIOD,
    ComparedLine,
    breakdown_of,
    breakdowns_to_read,
    compare_printed_numbers,
)
from services.reporting.domain.declaration.figure import Area
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.read.expected_reports import months
from services.reporting.read.completeness_grid import NothingCounted
from services.reporting.read.queries import FigureReport, Question
from services.web.api.dependencies import Parts, own_session, parts, reads_exact, session
from services.web.api.figure_question import by_months, typed
from services.web.api.page import page
from services.web.api.why_page import may_ask_why
from services.web.domain.account_rules import Session
from services.web.domain.roles import Part, Role, may_open, may_see_figure, visible_figures

T = TypeVar("T")

SOON_SECONDS: Final = 0.5
"""Longest wait of the home page for findings and grid, so that it opens within a second after a new event."""


async def home(request: Request, found: Annotated[Session, Depends(session)], period: str | None = None) -> Response:
    """Show the figures of a period, its findings, and the number of agencies that published.

    Without a period it is the year of the printed report, whose numbers are then compared with the present ones.
    """
    needed, role, asked = parts(request), found.account.role, typed(period)
    is_printed = asked.period == PERIOD
    compared = await printed(needed) if is_printed else []
    told = [
        each
        for each in compared
        if may_see_figure(role, FIGURES[each.printed.number]) and each.printed.value is not None
    ]
    readings = () if is_printed else (await _seen_by(needed, role, asked.period)).figures
    # The first request after an event does not wait for these two: each has a page of its own.
    evaluated, publishing_grid = await asyncio.gather(
        _soon(needed.figures.findings(asked.period, needed.today()), wanted_by=may_open(role, Part.FINDINGS)),
        _soon(needed.figures.publishing_grid(asked.period, needed.today()), wanted_by=may_open(role, Part.GRID)),
    )
    late = None
    if may_open(role, Part.MATRIX):
        late = sum(each.late for each in await needed.officers.waits_by_agency(own_session(request), needed.now()))
    return page(
        request,
        "home.html",
        found,
        late=late,
        status=400 if asked.wrong else 200,
        asked=asked,
        year=YEAR,
        is_printed=is_printed,
        readings=readings,
        lines=told,
        figures=FIGURES,
        breakdown_of=breakdown_of,
        is_empty=not any(line.computed for line in told),
        moved=sum(line.agrees is False for line in told),
        may_ask_why=may_ask_why(found.account),
        opens=lambda name: may_open(role, Part(name)),
        told_findings=None if evaluated is None else ordered(evaluated.findings),
        publishing_grid=publishing_grid,
        publishing=None if publishing_grid is None else sum(row.events > 0 for row in publishing_grid.rows),
    )


async def _seen_by(needed: Parts, role: Role, period: Period) -> FigureReport:
    return await needed.figures.report(period, (), [each.number for each in visible_figures(role)])


async def _soon(asked: Coroutine[Any, Any, T], *, wanted_by: bool) -> T | None:
    """Return the answer of the coroutine `asked`; None if it takes longer than `SOON_SECONDS`.

    None, too, if no version of the figures has counted everything. None without a computation if `wanted_by` is False:
    the role may not see the answer. An answer that comes too late is cached for the next request.
    """
    if not wanted_by:
        asked.close()
        return None
    try:
        return await asyncio.wait_for(asked, SOON_SECONDS)
    except (TimeoutError, NothingCounted):
        return None


async def figures(request: Request, found: Annotated[Session, Depends(session)], period: str | None = None) -> Response:
    """Show all figures that the role may see, by area of the strategy."""
    asked = typed(period)
    chosen = visible_figures(found.account.role)
    report = await _seen_by(parts(request), found.account.role, asked.period)
    readings = {reading.number: reading for reading in report.figures}
    areas = [(area, [readings[each.number] for each in chosen if each.area is area]) for area in Area]
    return page(request, "figures.html", found, status=400 if asked.wrong else 200, asked=asked, areas=areas)


async def grid(request: Request, found: Annotated[Session, Depends(session)], period: str | None = None) -> Response:
    """Show which agency published what in which month, and what is missing."""
    asked, needed = by_months(typed(period)), parts(request)
    whole = months(asked.period)
    wrong = asked.wrong or not whole or (whole[0].first, whole[-1].last) != (asked.period.first, asked.period.last)
    publishing_grid = await needed.figures.publishing_grid(PERIOD if wrong else asked.period, needed.today())
    if not reads_exact(found):
        publishing_grid = publishing_grid.without_amounts()
    return page(
        request,
        "grid.html",
        found,
        status=400 if wrong else 200,
        asked=asked,
        wrong=wrong,
        publishing_grid=publishing_grid,
    )


async def findings(
    request: Request, found: Annotated[Session, Depends(session)], period: str | None = None
) -> Response:
    """Show the findings between figures of a period. Their texts name figures and agencies, never a person."""
    asked, needed = by_months(typed(period)), parts(request)
    told = await needed.figures.findings(asked.period, needed.today())
    status = 400 if asked.wrong else 200
    return page(
        request,
        "findings.html",
        found,
        status=status,
        asked=asked,
        findings=ordered(told.findings),
        may_ask_why=may_ask_why(found.account),
    )


async def printed(needed: Parts) -> list[ComparedLine]:
    """Return the printed numbers of the report's year, each beside the figure of the same year."""
    reports = await needed.figures.reports(
        [Question(PERIOD, by, tuple(numbers)) for by, numbers in breakdowns_to_read()]
    )
    return compare_printed_numbers(reading for report in reports for reading in report.figures)
