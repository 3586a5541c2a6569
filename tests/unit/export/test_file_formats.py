"""Files of tables: other libraries read the same values back, with their types."""

import json
import os
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import duckdb
import pandas as pd
import pytest
import typer
from frictionless import Package
from python_calamine import CalamineWorkbook

from services.console.export.writing import FileFormat, write
from services.export.contract_tables import catalogue
from services.export.figure_table import definitions, figures
from services.export.formats import as_csv, as_json, book, sheet_of
from services.export.formats.parquet import as_parquet
from services.export.table import ColumnType, ExportTable, TableColumn

COLUMNS: Final = (
    TableColumn("figure", title="no."),
    TableColumn("value", ColumnType.NUMBER),
    TableColumn("definition", ColumnType.INTEGER),
    TableColumn("first_day", ColumnType.DATE),
    TableColumn("accepted_at", ColumnType.DATETIME),
    TableColumn("whole", ColumnType.BOOLEAN),
)
NOON: Final = datetime(2024, 5, 6, 12, tzinfo=UTC)
ROWS: Final = (
    ("O9", 7.0, 2, date(2024, 1, 1), NOON, True),
    ("O13a", None, None, None, None, False),
    ("=1+1", 0.125, 1, date(2024, 12, 31), NOON, True),
)
TABLE: Final = ExportTable("figures", "Figures", COLUMNS, ROWS, ("figure",), ("A note.",))


def test_a_workbook_has_numbers_as_numbers_and_dates_as_dates() -> None:
    sheet = CalamineWorkbook.from_filelike(BytesIO(book([sheet_of(TABLE)]))).get_sheet_by_name("Figures").to_python()
    assert sheet[0] == ["no.", "value", "definition", "first_day", "accepted_at", "whole"]
    assert sheet[1] == ["O9", 7.0, 2.0, date(2024, 1, 1), NOON.replace(tzinfo=None), True]
    assert sheet[2] == ["O13a", "", "", "", "", False]
    assert sheet[3][0] == "=1+1"
    assert [cell for row in sheet[4:] for cell in row if cell] == ["A note."]


YEAR: Final = {"period": "2024", "first_day": date(2024, 1, 1), "last_day": date(2024, 12, 31)}
SEEN: Final = {
    **YEAR,
    "figure": "O9",
    "title_en": "Persons arrested",
    "title_es": "Personas detenidas",
    "dimension": "",
    "code": "",
    "value": 7.0,
    "shown": "7",
    "status": "shown",
    "marks": "[r]",
    "marks_en": "revised",
    "marks_es": "revisado",
    "unit": "persons",
    "definition": 2,
    "known_at": 12,
}
BY_SEX: Final = {**SEEN, "dimension": "sex", "code": "female", "value": None, "shown": "0-4", "status": "confidential"}
DEFINED: Final = {
    "figure": "O9",
    "title_en": "Persons arrested",
    "title_es": "Personas detenidas",
    "definition": 2,
    "counts_en": "Persons.",
    "counts_es": "Personas.",
    "unit": "persons",
    "nature": "flow",
    "reader": "sum",
    "valid_from": date(2024, 1, 1),
}


@pytest.mark.parametrize(
    ("lang", "names", "label", "mark"),
    [("en", ["Figures", "Notes"], "Female", "revised"), ("es", ["Cifras", "Notas"], "Femenino", "revisado")],
)
def test_a_workbook_of_figures_is_typed_and_has_notes(
    lang: str, names: list[str], label: str, mark: str, tmp_path: Path
) -> None:
    to = tmp_path / "figures.xlsx"
    tables = [figures([SEEN, BY_SEX], lang, exact=False), definitions([DEFINED], lang)]
    write(tables, FileFormat.XLSX, to, package=False, version="12")
    book = CalamineWorkbook.from_path(str(to))
    assert book.sheet_names == names
    heads, whole, by_sex, *_ = book.get_sheet_by_name(names[0]).to_python()
    assert len(heads) == len(tables[0].columns)
    cells = dict(zip((column.name for column in tables[0].columns), whole, strict=True))
    assert (cells["value"], cells["first_day"], cells["definition"]) == (7.0, date(2024, 1, 1), 2.0)
    assert cells["marks_in_words"] == mark
    cells = dict(zip((column.name for column in tables[0].columns), by_sex, strict=True))
    assert (cells["value"], cells["shown"], cells["label"]) == ("", "0-4", label)
    _, defined = book.get_sheet_by_name(names[1]).to_python()
    assert defined[0] == "O9"
    assert date(2024, 1, 1) in defined


def test_the_same_table_gives_the_same_bytes() -> None:
    assert book([sheet_of(TABLE)]) == book([sheet_of(TABLE)])
    assert as_csv(TABLE) == as_csv(TABLE)


def test_csv_leaves_nothing_where_there_is_no_value_and_begins_no_formula() -> None:
    assert as_csv(TABLE).decode().splitlines() == [
        "figure,value,definition,first_day,accepted_at,whole",
        "O9,7,2,2024-01-01,2024-05-06T12:00:00+00:00,true",
        "O13a,,,,,false",
        "'=1+1,0.125,1,2024-12-31,2024-05-06T12:00:00+00:00,true",
    ]


def test_json_has_numbers_and_nulls() -> None:
    rows = json.loads(as_json(TABLE))
    assert [(row["value"], row["first_day"]) for row in rows] == [
        (7, "2024-01-01"),
        (None, None),
        (0.125, "2024-12-31"),
    ]


def test_duckdb_and_pandas_read_parquet_typed(tmp_path: Path) -> None:
    path = tmp_path / "figures.parquet"
    path.write_bytes(as_parquet(TABLE))
    found = duckdb.connect().execute(f"SELECT figure, value, first_day FROM '{path}' WHERE value > 1").fetchall()
    assert found == [("O9", 7.0, date(2024, 1, 1))]
    frame = pd.read_parquet(path)
    assert (len(frame), str(frame["value"].dtype), frame["value"].sum()) == (3, "float64", 7.125)
    assert frame["accepted_at"][0].to_pydatetime() == NOON


def test_a_table_without_rows_keeps_its_types(tmp_path: Path) -> None:
    path = tmp_path / "none.parquet"
    path.write_bytes(as_parquet(ExportTable("none", "None", COLUMNS, ())))
    assert duckdb.connect().execute(f"SELECT count(*) FROM '{path}'").fetchall() == [(0,)]


@pytest.mark.parametrize("format_", [FileFormat.CSV, FileFormat.JSON])
def test_frictionless_finds_no_fault_in_a_package(format_: FileFormat, tmp_path: Path) -> None:
    to = tmp_path / "package"
    write([TABLE], format_, to, package=True, version="12")
    report = validated(to)
    assert report.valid, report.flatten(["type", "note"])
    assert (to / f"figures.{format_.value}").stat().st_mode & 0o777 == 0o600


def test_frictionless_finds_a_cell_of_another_type(tmp_path: Path) -> None:
    to = tmp_path / "package"
    write([TABLE], FileFormat.CSV, to, package=True, version="12")
    path = to / "figures.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",7,2,", ",many,2,"), encoding="utf-8")
    assert "type-error" in {row[0] for row in validated(to).flatten(["type"])}


@pytest.mark.parametrize("anybody", [True, False])
def test_a_package_says_whether_it_may_leave_the_committees(tmp_path: Path, *, anybody: bool) -> None:
    to = tmp_path / "package"
    write([replace(TABLE, for_anybody=anybody)], FileFormat.CSV, to, package=True, version="12")
    (licence,) = json.loads((to / "datapackage.json").read_text(encoding="utf-8"))["licenses"]
    assert (licence["name"] == "other-open") is anybody
    assert ("For anybody" in licence["title"]) is anybody
    assert validated(to).valid


def test_the_contract_as_a_package_is_valid(tmp_path: Path) -> None:
    to = tmp_path / "contract"
    write(catalogue(), FileFormat.CSV, to, package=True, version="1")
    report = validated(to)
    assert report.valid, report.flatten(["type", "note"])
    types, fields, codes = catalogue()
    assert {row[0] for row in fields.rows} <= {row[0] for row in types.rows}
    assert len(codes.rows) > 300


def test_the_contract_tells_each_field_as_the_published_schema_does() -> None:
    """A developer who had only the tables found no example, no source of a code list, and nothing of the envelope."""
    types, fields, _ = catalogue()
    columns = [each.name for each in fields.columns]
    told = {(row[0], row[1]): dict(zip(columns, row, strict=True)) for row in fields.rows}
    status = told["bz.atips.victim.identified.v1", "/data/status"]
    assert status["example"] == '"suspected"'
    assert status["code_list"] == "victim_status"
    assert str(status["source"]).startswith("HTCDS (IOM)")
    assert told["bz.atips.indictment.filed.v1", "/data/court"]["permitted"] == "high_court"
    count = told["bz.atips.screening.completed.v1", "/data/count"]
    assert count["rules"] == "number_not_allowed count_or_persons missing_field"
    assert "Either a count or `persons`, never both." in str(count["rules_en"])
    assert "O un número o `persons`, nunca los dos." in str(count["rules_es"])
    assert told["bz.atips.arrest.made.v1", "/recordedtime"]["required"] is True
    assert all(row["en"] and row["es"] and row["example"] for row in told.values())
    (identified,) = [row for row in types.rows if row[0] == "bz.atips.victim.identified.v1"]
    assert "`status` is always `potential`" in str(identified[4])


def test_nothing_is_written_over(tmp_path: Path) -> None:
    to = tmp_path / "x.csv"
    to.write_text("mine", encoding="utf-8")
    with pytest.raises(typer.Exit):
        write([TABLE], FileFormat.CSV, to, package=False, version="1")
    assert to.read_text(encoding="utf-8") == "mine"


def validated(folder: Path) -> Any:  # noqa: ANN401
    here = Path.cwd()
    os.chdir(folder)  # it trusts no path that leads out of where it is
    try:
        return Package("datapackage.json").validate()
    finally:
        os.chdir(here)
