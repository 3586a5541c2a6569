"""The demonstration notices a number that pages, JSON or CSV show otherwise than the command read it."""

from typing import Any

import pytest

from schemas.times import Period
from services.demo import page_links_and_check, show
from services.demo.page_links_and_check import different
from services.presentation.report_2024_numbers import PrintedNumber
from services.presentation.report_2024_numbers.comparison_with_figures import ComparedLine
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.rates import Variant, rate
from services.reporting.domain.read.reading import Reading
from tests.unit.web.doubles import Figures, client, made_parts, made_store

RATE = Variant.CONVICTION_OF_PERSONS_DECIDED
YEAR = Period.parse("2024")
ADDRESSES = {
    "page": "/figures?period=2024",
    "json": "/v1/figures?period=2024",
    "csv": "/v1/figures.csv?period=2024",
    "rates": "/v1/rates?period=2024",
    "measures": "/measures?period=2024&lang=en",
}
HOME = (
    '<a href="/figures/O9?period=2024">O9</a></th><td class="numeric" data-label="printed">7</td>'
    ' <td class="numeric" data-label="known">{}</td>'
)


@pytest.fixture
async def shown() -> dict[str, str]:
    async with client(made_parts(made_store(), Figures()), "mel") as asked:
        found = {name: (await asked.get(path)).text for name, path in ADDRESSES.items()}
    return found | {"home": HOME.format(7)}


def line(computed: int) -> ComparedLine:
    return ComparedLine(PrintedNumber("O9", "persons", 7, ""), "persons_arrested", "persons", computed, 0)


async def test_numbers_that_are_the_same_are_found_the_same_and_others_are_named(shown: dict[str, str]) -> None:
    same = rate(RATE, Reading(FIGURES["O13a"], YEAR, {}, 7), Reading(FIGURES["R12"], YEAR, {}, 7))
    other = rate(RATE, Reading(FIGURES["O13a"], YEAR, {}, 6), Reading(FIGURES["R12"], YEAR, {}, 7))
    assert different(shown, [line(7)], [same]) == []
    assert different(shown, [line(8)], []) == ["csv O9", "home O9", "json O9", "page O9"]
    assert different(shown, [line(7)], [other]) == [f"rate {RATE}"]
    assert different(shown | {"home": HOME.format(8)}, [line(7)], []) == ["home O9"]
    assert different(shown | {"csv": shown["csv"].replace(",7,", ",8,")}, [line(7)], []) == ["csv O9"]


async def test_money_is_compared_in_cents_although_pages_show_dollars(shown: dict[str, str]) -> None:
    def fines(cents: int) -> ComparedLine:
        return ComparedLine(PrintedNumber("R16", "cents", None, ""), "fines", "cents", cents, 0)

    assert ">0.07" in shown["page"].replace("\n", "").replace(" ", "")
    assert "page R16" not in different(shown, [fines(7)], [])
    assert "page R16" in different(shown, [fines(700)], [])


def test_each_kind_of_reader_has_a_link_into_the_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody could look at the page of late referrals as the committee for which it is."""
    monkeypatch.setattr(page_links_and_check, "link", lambda _, account=page_links_and_check.MEMBER: account.name)
    cluster: Any = None
    shown = [str(each) for each in show.pages(cluster).renderables]
    for account in ("demo-m-and-e", "demo-operations", "demo-officer", "demo-clerk"):
        assert [each for each in shown if each.endswith(f" {account}")], account
