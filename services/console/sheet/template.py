"""`atips template`: an empty sheet of one type, which explains itself."""

import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from schemas.authors import limits_of, statement_of
from schemas.catalogue import permitted_at
from schemas.diagnosis import said_by
from schemas.facts import FACTS
from schemas.published import schema_of
from services.console.say import fail, out, wrong
from services.console.sheet import words
from services.console.sheet.cell import Choice, Id, OwnNumber
from services.console.sheet.column import ON_BEHALF_OF, Column, columns_of, sheet_name, short, type_named
from services.console.sheet.file import COMMENT, Page, to_csv, to_xlsx
from services.console.sheet.table import TYPE_ROW

COLUMNS: Final = "columns"
CODES: Final = "codes"
OPEN_ROWS: Final = 1_000
"""For how many rows a sheet offers its codes; more can be filled in."""

_EXPLAINED: Final = ("column", "needed", "English", "español", "example / ejemplo", "codes from / códigos de")
_CODED: Final = ("column", "code", "English", "español")
_STANDARD_OUTPUT: Final = "-"
_OWN_NUMBER: Final = "24/17"


class Format(StrEnum):
    """The formats of a sheet."""

    CSV = "csv"
    XLSX = "xlsx"


_FORMATS: Final = {".csv": Format.CSV, ".xlsx": Format.XLSX}
"""By the end of the file's name."""


def template(
    event_type: Annotated[str, typer.Argument(metavar="TYPE", help="A type of event: arrest.made, or its whole name.")],
    *,
    agency: Annotated[
        str, typer.Option(metavar="A", help="For which agency: offer only the codes that it may publish.")
    ] = "",
    into: Annotated[
        str,
        typer.Option("--out", metavar="FILE", help="Write here; - for standard output. Else TYPE.xlsx or TYPE.csv."),
    ] = "",
    format_: Annotated[Format | None, typer.Option("--format", help="Else as FILE ends; XLSX without one.")] = None,
) -> None:
    """Make an empty sheet for one type of event, with each column explained in English and Spanish and its codes.

    Fill in a row for each event, and publish the file.
    """
    found = type_named(event_type)
    if found is None:
        wrong(f"There is no such type; there are {', '.join(map(short, FACTS))}.")
    if agency and agency not in FACTS[found].authors:
        wrong(f"--agency: {agency} does not publish this type; {', '.join(sorted(FACTS[found].authors))} do.")
    chosen = _chosen(into, format_)
    content = csv(found, agency) if chosen is Format.CSV else xlsx(found, agency)
    if into == _STANDARD_OUTPUT:
        sys.stdout.buffer.write(content)
        return
    path = Path(into or f"{short(found)}.{chosen}")
    try:
        with path.open("xb") as file:  # what is there may have been filled in
            file.write(content)
    except FileExistsError:
        fail(f"{path} is there already; give another --out.")
    except OSError as error:
        fail(f"{path} cannot be written: {error.strerror}")
    out().print(f"{path}: {FACTS[found].en} / {FACTS[found].es}", markup=False)


def _chosen(into: str, said: Format | None) -> Format:
    if into in {"", _STANDARD_OUTPUT}:
        return said or Format.XLSX
    found = _FORMATS.get(Path(into).suffix.lower())
    if found is None or said not in {None, found}:
        wrong(f"--out: a name that ends in {' or '.join(_FORMATS)}, as --format says where it is given")
    return found


def offered(event_type: str, agency: str = "") -> dict[str, Column]:
    """Give the columns of a type by their headings, with the codes that the agency may publish; without one, all."""
    columns, kind = dict(columns_of(event_type)), FACTS[event_type]
    limited = {(False, pointer.rpartition("/")[2]): codes for pointer, codes in limits_of(kind, agency).items()}
    if agency and kind.for_itself:
        limited[True, ON_BEHALF_OF.field] = list(permitted_at(agency, event_type, f"/{ON_BEHALF_OF.field}"))
    for name, column in columns.items():
        codes = limited.get((column.around, column.field))
        if codes is not None and isinstance(column.cell, Choice):
            labels = {code: column.cell.labels[code] for code in column.cell.labels if code in codes}
            columns[name] = replace(column, cell=Choice(labels), required=column.required or not column.around)
    return columns


def csv(event_type: str, agency: str = "") -> bytes:
    """The sheet as CSV: its explanations are rows that are not looked at."""
    columns = offered(event_type, agency).values()
    explained = [
        (f"{COMMENT} {row[0]}", *row[1:], _codes(column))
        for row, column in zip(_explained(event_type, columns), columns, strict=True)
    ]
    kind = FACTS[event_type]
    rows = [
        tuple(column.name for column in columns),
        (TYPE_ROW, short(event_type), kind.en, kind.es),
        *((f"{COMMENT} {row[0]}", *row[1:]) for row in _authors(event_type)),
        *explained,
    ]
    return to_csv(rows)


def xlsx(event_type: str, agency: str = "") -> bytes:
    """The sheet as a workbook: a page to fill in, one that explains the columns, one with the codes."""
    columns = offered(event_type, agency)
    coded: list[tuple[str, ...]] = []
    choices: dict[int, str] = {}
    for place, column in enumerate(columns.values()):
        if isinstance(column.cell, Choice):
            begin = len(coded) + 2
            coded += [(column.name, code, *labels) for code, labels in column.cell.labels.items()]
            if not column.many:
                choices[place] = f"={CODES}!$B${begin}:$B${len(coded) + 1}"
    kind = FACTS[event_type]
    of_type = ("", "", f"{kind.en}: {event_type}", kind.es)
    return to_xlsx(
        [
            Page(sheet_name(event_type), [tuple(columns)], choices, OPEN_ROWS),
            Page(COLUMNS, [_EXPLAINED, of_type, *_authors(event_type), *_explained(event_type, columns.values())]),
            Page(CODES, [_CODED, *coded]),
        ]
    )


def _authors(event_type: str) -> list[tuple[str, str, str, str]]:
    """Say who may publish the type, and what each author may say in it."""
    text = statement_of(event_type)["x-authors-text"]
    return [("authors", "", text["en"], text["es"])]


def _explained(event_type: str, columns: Iterable[Column]) -> Iterator[tuple[str, ...]]:
    """Explain each column: whether it is needed, its meaning, an example, and where its codes are from."""
    schema = schema_of(event_type)
    said = schema["$defs"][said_by(FACTS[event_type].model).__name__]["properties"]
    for column in columns:
        meaning, how = words.meaning(column), words.how(column)
        texts = (f"{text.removesuffix('.')} ({fill})." for text, fill in zip(meaning, how, strict=True))
        field = (schema["properties"] if column.around else said).get(column.field, {})
        source = field.get("x-code-list")
        codes = "" if source is None else f"{source['name']}: {source['source']}, {source['version']}"
        yield column.name, _needed(column), *texts, _example(column, field), codes


def _example(column: Column, field: Mapping[str, Any]) -> str:
    """Write an example of what may stand in a column; empty where there is none."""
    if isinstance(column.cell, OwnNumber):
        return _OWN_NUMBER
    examples = field.get("examples")
    return column.written(examples[0]) if examples and isinstance(examples[0], list) is column.many else ""


def _needed(column: Column) -> str:
    """Whether it must be filled in; of what may be named by an own number or an id, one of the two."""
    if not column.required:
        return ""
    return "one of two / uno de los dos" if isinstance(column.cell, OwnNumber | Id) else "yes / sí"


def _codes(column: Column) -> str:
    """The codes with their labels, in one cell."""
    if not isinstance(column.cell, Choice):
        return ""
    return "; ".join(" = ".join(filter(None, (code, *labels))) for code, labels in column.cell.labels.items())


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(template)
