"""Charts say in words what they show, hold the text that they were given, and never keep a page waiting."""

import asyncio
import re
import sys

import pytest

from services.charts.domain import Chart, Point, bars, columns, dots, tiles
from services.charts.domain.svg_for_page import prepared
from services.charts.drawn_charts import Charts
from services.presentation.bilingual_text import Language

EN, ES = Language.EN, Language.ES
YEARS = [Point("2023", 5, "5"), Point("2024", 7, "7", first=8), Point("2025", 2, "2", breaks=True, going_on=True)]


def drawn(lang: Language) -> list[Chart]:
    made = [
        bars(lang, "Exploitation", [("Sexual exploitation", 9, "9"), ("Forced labour", 5, "5 + ?"), ("None", 0, "0")]),
        columns(lang, "Years", YEARS),
        dots(lang, "Cohort", [("Identified", 18), ("Referred", 16), ("Served", 0)]),
        tiles(lang, "Districts", {"cayo": (3, "3"), "absent": (1, "1")}),
    ]
    return [each for each in made if each is not None]


def test_a_sentence_says_in_both_languages_what_a_chart_shows() -> None:
    assert [each.sentence for each in drawn(EN)] == [
        "Sexual exploitation: 9; Forced labour: 5 + ?.",
        "2023: 5. 2024: 7 (first published: 8). 2025: 2 (so far, definition changed).",
        "Identified: 18; Referred: 16 of 18; Served: 0 of 18.",
        "Corozal: –; Orange Walk: –; Belize: –; Cayo: 3; Stann Creek: –; Toledo: –.",
    ]
    assert "publicado al inicio: 8" in drawn(ES)[1].sentence
    assert "16 de 18" in drawn(ES)[2].sentence
    assert "Belice: –" in drawn(ES)[3].sentence


def test_where_there_is_nothing_to_compare_there_is_no_chart() -> None:
    assert bars(EN, "One", [("Cayo", 9, "9")]) is None
    assert columns(EN, "One", YEARS[:1]) is None
    assert columns(EN, "Nothing", [Point("2023", 0, "0"), Point("2024", 0, "0")]) is None
    assert dots(EN, "Empty", [("Identified", 0), ("Referred", 0)]) is None
    assert dots(EN, "Too many for dots", [("Identified", 100)]) is None
    assert tiles(EN, "No district", {"absent": (3, "3")}) is None


async def test_the_text_is_in_the_picture_and_no_style_and_no_english_of_the_renderer() -> None:
    charts = Charts()
    try:
        for chart in drawn(EN):
            svg = await charts.svg(chart.kind, "one", chart)
            for _ in range(20):  # a machine under load may need more than one wait
                svg = svg or await charts.svg(chart.kind, "one", chart)
            assert len(re.findall("<text", svg)) >= 4
            word = {"bars": "Forced labour", "columns": "2024", "dots": "Referred", "tiles": "Stann Creek"}[chart.kind]
            assert word in svg
            assert svg.count('role="img"') == 1
            assert (">so<" in svg) is (">far<" in svg) is (chart.kind == "columns"), "a year that is not over"
            assert not re.search(r"\sstyle=|aria-label=|aria-roledescription|graphics-", svg)
            assert f'<title id="chart-one-title">{chart.title}</title>' in svg
            assert all(each.startswith("chart-one-") for each in re.findall(r'\bid="([^"]*)"', svg))
        assert charts.kept == 4
    finally:
        await charts.close()


async def test_a_child_that_is_away_or_slow_keeps_no_page_waiting_and_no_empty_chart_is_kept() -> None:
    [chart, *_] = drawn(EN)
    for command in (("no-such-program",), (sys.executable, "-c", "")):
        charts = Charts(command)
        assert await charts.svg("question", "chart", chart) == ""
        assert charts.kept == 0
        await charts.close()
    several = Charts((sys.executable, "-c", "import sys; sys.stdin.read()"))
    began = asyncio.get_running_loop().time()
    assert await several.all("page", dict.fromkeys("abcdefg", chart)) == dict.fromkeys("abcdefg", "")
    assert asyncio.get_running_loop().time() - began < 5
    await several.close()
    slow = Charts((sys.executable, "-c", "import sys; sys.stdin.read()"))
    began = asyncio.get_running_loop().time()
    answers = await asyncio.gather(*(slow.svg(number, "chart", chart) for number in range(100)))
    assert set(answers) == {""}
    assert asyncio.get_running_loop().time() - began < 10
    await slow.close()


def test_a_title_is_escaped_and_what_is_no_picture_is_refused() -> None:
    svg = '<svg xmlns="a" viewBox="0 0 10 20"><g id="a" aria-label="b"></g></svg>'
    made = prepared(svg, "one", "<b>", "a & b")
    assert "&lt;b&gt;" in made
    assert "a &amp; b" in made
    assert '<g id="chart-one-a"></g>' in made
    for wrong in ("", "<svg>", '<svg viewBox="0 0 1 1"><script/></svg>'):
        with pytest.raises(ValueError, match="no picture"):
            prepared(wrong, "one", "t", "s")
