"""The page of one figure: its amount, breakdown, months and years, each as a table and, where it helps, a chart."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from schemas.times import Period
from services.charts.domain import DISTRICTS, Chart, Point, bars, columns, tiles
from services.presentation.declaration_terms import DIMENSIONS
from services.presentation.labels import label_in
from services.presentation.overlapping_row_warnings import overlapping
from services.presentation.period_parsing import SeriesLength, period_text, series
from services.presentation.report_2024_numbers import PRINTED, YEAR
from services.reporting.domain.declaration.figure import Figure, Reader
from services.reporting.domain.read.reading import Reading
from services.reporting.read.queries import Edition, Question
from services.web.api.dependencies import Parts, check_form_origin, language, parts, session
from services.web.api.figure_question import WrongQuestion, breakdown, cut_to, figure_of, typed
from services.web.api.page import amount, goes_on, month_name, page, title, word
from services.web.api.past_day_edition import past_day_of, request_edition
from services.web.api.why_page import may_ask_why
from services.web.domain.account_rules import Session
from services.web.domain.page_texts import Language

_BY_MONTH: Final = frozenset({Reader.SUM})
"""Readers whose monthly amounts add up to the year's."""
_YEARS: Final = 7
"""Number of years in the trend."""
_MOST_MONTHS: Final = 36
"""Largest number of months on the page. A longer period has the years' trend only."""
_DISTRICT: Final = ("district",)


@dataclass(frozen=True, slots=True)
class Year:
    """A year of the trend.

    `reading`: as known now. `then`: as known at the end of the chosen day. `first`: the number in the printed report.
    `breaks`: a new version of the definition begins in this year. `going_on`: the year has not ended.
    """

    reading: Reading
    then: Reading | None
    first: int | None
    breaks: bool
    going_on: bool


async def figure(
    request: Request,
    found: Annotated[Session, Depends(session)],
    number: str,
    *,
    period: str | None = None,
    by: str | None = None,
    as_of: str | None = None,
    known_at: str | None = None,
) -> Response:
    """Show one figure as known now, or as known at the end of the day `known_at`; of events up to the day `as_of`."""
    chosen, needed, lang = figure_of(number, found.account), parts(request), language(request)
    asked, until = cut_to(typed(period), as_of)
    names, then = breakdown(chosen, by), await past_day_of(needed, known_at)
    figures, edition = needed.figures, then.edition
    [now] = (await figures.report(asked.period, (), [number])).figures
    [whole] = (await figures.report(asked.period, (), [number], edition)).figures
    told = (await figures.report(asked.period, names, [number], edition)).figures if names else ()
    rows = sorted([*told, *_districts_without_row(names, told)], key=lambda each: -(each.value or 0))
    months = await _months(needed, chosen, asked.period, edition) if chosen.reader in _BY_MONTH else []
    years = await _years(needed, chosen, asked.period, edition)
    drawn = {
        "breakdown": _breakdown_chart(lang, chosen, asked.period, names, rows),
        "months": _month_chart(lang, chosen, asked.period, months),
        "years": _year_chart(lang, chosen, years),
    }
    key = (figures.freshness.state, number, str(asked.period), names, needed.today(), edition, lang)
    return page(
        request,
        "figure.html",
        found,
        may_ask_why=may_ask_why(found.account),
        status=400 if asked.wrong or then.typed.wrong or until.wrong else 200,
        asked=asked,
        until=until,
        then=then,
        figure=chosen,
        now=now,
        whole=whole,
        by=",".join(names),
        names=names,
        rows=rows,
        months=months,
        twice={"rows": overlapping(rows, [whole], lang), "months": overlapping(months, [whole], lang)},
        years=years,
        charts=await needed.charts.all(key, drawn),
    )


async def ask_known(
    request: Request,
    found: Annotated[Session, Depends(session)],
    number: str,
    form_token: Annotated[str, Form()],
    known_at: Annotated[str, Form(max_length=20)],
    *,
    period: Annotated[str, Form(max_length=40)] = "",
    by: Annotated[str, Form(max_length=200)] = "",
    as_of: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Request the edition of a past day, and redirect to the figure's page, which will show the edition.

    Raises `WrongQuestion` if the period is wrong.
    """
    check_form_origin(request, form_token)
    chosen = figure_of(number, found.account)
    if typed(period).wrong:
        raise WrongQuestion(parameter="period")
    breakdown(chosen, by)
    if refused := await request_edition(request, found, known_at):
        return refused
    query = {"period": period, "by": by, "as_of": as_of, "known_at": known_at}
    where = urlencode({name: value for name, value in query.items() if value})
    return RedirectResponse(f"/figures/{chosen.number}?{where}", status_code=303)


async def _months(needed: Parts, chosen: Figure[Any], period: Period, edition: Edition | None) -> list[Reading]:
    whole = list(series(period, SeriesLength.MONTH))
    if not 1 < len(whole) <= _MOST_MONTHS:
        return []
    reports = await needed.figures.reports([Question(each, (), (chosen.number,)) for each in whole], edition)
    return [reading for report in reports for reading in report.figures]


async def _years(needed: Parts, chosen: Figure[Any], period: Period, edition: Edition | None) -> list[Year]:
    """Return the seven years of the trend, which ends at most three years after the period and not after this year."""
    today = needed.today()
    last = max(period.last.year, min(today.year, period.last.year + _YEARS // 2))
    years = [Period.parse(str(year)) for year in range(last - _YEARS + 1, last + 1)]
    questions = [Question(each, (), (chosen.number,)) for each in years]
    now = await needed.figures.reports(questions)
    then = [] if edition is None else await needed.figures.reports(questions, edition)
    return [
        Year(
            reading=report.figures[0],
            then=earlier.figures[0] if earlier else None,
            first=_first_published(chosen, year.first.year),
            breaks=chosen.version > 1 and chosen.valid_from.year == year.first.year,
            going_on=goes_on(today, year),
        )
        for year, report, earlier in zip_longest(years, now, then)
    ]


def _districts_without_row(names: Sequence[str], rows: Sequence[Reading]) -> list[Reading]:
    """Return a row of 0 for each district of which nothing was counted; none if no district has a row.

    The tile map shows all districts, and the table beside it says the same of each.
    """
    shown = {each.dimensions.get("district") for each in rows}
    if tuple(names) != _DISTRICT or shown.isdisjoint(DISTRICTS):
        return []
    any_row = rows[0]
    return [
        Reading(any_row.figure, any_row.period, {"district": code}, 0, today=any_row.today)
        for code in DISTRICTS
        if code not in shown
    ]


def _first_published(chosen: Figure[Any], year: int) -> int | None:
    """Return the figure's number in the printed report; None for years other than 2024, the only report so far."""
    if str(year) != YEAR:
        return None
    return next((each.value for each in PRINTED if each.number == chosen.number and not each.dimensions), None)


def _breakdown_chart(
    lang: Language, chosen: Figure[Any], period: Period, names: Sequence[str], rows: Sequence[Reading]
) -> Chart | None:
    if not names:
        return None
    by = " × ".join(str(getattr(DIMENSIONS[name], lang.value)) for name in names)
    said = word(lang, "by_title", title=title(lang, chosen), by=by, period=period_text(period))
    if tuple(names) == _DISTRICT and (
        drawn := tiles(lang, said, {each.dimensions["district"]: (each.amount, amount(lang, each)) for each in rows})
    ):
        return drawn
    return bars(lang, said, [(_labels(lang, each), each.value or 0, amount(lang, each)) for each in rows])


def _labels(lang: Language, reading: Reading) -> str:
    dimensions = reading.dimensions.items()
    return ", ".join(
        str(getattr(label_in(reading.period, reading.number, name, value), lang.value)) for name, value in dimensions
    )


def _month_chart(lang: Language, chosen: Figure[Any], period: Period, months: Sequence[Reading]) -> Chart | None:
    said = word(lang, "months_title", title=title(lang, chosen), period=period_text(period))
    several = len({each.period.first.year for each in months}) > 1
    return columns(
        lang,
        said,
        [
            Point(
                month_name(lang, each.period) + (f" {each.period.first:%y}" if several else ""),
                each.value or 0,
                amount(lang, each),
                going_on=each.today is not None and goes_on(each.today, each.period),
            )
            for each in months
        ],
    )


def _year_chart(lang: Language, chosen: Figure[Any], years: Sequence[Year]) -> Chart | None:
    points = [
        Point(
            str(each.reading.period),
            each.reading.value or 0,
            amount(lang, each.reading),
            first=each.first,
            breaks=each.breaks,
            going_on=each.going_on,
        )
        for each in years
    ]
    return columns(lang, word(lang, "trend_title", title=title(lang, chosen)), points)
