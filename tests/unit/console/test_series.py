import csv
import io
from dataclasses import replace
from datetime import date
from types import MappingProxyType

import pytest
from python_calamine import CalamineWorkbook
from rich.console import Console

from schemas.times import Period
from services.console.figures import series
from services.export.figure_workbook import workbook
from services.presentation import figure_amounts, period_parsing
from services.presentation.bilingual_text import Language
from services.presentation.figure_titles import TITLES
from services.reporting.domain.declaration.figure import Reader
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.read.reading import Reading
from services.reporting.read.queries import FigureReport

MAY, JUNE = Period.parse("2024-05"), Period.parse("2024-06")


def report(period: Period, **arrested: int) -> FigureReport:
    readings = (
        Reading(FIGURES["O9"], period, MappingProxyType({"sex": sex}), amount) for sex, amount in arrested.items()
    )
    return FigureReport(figures=tuple(readings), complete_to=12, withheld=0, version="v")


KEPT = [(MAY, report(MAY, female=1, male=2)), (JUNE, report(JUNE, male=3))]
REPORTS = series.filled(KEPT)
LONG = "persons_convicted_of_labour_trafficking"


def test_each_period_is_a_column(capsys: pytest.CaptureFixture[str]) -> None:
    series.show_series(REPORTS, None)
    heads, *lines, _ = (line.split("  ") for line in capsys.readouterr().out.splitlines())
    assert [each.strip() for each in heads if each] == ["2024-05", "2024-06"]
    assert [[cell.strip() for cell in line if cell] for line in lines] == [
        ["O9 persons_arrested, sex: Female, persons", "1", "0"],
        ["O9 persons_arrested, sex: Male, persons", "2", "3"],
    ]


@pytest.mark.parametrize("lang", Language)
def test_no_name_is_broken_at_80_columns(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, lang: Language
) -> None:
    quarters = list(period_parsing.series(Period.parse("2024"), period_parsing.SeriesLength.QUARTER))
    rows = [
        (
            each,
            FigureReport(
                tuple(Reading(figure, each, MappingProxyType({}), 9) for figure in FIGURES.values()), 1, 0, "v"
            ),
        )
        for each in quarters
    ]
    monkeypatch.setattr(series, "out", lambda: Console(width=80))
    series.show_series(rows, None, lang)
    text = capsys.readouterr().out
    assert max(map(len, text.splitlines())) <= 80
    words = set(text.replace(",", " ").split())
    names = (figure.name if lang is Language.EN else TITLES[figure.number].es for figure in FIGURES.values())
    assert [word for name in names for word in name.replace(",", " ").split() if word not in words] == []
    assert {"2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4"} <= words
    assert LONG in words or lang is Language.ES


def test_a_period_without_a_row_has_it_with_nought_in_every_form() -> None:
    for reports in (REPORTS, series.filled(list(reversed(KEPT)))):
        rows = {(row["period"], row["dimensions"]["sex"]): row for row in series.plain_series(reports)["figures"]}
        assert {key: row["amount"] for key, row in rows.items()} == {
            ("2024-05", "female"): 1,
            ("2024-05", "male"): 2,
            ("2024-06", "female"): 0,
            ("2024-06", "male"): 3,
        }
        written = list(csv.DictReader(io.StringIO(series.written(reports, ["sex"]))))
        assert {(row["period"], row["sex"]): int(row["amount"]) for row in written} == {
            key: row["amount"] for key, row in rows.items()
        }


def test_what_nobody_ended_in_a_period_is_no_nought(capsys: pytest.CaptureFixture[str]) -> None:
    number = next(each for each, figure in FIGURES.items() if figure.reader is Reader.QUANTILE)
    ended = Reading(FIGURES[number], MAY, MappingProxyType({"sex": "male"}), 0, durations=MappingProxyType({5: 1}))
    reports = series.filled([(MAY, FigureReport((ended,), 1, 0, "v")), (JUNE, FigureReport((), 1, 0, "v"))])
    series.show_series(reports, None)
    assert capsys.readouterr().out.splitlines()[1].split()[-2:] == ["5", "—"]
    [_, none] = csv.DictReader(io.StringIO(series.written(reports, ["sex"])))
    assert (none["period"], none["amount"], none["not_yet"]) == ("2024-06", "", "false")


@pytest.mark.parametrize("text", ["2024-Q2", "FY2024", "2024", "2024-03", "2024-03-08", "2023-04..2024-05"])
def test_csv_and_workbook_write_a_period_as_it_was_typed(text: str) -> None:
    asked = period_parsing.period(text)
    [row] = csv.DictReader(io.StringIO(series.written([(asked, report(asked, male=1))], ["sex"])))
    assert row["period"] == text
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook([report(asked, male=1)], ["sex"], None, Language.EN)))
    assert book.get_sheet_by_name("Figures").to_python()[1][3] == text


def test_twelve_months_fit_80_columns_and_no_heading_is_cut(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    months = list(period_parsing.series(Period.parse("2024"), period_parsing.SeriesLength.MONTH))
    monkeypatch.setattr(series, "out", lambda: Console(width=80))
    series.show_series([(month, report(month, female=1)) for month in months], None)
    text = capsys.readouterr().out
    assert max(map(len, text.splitlines())) <= 80
    assert [month for month in months if str(month) not in text] == []
    assert "…" not in text


def test_csv_has_a_row_for_each_figure_and_period_and_a_column_for_each_dimension() -> None:
    rows = list(csv.DictReader(io.StringIO(series.written(REPORTS, ["sex"]))))
    assert [(row["period"], row["sex"], row["sex_label"], row["amount"]) for row in rows] == [
        ("2024-05", "female", "Female", "1"),
        ("2024-05", "male", "Male", "2"),
        ("2024-06", "female", "Female", "0"),
        ("2024-06", "male", "Male", "3"),
    ]


def test_an_amount_that_nobody_counted_is_empty_in_csv() -> None:
    [(period, one), _] = REPORTS
    unknown = replace(one.figures[0], amount=0, unknown=1)
    [row] = csv.DictReader(io.StringIO(series.written([(period, replace(one, figures=(unknown,)))], ["sex"])))
    assert (row["amount"], row["unknown"]) == ("", "1")


def test_a_month_that_has_not_begun_is_no_nought(capsys: pytest.CaptureFixture[str]) -> None:
    today = date(2024, 5, 20)
    arrests = [(each, Reading(FIGURES["O9"], each, MappingProxyType({}), 0, today=today)) for each in (MAY, JUNE)]
    reports = [(each, FigureReport((reading,), 12, 0, "v", today)) for each, reading in arrests]
    series.show_series(reports, None)
    assert capsys.readouterr().out.splitlines()[1].split()[-3:] == ["0", "not", "yet"]
    rows = list(csv.DictReader(io.StringIO(series.written(reports, []))))
    assert [(row["amount"], row["not_yet"]) for row in rows] == [("0", "false"), ("", "true")]
    told = series.plain_series(reports)["figures"]
    assert [(each["amount"], each.get("not_yet", False)) for each in told] == [(0, False), (None, True)]


def test_a_row_that_a_month_ahead_does_not_have_is_no_nought(capsys: pytest.CaptureFixture[str]) -> None:
    today = date(2024, 5, 20)
    ahead = FigureReport((), 12, 0, "v", today)
    reports = series.filled([(MAY, replace(report(MAY, male=2), today=today)), (JUNE, ahead)])
    series.show_series(reports, None, Language.ES)
    assert "aún no" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("number", "amount", "value"), [("O9", 0, None), ("R18c", 3, 3), ("R18c", 0, None), ("O1b", 12, None)]
)
def test_what_is_set_down_for_days_to_come_is_told_and_the_stock_of_such_a_day_is_not(
    number: str, amount: int, value: int | None
) -> None:
    ahead = Reading(FIGURES[number], JUNE, MappingProxyType({}), amount, today=date(2024, 5, 31))
    assert (ahead.value, ahead.not_yet) == (value, value is None)
    assert replace(ahead, today=date(2024, 6, 1)).value == replace(ahead, today=None).value == amount


def test_a_stock_of_a_period_that_goes_on_stands_at_today() -> None:
    stock = Reading(FIGURES["O1b"], Period.parse("2024"), MappingProxyType({}), 12, today=date(2024, 5, 31))
    assert figure_amounts.stands_at(stock) == date(2024, 5, 31)
    assert figure_amounts.stands_at(replace(stock, today=date(2025, 5, 31))) == date(2024, 12, 31)


def test_programs_get_the_figures_of_all_periods_in_one_list() -> None:
    plain = series.plain_series(REPORTS)
    assert [each["period"] for each in plain["figures"]] == ["2024-05", "2024-05", "2024-06", "2024-06"]
    assert plain["complete_to"] == 12


def test_a_workbook_has_numbers_as_numbers_and_says_what_each_figure_counts() -> None:
    [(_, one), _] = REPORTS
    unknown = replace(one.figures[0], amount=0, unknown=1)
    reports = [replace(one, figures=(*one.figures, unknown))]
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook(reports, ["sex"], None, Language.ES)))
    assert book.sheet_names == ["Cifras", "Notas"]
    heads, *rows = book.get_sheet_by_name("Cifras").to_python()
    assert heads[:6] == ["n.º", "cifra", "unidad", "período", "sexo", "cantidad"]
    assert [(row[4], row[5]) for row in rows] == [("Femenino", 1.0), ("Masculino", 2.0), ("Femenino", "")]
    notes = book.get_sheet_by_name("Notas").to_python()
    assert notes[1][:2] == ["O9", FIGURES["O9"].es]
    assert ["Completo hasta el evento", 12.0] in [row[:2] for row in notes]
