"""`atips grid` on a screen: whatever its width, every agency's every month is there with its sign, and uncut."""

import io
from collections.abc import Iterator
from datetime import date

import pytest
from rich.console import Console

from schemas.agencies import PUBLISHING
from schemas.times import Period
from services.console.publishing_grid import show, sign
from services.presentation.bilingual_text import Language
from services.presentation.completeness_grid import plain
from services.reporting.domain.read.completeness_grid import AgencyMonth, AgencyRow, Lag, MonthState
from services.reporting.domain.read.expected_reports import DueReport, months
from services.reporting.read.acceptance_lag import AcceptanceDelay
from services.reporting.read.completeness_grid import PublishingGrid

EVENTS = (0, 3, 41, 1_204, 12_345)
STANDINGS = (MonthState.MISSING, MonthState.NOT_DUE, MonthState.ZERO, MonthState.NOT_EXPECTED)


ARRIVED = (AcceptanceDelay("bpd", 17, 2, 1, 30, 400), AcceptanceDelay("dhs", 18, 1, 0, 5, 9))


def cell(number: int, month: Period) -> AgencyMonth:
    due = DueReport("bpd", "bz.atips.arrest.made.v1", month, date(2026, 1, 15))
    return AgencyMonth(month, EVENTS[number % len(EVENTS)], ((due, STANDINGS[number % len(STANDINGS)]),))


def seen(period: Period) -> PublishingGrid:
    rows = [
        AgencyRow(
            agency, tuple(cell(at + number, month) for number, month in enumerate(months(period))), 10_000_000 + at
        )
        for at, agency in enumerate(PUBLISHING)
    ]
    lags = [Lag(agency, {3: 20, 90 + at: 5}, 0) for at, agency in enumerate(PUBLISHING)]
    return PublishingGrid(tuple(rows), tuple(lags), 7, 0)


def printed(period: Period, width: int, lang: Language, found: PublishingGrid | None = None) -> str:
    console = Console(file=io.StringIO(), width=width, highlight=False)
    show(console, period, found or seen(period), ARRIVED if found else (), lang)
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


def test_the_sum_of_a_silent_agency_is_not_zero() -> None:
    asked = Period.parse("2024-01")
    due = DueReport("bpd", "bz.atips.arrest.made.v1", asked, date(2026, 1, 15))
    zero, nothing = AgencyMonth(asked, 0, ((due, MonthState.ZERO),)), AgencyMonth(asked, 0)
    found = PublishingGrid((AgencyRow("bpd", (zero,), 0), AgencyRow("dhs", (nothing,), 0)), (), 7, 0)
    cells = list(grid_of(printed(asked, 80, Language.EN, found)))
    assert [each for each in cells if each[1] == "all"] == [("bpd", "all", "0"), ("dhs", "all", "·")]


def test_programs_get_each_cell_with_what_is_missing_nought_or_not_due() -> None:
    told = plain(seen(Period.parse("2024-01..2024-04")), ARRIVED)
    first = told["grid"][0]
    assert (first["agency"], first["events"]) == (PUBLISHING[0], 10_000_000)
    report = [{"type": "bz.atips.arrest.made.v1", "span": "2024-01", "due": "2026-01-15"}]
    nothing: dict[str, list[object]] = {"missing": [], "zero": [], "not_due": []}
    months = [
        {"month": "2024-01", "state": "missing", "events": 0, **nothing, "missing": report},
        {"month": "2024-02", "state": "events", "events": 3, **nothing, "not_due": [report[0] | {"span": "2024-02"}]},
        {"month": "2024-03", "state": "events", "events": 41, **nothing, "zero": [report[0] | {"span": "2024-03"}]},
        {"month": "2024-04", "state": "events", "events": 1_204, **nothing},
    ]
    assert first["months"] == months
    assert (told["complete_to"], told["withheld"]) == (7, 0)


def test_of_few_each_is_told_and_of_many_what_nine_of_ten_do_not_exceed() -> None:
    lags = (Lag("bpd", {3: 20, 90: 5}, 0), Lag("dhs", {2: 8, 40: 1}, 4), Lag("labour", {2: 18, 40: 1}, 0))
    found = PublishingGrid(
        (AgencyRow("bpd", (cell(0, Period.parse("2024-01")),), 0),), (*lags, Lag("hti", {}, 3)), 7, 2
    )
    told = plain(found, ARRIVED)
    assert [(each["facts"], each["unknown"], each["median_days"]) for each in told["lag"]] == [
        *((25, 0, 3), (9, 4, 2), (19, 0, 2), (0, 3, None)),
    ]
    assert [each["ninth_decile_days"] for each in told["lag"]] == [90, None, None, None]
    assert [each["each"] for each in told["lag"]] == [None, [2] * 8 + [40], None, []]
    assert [(each["median_minutes"], each["ninth_decile_minutes"]) for each in told["accepted"]] == [
        (30, 400),
        (5, None),
    ]
    assert [(each["facts"], each["corrections"], each["retractions"]) for each in told["accepted"]] == [
        *((17, 2, 1), (18, 1, 0)),
    ]
    text = printed(Period.parse("2024-01"), 300, Language.EN, found)
    assert "bpd: 3 days to record in the median of 25; nine of ten within 90\n" in text
    assert "labour: 2 days to record in the median of 19\n" in text
    assert "hti" not in text
    accepted = (
        "20 events accepted, 30 minutes after their record in the median; nine of ten within 400; 3 of them correct"
    )
    assert f"bpd: {accepted} or retract (15.0%)\n" in text
    assert "dhs: 19 events accepted, 5 minutes after their record in the median; 1 of them" in text
    assert "missing: bpd, 2024-01: " in text
    assert "due by 2026-01-15\n" in text
    assert text.endswith("complete to event 7; 2 entities withheld\n")
