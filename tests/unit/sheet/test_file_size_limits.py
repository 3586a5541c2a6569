"""Sheets that are made to cost more than they weigh: refused with a sentence, before room is made for them."""

import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter

from services.sheet import file_size_limits
from services.sheet.file_reading import UnreadableSheetError, from_csv, from_xlsx
from services.sheet.file_size_limits import CELL_CHARACTERS, COLUMNS, FILE_BYTES, LINE_CHARACTERS, ROWS

MIB = 1024 * 1024
PART = "xl/worksheets/sheet1.xml"
ROOM = 8 * MIB
"""Bytes of memory that a refusal may take, whatever the file would unpack to."""


def workbook(cells: dict[tuple[int, int], str] | None = None) -> bytes:
    made = BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet("arrest.made")
        for (row, column), text in (cells or {(0, 0): "own_number"}).items():
            sheet.write_string(row, column, text)
    return made.getvalue()


def with_parts(parts: dict[str, bytes]) -> bytes:
    made = BytesIO()
    with ZipFile(BytesIO(workbook())) as book, ZipFile(made, "w", ZIP_DEFLATED) as again:
        for name in book.namelist():
            if name not in parts:
                again.writestr(name, book.read(name))
        for name, said in parts.items():
            again.writestr(name, said)
    return made.getvalue()


def refused(read: Callable[[], object]) -> str:
    """Give the sentence; the memory that it takes is bounded."""
    tracemalloc.start()
    try:
        with pytest.raises(UnreadableSheetError) as told:
            read()
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < ROOM
    return str(told.value)


def bomb(size: int) -> bytes:
    """A workbook whose sheet unpacks to so much; about a thousandth of it lies on the disk."""
    head = (
        b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    )
    return with_parts({PART: head + size * b" " + b"</sheetData></worksheet>"})


def saying(content: bytes, size: int) -> bytes:
    """Return the archive with a directory that states another size of the sheet."""
    with ZipFile(BytesIO(content)) as book:
        crc = zlib.crc32(book.read(PART)[:size])  # so that whoever reads so much finds nothing wrong
    changed, at = bytearray(content), content.rindex(b"PK\x01\x02", 0, content.rindex(PART.encode()))
    struct.pack_into("<I", changed, at + 16, crc)
    struct.pack_into("<I", changed, at + 24, size)
    return bytes(changed)


def test_a_workbook_that_says_that_it_unpacks_to_hundreds_of_megabytes_is_refused() -> None:
    content = saying(bomb(MIB), 300 * MIB)
    assert len(content) < 21_000
    assert "unpacks to more than 128 MiB" in refused(lambda: from_xlsx(content))


def test_a_workbook_that_unpacks_to_more_than_it_says_is_refused_while_it_does() -> None:
    content = saying(bomb(16 * MIB), 1000)
    with ZipFile(BytesIO(content)) as book:
        assert len(book.read(PART)) == 1000  # as the standard library reads it
    assert "larger than the workbook says" in refused(lambda: from_xlsx(content))


def test_a_workbook_of_very_many_parts_is_refused() -> None:
    content = with_parts({f"xl/worksheets/more{number}.xml": b"<a/>" for number in range(file_size_limits.PARTS)})
    assert "more than 1000 parts" in refused(lambda: from_xlsx(content))


def test_what_lies_in_a_workbook_beside_its_sheets_is_not_unpacked() -> None:
    """Also an archive in the archive."""
    nested = with_parts({"xl/media/photo.png": bytes(8 * MIB), "xl/embeddings/inner.zip": bomb(8 * MIB)})
    assert len(nested) < MIB
    assert from_xlsx(nested)["arrest.made"].rows == (("own_number",),)


def test_two_parts_of_one_name_are_no_workbook() -> None:
    """Two readers could each take another one."""
    made = BytesIO(workbook())
    with ZipFile(made, "a") as book, pytest.warns(UserWarning, match="Duplicate name"):
        book.writestr(PART, b"<worksheet/>")
    assert "not an XLSX workbook" in refused(lambda: from_xlsx(made.getvalue()))


@pytest.mark.parametrize("way", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_parts_are_packed_as_spreadsheets_do_or_not_read(way: int) -> None:
    made = BytesIO()
    with ZipFile(BytesIO(workbook())) as book, ZipFile(made, "w", way) as again:
        for name in book.namelist():
            again.writestr(name, book.read(name))
    assert "not an XLSX workbook" in refused(lambda: from_xlsx(made.getvalue()))


@pytest.mark.parametrize(
    ("inner", "told"),
    [
        ('<row r="1">' + 1_000_000 * "<c/>" + "</row>", "too many parts in one row"),
        ('<row r="1"><c r="A1" t="inlineStr"><is>' + 1_000_000 * "<t/>" + "</is></c></row>", "too many parts"),
        ('<row r="100001"><c r="A100001"><v>1</v></c></row>', "row 100001 and column A"),
        ('<row r="1"><c r="ABC1"><v>1</v></c></row>', "row 1 and column ABC"),
        (f'<row r="7"><c r="B7" t="str"><v>{(CELL_CHARACTERS + 1) * "x"}</v></c></row>', "cell B7 has more than 32767"),
    ],
    ids=["cells", "texts", "rows", "columns", "cell"],
)
def test_rows_columns_and_cells_of_a_workbook_have_limits(inner: str, told: str) -> None:
    with ZipFile(BytesIO(workbook())) as book:
        sheet = book.read(PART).decode()
    begin, end = sheet.index("<sheetData>") + len("<sheetData>"), sheet.index("</sheetData>")
    content = with_parts({PART: (sheet[:begin] + inner + sheet[end:]).encode()})
    with pytest.raises(UnreadableSheetError, match=told):
        from_xlsx(content)


def test_one_long_text_that_very_many_cells_name_is_counted_for_each() -> None:
    """Else 128 MiB of it would be made of a few kilobytes."""
    made = workbook({(row, column): CELL_CHARACTERS * "x" for row in range(100) for column in range(50)})
    assert len(made) < MIB
    assert "together hold too much" in refused(lambda: from_xlsx(made))


def test_a_cell_may_be_as_long_as_it_may() -> None:
    longest = CELL_CHARACTERS * "x"
    assert from_xlsx(workbook({(0, 0): longest}))["arrest.made"].rows == ((longest,),)
    assert from_csv(longest.encode()).rows == ((longest,),)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (bytes(FILE_BYTES + 1), "more than 20 MiB"),
        (b"own_number," * LINE_CHARACTERS, "line 1 has more than 262144 characters"),
        (b"own_number\n" + (COLUMNS + 1) * b",", "row 2: a sheet has at most 100000 rows and 512 columns"),
        (b"x\n" * (ROWS + 1), "row 100001"),
        (b"own_number\n" + (CELL_CHARACTERS + 1) * b"x", "row 2: a cell has more than 32767 characters"),
        (b'"' + b"x\n" * MIB, "a quotation mark is not closed, or a cell is far too long"),
    ],
    ids=["file", "line", "columns", "rows", "cell", "quoted"],
)
def test_csv_has_the_same_limits(content: bytes, told: str) -> None:
    with pytest.raises(UnreadableSheetError, match=told):
        from_csv(content)


def test_a_file_of_too_many_bytes_is_no_workbook_either() -> None:
    content = bytes(FILE_BYTES + 1)
    assert "more than 20 MiB" in refused(lambda: from_xlsx(content))
