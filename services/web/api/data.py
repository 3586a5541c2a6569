"""Figures as JSON and CSV, at addresses that stay. The same accounts see the same figures as on the pages."""

import csv
from collections.abc import Sequence
from io import StringIO
from typing import Annotated, Any, Final

from fastapi import Depends, Request
from fastapi.responses import JSONResponse, Response

from services.presentation.amounts import plain
from services.presentation.titles import TITLES
from services.reporting.domain.figure import Figure
from services.reporting.domain.reading import Reading
from services.web.api.asking import WrongQuestion, breakdown, figure_of, typed
from services.web.api.page import notes, value_label
from services.web.api.parts import language, parts, session
from services.web.domain.account import Account, Session
from services.web.domain.roles import seen

_SUFFIX: Final = ".csv"


async def figures(request: Request, found: Annotated[Session, Depends(session)], period: str | None = None) -> Response:
    """Give all figures of a period that the account may see."""
    return await _answer(request, found.account, seen(found.account.role), period=period, as_csv=False)


async def figures_csv(
    request: Request, found: Annotated[Session, Depends(session)], period: str | None = None
) -> Response:
    """Give the same as CSV, one row for each figure."""
    return await _answer(request, found.account, seen(found.account.role), period=period, as_csv=True)


async def figure(
    request: Request,
    found: Annotated[Session, Depends(session)],
    number: str,
    period: str | None = None,
    by: str | None = None,
) -> Response:
    """Give one figure, broken down where that is asked for; as CSV where its number ends with `.csv`."""
    chosen = figure_of(number.removesuffix(_SUFFIX), found.account)
    return await _answer(
        request, found.account, [chosen], by=breakdown(chosen, by), period=period, as_csv=number.endswith(_SUFFIX)
    )


async def definitions(found: Annotated[Session, Depends(session)]) -> Response:
    """Give the definitions of the figures that the account may see."""
    return JSONResponse({"definitions": [_definition(each) for each in seen(found.account.role)]})


async def _answer(
    request: Request,
    account: Account,
    chosen: Sequence[Figure[Any]],
    *,
    by: Sequence[str] = (),
    period: str | None,
    as_csv: bool,
) -> Response:
    asked, needed = typed(period), parts(request).figures
    if asked.wrong:
        raise WrongQuestion(parameter="period")
    # A browser may have kept what another account saw, or another language.
    tag = f'"{needed.freshness.state}-{account.role}-{language(request)}"'
    headers = {"etag": tag, "cache-control": "private, no-cache", "vary": "Cookie, Accept-Language"}
    if request.headers.get("if-none-match") == headers["etag"]:
        return Response(status_code=304, headers=headers)
    report = await needed.report(asked.period, by, [each.number for each in chosen])
    if as_csv:
        text = _csv(report.figures, by, request)
        return Response(text, media_type="text/csv; charset=utf-8", headers=headers)
    rows = [plain(each) | {"title": TITLES[each.number]._asdict()} for each in report.figures]
    body = {"figures": rows, "complete_to": report.complete_to, "withheld": report.withheld}
    return JSONResponse(body, headers=headers)


def _csv(readings: Sequence[Reading], by: Sequence[str], request: Request) -> str:
    lang = language(request)
    file = StringIO()
    written = csv.writer(file)
    written.writerow(["number", "title", "unit", "period", *by, *(f"{name}_label" for name in by), "amount", "notes"])
    for each in readings:
        title = getattr(TITLES[each.number], lang.value)
        codes = [each.dimensions.get(name, "") for name in by]
        labels = [
            value_label(lang, each.number, name, each.dimensions[name]) if name in each.dimensions else ""
            for name in by
        ]
        amount = "" if each.value is None else each.value
        written.writerow(
            [each.number, title, each.unit.value, each.period, *codes, *labels, amount, "; ".join(notes(lang, each))]
        )
    return file.getvalue()


def _definition(figure: Figure[Any]) -> dict[str, Any]:
    return {
        "number": figure.number,
        "name": figure.name,
        "title": TITLES[figure.number]._asdict(),
        "counts": {"en": figure.en, "es": figure.es},
        "unit": figure.unit.value,
        "breakdowns": [list(each) for each in figure.breakdowns if each],
        "version": figure.version,
        "valid_from": figure.valid_from.isoformat(),
    }
