"""Pages of the annual report, and its files."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import Response

from schemas.times import Period
from services.presentation.report_2024_numbers import YEAR
from services.report.file_formats import ReportFormat, file_name
from services.web.api.dependencies import language, parts, session
from services.web.api.figure_question import NoPage
from services.web.api.page import page
from services.web.domain.account_rules import Session

_FIRST: int = Period.parse(YEAR).first.year
"""First year with a report: that of the printed one."""


async def years(request: Request, found: Annotated[Session, Depends(session)]) -> Response:
    """Show the list of years with a report."""
    return page(request, "reports.html", found, years=list(_years(request)))


async def report(request: Request, found: Annotated[Session, Depends(session)], year: int) -> Response:
    """Show the report of a year, as it is known now."""
    _known(request, year)
    needed = parts(request)
    made = await needed.reports.page(year, language(request), needed.today())
    return page(request, "report.html", found, year=year, made=made, forms=list(ReportFormat))


async def file(
    request: Request, found: Annotated[Session, Depends(session)], year: int, form: ReportFormat
) -> Response:
    """Answer with the report of a year as a file, or with the page that asks to wait while it is being made."""
    _known(request, year)
    needed, lang = parts(request), language(request)
    made = await needed.reports.page(year, lang, needed.today())
    content = None if made is None else await needed.reports.file(year, lang, needed.today(), form)
    if made is None or content is None:
        return page(request, "report.html", found, year=year, made=None, forms=list(ReportFormat))
    name = file_name(made.document, form)
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=form.media_type, headers=headers)


def _years(request: Request) -> range:
    return range(_FIRST, parts(request).today().year + 1)


def _known(request: Request, year: int) -> None:
    if year not in _years(request):
        raise NoPage
