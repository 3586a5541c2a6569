"""A workbook with two pages: few columns first, and the others on a page whose rows are matched by the own number."""

from io import BytesIO
from typing import Final

import pytest
from python_calamine import CalamineWorkbook

from services.sheet.cell_errors import Lang
from services.sheet.file_reading import UnreadableSheetError
from services.sheet.file_writing import SheetPage, to_xlsx
from services.sheet.own_number_ids import OwnNumbers
from services.sheet.published_rows import NoPublishedRows
from services.sheet.row import ReadRow, read
from services.sheet.sheet_publishing import Correcting, Sheet
from services.sheet.table import Table, read_table
from services.sheet.template import columns_for_agency, xlsx

OWN = OwnNumbers("bpd", b"0" * 32)
TYPE = "bz.atips.arrest.made.v1"
FIRST = ("own_number", "occurred", "recorded", "own_person", "own_arrest")
ROW = ("A/1", "16/12/2024", "17/12/2024", "P/1", "A/1")
OTHER = ("A/2", "16/12/2024", "17/12/2024", "P/2", "A/2")
PAGES: Final[dict[Lang | None, str]] = {None: "more", "en": "more", "es": "más"}
MORE = ("own_number", "on_warrant", "suspected_offence")


def workbook(*more: tuple[str, ...], first: tuple[tuple[str, ...], ...] = (ROW, OTHER)) -> bytes:
    return to_xlsx([SheetPage("arrest.made", [FIRST, *first]), SheetPage("more", [MORE, *more])])


def table(content: bytes) -> Table:
    return read_table("arrests.xlsx", content, None)


def test_an_empty_sheet_has_what_every_row_needs_first_and_all_else_on_the_second_page() -> None:
    for lang, second in PAGES.items():
        book = CalamineWorkbook.from_filelike(BytesIO(xlsx(TYPE, "", lang)))
        assert book.sheet_names[:2] == ["arrest.made", second]
        first, more = (book.get_sheet_by_name(name).to_python()[0] for name in book.sheet_names[:2])
        assert len(first) < 8
        assert more[0] == first[0]
        assert len(first) + len(more) - 1 == len(columns_for_agency(TYPE))
        with_nothing = table(xlsx(TYPE, "", lang))
        assert list(with_nothing.rows()) == []


def test_rows_are_matched_by_their_own_number_whatever_their_order() -> None:
    found = table(workbook(("A/2", "yes", "tip_labour"), ("a/1", "no", "")))
    said = {row.cells["own_number"]: row.cells for row in found.rows()}
    assert (said["A/1"]["on_warrant"], said["A/2"]["on_warrant"]) == ("no", "yes")
    assert "suspected_offence" not in said["A/1"]
    whole = read_table(
        "arrests.csv",
        ",".join((*FIRST, *MORE[1:])).encode() + b"\n" + ",".join((*OTHER, "yes", "tip_labour")).encode(),
        TYPE,
    )
    [flat] = [read(row, TYPE, OWN) for row in whole.rows()]
    [paged] = [read(row, TYPE, OWN) for row in found.rows() if row.cells["own_number"] == "A/2"]
    assert isinstance(paged, ReadRow)
    assert isinstance(flat, ReadRow)
    assert paged.fact("bpd") == flat.fact("bpd")


def test_a_wrong_cell_is_named_with_its_page_and_coloured_there_in_the_file_given_back() -> None:
    late = ("A/2", "16.13.2024", *OTHER[2:])
    content = workbook(("A/1", "maybe", ""), first=(ROW, late))
    sheet = Sheet(table(content), OWN, NoPublishedRows(), Correcting())
    told = {each.line: sheet.explained(each, "en") for each in sheet.settled}
    assert [each.address for each in told[2]] == ["more!B2"]
    assert [each.address for each in told[3]] == ["arrest.made!B3"]
    back = table(sheet.given_back("en"))
    assert back.more is not None
    assert [row.cells for row in back.rows()] == [row.cells for row in table(content).rows()]
    book = CalamineWorkbook.from_filelike(BytesIO(sheet.given_back("en")))
    assert "errors" in book.get_sheet_by_name("arrest.made").to_python()[0]
    assert "errors" not in book.get_sheet_by_name("more").to_python()[0]


@pytest.mark.parametrize(
    ("more", "first", "message"),
    [
        ([("A/9", "no", "")], (ROW,), "page more, row 2: no row of the first page has this own number"),
        ([("", "no", "")], (ROW,), "page more, row 2: no row of the first page has this own number"),
        ([("A/1", "no", "")], (ROW, ROW), "page more, row 2: several rows of the first page have this own number"),
        ([("A/1", "no", ""), ("A/1", "yes", "")], (ROW,), "page more, row 3: this own number has a row"),
    ],
)
def test_a_row_of_which_nobody_knows_where_it_belongs_refuses_the_file(
    more: list[tuple[str, ...]], first: tuple[tuple[str, ...], ...], message: str
) -> None:
    with pytest.raises(UnreadableSheetError, match=message):
        table(workbook(*more, first=first))


def test_a_column_on_both_pages_and_a_cell_under_no_heading_are_refused() -> None:
    both = to_xlsx([SheetPage("arrest.made", [(*FIRST, "on_warrant"), (*ROW, "no")]), SheetPage("more", [MORE])])
    with pytest.raises(UnreadableSheetError, match="a column is on the first page too: on_warrant"):
        table(both)
    [row] = table(workbook(("A/1", "no", "", "astray"), first=(ROW,))).rows()
    assert row.astray


def test_a_day_that_a_spreadsheet_made_of_a_number_is_in_doubt_on_the_second_page_too() -> None:
    [row] = table(workbook(("A/1", "no ?", ""), first=(ROW,))).rows()
    assert row.doubtful == {"on_warrant"}
