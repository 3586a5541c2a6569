"""A template explains itself in both languages, and what is filled into it is read."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from schemas.facts import FACTS
from services.console.__main__ import app
from services.console.sheet import template, words
from services.console.sheet.column import columns_of, short, type_named
from services.console.sheet.file import from_xlsx
from services.console.sheet.labels import LABELS
from services.console.sheet.labels.offices import OFFICES
from services.console.sheet.labels.people import PEOPLE
from services.console.sheet.labels.things import EVERY_SHEET, THINGS
from services.console.sheet.table import opened

ARREST = "bz.atips.arrest.made.v1"


@pytest.mark.parametrize("event_type", FACTS, ids=short)
def test_an_empty_sheet_names_its_type_and_has_every_needed_field(event_type: str) -> None:
    for name, content in (("a.csv", template.csv(event_type)), ("a.xlsx", template.xlsx(event_type))):
        table = opened(name, content, None)
        assert table.type == event_type
        assert list(table.columns.values()) == list(columns_of(event_type))
        assert list(table.rows()) == []
    said = FACTS[event_type].model.model_fields["data"].annotation
    assert said is not None
    needed = {name for name, field in said.model_fields.items() if field.is_required()}
    assert needed <= {column.field for column in columns_of(event_type).values()}


def test_a_workbook_has_its_columns_and_codes_beside() -> None:
    pages = from_xlsx(template.xlsx(ARREST))
    assert list(pages) == ["arrest.made", "columns", "codes"]
    explained = {row[0]: row[1:] for row in pages["columns"].rows}
    assert explained["on_warrant"][1:] == (
        "On a warrant (a code or its label)",
        "Por orden judicial (un código o su etiqueta)",
    )
    assert explained["own_person"][0] == "one of two / uno de los dos"
    assert ("on_warrant", "yes", "Yes", "Sí") in pages["codes"].rows


def columns() -> set[tuple[str, str]]:
    return {(column.name, column.field) for name in FACTS for column in columns_of(name).values()}


def test_no_field_of_any_sheet_lacks_words_and_no_words_are_of_a_field_that_no_sheet_has() -> None:
    around = {column.name for column in columns_of(ARREST).values() if column.around}
    fields = {field for name, field in columns() if name not in around}
    assert fields - set(LABELS) == set()
    assert set(LABELS) == fields | around
    assert len(LABELS) == len(EVERY_SHEET) + len(THINGS) + len(PEOPLE) + len(OFFICES), "one field, one row"


def test_the_two_languages_differ_but_where_the_word_is_the_same() -> None:
    same = {name for name, label in LABELS.items() if label.en == label.es}
    assert same == set()
    assert all(label.en[0].isupper() and label.es[0].isupper() for label in LABELS.values())


def test_a_column_for_an_own_number_is_called_by_its_field() -> None:
    assert words.label(columns_of(ARREST)["own_person"]).en == "Person"
    assert words.label(columns_of("bz.atips.court.hearing_held.v1")["own_hearing"]).es == "Audiencia judicial"


@pytest.mark.parametrize("name", ["arrest.made", "arrest.made.v1", ARREST])
def test_a_type_may_be_named_short(name: str) -> None:
    assert type_named(name) == ARREST


def atips(*arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(app, ["template", *arguments])
    assert done.exit_code == code, done.output
    return done.output


def test_the_command_writes_a_file_and_never_over_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert "arrest.made.xlsx: Arrest made / Detención efectuada" in atips("arrest.made")
    assert Path("arrest.made.xlsx").read_bytes().startswith(b"PK")
    assert "there already" in atips("arrest.made", code=1)
    atips("arrest.made", "--out", "a.csv")
    assert Path("a.csv").read_bytes() == template.csv(ARREST)
    assert "own_number" in atips("arrest.made", "--out", "-", "--format", "csv")
    assert "cannot be written" in atips("arrest.made", "--out", "nowhere/a.csv", code=1)


@pytest.mark.parametrize(
    "arguments",
    [["a.pdf"], ["a"], ["arrest.made"], ["a.xls"], ["a.csv", "--format", "xlsx"], ["a.pdf", "--format", "csv"]],
)
def test_a_name_that_no_sheet_has_is_wrong_use(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert ".csv or .xlsx" in atips("arrest.made", "--out", *arguments, code=2)
    assert list(tmp_path.iterdir()) == []
    atips("arrest.made", "--out", "A.CSV", "--format", "csv")


def test_a_type_that_does_not_exist_or_changes_others_has_no_template() -> None:
    assert "arrest.made" in atips("arrest.unmade", code=2)
    atips("event.corrected", code=2)
