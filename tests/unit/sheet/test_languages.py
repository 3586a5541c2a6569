"""A sheet in one language: headings, codes and advice; what a clerk needs stands first."""

from io import BytesIO
from zipfile import ZipFile

import pytest

from schemas.errors import Reason
from schemas.type_table import FACTS
from services.sheet import template
from services.sheet.cell_advice import advice_on_cell
from services.sheet.cell_errors import RefusedCell, SheetRule
from services.sheet.cell_kinds import Choice
from services.sheet.column import columns_of, short
from services.sheet.file_reading import from_xlsx
from services.sheet.file_writing import SheetPage, to_xlsx
from services.sheet.heading_texts import SPANISH, heading
from services.sheet.own_number_ids import OwnNumbers
from services.sheet.published_rows import NoPublishedRows
from services.sheet.sheet_publishing import Correcting, Sheet
from services.sheet.table import read_table

ARREST = "bz.atips.arrest.made.v1"
OWN = OwnNumbers("bpd", bytes(32))


@pytest.mark.parametrize("event_type", FACTS, ids=short)
def test_every_column_has_a_spanish_heading_of_its_own(event_type: str) -> None:
    columns = columns_of(event_type).values()
    assert {column.field if not column.around else column.name for column in columns} <= SPANISH.keys()
    headings = [heading(column, "es") for column in columns]
    assert len(set(headings)) == len(headings)
    # A heading in one language never names another column in the other.
    assert {each.name for each in columns if heading(each, "es") in columns_of(event_type)} <= {
        each.name for each in columns if heading(each, "es") == each.name
    }


@pytest.mark.parametrize("event_type", FACTS, ids=short)
def test_number_dates_and_what_is_needed_come_first(event_type: str) -> None:
    columns = list(columns_of(event_type).values())
    assert [column.name for column in columns[:3]] == ["own_number", "occurred", "recorded"]
    needed = [column.required for column in columns if not column.around]
    assert needed == sorted(needed, reverse=True)


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_spanish_sheet_is_read_as_any_other(suffix: str) -> None:
    made = {"csv": template.csv(ARREST, lang="es"), "xlsx": template.xlsx(ARREST, lang="es")}
    table = read_table(f"a.{suffix}", made[suffix], None)
    assert table.type == ARREST
    second = [] if table.more is None else [each for each in table.more.columns.values() if each != "own_number"]
    assert sorted([*table.columns.values(), *second]) == sorted(columns_of(ARREST))
    assert "fecha del hecho" in table.grid.rows[table.headings_at]


def test_a_spanish_workbook_offers_spanish_labels_that_are_read_as_codes() -> None:
    pages = from_xlsx(template.xlsx(ARREST, lang="es"))
    assert list(pages) == ["arrest.made", "más", "columnas", "códigos"]
    assert ("con orden judicial", "Sí", "yes") in pages["códigos"].rows
    explained = {row[0]: row[1:] for row in pages["columnas"].rows}
    assert explained["con orden judicial"][1].startswith("Si la detención se hizo por orden judicial")
    assert explained["persona (n.º propio)"][0] == "una de las dos"


@pytest.mark.parametrize("event_type", FACTS, ids=short)
@pytest.mark.parametrize("lang", ["en", "es"])
def test_every_offered_label_means_its_code(event_type: str, lang: str) -> None:
    for column in columns_of(event_type).values():
        if isinstance(column.cell, Choice):
            for code in column.cell.labels:
                assert column.cell.read(column.cell.label(code, "es" if lang == "es" else "en"), OWN) == code


def sheet(*rows: str) -> Sheet:
    headings = "número de registro,fecha del hecho,fecha de registro,persona (n.º propio),detención (n.º propio)"
    content = "\n".join((f"{headings},con orden judicial", *rows)).encode()
    return Sheet(read_table("a.csv", content, ARREST), OWN, NoPublishedRows(), Correcting())


def test_a_row_under_spanish_headings_is_an_event() -> None:
    found = sheet("24/1,03/06/2024,04/06/2024,P-1,A-1,Sí")
    assert [line.number for line in found.lines] == [2]
    assert b'"on_warrant":"yes"' in found.lines[0].value


@pytest.mark.parametrize(
    ("cells", "address", "said"),
    [
        ("24/1,3/6/2024,04/06/2024,P-1,A-1,", "B2", "Escriba: 31/12/2024, 2024-12-31"),
        ("24/1,03/06/2024,04/06/2024,P-1,A-1,Sii", "F2", "Una de: Sí, No"),
        ("24/1,03/06/2024,04/06/2024,P-1,A-1,quizás", "F2", "Una de: Sí, No"),
        ("24/1,03/06/2024,,P-1,A-1,", "2", "Escriba: 31/12/2024"),
    ],
)
def test_a_wrong_cell_is_named_with_what_to_do(cells: str, address: str, said: str) -> None:
    cells_of = sheet(cells)
    if address == "2":
        address = "C2"
    [verdict] = cells_of.settled
    [each] = cells_of.explained(verdict, "es")
    assert each.address == address
    assert said in each.sentence()
    assert "quizás" not in each.sentence()
    assert said in cells_of.given_back("es").decode()


def test_the_nearest_codes_of_a_long_list_are_named_and_where_the_list_is() -> None:
    columns = columns_of("bz.atips.shelter.placement_ended.v1")
    assert columns["reason"].nearest("transfered") == columns["reason"].nearest("transferred")
    district = columns_of("bz.atips.case.opened.v1")["district"]
    near = district.nearest("Cayoo")
    assert near == ("cayo",)
    said = advice_on_cell(
        RefusedCell("district", Reason.UNKNOWN_CODE, near=near), "bz.atips.case.opened.v1", "D4", "es"
    ).sentence()
    assert "¿Quiso decir uno de estos: Cayo?" in said
    assert "«códigos»" in said
    assert "atips codes district" in said


def test_the_suggested_offence_is_the_one_that_shares_the_words_and_is_asked_about() -> None:
    offences = columns_of(ARREST)["suspected_offence"]
    near = offences.nearest("labour trafficking")
    assert near == ("tip_labour",)
    said = advice_on_cell(
        RefusedCell("suspected_offence", Reason.UNKNOWN_CODE, near=near), ARREST, "C2", "en"
    ).sentence()
    assert "Did you mean one of: Trafficking for forced labour?" in said
    assert "See all: atips codes offence" in said
    assert "Facilitating" not in said


def test_advice_is_there_for_rules_about_rows_too() -> None:
    assert advice_on_cell(RefusedCell(None, SheetRule.CHANGED), ARREST, "4", "es").heading == "fila"
    assert "revision" in advice_on_cell(RefusedCell("own_number", Reason.ID_ALREADY_USED), ARREST, "A4", "en").advice
    both = advice_on_cell(RefusedCell("occurred", SheetRule.AMBIGUOUS), ARREST, "B4", None).sentence()
    assert "Write:" in both
    assert "Escriba:" in both


def test_a_day_that_is_none_and_a_number_of_a_day_are_told_with_what_to_do() -> None:
    none = advice_on_cell(RefusedCell("occurred", SheetRule.NO_SUCH_DAY), ARREST, "B4", "en").sentence()
    assert "the day stands before the month (no_such_day). Write: 31/12/2024" in none
    number = advice_on_cell(RefusedCell("occurred", SheetRule.DAY_NUMBER), ARREST, "B4", "es").sentence()
    assert "Dé a la celda el formato de fecha" in number


def test_wrong_cells_are_coloured_in_a_workbook() -> None:
    heads = [heading(column, "es") for column in columns_of(ARREST).values()]
    row = ["24/1", "3/6/2024", "04/06/2024", *[""] * (len(heads) - 3)]
    found = read_table("a.xlsx", to_xlsx([SheetPage("arrest.made", [heads, row])]), None)
    back = found.given_back({2: "x"}, [(2, "occurred")], "es")
    assert from_xlsx(back)["arrest.made"].rows[0][-1] == "errores"
    with ZipFile(BytesIO(back)) as book:
        assert "FFFFD9D9" in book.read("xl/styles.xml").decode()
