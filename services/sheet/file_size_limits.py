"""Limits on the size of a sheet, and unpacking of a workbook's parts within them, before anything reads the parts.

A file of 21 KB can unpack to hundreds of megabytes. First the sizes that the file declares are checked, then the bytes
that come out of it. The parts are packed again, so that the reader gets exactly the bytes that were counted here.
"""

import struct
import zlib
from collections.abc import Iterator
from io import BytesIO, StringIO
from typing import Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

FILE_BYTES: Final = 20 * 1024 * 1024
"""The most bytes of a file on disk: fifty thousand events have 5 MiB."""
UNPACKED_BYTES: Final = 128 * 1024 * 1024
"""The most bytes of a workbook's unpacked parts together: two million cells of sixty bytes."""
PARTS: Final = 1_000
"""The most parts of a workbook: each sheet has one, and there are a few others."""
ROWS: Final = 100_000
"""The most rows, down to the last one with content: twice the largest sheet that we know."""
COLUMNS: Final = 512
"""The most columns, up to the last one with content: ten times those of the type with the most."""
CELL_CHARACTERS: Final = 32_767
"""The most characters of a cell, as in spreadsheet programs; a template's list of codes has more than four thousand."""
LINE_CHARACTERS: Final = 256 * 1024
"""The most characters of a line of CSV: no row of ours comes near."""

_READ: Final = (".xml", ".rels")
_ENCRYPTED: Final = 0x1
_CHUNK: Final = 64 * 1024
_MIB: Final = 1024 * 1024
_FAST: Final = 1
_LENGTHS: Final = struct.Struct("<HH")
_LENGTHS_AT: Final = 26
"""Offset, in a part's header, of the lengths of its name and its extra field."""


class TooLargeError(ValueError):
    """Raised for a sheet beyond these limits. The text names the limit and repeats no cell."""

    es: str = "La hoja es demasiado grande: divídala, o quite lo que está lejos del resto"


def refuse_file(size: int) -> None:
    """Raise `TooLargeError` for a file of more than `FILE_BYTES` bytes."""
    if size > FILE_BYTES:
        message = f"the file has more than {FILE_BYTES // _MIB} MiB: divide it"
        raise TooLargeError(message)


def unpack_readable_parts(content: bytes, most: int = UNPACKED_BYTES) -> bytes:
    """Return a workbook with only the parts that calamine reads, each unpacked and counted.

    `most`: the most bytes of all parts together. Raises `TooLargeError`, and `BadZipFile` if `content` is not a ZIP
    file that calamine can read.
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
    """Yield the unpacked bytes of a part in chunks, whatever size the part declares.

    Raises `BadZipFile` if the part is encrypted, damaged, or packed by another method than ZIP's usual one.
    """
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
    """Yield the lines of a text with their line ends. Raises `TooLargeError` for a line that is too long."""
    source, number = StringIO(text, newline=""), 0
    while line := source.readline(LINE_CHARACTERS + 1):
        number += 1
        if len(line) > LINE_CHARACTERS:
            message = f"line {number} has more than {LINE_CHARACTERS} characters"
            raise TooLargeError(message)
        yield line
