"""Figures as XLSX workbooks: the amounts of the page, and a sheet with the definitions."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, time
from typing import Annotated, Any, Final

from fastapi import Depends, Request
from fastapi.responses import Response

from schemas.times import BELIZE
from services.export.figure_workbook import workbook
from services.reporting.domain.declaration.figure import Figure
from services.web.api.data.answer import edition_of, period_of
from services.web.api.dependencies import language, parts, session
from services.web.api.figure_question import WrongQuestion, breakdown, cut_to, figure_of, typed_day
from services.web.domain.account_rules import Session
from services.web.domain.roles import visible_figures

_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def every(
    request: Request,
    found: Annotated[Session, Depends(session)],
    *,
    period: str | None = None,
    as_of: str | None = None,
    known_at: str | None = None,
) -> Response:
    """Answer with a workbook of all figures that the role may see."""
    chosen = visible_figures(found.account.role)
    return await _written(request, "figures", chosen, period=period, as_of=as_of, known_at=known_at)


async def one(
    request: Request,
    found: Annotated[Session, Depends(session)],
    number: str,
    *,
    period: str | None = None,
    by: str | None = None,
    as_of: str | None = None,
    known_at: str | None = None,
) -> Response:
    """Answer with a workbook of one figure, broken down by `by`."""
    chosen = figure_of(number, found.account)
    names = breakdown(chosen, by)
    return await _written(request, number, [chosen], by=names, period=period, as_of=as_of, known_at=known_at)


async def _written(
    request: Request,
    name: str,
    chosen: Sequence[Figure[Any]],
    *,
    by: Sequence[str] = (),
    period: str | None,
    as_of: str | None,
    known_at: str | None,
) -> Response:
    needed = parts(request)
    asked, until = cut_to(period_of(period), as_of)
    if until.wrong:
        raise WrongQuestion(parameter="as_of")
    edition, day = await edition_of(needed, known_at), typed_day(known_at, needed.today()).day
    report = await needed.figures.report(asked.period, by, [each.number for each in chosen], edition)
    at = None if day is None else datetime.combine(day, time.max, BELIZE)
    content = await asyncio.to_thread(workbook, [report], by, at, language(request))
    headers = {"content-disposition": f'attachment; filename="{name}-{asked.period}.xlsx"'}
    return Response(content, media_type=_TYPE, headers=headers)
