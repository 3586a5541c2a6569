"""Empty sheets of one event type, with explanations of their columns and codes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from schemas.catalogue import permitted_at
from schemas.codebook.code_list_sources import SOURCES
from schemas.published import schema_of
from schemas.published_author_rules import limits_of, statement_of
from schemas.pydantic_errors import data_class_of
from schemas.type_table import FACTS
from services.sheet import column_explanations
from services.sheet.cell_errors import Lang
from services.sheet.cell_kinds import Choice, Id, OwnNumber
from services.sheet.column import (
    COPUBLISHERS,
    OCCURRED,
    ON_BEHALF_OF,
    OWN_NUMBER,
    RECORDED,
    Column,
    columns_of,
    own_name,
    sheet_name,
    short,
)
from services.sheet.file_reading import COMMENT
from services.sheet.file_writing import SheetPage, to_csv, to_xlsx
from services.sheet.heading_texts import heading
from services.sheet.second_page_of_workbook import MORE
from services.sheet.table import TYPE_ROW

COLUMNS: Final[Mapping[Lang | None, str]] = {None: "columns", "en": "columns", "es": "columnas"}
CODES: Final[Mapping[Lang | None, str]] = {None: "codes", "en": "codes", "es": "códigos"}
"""Names of the pages with explanations and with codes, by language."""
OPEN_ROWS: Final = 1_000
"""The number of rows in which a sheet offers its codes; more rows can be filled in."""

_EXPLAINED: Final[Mapping[Lang | None, tuple[str, ...]]] = {
    None: ("column", "needed", "English", "español", "example / ejemplo", "codes from / códigos de"),
    "en": ("column", "needed", "meaning", "example", "codes from"),
    "es": ("columna", "obligatoria", "significado", "ejemplo", "códigos de"),
}
_CODED: Final[Mapping[Lang | None, tuple[str, ...]]] = {
    None: ("column", "code", "English", "español"),
    "en": ("column", "write", "code"),
    "es": ("columna", "escriba", "código"),
}
_NEEDED: Final[Mapping[Lang | None, tuple[str, str]]] = {
    None: ("yes / sí", "one of two / uno de los dos"),
    "en": ("yes", "one of two"),
    "es": ("sí", "una de las dos"),
}
_AUTHORS: Final[Mapping[Lang | None, str]] = {None: "authors", "en": "authors", "es": "autores"}
_OWN_NUMBER: Final = "24/17"
_REVISION: Final = "2"


def columns_for_agency(event_type: str, agency: str = "") -> dict[str, Column]:
    """Return the columns of a type's sheet by name, with only the codes that the agency may publish.

    `agency`: for an empty text all codes are offered.
    """
    columns, kind = dict(columns_of(event_type)), FACTS[event_type]
    limited = {(False, pointer.rpartition("/")[2]): codes for pointer, codes in limits_of(kind, agency).items()}
    if agency and kind.for_itself:
        limited[True, ON_BEHALF_OF.field] = list(permitted_at(agency, event_type, f"/{ON_BEHALF_OF.field}"))
    for name, column in columns.items():
        codes = limited.get((column.around, column.field))
        if codes is not None and isinstance(column.cell, Choice):
            labels = {code: column.cell.labels[code] for code in column.cell.labels if code in codes}
            columns[name] = replace(
                column, cell=Choice(labels, column.cell.name), required=column.required or not column.around
            )
    return columns


def csv(event_type: str, agency: str = "", lang: Lang | None = None) -> bytes:
    """Return an empty sheet as CSV. Its explanations are comment rows."""
    columns = columns_for_agency(event_type, agency).values()
    explained = [
        (f"{COMMENT} {row[0]}", *row[1:], _codes(column, lang))
        for row, column in zip(_explained(event_type, columns, lang), columns, strict=True)
    ]
    kind = FACTS[event_type]
    rows = [
        tuple(heading(column, lang) for column in columns),
        (TYPE_ROW, short(event_type), *_in(lang, kind.en, kind.es)),
        *((f"{COMMENT} {row[0]}", *row[1:]) for row in _authors(event_type, lang)),
        *explained,
    ]
    return to_csv(rows)


def xlsx(event_type: str, agency: str = "", lang: Lang | None = None) -> bytes:
    """Return an empty sheet as a workbook: two pages to fill in, one that explains the columns, one with the codes.

    The first page has the columns that every row needs, the second the own number and all others.

    With a language, headings, explanations and choices are in that language alone.
    """
    columns = columns_for_agency(event_type, agency)
    coded: list[tuple[str, ...]] = []
    choices: dict[str, str] = {}
    for column in columns.values():
        if isinstance(column.cell, Choice):
            begin = len(coded) + 2
            coded += _coded(column, column.cell, lang)
            if not column.many:
                choices[column.name] = f"='{CODES[lang]}'!$B${begin}:$B${len(coded) + 1}"
    kind = FACTS[event_type]
    of_type = ("", "", *_in(lang, f"{kind.en}: {event_type}", kind.es if lang is None else f"{kind.es}: {event_type}"))
    explained = _explained(event_type, columns.values(), lang)
    first = [column for column in columns.values() if is_on_first_page(column, columns)]
    others = [OWN_NUMBER, *(column for column in columns.values() if column not in first)]

    def page(name: str, shown: Sequence[Column]) -> SheetPage:
        offered_here = {place: choices[each.name] for place, each in enumerate(shown) if each.name in choices}
        return SheetPage(name, [tuple(heading(each, lang) for each in shown)], offered_here, OPEN_ROWS)

    return to_xlsx(
        [
            page(sheet_name(event_type), first),
            page(MORE[lang], others),
            SheetPage(COLUMNS[lang], [_EXPLAINED[lang], of_type, *_authors(event_type, lang), *explained]),
            SheetPage(CODES[lang], [_CODED[lang], *coded]),
        ]
    )


def is_on_first_page(column: Column, columns: Mapping[str, Column]) -> bool:
    """Whether a column is on the first page: it is required, and not an id that an own number can replace."""
    if column.name in {OWN_NUMBER.name, OCCURRED.name, RECORDED.name}:
        return True
    return column.required and not (isinstance(column.cell, Id) and own_name(column.field) in columns)


def _in(lang: Lang | None, en: str, es: str) -> tuple[str, ...]:
    """Return a text in one language, or in both, as one or two cells."""
    return (en, es) if lang is None else (es if lang == "es" else en,)


def _coded(column: Column, cell: Choice, lang: Lang | None) -> Iterator[tuple[str, ...]]:
    """Yield a row for each code of a column; with a language the second cell is the text that a clerk writes."""
    for code, labels in cell.labels.items():
        said = (code, *labels) if lang is None else (cell.label(code, lang), code)
        yield heading(column, lang), *said


def _authors(event_type: str, lang: Lang | None) -> list[tuple[str, ...]]:
    """Return the row that says who may publish the type, and what each author may state in it."""
    text = statement_of(event_type)["x-authors-text"]
    return [(_AUTHORS[lang], "", *_in(lang, text["en"], text["es"]))]


def _explained(event_type: str, columns: Iterable[Column], lang: Lang | None) -> Iterator[tuple[str, ...]]:
    """Yield a row for each column: heading, whether it is required, meaning, example, and the source of its codes."""
    schema = schema_of(event_type)
    said = schema["$defs"][data_class_of(FACTS[event_type].model).__name__]["properties"]
    for column in columns:
        meaning, how = column_explanations.meaning(column), column_explanations.filling_instruction(column)
        texts = [f"{text.removesuffix('.')} ({fill})." for text, fill in zip(meaning, how, strict=True)]
        field = (schema["properties"] if column.around else said).get(column.field, {})
        said_of_it = heading(column, lang), _needed(column, lang), *_in(lang, *texts), _example(column, field)
        yield *said_of_it, _source(column, field)


def _example(column: Column, field: Mapping[str, Any]) -> str:
    """Return an example of a column's cell."""
    if isinstance(column.cell, OwnNumber):
        return _OWN_NUMBER
    examples = field.get("examples")
    if not examples:
        return next(iter(column.cell.labels)) if isinstance(column.cell, Choice) else _REVISION
    first = examples[0]
    return column.written(first.split(",") if column.many and isinstance(first, str) else first)


def _source(column: Column, field: Mapping[str, Any]) -> str:
    """Return the code list of a column with its source and version; empty for a column without codes."""
    named = field.get("x-code-list")
    if named is not None:
        return f"{named['name']}: {named['source']}, {named['version']}"
    name = (
        "agency" if column.field == COPUBLISHERS.field else column.cell.name if isinstance(column.cell, Choice) else ""
    )
    return f"{name}: {SOURCES[name].name}, {SOURCES[name].version}" if name else ""


def _needed(column: Column, lang: Lang | None) -> str:
    """Return whether a column is required, as text, empty if not. Of an own number and an id one is enough."""
    if not column.required:
        return ""
    alone, of_two = _NEEDED[lang]
    return of_two if isinstance(column.cell, OwnNumber | Id) else alone


def _codes(column: Column, lang: Lang | None) -> str:
    """Return a column's codes with their labels, as one cell; with a language, the texts that a clerk writes first."""
    if not isinstance(column.cell, Choice):
        return ""
    return "; ".join(" = ".join(dict.fromkeys(filter(None, row[1:]))) for row in _coded(column, column.cell, lang))
