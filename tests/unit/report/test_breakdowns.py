"""Tables and charts of breakdowns: each row once, beside the year before only where that can be compared."""

from dataclasses import replace
from typing import Any, Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.presentation.bilingual_text import Language, Words
from services.report.domain.breakdown_blocks import breakdown_block, capital, cascade, levels
from services.report.domain.content.entry_kinds import (
    BreakdownEntry,
    ChartForm,
    CohortEntry,
    FigureTableEntry,
    ReportPart,
    ToldFigure,
    sentence_forms,
)
from services.report.domain.document import Paragraph, Picture, ReportTable
from services.report.domain.figure_values import FigureValue, Values
from services.report.domain.report_input import ReportSource, YearBefore
from tests.unit.report.report_sources import every

EN: Final = Language.EN
ARRESTED: Final = BreakdownEntry("O9", ("sex",))
"""Its definition changed in 2026."""
LABELS: Final = {"female": "Female", "male": "Male", "unknown": "Unknown"}
BOTH: Final = {"female": 2, "male": 3}
AMOUNTS: Final = st.dictionaries(st.sampled_from([*LABELS]), st.integers(0, 5))


def source_of(*values: FigureValue, **said: Any) -> ReportSource:  # noqa: ANN401 - fields of a source
    return replace(every(0), values=Values(values, lacking=said.pop("lacking", False)), **said)


def by_sex(period: str, amounts: dict[str, int]) -> list[FigureValue]:
    return [FigureValue("O9", period, {"sex": code}, amount) for code, amount in amounts.items()]


def table_of(block: object) -> ReportTable:
    return block.table if isinstance(block, Picture) else block  # type: ignore[return-value]


def amounts(table: ReportTable) -> list[list[object]]:
    return [[row[0].text, *(cell.amount for cell in row[1:])] for row in table.rows]


@given(
    now=AMOUNTS,
    before=AMOUNTS,
    whole=st.none() | st.integers(0, 12),
    compared=st.booleans(),
    changed=st.booleans(),
    drawn=st.booleans(),
)
@example(now=BOTH, before={"male": 1, "unknown": 4}, whole=5, compared=True, changed=False, drawn=True)
@example(now=BOTH, before={}, whole=4, compared=True, changed=True, drawn=False)
@example(now=BOTH, before={"female": 1}, whole=None, compared=True, changed=True, drawn=True)
def test_each_row_with_somebody_stands_once_beside_the_year_before(
    *, now: dict[str, int], before: dict[str, int], whole: int | None, compared: bool, changed: bool, drawn: bool
) -> None:
    year = 2026 if changed else 2024
    values = [*by_sex(str(year), now), *by_sex(str(year - 1), before)]
    values += [] if whole is None else [FigureValue("O9", str(year), amount=whole)]
    standing = YearBefore.COMPARED if compared else YearBefore.NOT_EXPECTED
    entry = replace(ARRESTED, form=ChartForm.BARS if drawn else ChartForm.TABLE)
    block = breakdown_block(EN, source_of(*values, year=year, before=standing), entry)
    shown = [code for code in now if now[code]]
    if drawn:
        shown.sort(key=lambda code: -now[code])
    if not shown:
        assert isinstance(block, Paragraph)
        assert block.text == f"Persons arrested: sex: nothing to show for {year}."
        return
    beside = compared and not changed
    assert isinstance(block, Picture) is (drawn and len(shown) > 1)
    table = table_of(block)
    rows = [*shown, *(code for code in before if beside and before[code] and code not in shown)]
    expected: list[list[object]] = [
        [LABELS[code], now.get(code, 0), *([before.get(code, 0)] if beside else [])] for code in rows
    ]
    if whole is not None:
        expected.append(["Total", whole, *([None] if beside else [])])
    assert amounts(table) == expected
    assert table.heads == ("Sex", f"{year} (persons)", *([str(year - 1)] if beside else []))
    assert table.numeric == (False, True, *([True] if beside else []))
    assert bool(table.note) is (whole is not None and sum(now.values()) > whole)
    if isinstance(block, Picture):
        assert block.chart.sentence == "; ".join(f"{LABELS[code]}: {now[code]}" for code in shown) + "."


@pytest.mark.parametrize("beside", [{"unknown": 1}, {"undated": 1}, {"cut": 1}])
def test_a_row_of_nobody_stands_where_a_fact_of_it_is_not_counted(beside: dict[str, Any]) -> None:
    value = FigureValue("O9", "2024", {"sex": "female"}, amount=0, **beside)
    table = table_of(breakdown_block(EN, source_of(value, *by_sex("2024", {"male": 0})), ARRESTED))
    assert [row[0].text for row in table.rows] == ["Female"]


def test_a_breakdown_that_a_release_left_out_is_not_said_to_be_of_nobody() -> None:
    block = breakdown_block(EN, source_of(lacking=True), ARRESTED)
    assert isinstance(block, Paragraph)
    assert block.text == "Persons arrested: sex: not in this release."


@pytest.mark.parametrize("amount", [None, 3])
@pytest.mark.parametrize("unknown", [0, 1])
def test_a_cohort_has_dots_only_where_each_number_is_known(amount: int | None, unknown: int) -> None:
    entry = CohortEntry(Words("Cohort", "Cohorte"), ("O3", "O4"), (Words("All", "Todos"), Words("Some", "Unos")))
    values = (FigureValue("O3", "2024", amount=5), FigureValue("O4", "2024", amount=amount, unknown=unknown))
    block = cascade(EN, source_of(*values), entry)
    assert isinstance(block, Picture) is (amount is not None and not unknown)
    if isinstance(block, Picture):
        assert block.name == "cascade-o3"
        assert block.chart.sentence == "All: 5; Some: 3 of 5."
    assert [row[-1].amount for row in table_of(block).rows] == [5, amount]


@pytest.mark.parametrize("compared", [True, False])
@pytest.mark.parametrize("year", [2024, 2026])
def test_a_table_of_figures_has_the_year_before_where_a_definition_still_holds(year: int, *, compared: bool) -> None:
    """Of 2026 the definition of arrests is new, and that of cases is not."""
    values = [FigureValue(number, str(each), amount=each) for number in ("O9", "O1a") for each in (year, year - 1)]
    standing = YearBefore.COMPARED if compared else YearBefore.NOT_EXPECTED
    source = source_of(*values, year=year, before=standing)
    table = levels(EN, source, FigureTableEntry(Words("Both", "Ambas"), ("O9", "O1a")))
    arrests = year - 1 if year == 2024 else None
    assert [[cell.amount for cell in row[2:]] for row in table.rows] == (
        [[year, arrests], [year, year - 1]] if compared else [[year], [year]]
    )
    assert table.heads[2:] == ((str(year), str(year - 1)) if compared else (str(year),))
    assert table.numeric == (False, False, True, True)[: len(table.heads)]
    if compared and arrests is None:
        assert table.rows[0][-1].text == ""


def test_a_figure_of_2026_alone_is_beside_no_year() -> None:
    values = [FigureValue("O9", each, amount=1) for each in ("2025", "2026")]
    source = source_of(*values, year=2026, before=YearBefore.COMPARED)
    assert levels(EN, source, FigureTableEntry(Words("One", "Una"), ("O9",))).heads[2:] == ("2026",)


def test_a_section_asks_for_all_that_its_entries_show() -> None:
    words = Words("Title", "Título")
    forms = sentence_forms(("None.", "1.", "{n}."), ("Nada.", "1.", "{n}."))
    told = ToldFigure("O9", forms, {"sex": "female"}, within="O3")
    entries = (
        told,
        replace(told, within=""),
        ARRESTED,
        CohortEntry(words, ("O4",), (words,)),
        FigureTableEntry(words, ("O5",)),
    )
    asked = [("O9", ("sex",)), ("O3", ()), ("O9", ("sex",)), ("O9", ("sex",)), ("O9", ()), ("O4", ()), ("O5", ())]
    assert list(ReportPart("part", words, entries).asked()) == asked


@pytest.mark.parametrize(("text", "found"), [("", ""), ("é", "É"), ("sex of the victim", "Sex of the victim")])
def test_a_head_begins_with_a_capital(text: str, found: str) -> None:
    assert capital(text) == found


def test_columns_of_several_dimensions_and_tiles_of_districts() -> None:
    both = FigureValue("O9", "2024", {"sex": "female", "age_group": "adult_24_26"}, 2)
    entry = BreakdownEntry("O9", ("sex", "age_group"), ChartForm.TABLE)
    table = table_of(breakdown_block(EN, source_of(both, FigureValue("O9", "2024", amount=2)), entry))
    assert [cell.amount for cell in table.rows[0]] == [None, None, 2]
    assert [cell.text for cell in table.rows[-1]] == ["Total", "", "2"]
    assert table.numeric == (False, False, True)
    assert " and " in table.title
    assert len(table.heads) == 3
    of_districts = [FigureValue("O1a", "2024", {"district": code}, n) for code, n in (("cayo", 1), ("belize", 4))]
    block = breakdown_block(EN, source_of(*of_districts), BreakdownEntry("O1a", ("district",), ChartForm.TILES))
    assert isinstance(block, Picture)
    assert "Belize: 4" in block.chart.sentence
    assert "Cayo: 1" in block.chart.sentence
    assert block.name == "o1a-district"
    assert [[cell.text for cell in row] for row in block.table.rows] == [
        ["Belize", "4"],
        ["Cayo", "1"],
        *[[name, "0"] for name in ("Corozal", "Orange Walk", "Stann Creek", "Toledo")],
    ]


@pytest.mark.parametrize(
    ("lang", "left_out", "hidden", "belize"),
    [(EN, "not released", "withheld", "Belize"), (Language.ES, "no publicado", "reservado", "Belice")],
)
def test_a_tile_and_its_row_say_alike_that_a_district_is_not_in_the_release(
    lang: Language, left_out: str, hidden: str, belize: str
) -> None:
    """A release leaves out rows that are small or give a small one away: a nought there is a false statement."""
    found = [
        FigureValue("O1a", "2024", {"district": "cayo"}, 12),
        FigureValue("O1a", "2024", {"district": "belize"}, withheld=True),
        FigureValue("O1a", "2024", {"district": "toledo"}, unknown=2),
    ]
    source = replace(source_of(*found), values=Values(found, lacking=True))
    block = breakdown_block(lang, source, BreakdownEntry("O1a", ("district",), ChartForm.TILES))
    assert isinstance(block, Picture)
    in_rows = {row[0].text: row[1].text for row in block.table.rows}
    in_tiles = dict(each.split(": ") for each in block.chart.sentence.removesuffix(".").split("; "))
    assert in_tiles == in_rows
    assert in_rows == {
        "Cayo": "12",
        belize: hidden,
        "Toledo": "?",
        **dict.fromkeys(("Corozal", "Orange Walk", "Stann Creek"), left_out),
    }
