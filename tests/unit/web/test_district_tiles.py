"""Tiles of the districts on a figure's page: each says what the district's row in the table says."""

import html
import re
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

import pytest
from typing_extensions import override

from services.charts.domain import Chart
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.read.reading import Reading
from services.reporting.read.queries import FigureReport
from tests.unit.web import doubles
from tests.unit.web.doubles import Charts, Store, client, made_parts
from tests.unit.web.test_committee_page_elements import rows

SIX: Final = ("Belize", "Cayo", "Corozal", "Orange Walk", "Stann Creek", "Toledo")


@dataclass
class Figures(doubles.Figures):
    """Figures of three districts: seven, a fact without a number, and one that is not in a district."""

    today: date = date(2026, 3, 2)
    found: tuple[tuple[str, int, int], ...] = (("cayo", 7, 0), ("toledo", 0, 2), ("unknown", 1, 0))

    @override
    async def report(self, period: Any, by: Any = (), numbers: Any = (), edition: Any = None) -> FigureReport:
        if tuple(by) != ("district",):
            return await super().report(period, by, numbers, edition)
        found = [
            Reading(FIGURES[number], period, {"district": code}, amount, unknown=unknown, today=self.today)
            for number in numbers
            for code, amount, unknown in self.found
        ]
        return FigureReport(tuple(found), 12, 0, "v", self.today)


@dataclass
class Drawn(Charts):
    """Keeps the charts that are asked for."""

    asked: dict[str, Chart | None] = field(default_factory=dict)

    @override
    async def all(self, key: Any, charts: Any) -> Any:
        self.asked = dict(charts)
        return await super().all(key, charts)


@pytest.mark.parametrize(
    ("found", "period", "said"),
    [
        (Figures.found, "2024", {"Cayo": "7", "Toledo": "?"}),
        ((("cayo", 0, 0),), "2030", dict.fromkeys(SIX, "not yet")),
    ],
)
async def test_each_tile_says_what_the_row_of_its_district_says(
    store: Store, found: tuple[tuple[str, int, int], ...], period: str, said: dict[str, str]
) -> None:
    drawn = Drawn()
    charts: Any = drawn
    parts = replace(made_parts(store, Figures(found=found)), charts=charts)
    async with client(parts, "mel", **{"accept-language": "en"}) as asked:
        page = (await asked.get(f"/figures/O9?period={period}&by=district")).text
    chart = drawn.asked["breakdown"]
    assert chart is not None
    assert chart.kind == "tiles"
    in_tiles = dict(each.split(": ") for each in chart.sentence.removesuffix(".").split("; "))
    in_rows = {row[0]: row[1] for row in rows(page, "breakdown") if row[0] in SIX}
    assert in_tiles == in_rows == dict.fromkeys(SIX, "0") | said


async def test_a_breakdown_without_any_row_has_no_row_of_noughts(store: Store) -> None:
    async with client(made_parts(store, Figures(found=())), "mel", **{"accept-language": "en"}) as asked:
        page = html.unescape((await asked.get("/figures/O9?period=2024&by=district")).text)
    assert "Nothing was counted in this period." in re.sub(r"<[^>]*>", " ", page)
