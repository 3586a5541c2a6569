"""`atips grid` on a screen: whatever its width, every agency's every month is there with its sign, and uncut."""

import io
from collections.abc import Iterator
from datetime import date

import pytest
from rich.console import Console

from schemas.agencies import PUBLISHING
from schemas.times import Period
from services.console.grid import show, sign
from services.console.options import Language
from services.reporting.domain.expectations import Due, months
from services.reporting.domain.grid import Cell, Lag, Row, Standing
from services.reporting.silence import Silence

EVENTS = (0, 3, 41, 1_204, 12_345)
STANDINGS = (Standing.MISSING, Standing.NOT_DUE, Standing.ZERO, Standing.NOT_EXPECTED)


def cell(number: int, month: Period) -> Cell:
    due = Due("bpd", "bz.atips.arrest.made.v1", month, date(2026, 1, 15))
    return Cell(month, EVENTS[number % len(EVENTS)], ((due, STANDINGS[number % len(STANDINGS)]),))


def seen(period: Period) -> Silence:
    rows = [
        Row(agency, tuple(cell(at + number, month) for number, month in enumerate(months(period))), 10_000_000 + at)
        for at, agency in enumerate(PUBLISHING)
    ]
    lags = [Lag(agency, {3: 20, 90 + at: 5}, 0) for at, agency in enumerate(PUBLISHING)]
    return Silence(tuple(rows), tuple(lags), 7, 0)


def printed(period: Period, width: int, lang: Language) -> str:
    console = Console(file=io.StringIO(), width=width, highlight=False)
    show(console, period, seen(period), (), lang)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def grid_of(text: str) -> Iterator[tuple[str, str, str]]:
    """Every cell with its agency and its heading, of all tables."""
    headings: list[str] = []
    for line in text.splitlines():
        if line.startswith("┃"):
            headings = [each.strip() for each in line.strip("┃").split("┃")][1:]
        if line.startswith("│"):
            agency, *cells = (each.strip() for each in line.strip("│").split("│"))
            yield from ((agency, heading, each) for heading, each in zip(headings, cells, strict=True))


@pytest.mark.parametrize("lang", Language)
@pytest.mark.parametrize("period", ["2024", "2024..2025"])
@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_every_month_of_every_agency_is_on_the_screen(width: int, period: str, lang: Language) -> None:
    asked = Period.parse(period)
    text = printed(asked, width, lang)
    assert max(map(len, text.splitlines())) <= width
    assert "…" not in text
    said = [(row.agency, str(each.month)[2:], sign(each)) for row in seen(asked).rows for each in row.months]
    sums = [(row.agency, "all" if lang is Language.EN else "todo", str(row.events)) for row in seen(asked).rows]
    assert sorted(grid_of(text)) == sorted([*said, *sums])
    assert all(f"{agency}: 3 " in text for agency in PUBLISHING)


def test_a_screen_that_is_too_narrow_for_one_month_cuts_nothing() -> None:
    asked = Period.parse("2024")
    found = list(grid_of(printed(asked, 10, Language.EN)))
    assert len(found) == len(PUBLISHING) * 13
    assert {"12345 ✗", "1204 ✗", "41", "~", "0", "·"} <= {each for _, _, each in found}
