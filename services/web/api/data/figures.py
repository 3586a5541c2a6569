"""Data routes for figures and their definitions."""

from collections.abc import Sequence
from typing import Annotated, Any, Final

from fastapi import Depends, Query, Request
from fastapi.responses import Response

from services.presentation.figure_amounts import plain
from services.presentation.figure_titles import TITLES
from services.reporting.domain.declaration.figure import Figure
from services.reporting.domain.read.reading import Reading
from services.web.api.data.answer import LONGEST_PAGE, Table, answer, edition_of, page_of_rows, period_of
from services.web.api.data.protected_figures import protected_csv, protected_json_response
from services.web.api.dependencies import NotExact, language, parts, session
from services.web.api.figure_question import WrongQuestion, breakdown, cut_to, figure_of
from services.web.api.page import notes, value_label
from services.web.domain.account_rules import Session
from services.web.domain.page_texts import Language
from services.web.domain.roles import visible_figures

Found = Annotated[Session, Depends(session)]
Period = Annotated[
    str | None, Query(description="2024, 2024-Q1, FY2024, 2024-03, 2024-03-08, or two of these joined by `..`.")
]
By = Annotated[str | None, Query(description="A breakdown of the figure: its dimensions joined by commas.")]
KnownAt = Annotated[
    str | None,
    Query(
        description="A day that is over, as 2025-03-31: the figures as known at its end. Ask for it on a page first."
    ),
]
AsOf = Annotated[str | None, Query(description="A time with its offset, such as 2024-03-01T18:00:00-06:00.")]
FigureAsOf = Annotated[
    str | None, Query(description="A day of the period, as 2024-06-30: only what had happened by its end.")
]
Limit = Annotated[int | None, Query(description=f"Rows of one page: 1 to {LONGEST_PAGE}.")]
Cursor = Annotated[str | None, Query(description="`next` of the page before.")]
_DEFINED: Final = ("number", "name", "title", "counts", "unit", "breakdowns", "version", "valid_from")
_FIRST: Final = ("number", "title", "unit", "period")


async def figures(
    request: Request,
    found: Found,
    *,
    period: Period = None,
    as_of: FigureAsOf = None,
    known_at: KnownAt = None,
    limit: Limit = None,
    cursor: Cursor = None,
) -> Response:
    """All figures of a period that the account may see.

    A token without the right to exact amounts gets those that the role `me_read` sees; so it is with each figure.
    """
    chosen = visible_figures(found.account.role)
    return await _figures(
        request, found, chosen, period=period, as_of=as_of, known_at=known_at, limit=limit, cursor=cursor
    )


async def figures_csv(
    request: Request, found: Found, *, period: Period = None, as_of: FigureAsOf = None, known_at: KnownAt = None
) -> Response:
    """All figures of a period as CSV, one row for each figure."""
    chosen = visible_figures(found.account.role)
    return await _figures(request, found, chosen, period=period, as_of=as_of, known_at=known_at, as_csv=True)


async def figure(
    request: Request,
    found: Found,
    number: str,
    *,
    period: Period = None,
    by: By = None,
    as_of: FigureAsOf = None,
    known_at: KnownAt = None,
    limit: Limit = None,
    cursor: Cursor = None,
) -> Response:
    """One figure, broken down where that is asked for."""
    chosen = figure_of(number, found.account)
    names = breakdown(chosen, by)
    return await _figures(
        request, found, [chosen], by=names, period=period, as_of=as_of, known_at=known_at, limit=limit, cursor=cursor
    )


async def figure_csv(
    request: Request,
    found: Found,
    number: str,
    *,
    period: Period = None,
    by: By = None,
    as_of: FigureAsOf = None,
    known_at: KnownAt = None,
) -> Response:
    """One figure as CSV, one row for each combination of dimensions."""
    chosen = figure_of(number, found.account)
    return await _figures(
        request, found, [chosen], by=breakdown(chosen, by), period=period, as_of=as_of, known_at=known_at, as_csv=True
    )


async def definitions(request: Request, found: Found, limit: Limit = None, cursor: Cursor = None) -> Response:
    """Definitions of the figures that the account may see."""
    return await _definitions(request, found, limit, cursor)


async def definitions_csv(request: Request, found: Found) -> Response:
    """Definitions of the figures that the account may see as CSV, in the reader's language."""
    return await _definitions(request, found, as_csv=True)


async def _definitions(
    request: Request, found: Session, limit: int | None = None, cursor: str | None = None, *, as_csv: bool = False
) -> Response:
    every = [_definition(each) for each in visible_figures(found.account.role)]

    async def made() -> Table:
        shown, more = page_of_rows(request, every, limit, cursor)
        lang = language(request).value
        rows = [
            each
            | {name: each[name][lang] for name in ("title", "counts")}
            | {"breakdowns": "; ".join(",".join(names) for names in each["breakdowns"])}
            for each in every
        ]
        lines = [[row[name] for name in _DEFINED] for row in rows]
        return Table({"definitions": shown, "next": more}, _DEFINED, lines)

    return await answer(request, found.account, made, as_csv=as_csv)


async def _figures(
    request: Request,
    found: Session,
    chosen: Sequence[Figure[Any]],
    *,
    by: Sequence[str] = (),
    period: str | None,
    as_of: str | None = None,
    known_at: str | None = None,
    limit: int | None = None,
    cursor: str | None = None,
    as_csv: bool = False,
) -> Response:
    needed = parts(request)
    asked, until = cut_to(period_of(period), as_of)
    if until.wrong:
        raise WrongQuestion(parameter="as_of")
    header = [*_FIRST, *by, *(f"{name}_label" for name in by), "amount", "notes"]
    if not found.exact:
        if as_of or known_at:  # there are no protected values of past states
            raise NotExact
        if as_csv:
            return await protected_csv(request, chosen, asked.period, by, header)
        return await protected_json_response(request, chosen, asked.period, by, (limit, cursor))
    edition = await edition_of(needed, known_at)

    async def made() -> Table:
        report = await needed.figures.report(asked.period, by, [each.number for each in chosen], edition)
        shown, more = page_of_rows(request, report.figures, limit, cursor)
        rows = [plain(each) | {"title": TITLES[each.number]._asdict()} for each in shown]
        complete = {"complete_to": report.complete_to, "withheld": report.withheld, "protected": False}
        return Table(
            {"figures": rows, "next": more} | complete,
            header,
            [_row(language(request), each, by) for each in report.figures],
        )

    return await answer(request, found.account, made, as_csv=as_csv)


def _row(lang: Language, reading: Reading, by: Sequence[str]) -> list[object]:
    codes = [reading.dimensions.get(name, "") for name in by]
    labels = [
        value_label(lang, reading.number, name, reading.dimensions[name], reading.period)
        if name in reading.dimensions
        else ""
        for name in by
    ]
    title = getattr(TITLES[reading.number], lang.value)
    amount = "" if reading.value is None else reading.value
    kept = [reading.number, title, reading.unit.value, reading.period]
    return [*kept, *codes, *labels, amount, "; ".join(notes(lang, reading))]


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
