"""The page of measures: cohorts, rates, the time to record, completeness, and what the figures leave out."""

from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import Depends, Request
from fastapi.responses import Response

from schemas.times import Period
from services.presentation.grid import plain_lag
from services.presentation.terms import UNITS
from services.reporting.domain.claims import EACH, NUMBER, claims_in
from services.reporting.domain.figures import FIGURES
from services.reporting.domain.rates import RATES
from services.reporting.domain.reading import Reading
from services.web.api.asking import typed
from services.web.api.page import page, short, word
from services.web.api.parts import Parts, language, parts, session
from services.web.domain import measures as worked_out
from services.web.domain.account import Account, Session
from services.web.domain.charts import Chart, bars, dots
from services.web.domain.roles import seen, sees
from services.web.domain.words import Language

_ANSWERS, _MISSING = "R9a", "R9b"
_FIELD: Final = ("field",)


async def measures(
    request: Request, found: Annotated[Session, Depends(session)], period: str | None = None
) -> Response:
    """Show how far cohorts come, every declared rate, and how complete the records are."""
    asked, needed, account, lang = typed(period), parts(request), found.account, language(request)
    readings = await read(needed, account, asked.period)
    cohorts = worked_out.cohorts(readings)
    silence = await needed.figures.silence(asked.period, needed.today())
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
        lags=[plain_lag(each) for each in silence.lags if each.facts],
        fields=await _completeness(needed, account, asked.period),
        left_out=worked_out.left_out(readings.values()),
        contested=await _contested(needed, account, asked.period, readings),
    )


async def read(needed: Parts, account: Account, period: Period) -> Mapping[str, Reading]:
    """Read all figures that an account may see, without breakdowns."""
    numbers = [each.number for each in seen(account.role)]
    report = await needed.figures.report(period, (), numbers)
    return {each.number: each for each in report.figures}


def _chart(lang: Language, cohort: worked_out.Cohort, period: Period) -> Chart | None:
    title = short(lang, cohort.whole.number)
    unit = getattr(UNITS[cohort.whole.unit], lang.value)
    said = word(lang, "cohort_of", title=title, period=period, unit=unit)
    stages = [(short(lang, each.number), each.amount) for each in (cohort.whole, *cohort.stages)]
    drawn = dots(lang, said, stages)
    return drawn or bars(lang, said, [(label, number, str(number)) for label, number in stages])


async def _completeness(needed: Parts, account: Account, period: Period) -> list[tuple[str, int, int]]:
    """Give each core field of victims' records with how often it was asked for and how often it is missing."""
    if not all(sees(account.role, FIGURES[number]) for number in (_ANSWERS, _MISSING)):
        return []
    rows = (await needed.figures.report(period, _FIELD, [_ANSWERS, _MISSING])).figures
    amounts = {(each.number, each.dimensions["field"]): each.amount for each in rows}
    fields = [field for number, field in amounts if number == _ANSWERS]
    return [(field, amounts[_ANSWERS, field], amounts.get((_MISSING, field), 0)) for field in fields]


async def _contested(
    needed: Parts, account: Account, period: Period, readings: Mapping[str, Reading]
) -> list[worked_out.Contested]:
    claims = claims_in((await needed.figures.report(period, EACH, [NUMBER])).figures)
    return worked_out.contested(claims, readings.values(), {each.number: each for each in seen(account.role)})
