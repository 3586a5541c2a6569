"""The page of prevention: figures by topic, and the plan beside what was reported."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from typing_extensions import override

from schemas.codebook.coordination import StrategyArea
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.read.strategy_plan import Indicator, Objective, StrategyPlan, parse_strategy_plan
from services.reporting.read.queries import FigureReport
from services.web.api.dependencies import Parts
from services.web.api.prevention_page import DRAWN, GROUPS, PLAN_FORM
from services.web.domain.roles import Role, may_see_figure
from tests.unit.web.doubles import Charts, Figures, client


def test_every_figure_of_the_page_is_declared_and_seen_by_the_committee() -> None:
    numbers = [number for of in GROUPS.values() for number in of]
    assert len(set(numbers)) == len(numbers)
    assert {"iec"} <= {committee.value for number in numbers for committee in FIGURES[number].seen_by}
    for topic, number, dimension in DRAWN:
        assert topic in GROUPS
        assert (dimension,) in tuple(map(tuple, FIGURES[number].breakdowns))


@pytest.fixture
def figures() -> Figures:
    """Seven of everything: of objective 2.1 where money is asked for, and of no indicator."""
    made = Figures()
    read = made.report

    async def report(period: Any, by: Any = (), numbers: Any = (), edition: Any = None) -> FigureReport:  # noqa: ANN401
        found = await read(period, by, numbers, edition)
        if "objective" not in by:
            return found
        dimensions = {"area": "prevention", "objective": "2.1"}
        rows = [replace(each, dimensions=dimensions) for each in found.figures if each.number != "P11a"]
        return replace(found, figures=tuple(rows))

    object.__setattr__(made, "report", report)
    return made


@pytest.mark.parametrize(("lang", "named"), [("en", "Fewer cases"), ("es", "Menos casos")])
async def test_an_objective_has_its_name_its_indicators_and_its_money(
    parts: Parts,
    lang: str,
    named: str,
) -> None:
    first = date(2024, 1, 1)
    objective = Objective(
        id="2.1", en="Fewer cases", es="Menos casos", valid_from=first, area=StrategyArea("prevention")
    )
    indicator = Indicator(
        id="2.1.1",
        en="Schools reached",
        es="Escuelas alcanzadas",
        valid_from=first,
        objective="2.1",
        unit="schools",
        baseline=3,
        target=40,
    )
    object.__setattr__(parts, "plan", StrategyPlan(objectives=(objective,), indicators=(indicator,)))
    async with client(parts, "ian", **{"accept-language": lang}) as asked:
        answer = await asked.get("/prevention?period=2024")
    assert answer.status_code == 200
    assert f"2.1 {named}" in answer.text
    assert ("Escuelas alcanzadas (schools)" if lang == "es" else "Schools reached (schools)") in answer.text
    assert ">40<" in answer.text
    assert "0.07" in answer.text  # seven cents


async def test_a_plan_hangs_figures_on_its_objective_and_on_its_indicator(parts: Parts) -> None:
    async with client(replace(parts, plan=parse_strategy_plan(PLAN_FORM)), "ian") as asked:
        text = (await asked.get("/prevention?period=2024")).text
    strategy = text.partition('id="area-prevention"')[2].partition('id="area-protection"')[0]
    rows = [row for row in strategy.split("<tr") if 'href="/figures/' in row]
    assert [re.findall(r"/figures/(\w+)", row) for row in rows] == [["M1"], ["M2"], ["M12a"], ["M1"]]
    assert all(">7<" in row for row in rows[:3])
    assert "7 (M1)" in rows[3]
    async with client(replace(parts, plan=parse_strategy_plan(PLAN_FORM)), "ian") as asked:
        assert "Nombre del indicador en español (personas)" in (await asked.get("/prevention?lang=es")).text


async def test_a_figure_of_a_plan_that_the_role_may_not_see_is_not_shown(parts: Parts) -> None:
    hidden = next(number for number, figure in FIGURES.items() if not may_see_figure(Role.IEC, figure))
    plan = parse_strategy_plan(PLAN_FORM.replace("M1, M2", f"{hidden}, M2").replace("figure: M1", f"figure: {hidden}"))
    async with client(replace(parts, plan=plan), "ian") as asked:
        text = (await asked.get("/prevention?period=2024")).text
    strategy = text.partition('id="area-prevention"')[2].partition('id="area-protection"')[0]
    assert "/figures/M2?" in strategy
    assert hidden not in strategy


@pytest.mark.parametrize("plan", [None, parse_strategy_plan(PLAN_FORM)])
async def test_the_page_asks_the_database_once_and_waits_for_all_charts_at_once(
    parts: Parts, plan: StrategyPlan | None
) -> None:
    """It asked up to seven times, one after the other, and waited up to 0.75 s for each of its charts."""
    waits: list[list[str]] = []

    class Drawing(Charts):
        @override
        async def all(self, key: object, charts: Mapping[str, object]) -> dict[str, str]:
            waits.append(list(charts))
            return await super().all(key, charts)

    charts: Any = Drawing()
    figures: Any = parts.figures
    async with client(replace(parts, charts=charts, plan=plan or parts.plan), "ian") as asked:
        assert (await asked.get("/prevention?period=2024")).status_code == 200
    assert len(figures.together) == 1
    assert waits == [[number for _, number, _ in DRAWN]]


async def test_a_period_that_is_none_is_told(parts: Parts) -> None:
    async with client(parts, "ian") as asked:
        assert (await asked.get("/prevention?period=soon")).status_code == 400


async def test_while_the_plan_is_empty_the_page_shows_what_its_file_must_hold(parts: Parts) -> None:
    assert parse_strategy_plan(PLAN_FORM).objectives[0].id == parse_strategy_plan(PLAN_FORM).indicators[0].objective
    async with client(parts, "ian") as asked:
        text = (await asked.get("/prevention?period=2024")).text
        assert "Nombre del objetivo en español" in text
        assert "7" in text  # what was reported stands there all the same
    written = replace(parts, plan=parse_strategy_plan(PLAN_FORM))
    async with client(written, "ian") as asked:
        text = (await asked.get("/prevention?period=2024")).text
        assert "valid_from" not in text
        assert "Name of the objective in English" in text
