"""Bounds on the size of a sheet, and the unpacking of a workbook's parts within them, before anything reads them.

A file of 21 KB can unpack to hundreds of megabytes. What it says of its sizes is looked at first, then what comes out
while it is unpacked. The parts are packed again, so that the reader sees what was counted here and nothing else.
"""

import struct
import zlib
from collections.abc import Iterator
from io import BytesIO, StringIO
from typing import Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

FILE_BYTES: Final = 20 * 1024 * 1024
"""Of a file as it lies on the disk: fifty thousand events have five."""
UNPACKED_BYTES: Final = 128 * 1024 * 1024
"""Of a workbook's parts together: two million cells of sixty bytes."""
PARTS: Final = 1_000
"""Of a workbook: each sheet has one, and a few beside."""
ROWS: Final = 100_000
"""Down to the last one that holds anything: twice the largest sheet that we know."""
COLUMNS: Final = 512
"""Up to the last one that holds anything: ten times those of the type with the most."""
CELL_CHARACTERS: Final = 32_767
"""Of one cell, as spreadsheets have it: a template's own list of codes has more than four thousand."""
LINE_CHARACTERS: Final = 256 * 1024
"""Of one line of CSV: no row of ours comes near."""

_READ: Final = (".xml", ".rels")
_ENCRYPTED: Final = 0x1
_CHUNK: Final = 64 * 1024
_MIB: Final = 1024 * 1024
_FAST: Final = 1
_LENGTHS: Final = struct.Struct("<HH")
_LENGTHS_AT: Final = 26
"""Place in a part's header of the lengths of its name and its extra field."""


class TooLargeError(ValueError):
    """The sheet is larger than sheets are read; the text says of what there is too much, and repeats no cell."""

    es: str = "La hoja es demasiado grande: divídala, o quite lo que está lejos del resto"


def refuse_file(size: int) -> None:
    """Raise `TooLargeError` for a file of more bytes than are read."""
    if size > FILE_BYTES:
        message = f"the file has more than {FILE_BYTES // _MIB} MiB: divide it"
        raise TooLargeError(message)


def unpacked(content: bytes, most: int = UNPACKED_BYTES) -> bytes:
    """Give the workbook with the parts that are read, each unpacked and counted; other parts are left out.

    `most`: bytes of all parts together.

    Raises `TooLargeError`, and `BadZipFile` for what is no archive of this kind.
    """
    refuse_file(len(content))
    again = BytesIO()
    with ZipFile(BytesIO(content)) as book, ZipFile(again, "w", ZIP_DEFLATED, compresslevel=_FAST) as made:
        parts = book.infolist()
        if len(parts) > PARTS:
            message = f"the workbook has more than {PARTS} parts"
            raise TooLargeError(message)
        read = [part for part in parts if part.filename.endswith(_READ)]
        if len({part.filename for part in read}) != len(read):
            message = "two parts have one name"
            raise BadZipFile(message)
        _refuse_unpacked(sum(part.file_size for part in read), most)
        total = 0
        for part in read:
            with made.open(part.filename, "w", force_zip64=True) as file:
                size = 0
                for chunk in _chunks(content, part):
                    size += len(chunk)
                    total += len(chunk)
                    _refuse_unpacked(total, most)
                    _refuse_another_size(size, part.file_size)
                    file.write(chunk)
    return again.getvalue()


def _refuse_unpacked(size: int, most: int) -> None:
    if size > most:
        message = f"the workbook unpacks to more than {most // _MIB} MiB: divide it"
        raise TooLargeError(message)


def _refuse_another_size(size: int, declared: int) -> None:
    if size > declared:
        message = "a part of the workbook is larger than the workbook says: save it again with a spreadsheet program"
        raise TooLargeError(message)


def _chunks(content: bytes, part: ZipInfo) -> Iterator[bytes]:
    """Unpack a part piece by piece, independently of the size that it claims."""
    if part.flag_bits & _ENCRYPTED or part.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        message = "encrypted, or packed in another way"
        raise BadZipFile(message)
    try:
        name, extra = _LENGTHS.unpack_from(content, part.header_offset + _LENGTHS_AT)
        begin = part.header_offset + _LENGTHS_AT + _LENGTHS.size + name + extra
        packed: bytes | memoryview = memoryview(content)[begin : begin + part.compress_size]
        if part.compress_type == ZIP_STORED:
            yield bytes(packed)
            return
        unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        while not unpacker.eof and (chunk := unpacker.decompress(packed, _CHUNK)):
            yield chunk
            packed = unpacker.unconsumed_tail
    except (struct.error, zlib.error) as error:
        raise BadZipFile(str(error)) from None


def lines(text: str) -> Iterator[str]:
    """Give the lines of a text, their ends with them. Raises `TooLargeError` for one that hardly ends."""
    source, number = StringIO(text, newline=""), 0
    while line := source.readline(LINE_CHARACTERS + 1):
        number += 1
        if len(line) > LINE_CHARACTERS:
            message = f"line {number} has more than {LINE_CHARACTERS} characters"
            raise TooLargeError(message)
        yield line
