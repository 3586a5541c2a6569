"""The page of prevention: figures of training, awareness, inspections and media, and the strategy's indicators."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Annotated, Any, Final, NamedTuple

from fastapi import Depends, Request
from fastapi.responses import Response
from markupsafe import Markup

from schemas.times import Period
from services.charts.domain import Chart, bars
from services.presentation.plan_texts import NOTES, STANDINGS, dollars, unit_text
from services.reporting.domain.declaration.figure import Area, Figure
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.read import progress_against_plan
from services.reporting.domain.read import strategy_plan as planning
from services.reporting.domain.read.progress_against_plan import Money, PlannedIndicator
from services.reporting.domain.read.reading import Reading
from services.reporting.read.queries import Question
from services.web.api.dependencies import Parts, language, parts, session
from services.web.api.figure_question import typed
from services.web.api.page import amount, page, title, value_label, word
from services.web.domain.account_rules import Session
from services.web.domain.page_texts import Language
from services.web.domain.roles import may_see_figure

GROUPS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "training": ("M1", "M12a", "M2", "M3", "M4", "M5a", "M5b", "M7a", "M7b", "M15b"),
        "awareness": ("M8", "M11a", "M11b", "M15c", "M16"),
        "media": ("M9a", "M9b", "M9c"),
        "inspections": ("O27a", "O27b", "O27c", "O27d", "O27e", "O27f"),
        "projects": ("M10a", "M10b", "M13", "M14", "M15a"),
    }
)
"""Topics of the page, each with the numbers of its figures, in order."""
DRAWN: Final = (("training", "M12b", "district"), ("training", "M1", "audience"), ("inspections", "O27a", "district"))
"""Breakdowns that are shown as chart and table: (topic, figure's number, dimension)."""
_MONEY: Final = (progress_against_plan.PLANNED, progress_against_plan.SPENT)


class Drawn(NamedTuple):
    """A breakdown with its chart. `titled`: the figure whose title is shown, which is the whole of a partial figure."""

    number: str
    titled: Figure[Any]
    dimension: str
    rows: Sequence[Reading]
    chart: Markup


class Objective(NamedTuple):
    """An objective of the plan, or a whole area if `number` is None: its name, figures, indicators and budget."""

    number: str | None
    name: str
    figures: Sequence[Reading]
    indicators: Sequence[PlannedIndicator]
    money: Money | None


class Strategy(NamedTuple):
    """Indicators and budgets of a period, and the readings of the plan's figures by number."""

    indicators: Sequence[PlannedIndicator]
    money: Sequence[Money]
    figures: Mapping[str, Reading]


PLAN_FORM: Final = """\
objectives:
  - id: "2.1"
    area: prevention
    en: Name of the objective in English
    es: Nombre del objetivo en español
    figures: [M1, M2, M12a]
    valid_from: 2023-01-01
indicators:
  - id: "2.1.1"
    objective: "2.1"
    en: Name of the indicator in English
    es: Nombre del indicador en español
    unit: persons
    baseline: 0
    target: 100
    figure: M1
    valid_from: 2023-01-01
"""
"""Example of a plan's file, with one row of each kind. The page shows it while the plan is empty."""


async def prevention(
    request: Request, found: Annotated[Session, Depends(session)], period: str | None = None
) -> Response:
    """Show the figures about prevention of a period, and the strategy's objectives, indicators and budgets."""
    asked, needed, lang, role = typed(period), parts(request), language(request), found.account.role
    numbers = [number for of in GROUPS.values() for number in of if may_see_figure(role, FIGURES[number])]
    shown = [each for each in DRAWN if may_see_figure(role, FIGURES[each[1]])]
    named = [number for number in needed.plan.on(asked.period.last).figures() if may_see_figure(role, FIGURES[number])]
    # One statement for the whole page: each further one would wait for the database once more.
    questions = [
        Question(asked.period, (), tuple(numbers)),
        Question(asked.period, progress_against_plan.BY_INDICATOR, (progress_against_plan.INDICATORS,)),
        Question(asked.period, progress_against_plan.BY_OBJECTIVE, _MONEY),
        *(Question(asked.period, (dimension,), (number,)) for _, number, dimension in shown),
        *([Question(asked.period, (), tuple(named))] if named else []),
    ]
    whole, reported, money, *others = await needed.figures.reports(questions)
    broken_down, planned = others[: len(shown)], [row for report in others[len(shown) :] for row in report.figures]
    readings = {each.number: each for each in whole.figures}
    groups = [(name, [readings[number] for number in of if number in readings]) for name, of in GROUPS.items()]
    strategy = _strategy(needed, asked.period, reported.figures, money.figures, planned)
    rows = {number: report.figures for (_, number, _), report in zip(shown, broken_down, strict=True)}
    return page(
        request,
        "prevention.html",
        found,
        status=400 if asked.wrong else 200,
        asked=asked,
        groups=groups,
        drawn=await _drawn(needed, lang, asked.period, shown, rows),
        drawn_in={name: [number for topic, number, _ in DRAWN if topic == name] for name in GROUPS},
        areas=_areas(needed, lang, asked.period, strategy),
        plan_figures=strategy.figures,
        notes_of=NOTES,
        plan_form="" if needed.plan.objectives else PLAN_FORM,
        standings=STANDINGS,
        dollars=dollars,
        unit_text=unit_text,
    )


def _strategy(
    needed: Parts,
    period: Period,
    reported: Sequence[Reading],
    money: Sequence[Reading],
    counts: Sequence[Reading],
) -> Strategy:
    """Return indicators and budgets, from the readings of the reports about them and of the plan's figures."""
    planned, spent = ([row for row in money if row.number == number] for number in _MONEY)
    counted = {row.number: row.value for row in counts}
    return Strategy(
        progress_against_plan.indicators(needed.plan, period.last, reported, counted),
        progress_against_plan.budgets(planned, spent),
        {row.number: row for row in counts},
    )


async def _drawn(
    needed: Parts,
    lang: Language,
    period: Period,
    shown: Sequence[tuple[str, str, str]],
    rows: Mapping[str, Sequence[Reading]],
) -> list[Drawn]:
    """Return the breakdowns, with one wait for all their charts."""
    key = (needed.figures.freshness.state, "prevention", str(period), lang)
    charts = await needed.charts.all(
        key, {number: _chart(lang, period, number, dimension, rows[number]) for _, number, dimension in shown}
    )
    return [
        Drawn(number, FIGURES[FIGURES[number].part_of or number], dimension, rows[number], charts[number])
        for _, number, dimension in shown
    ]


def _chart(lang: Language, period: Period, number: str, dimension: str, rows: Sequence[Reading]) -> Chart | None:
    named = [
        (value_label(lang, number, dimension, row.dimensions[dimension], period), row.value or 0, amount(lang, row))
        for row in rows
        if dimension in row.dimensions
    ]
    return bars(lang, f"{title(lang, FIGURES[number])}, {period}", named)


def _areas(needed: Parts, lang: Language, period: Period, strategy: Strategy) -> list[tuple[str, list[Objective]]]:
    """Return (area's code, its objectives) for each area of the strategy, with figures, indicators and budgets."""
    rows = {row.id: row for row in needed.plan.on(period.last).objectives}
    found = []
    for area in Area:
        numbers = dict.fromkeys(
            [
                *(number for number, row in rows.items() if row.area.value == area),
                *(line.objective for line in strategy.indicators if line.area == area),
                *(row.objective for row in strategy.money if row.area == area),
            ]
        )
        objectives = [
            _objective(lang, area, number, rows.get(number) if number else None, strategy) for number in numbers
        ]
        found.append((area.value, objectives))
    return found


def _objective(
    lang: Language, area: Area, number: str | None, row: planning.Objective | None, strategy: Strategy
) -> Objective:
    return Objective(
        number,
        word(lang, "whole_area") if number is None else getattr(row, lang.value, ""),
        [] if row is None else [strategy.figures[of] for of in row.figures if of in strategy.figures],
        [line for line in strategy.indicators if line.area == area and line.objective == number],
        next((of for of in strategy.money if of.area == area and of.objective == number), None),
    )
