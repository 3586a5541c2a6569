"""A template explains itself in both languages, and what is filled into it is read."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from schemas.type_table import FACTS
from services.console.__main__ import app
from services.console.agency_connection import VARIABLE
from services.sheet import column_explanations, template
from services.sheet.cell_kinds import Choice
from services.sheet.column import columns_of, short, type_named
from services.sheet.file_reading import from_xlsx
from services.sheet.table import read_table
from tests.unit.console.test_agency_connection import FILE

ARREST = "bz.atips.arrest.made.v1"


@pytest.mark.parametrize("event_type", FACTS, ids=short)
def test_an_empty_sheet_names_its_type_and_has_every_needed_field(event_type: str) -> None:
    for name, content in (("a.csv", template.csv(event_type)), ("a.xlsx", template.xlsx(event_type))):
        table = read_table(name, content, None)
        assert table.type == event_type
        second = [] if table.more is None else [each for each in table.more.columns.values() if each != "own_number"]
        assert sorted([*table.columns.values(), *second]) == sorted(columns_of(event_type))
        assert (table.more is None) is (name == "a.csv")
        assert list(table.rows()) == []
    said = FACTS[event_type].model.model_fields["data"].annotation
    assert said is not None
    needed = {name for name, field in said.model_fields.items() if field.is_required()}
    assert needed <= {column.field for column in columns_of(event_type).values()}


def test_a_workbook_has_its_columns_and_codes_beside() -> None:
    pages = from_xlsx(template.xlsx(ARREST))
    assert list(pages) == ["arrest.made", "more", "columns", "codes"]
    explained = {row[0]: row[1:] for row in pages["columns"].rows}
    assert explained["on_warrant"][1:3] == (
        "Whether the arrest was made on a warrant (a code or its label).",
        "Si la detención se hizo por orden judicial (un código o su etiqueta).",
    )
    assert explained["own_person"][0] == "one of two / uno de los dos"
    assert ("on_warrant", "yes", "Yes", "Sí") in pages["codes"].rows


@pytest.mark.parametrize("event_type", FACTS, ids=short)
def test_every_column_of_every_sheet_has_its_meaning_in_both_languages(event_type: str) -> None:
    for column in columns_of(event_type).values():
        meaning = column_explanations.meaning(column)
        assert meaning.en != column.field
        assert meaning.en.endswith(".")
        assert meaning.es.endswith(".")


def test_the_columns_page_gives_examples_and_sources_and_says_who_may_say_what() -> None:
    pages = from_xlsx(template.xlsx("bz.atips.victim.identified.v1"))
    explained = {row[0]: row[1:] for row in pages["columns"].rows}
    assert explained["status"][3:] == (
        "suspected",
        (
            "victim_status: HTCDS (IOM); Observatory on Trafficking of Portugal (OTSH); words of the Trafficking in "
            "Persons Report, 2.0"
        ),
    )
    assert explained["own_person"][3] == "24/17"
    assert "`status` is always `potential`" in explained["authors"][1]
    assert "`status` es siempre `potential`" in explained["authors"][2]


@pytest.mark.parametrize(("agency", "codes"), [("hti", ["potential"]), ("dhs", None), ("", None)])
def test_a_template_for_an_agency_offers_only_its_codes(agency: str, codes: list[str] | None) -> None:
    pages = from_xlsx(template.xlsx("bz.atips.victim.identified.v1", agency))
    offered = [row[1] for row in pages["codes"].rows if row[0] == "status"]
    assert offered == (codes or ["suspected", "potential", "confirmed"])


def test_a_limited_column_is_needed_by_the_author_that_is_limited() -> None:
    verdict = "bz.atips.verdict.returned.v1"
    assert template.columns_for_agency(verdict, "bpd")["court"].required
    assert not template.columns_for_agency(verdict, "odpp")["court"].required
    accepted = template.columns_for_agency("bz.atips.referral.accepted.v1", "dhs")["on_behalf_of"].cell
    assert isinstance(accepted, Choice)
    assert "tip_care_unit" in accepted.labels
    assert "bpd" not in accepted.labels


def test_an_agency_has_no_template_of_what_it_does_not_publish() -> None:
    said = atips("arrest.made", "--agency", "dhs", code=2)
    assert "dhs may not publish arrest.made. It may publish report.received, " in said
    assert ", victim.identified, " in said
    assert "arrest.made is published by bpd" in said
    assert "council may not publish arrest.made. It may publish " in atips("arrest.made", "--agency", "council", code=2)


def test_a_template_on_a_connected_pc_is_for_its_agency(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "hti.json").write_text(FILE.text(), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(VARIABLE, str(tmp_path / "hti.json"))
    said = atips("arrest.made", "--out", "arrests.xlsx", code=2)
    assert "hti may not publish arrest.made. It may publish " in said
    assert not (tmp_path / "arrests.xlsx").exists()
    atips("victim.identified", "--out", "victims.xlsx")
    pages = from_xlsx((tmp_path / "victims.xlsx").read_bytes())
    assert [row[1] for row in pages["codes"].rows if row[0] == "status"] == ["potential"]
    atips("arrest.made", "--agency", "bpd", "--out", "arrests.xlsx")


def test_several_co_publishers_are_joined_as_a_sheet_joins_them_and_not_as_an_event() -> None:
    """Found by a new user: the explanation said commas, and the sheet was refused."""
    column = columns_of(ARREST)["copublishers"]
    told = column_explanations.meaning(column)
    assert (told.en, told.es) == (
        "Agencies that report the same fact, joined by |.",
        "Instituciones que informan del mismo hecho, separadas por |.",
    )
    assert column_explanations.filling_instruction(column).en.endswith("several joined by |")
    assert column.written(["bpd", "dhs"]) == "bpd|dhs"


def test_a_column_for_an_own_number_is_called_by_its_field() -> None:
    assert column_explanations.meaning(columns_of(ARREST)["own_person"]).en == "Id of the person."
    hearing = columns_of("bz.atips.court.hearing_held.v1")["own_hearing"]
    assert column_explanations.meaning(hearing).es == "Identificador de la audiencia."


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
