"""Writing of exported tables: one new file, or a new folder with a datapackage.json."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final, TypeAlias

import typer

from infra.local.protected_files import write_new
from services.console.new_output_file import new_file
from services.console.output import emit, fail, fail_wrong_usage, out
from services.export.formats import as_csv, as_json, book, datapackage_json, sheet_of
from services.export.table import ExportTable
from services.presentation.bilingual_text import pluralize


class FileFormat(StrEnum):
    """Formats of exported tables."""

    CSV = "csv"
    XLSX = "xlsx"
    PARQUET = "parquet"
    JSON = "json"


FormatOption: TypeAlias = Annotated[FileFormat, typer.Option("--format", help="Format of the file.")]
TargetPath: TypeAlias = Annotated[
    Path, typer.Option("--to", metavar="PATH", help="New file to write; with --package a new folder.")
]
Package: TypeAlias = Annotated[
    bool, typer.Option("--package", help="Write a folder with every table and a datapackage.json.")
]

_PACKAGED: Final = frozenset({FileFormat.CSV, FileFormat.JSON})
_DESCRIPTION: Final = "datapackage.json"


def write(
    tables: Sequence[ExportTable], format_: FileFormat, to: Path, *, package: bool, version: str, as_plain: bool = False
) -> None:
    """Write the tables to `to`, a new file that only its owner may read, and print the path and numbers of rows.

    XLSX holds all tables, another format only the first. `package`: write a folder with all tables and a
    datapackage.json with `version`. `as_plain`: print JSON. Exits with 1 if `to` exists or cannot be written, or if
    Parquet is not installed. Exits with 2 for a package that is neither CSV nor JSON.
    """
    with new_file(to, "--to"):
        if package:
            _folder(tables, format_, to, version)
        else:
            write_new(to, _content(tables, format_))
    rows = {table.name: len(table.rows) for table in tables}
    if as_plain:
        emit({"path": str(to), "format": format_.value, "rows": rows})
        return
    told = ", ".join(f"{pluralize(count, 'row')} of {name}" for name, count in rows.items())
    out().print(f"{to}: {told}", markup=False)
    for note in tables[0].notes:
        out().print(note, markup=False)


def _content(tables: Sequence[ExportTable], format_: FileFormat) -> bytes:
    if format_ is FileFormat.XLSX:
        return book([sheet_of(table) for table in tables])
    return _one(format_)(tables[0])


def _one(format_: FileFormat) -> Callable[[ExportTable], bytes]:
    if format_ is FileFormat.PARQUET:
        try:
            from services.export.formats.parquet import as_parquet  # noqa: PLC0415 - an extra of the distribution
        except ImportError:
            fail("Parquet needs the package pyarrow: pip install 'atips[parquet]'")
        return as_parquet
    writers: Mapping[FileFormat, Callable[[ExportTable], bytes]] = {FileFormat.CSV: as_csv, FileFormat.JSON: as_json}
    return writers.get(format_, lambda table: book([sheet_of(table)]))


def _folder(tables: Sequence[ExportTable], format_: FileFormat, to: Path, version: str) -> None:
    if format_ not in _PACKAGED:
        fail_wrong_usage(
            "--package takes csv or json: a workbook holds its notes, and a Parquet file its types, in itself."
        )
    files = {f"{table.name}.{format_.value}": _one(format_)(table) for table in tables}
    name = f"atips-{tables[0].name.replace('_', '-')}"
    said = datapackage_json(name, tables[0].title, tables, files, suffix=format_.value, version=version)
    to.mkdir(mode=0o700)
    for each, content in (files | {_DESCRIPTION: said}).items():
        write_new(to / each, content)
