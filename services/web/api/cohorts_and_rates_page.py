"""The page of measures: cohorts, rates, time to record, complete fields, contested claims, and facts left out."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Final

from fastapi import Depends, Request
from fastapi.responses import Response

from schemas.times import Period
from services.charts.domain import Chart, bars, dots
from services.presentation.completeness_grid import plain_lag
from services.presentation.declaration_terms import UNITS
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.rates import RATES
from services.reporting.domain.read.claims_beside_figures import EACH, NUMBER, ClaimBeside, claims_in
from services.reporting.domain.read.reading import Reading
from services.reporting.read.queries import Question
from services.web.api.dependencies import Parts, language, parts, session
from services.web.api.figure_question import by_months, typed
from services.web.api.page import page, short, word
from services.web.domain import cohorts_and_rates as worked_out
from services.web.domain.account_rules import Account, Session
from services.web.domain.page_texts import Language
from services.web.domain.roles import may_see_figure, visible_figures

_ANSWERS, _MISSING = "R9a", "R9b"
_FIELD: Final = ("field",)


async def measures(
    request: Request, found: Annotated[Session, Depends(session)], period: str | None = None
) -> Response:
    """Show how many of each cohort reach each stage, every declared rate, and how complete the records are."""
    asked, needed, account, lang = by_months(typed(period)), parts(request), found.account, language(request)
    readings, fields, claims = await _read(needed, account, asked.period)
    cohorts = worked_out.cohorts(readings)
    publishing_grid = await needed.figures.publishing_grid(asked.period, needed.today())
    key = (needed.figures.freshness.state, "cohort", str(asked.period), lang)
    charts = await needed.charts.all(key, {each.whole.number: _chart(lang, each, asked.period) for each in cohorts})
    return page(
        request,
        "measures.html",
        found,
        status=400 if asked.wrong else 200,
        asked=asked,
        cohorts=[(each, charts[each.whole.number]) for each in cohorts],
        rates=worked_out.rates(readings),
        definitions=RATES,
        lags=[plain_lag(each) for each in publishing_grid.lags if each.facts],
        fields=_completeness(fields),
        left_out=worked_out.readings_with_omissions(readings.values()),
        contested=await _contested(needed, account, claims_in(claims)),
    )


async def _contested(needed: Parts, account: Account, claims: Sequence[ClaimBeside]) -> Sequence[worked_out.Contested]:
    """Return the claims of documents about figures that the account may see, each beside the amount from events.

    The amount is that of the same figure, period and row. A claim's row is one combination of dimensions.
    """
    visible = {each.number: each for each in visible_figures(account.role)}
    asked: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for each in claims:
        by = worked_out.breakdown_of(each, visible[each.number]) if each.number in visible else None
        if by is not None and each.number not in asked.setdefault((each.period, by), []):
            asked[each.period, by].append(each.number)
    questions = [Question(Period.parse(period), by, tuple(numbers)) for (period, by), numbers in asked.items()]
    read = await needed.figures.reports(questions) if questions else []
    return worked_out.contested(claims, [each for report in read for each in report.figures], visible)


async def _read(
    needed: Parts, account: Account, period: Period
) -> tuple[Mapping[str, Reading], Sequence[Reading], Sequence[Reading]]:
    """Read (figures by number, completeness of fields, claims) that an account may see, all from one snapshot."""
    visible = [each.number for each in visible_figures(account.role)]
    fields = (
        (_ANSWERS, _MISSING)
        if all(may_see_figure(account.role, FIGURES[each]) for each in (_ANSWERS, _MISSING))
        else ()
    )
    questions = [Question(period, (), tuple(visible)), Question(period, EACH, (NUMBER,))]
    questions += [Question(period, _FIELD, fields)] if fields else []
    whole, claims, *by_field = await needed.figures.reports(questions)
    rows = by_field[0].figures if by_field else ()
    return {each.number: each for each in whole.figures}, rows, claims.figures


def _chart(lang: Language, cohort: worked_out.Cohort, period: Period) -> Chart | None:
    title = short(lang, cohort.whole.number)
    unit = getattr(UNITS[cohort.whole.unit], lang.value)
    said = word(lang, "cohort_of", title=title, period=period, unit=unit)
    stages = [(short(lang, each.number), each.amount) for each in (cohort.whole, *cohort.stages)]
    drawn = dots(lang, said, stages)
    return drawn or bars(lang, said, [(label, number, str(number)) for label, number in stages])


def _completeness(rows: Sequence[Reading]) -> list[tuple[str, int, int]]:
    """Return (field, times asked for, times missing) for each core field of victims' records."""
    amounts = {(each.number, each.dimensions["field"]): each.amount for each in rows}
    fields = [field for number, field in amounts if number == _ANSWERS]
    return [(field, amounts[_ANSWERS, field], amounts.get((_MISSING, field), 0)) for field in fields]
