"""Files as the common programs write them: read alike, refused by cell, given back with what is wrong in them."""

from datetime import date, datetime, time
from io import BytesIO
from typing import Any, Final, NamedTuple, TypeAlias
from zipfile import ZipFile

import pytest
import xlsxwriter

from schemas.errors import Reason
from schemas.ids import Kind
from services.sheet.cell_errors import RefusedCell, SheetRule
from services.sheet.file_reading import MARK, UnreadableSheetError, from_csv, from_xlsx
from services.sheet.own_number_ids import OwnNumbers
from services.sheet.row import ReadRow, column_at, read
from services.sheet.table import Table, is_sheet, read_table

ARREST = "bz.atips.arrest.made.v1"
OWN = OwnNumbers("bpd", bytes(32))
HEADINGS = "own_number,occurred,recorded,own_person,own_arrest,on_warrant,own_linked_victims"
OWN_PERSON = OWN.id(Kind.PERSON, "", "P-1")
GOOD = "2024/1,03/06/2024,04/06/2024,P-1,A-1,Yes,P-2|P-3"


def table(*lines: str, name: str = "a.csv", event_type: str | None = ARREST) -> Table:
    return read_table(name, "\r\n".join(lines).encode(), event_type)


def answers(found: Table) -> list[ReadRow | tuple[RefusedCell, ...]]:
    return [read(row, found.type, OWN) for row in found.rows()]


def said(found: Table) -> ReadRow:
    (answer,) = answers(found)
    assert isinstance(answer, ReadRow), answer
    return answer


def refusals(*lines: str) -> list[tuple[str | None, str]]:
    (answer,) = answers(table(*lines))
    assert not isinstance(answer, ReadRow)
    return [(each.column, each.why.value) for each in answer]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("mark", [b"", MARK])
def test_separators_and_the_mark_make_no_difference(separator: str, mark: bytes) -> None:
    plain = said(table(HEADINGS, GOOD))
    other = f"{HEADINGS}\n{GOOD}".replace(",", separator).encode()
    assert said(read_table("a.csv", mark + other, ARREST)) == plain
    declared = f"sep={separator}\r\n".encode() + other
    assert said(read_table("a.csv", declared, ARREST)) == plain


def test_a_row_becomes_an_event_that_follows_from_it() -> None:
    event = said(table(HEADINGS, GOOD)).fact("bpd")
    assert event["source"] == "bpd/sheet"
    assert event["subject"] == event["data"]["person"] == OWN_PERSON
    assert (event["time"], event["occurredprecision"]) == ("2024-06-03T00:00:00-06:00", "day")
    assert event["recordedtime"] == "2024-06-04T00:00:00-06:00"
    assert event["sourcerecord"] == "2024/1"
    assert event["data"]["on_warrant"] == "yes"
    assert len(event["data"]["linked_victims"]) == 2
    assert "case" not in event["data"]


def test_empty_is_null_and_no_day_is_an_unknown_one() -> None:
    event = said(table(HEADINGS, "2024/1,,04/06/2024,P-1,A-1,,")).fact("bpd")
    assert event["occurredprecision"] == "unknown"
    assert "time" not in event
    assert event["data"].keys() == {"person", "arrest"}


def test_every_wrong_cell_of_a_row_is_told_and_other_rows_go_on() -> None:
    bad = "2024/2,5/3/2024,04/06/2024,a name,,maybe,P-2||P-3"
    answer, good = answers(table(HEADINGS, bad, GOOD))
    assert isinstance(good, ReadRow)
    assert answer == (
        RefusedCell("occurred", SheetRule.AMBIGUOUS),
        RefusedCell("own_person", Reason.WRONG_FORM),
        RefusedCell("on_warrant", Reason.UNKNOWN_CODE),
        RefusedCell("own_linked_victims", Reason.WRONG_FORM),
        RefusedCell("own_arrest", Reason.MISSING_FIELD),
    )
    assert "name" not in repr(answer)


def test_a_number_that_begins_with_a_mark_is_a_row_and_a_remark_is_none() -> None:
    assert refusals(HEADINGS, "#118/24" + GOOD.removeprefix("2024/1")) == [("own_number", "wrong_form")]
    for remark in ("# a remark,with,cells", "#", "#alone", "#alone,,"):
        assert answers(table(HEADINGS, remark)) == []


@pytest.mark.parametrize("headings", [HEADINGS, HEADINGS + ",errors", HEADINGS + ",,errors"])
def test_what_stands_under_no_heading_is_told_and_not_lost(headings: str) -> None:
    astray = GOOD + "," * headings[len(HEADINGS) :].count(",") + ",beyond"
    found = table(headings, astray, GOOD)
    answer, good = answers(found)
    assert (answer, isinstance(good, ReadRow)) == ((RefusedCell(None, SheetRule.NO_HEADING),), True)
    assert "beyond" not in repr(answer)
    back = from_csv(found.given_back({2: "wrong"})).rows
    assert "beyond" in back[1]
    assert back[1][back[0].index("errors")] == "wrong"
    assert answers(read_table("a.csv", found.given_back({}), ARREST))[0] == answer


def test_cells_are_held_against_each_other() -> None:
    both = HEADINGS + ",person,revision,occurred_to"
    assert refusals(both, GOOD + f",{OWN_PERSON},0,2024-07") == [
        ("person", "given_twice"),
        ("revision", "out_of_range"),
        ("occurred_to", "unlike_precision"),
    ]
    assert refusals(both, GOOD + ",,,02/06/2024") == [("occurred_to", "time_span_reversed")]
    assert refusals(both, "2024/1,,04/06/2024,P-1,A-1,,,,,2024") == [("occurred", "missing_field")]
    assert refusals(HEADINGS, GOOD + "|P-2") == [("own_linked_victims", "repeated_item")]


def test_what_an_event_s_own_rules_refuse_is_told_by_its_column() -> None:
    headings = "own_number,recorded,own_screening,count,count_basis,own_persons"
    screening = "bz.atips.screening.completed.v1"
    (answer,) = answers(table(headings, "S-1,2024-06-04,S-1,102,,", event_type=screening))
    assert answer == (RefusedCell("count_basis", Reason.COUNT_WITHOUT_BASIS),)
    assert column_at("/time", {}, ARREST) == "occurred"
    assert column_at("/recordedtime", {}, ARREST) == "recorded"
    assert column_at("/data/data/person", {"own_person": "1"}, ARREST) == "own_person"
    assert column_at("/data/person", {"person": "1"}, ARREST) == "person"
    assert column_at("/type", {}, ARREST) is None
    assert column_at("", {}, ARREST) is None


def test_rows_are_numbered_as_the_spreadsheet_numbers_them_and_comments_are_passed_over() -> None:
    found = table("# a note", "", HEADINGS, "# sex,a note", "", GOOD, ",,,,")
    assert [row.number for row in found.rows()] == [6]


def test_a_sheet_may_name_its_type() -> None:
    assert read_table("a.csv", f"# type,arrest.made\n{HEADINGS}\n".encode(), None).type == ARREST
    with pytest.raises(UnreadableSheetError, match="use an empty sheet"):
        read_table("a.csv", HEADINGS.encode(), None)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"own_number,given name\n", "column B is none of arrest.made"),
        (b"own_number,Own Number\n", "column B repeats the heading own_number: keep one"),
        ("own_number,sí\n".encode("cp1252"), "UTF-8"),
        (b'own_number,"\n', "quotation mark"),
        (b"# only a note\n", "no row with headings"),
    ],
)
def test_a_file_that_is_no_such_sheet_is_refused_whole_and_not_repeated(content: bytes, told: str) -> None:
    with pytest.raises(UnreadableSheetError) as caught:
        read_table("a.csv", content, ARREST)
    assert told in str(caught.value)
    assert "given name" not in str(caught.value)


class Formula(NamedTuple):
    """A formula and what a program saved as its result."""

    text: str
    result: str = ""


Cells: TypeAlias = dict[str, Any]

FILLED: Final[Cells] = {"own_number": "2024/1", "recorded": "2024-06-04", "own_person": "P-1", "own_arrest": "A-1"}


def workbook(*rows: Cells, merged: str = "", sheets: tuple[str, ...] = ("arrest.made",)) -> bytes:
    """A workbook with the rows on each of its sheets; `merged` is a column whose cells are one."""
    written = BytesIO()
    book = xlsxwriter.Workbook(written)
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    headings = list(dict.fromkeys(name for row in rows for name in (*row, *[merged][: len(merged)])))
    for sheet in map(book.add_worksheet, sheets):
        sheet.write_row(0, 0, headings)
        for number, row in enumerate(rows, 1):
            for name, value in row.items():
                match value:
                    case date() | time():
                        sheet.write_datetime(number, headings.index(name), value, day)
                    case Formula():
                        sheet.write_formula(number, headings.index(name), value.text, None, value.result)
                    case _:
                        sheet.write(number, headings.index(name), value)
        if merged:
            sheet.merge_range(1, headings.index(merged), len(rows), headings.index(merged), "yes")
    book.close()
    return written.getvalue()


def test_a_workbook_s_days_and_numbers_are_typed() -> None:
    typed: Cells = {
        "own_number": 20240113,
        "occurred": datetime.fromisoformat("2024-05-03T20:15"),
        "recorded": date(2024, 5, 4),
        "on_warrant": True,
    }
    found = read_table("a.xlsx", workbook(FILLED | typed), None)
    event = said(found).fact("bpd")
    assert event["sourcerecord"] == "20240113"
    assert event["time"] == "2024-05-03T20:15:00-06:00"
    assert event["recordedtime"] == "2024-05-04T00:00:00-06:00"
    assert event["data"]["on_warrant"] == "yes"


def test_a_first_of_the_month_that_a_workbook_may_have_made_of_a_month_is_refused() -> None:
    (answer,) = answers(read_table("a.xlsx", workbook(FILLED | {"occurred": date(2024, 4, 1)}), None))
    assert answer == (RefusedCell("occurred", SheetRule.AMBIGUOUS),)


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"own_number": date(2024, 5, 24)}, "own_number"),
        ({"own_number": datetime.fromisoformat("2024-05-24T20:15")}, "own_number"),
        ({"own_number": time(20, 15)}, "own_number"),
        ({"own_number": 1234567890123456}, "own_number"),
        ({"own_person": date(2024, 5, 24)}, "own_person"),
        ({"own_linked_victims": date(2024, 5, 24)}, "own_linked_victims"),
        ({"on_warrant": date(2024, 5, 24)}, "on_warrant"),
    ],
)
def test_what_a_workbook_may_have_made_of_a_number_is_refused(cells: Cells, column: str) -> None:
    (answer,) = answers(read_table("a.xlsx", workbook(FILLED | cells), None))
    assert answer == (RefusedCell(column, SheetRule.AMBIGUOUS),)


def test_what_a_workbook_shows_and_does_not_say_is_refused_and_not_null() -> None:
    shown: Cells = {
        "on_warrant": Formula("=NA()", "#N/A"),
        "case": Formula("=1+1"),
        "own_linked_victims": "",
    }
    (answer,) = answers(read_table("a.xlsx", workbook(FILLED | shown), None))
    assert answer == (RefusedCell("on_warrant", SheetRule.UNREADABLE), RefusedCell("case", SheetRule.UNREADABLE))
    (answer,) = answers(read_table("a.xlsx", workbook(dict.fromkeys(FILLED, Formula("=1/0", "#DIV/0!"))), None))
    assert answer == tuple(RefusedCell(column, SheetRule.UNREADABLE) for column in FILLED)
    assert isinstance(
        said(read_table("a.xlsx", workbook(FILLED | {"on_warrant": Formula('="yes"', "yes")}), None)), ReadRow
    )


def test_of_merged_cells_each_row_says_its_own() -> None:
    first, second = answers(read_table("a.xlsx", workbook(FILLED, FILLED, merged="on_warrant"), None))
    assert isinstance(first, ReadRow)
    assert first.data["on_warrant"] == "yes"
    assert second == (RefusedCell("on_warrant", SheetRule.UNREADABLE),)
    only = read_table("a.xlsx", workbook(FILLED, {}, merged="on_warrant"), None)
    assert [row.number for row in only.rows()] == [2]


def test_an_error_in_csv_is_refused_and_no_comment() -> None:
    for error in ("#N/A", "#¡VALOR!", "#DIV/0!", "?"):
        assert refusals(HEADINGS, GOOD.replace("2024/1", error)) == [("own_number", "unreadable")]
    assert refusals(HEADINGS, GOOD.replace("2024/1", "2024/1 ?")) == [("own_number", "ambiguous")]


def test_what_is_doubtful_is_so_again_in_the_file_given_back() -> None:
    doubtful: Cells = {"own_number": date(2024, 5, 24), "occurred": date(2024, 4, 1), "case": Formula("=NA()", "#N/A")}
    found = read_table("a.xlsx", workbook(FILLED, FILLED | doubtful, {}, merged="on_warrant"), None)
    refused = (
        RefusedCell("own_number", SheetRule.AMBIGUOUS),
        RefusedCell("on_warrant", SheetRule.UNREADABLE),
        RefusedCell("occurred", SheetRule.AMBIGUOUS),
        RefusedCell("case", SheetRule.UNREADABLE),
    )
    for _ in range(3):
        first, second = answers(found)
        assert isinstance(first, ReadRow)
        assert second == refused
        found = read_table("a.xlsx", found.given_back({}), None)
    assert {"2024-05-24 ?", "2024-04-01 ?", "?"} < {*found.grid.rows[2]}


def test_of_several_sheets_of_events_one_is_chosen() -> None:
    content = workbook(FILLED, sheets=("notes", "arrest.made", "arrest.released"))
    with pytest.raises(UnreadableSheetError, match=r"arrest\.made, arrest\.released; choose one type with --type"):
        read_table("a.xlsx", content, None)
    released = read_table("a.xlsx", content, "bz.atips.arrest.released.v1")
    assert (released.sheet, released.type) == ("arrest.released", "bz.atips.arrest.released.v1")
    with pytest.raises(UnreadableSheetError, match="one sheet of each"):
        read_table("a.xlsx", workbook(FILLED, sheets=("arrest.made", ARREST)), ARREST)


def test_a_file_that_is_no_workbook_is_refused() -> None:
    parts = parts_of(workbook(FILLED))
    unheard = parts | {SHEET: parts[SHEET].replace(b"UTF-8", b"UTF-80")}
    for content in (b"not a workbook", without(workbook(FILLED), "xl/_rels/workbook.xml.rels"), made_of(unheard)):
        with pytest.raises(UnreadableSheetError):
            from_xlsx(content)


def without(content: bytes, part: str) -> bytes:
    """A workbook that lacks one of its parts."""
    return made_of({name: said for name, said in parts_of(content).items() if name != part})


def parts_of(content: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(content)) as book:
        return {name: book.read(name) for name in book.namelist()}


def made_of(parts: dict[str, bytes]) -> bytes:
    made = BytesIO()
    with ZipFile(made, "w") as book:
        for name, said in parts.items():
            book.writestr(name, said)
    return made.getvalue()


SHEET: Final = "xl/worksheets/sheet1.xml"


def with_a_cell(content: bytes, row: int, cell: str) -> bytes:
    """A workbook with one more row of one more cell."""
    parts = parts_of(content)
    more = f'<row r="{row}">{cell}</row></sheetData>'.encode()
    return made_of(parts | {SHEET: parts[SHEET].replace(b"</sheetData>", more)})


@pytest.mark.parametrize(
    ("column", "row", "told"), [("A", 1048576, "row 1048576 and column D"), ("XFD", 1000, "row 1000 and column XFD")]
)
def test_a_cell_far_away_is_refused_before_room_is_made_for_all_up_to_it(column: str, row: int, told: str) -> None:
    far = with_a_cell(workbook(FILLED), row, f'<c r="{column}{row}"><v>1</v></c>')
    with pytest.raises(UnreadableSheetError, match=told):
        read_table("a.xlsx", far, None)
    coloured = with_a_cell(workbook(FILLED), row, f'<c r="{column}{row}" s="1"/>')
    assert len(answers(read_table("a.xlsx", coloured, None))) == 1


@pytest.mark.parametrize("far", ["A1048576", "XFD3"])
def test_a_cell_is_as_far_away_as_it_says_itself_whatever_its_row_says(far: str) -> None:
    long = with_a_cell(workbook(FILLED), 100_000, '<c r="A100000"><v>1</v></c>')
    with pytest.raises(UnreadableSheetError, match="a sheet reaches to row"):
        read_table("a.xlsx", with_a_cell(long, 3, f'<c r="{far}"><v>1</v></c>'), None)


@pytest.mark.parametrize("name", ["x" * 40, "arrests / 2024", "'24"])
def test_a_workbook_whose_sheet_has_a_name_that_spreadsheets_forbid_is_given_back(name: str) -> None:
    parts = parts_of(workbook(FILLED))
    book = parts["xl/workbook.xml"].replace(b'name="arrest.made"', f'name="{name}"'.encode())
    found = read_table("a.xlsx", made_of(parts | {"xl/workbook.xml": book}), ARREST)
    assert found.sheet == name
    assert read_table("a.xlsx", found.given_back({2: "wrong"}), None).grid.rows[1][-1] == "wrong"


def test_a_file_is_given_back_with_its_errors_and_without_formulas() -> None:
    cells = GOOD.replace("2024/1", "=1+1", 1).replace(",", ";")
    lines = ("# type;arrest.made", HEADINGS.replace(",", ";"), cells, "")
    found = table(*lines, event_type=ARREST)
    back = found.given_back({3: "own_number: wrong"})
    assert back.startswith(MARK)
    assert b"'=1+1;" in back
    grid = from_csv(back)
    assert grid.separator == ";"
    assert grid.rows[1][-1] == "errors"
    assert grid.rows[2][-1] == "own_number: wrong"
    assert grid.rows[2][0] == "=1+1"
    again = read_table("a.csv", back, ARREST)
    assert list(again.columns.values()) == HEADINGS.split(",")
    assert from_csv(again.given_back({})).rows[2][len(HEADINGS.split(","))] == ""


def test_a_workbook_is_given_back_as_text() -> None:
    found = read_table("a.xlsx", workbook({"own_number": Formula("=1+1", "2"), "recorded": date(2024, 5, 4)}), None)
    back = read_table("a.xlsx", found.given_back({2: "own_person: missing"}), None)
    assert back.type == ARREST
    assert back.grid.rows[1] == ("2", "2024-05-04", "own_person: missing")


@pytest.mark.parametrize(("name", "sheet"), [("a.csv", True), ("A.XLSX", True), ("a.jsonl", False), ("<stdin>", False)])
def test_a_sheet_is_known_by_its_name(name: str, sheet: bool) -> None:
    assert is_sheet(name) is sheet
