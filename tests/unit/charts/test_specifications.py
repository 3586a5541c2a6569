"""Specifications of charts: lengths and dots are true to the amounts, and a golden file shows each change of looks."""

import json
from collections import Counter
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schemas.codebook.shared import District
from services.charts.domain import Chart, Point, bars, columns, dots, tiles
from services.charts.domain.chart import WIDTH, listed
from services.presentation.bilingual_text import Language

EN: Final = Language.EN
GOLDEN: Final = Path(__file__).with_name("charts.golden.json")
DISTRICTS: Final = {each.value: each.en for each in set(District) - {District.UNKNOWN, District.NOT_ASKED}}
AMOUNTS: Final = st.lists(st.integers(0, 70), max_size=45)


def named(amounts: list[int]) -> list[tuple[str, int]]:
    return [(f"row {at}", amount) for at, amount in enumerate(amounts)]


def data(chart: Chart) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = chart.spec["data"]["values"]
    return rows


def axis(chart: Chart, channel: str) -> tuple[float, float]:
    low, high = chart.spec["layer"][0]["encoding"][channel]["scale"]["domain"]
    return low, high


def is_true_to(amounts: list[int], low: float, high: float) -> bool:
    """Whether lengths begin at nothing, and the longest fills at least half of its space, and no more than all."""
    return low == 0 and high / 2 < max(amounts) < high


@given(AMOUNTS)
@example([1, 0, 2])
@example([1, 2])
@example([1] * 45)
def test_bars_are_as_long_as_their_amounts(amounts: list[int]) -> None:
    chart = bars(EN, "Title", [(*row, str(row[1])) for row in named(amounts)])
    shown = [row for row in named(amounts) if row[1] > 0][:40]
    assert (chart is None) == (len(shown) < 2)
    if chart:
        assert [(each["label"], each["amount"], each["told"]) for each in data(chart)] == [
            (*x, str(x[1])) for x in shown
        ]
        assert is_true_to([amount for _, amount in shown], *axis(chart, "x"))


@given(st.lists(st.tuples(st.integers(0, 70), st.none() | st.integers(0, 70)), max_size=14))
@example([(0, None), (1, None)])
@example([(0, 1), (0, None)])
@example([(5, 0)])
@example([(1, None)] * 14)
def test_columns_are_as_high_as_their_amounts(amounts: list[tuple[int, int | None]]) -> None:
    points = [Point(str(2020 + at), now, str(now), first) for at, (now, first) in enumerate(amounts)]
    chart = columns(EN, "Title", points)
    every = [each for now, first in amounts for each in (now, first or 0)]
    assert (chart is None) == (len(points) < 2 or not any(every))
    if chart:
        assert [(each["amount"], each["first"]) for each in data(chart)] == amounts
        assert is_true_to(every, *axis(chart, "y"))
        assert len(points) * 46 <= chart.spec["width"] >= WIDTH - 60


@pytest.mark.parametrize(("first", "told_at"), [(None, 17), (16, 17), (17, 17), (18, 18), (25, 17)])
def test_the_line_of_the_first_amount_does_not_cross_out_the_number_of_a_column(
    first: int | None, told_at: int
) -> None:
    chart = columns(EN, "Title", [Point("2023", 3, "3"), Point("2024", 17, "17", first)])
    assert chart is not None
    assert data(chart)[1]["told_at"] == told_at
    fields = {each["encoding"]["y"]["field"] for each in chart.spec["layer"] if each["mark"]["type"] == "text"}
    assert fields == {"told_at"}


@given(st.lists(st.integers(0, 62), max_size=6))
@example([])
@example([0, 0])
@example([60, 1, 0])
@example([61, 1])
def test_each_person_of_a_cohort_is_one_dot(numbers: list[int]) -> None:
    chart = dots(EN, "Title", named(numbers))
    assert (chart is None) == (not 0 < max(numbers, default=0) <= 60)
    if chart:
        rows, (low, high) = data(chart), axis(chart, "x")
        shown = Counter(each["label"] for each in rows if not each["empty"])
        assert shown == Counter(dict(named(numbers)))
        assert [(each["label"], each["told"]) for each in rows if each["told"]] == [
            (x, str(n)) for x, n in named(numbers)
        ]
        assert all(low < each["place"] < high for each in rows)
        whole = [f"row 0: {numbers[0]}", *(f"{label}: {n} of {numbers[0]}" for label, n in named(numbers)[1:])]
        assert chart.sentence == "; ".join(whole) + "."


@given(st.dictionaries(st.sampled_from([*DISTRICTS, "unknown"]), st.integers(0, 70)))
def test_each_district_has_a_tile_of_its_own(amounts: dict[str, int]) -> None:
    chart = tiles(EN, "Title", {code: (amount, str(amount)) for code, amount in amounts.items()})
    assert (chart is None) == (not amounts.keys() & DISTRICTS.keys())
    if chart:
        shown = {each["name"]: each["told"] for each in data(chart)}
        assert shown == {name: str(amounts.get(code, "–")) for code, name in DISTRICTS.items()}, "no nought is made up"
        assert len({(each["column"], each["row"]) for each in data(chart)}) == 6


@given(st.lists(st.sampled_from("abc"), max_size=12))
@example(list("abcabcab"))
@example(list("abcabcabc"))
def test_a_list_says_how_many_it_leaves_out(parts: list[str]) -> None:
    said = listed(parts, "and {n} more").split("; ") if parts else []
    left_out = max(len(parts) - 8, 0)
    assert said == parts[:8] + [f"and {left_out} more"] * (left_out > 0)


def test_the_golden_file_shows_how_charts_look(updates_golden: bool) -> None:
    points = [Point("2023", 5, "5"), Point("2024", 7, "7", first=8), Point("2025", 2, "2", breaks=True, going_on=True)]
    made = [
        bars(EN, "Exploitation", [("Sexual exploitation", 9, "9"), ("Forced labour", 5, "5 + ?")]),
        columns(EN, "Years", points),
        dots(EN, "Cohort", [("Identified", 2), ("Served", 0)]),
        dots(EN, "Large cohort", [("Identified", 50)]),
        tiles(EN, "Districts", {"cayo": (3, "3")}),
    ]
    looks = [{**each.spec, "data": None} for each in made if each]
    if updates_golden:
        GOLDEN.write_text("[\n" + ",\n".join(json.dumps(each, sort_keys=True) for each in looks) + "\n]\n", "utf-8")
    again = "after looking at the charts: pytest tests/unit/charts --update-golden"
    assert json.loads(GOLDEN.read_text("utf-8")) == looks, again
