"""The demo's plan: an example beside the levels that its year reports, in no words of the strategy."""

from datetime import date

import pytest

from services.console.cluster_start import commands
from services.console.local_cluster import HTTP, PAGES, PAGES_OVER_TLS, SQL_OVER_TLS
from services.console.service_settings import SERVICES
from services.demo.plan_indicators import INDICATORS, PLAN_FILE
from services.reporting.council_input_tables import plan
from services.reporting.domain.figures.all_figures import FIGURES
from services.web.api.prevention_page import GROUPS

PLAN = plan(PLAN_FILE).on(date(2024, 12, 31))


def test_its_indicators_are_those_that_the_year_reports() -> None:
    areas = {row.id: row.area.value for row in PLAN.objectives}
    assert {(areas[row.objective], row.objective, row.id, row.baseline, row.target) for row in PLAN.indicators} == {
        (each.area, each.objective, each.number, each.baseline, each.target) for each in INDICATORS
    }


def test_an_indicator_has_the_unit_of_the_figure_that_counts_it() -> None:
    assert {row.unit for row in PLAN.indicators if row.figure} == {
        FIGURES[row.figure].unit.value for row in PLAN.indicators if row.figure
    }


def test_figures_of_prevention_hang_on_the_objectives_of_prevention() -> None:
    hung = {number for row in PLAN.objectives for number in row.figures}
    assert hung <= {number for of in GROUPS.values() for number in of}
    assert {row.area.value for row in PLAN.objectives if row.figures} == {"prevention"}


def test_every_row_says_that_it_is_an_example() -> None:
    for row in (*PLAN.objectives, *PLAN.indicators):
        assert (row.en.partition(":")[0], row.es.partition(":")[0]) == ("Example", "Ejemplo")


@pytest.mark.parametrize(("own", "shown"), [("own.yaml", None), ("", str(PLAN_FILE))])
def test_a_plan_of_ones_own_wins(own: str, shown: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ATIPS_PLAN_FILE", raising=False)
    if own:
        monkeypatch.setenv("ATIPS_PLAN_FILE", own)
    ports = dict.fromkeys((*SERVICES, HTTP, PAGES, PAGES_OVER_TLS, SQL_OVER_TLS), 4_000)
    (web,) = [each for each in commands(ports, PLAN_FILE) if each.name == "web"]
    assert web.environment.get("ATIPS_PLAN_FILE") == shown
