"""Figures as an export table, from rows of the view `figure_value` or `figure_exact`, with labels of codes."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from services.export.table import CellValue, ColumnType, ExportTable, TableColumn
from services.presentation import declaration_terms
from services.presentation.labels import label

_NOTES: Final = {
    "en": (
        "Complete to event {known_at}. An empty value is confidential [c] or not available [x].",
        "Values of a breakdown may overlap: do not add them up.",
        "Identified and reported cases. They do not say how many victims there are.",
    ),
    "es": (
        "Completo hasta el evento {known_at}. Un valor vacío es confidencial [c] o no está disponible [x].",
        "Los valores de un desglose pueden solaparse: no los sume.",
        "Casos identificados y denunciados. No dicen cuántas víctimas hay.",
    ),
}
_HEADS: Final[Mapping[str, tuple[str, str]]] = {
    "figure": ("no.", "n.º"),
    "title": ("figure", "cifra"),
    "period": ("period", "período"),
    "first_day": ("first day", "primer día"),
    "last_day": ("last day", "último día"),
    "dimension": ("by", "por"),
    "code": ("code", "código"),
    "label": ("value of the breakdown", "valor del desglose"),
    "value": ("value", "valor"),
    "shown": ("value as shown", "valor mostrado"),
    "status": ("status", "estado"),
    "marks": ("marks", "marcas"),
    "marks_in_words": ("marks in words", "marcas en palabras"),
    "undated": ("undated", "sin fecha"),
    "cut": ("cut by the period", "cortados por el período"),
    "unknown": ("counted by nobody", "que nadie contó"),
    "twice": ("possibly twice", "posiblemente dos veces"),
    "unit": ("unit", "unidad"),
    "definition": ("version of the definition", "versión de la definición"),
    "known_at": ("complete to event", "completo hasta el evento"),
}
_FIRST: Final = ("figure", "title", "period", "first_day", "last_day", "dimension", "code", "label", "value")
_PROTECTED: Final = ("shown", "status", "marks", "marks_in_words")
_EXACT: Final = ("undated", "cut", "unknown", "twice")
_LAST: Final = ("unit", "definition", "known_at")
_TYPES: Final = {
    **dict.fromkeys(("first_day", "last_day"), ColumnType.DATE),
    **dict.fromkeys((*_EXACT, "definition", "known_at"), ColumnType.INTEGER),
    "value": ColumnType.NUMBER,
}


def figures(rows: Iterable[Mapping[str, Any]], lang: str, *, exact: bool) -> ExportTable:
    """Return the export table of figures, with one line for each of `rows`.

    `exact`: True for rows of the view `figure_exact`, False for rows of the view `figure_value`. An exact table has
    columns such as `undated`; the other one has the columns of protection, such as `status`. `lang`: `en` or `es`.
    """
    names = (*_FIRST, *(_EXACT if exact else _PROTECTED), *_LAST)
    told = [dict(row) for row in rows]
    columns = [TableColumn(name, _TYPES.get(name, ColumnType.STRING), _HEADS[name][lang == "es"]) for name in names]
    known_at = min((row["known_at"] for row in told), default=0)  # an unchanged value counts fewer events
    notes = [note.format(known_at=known_at) for note in _NOTES[lang]]
    title = "Cifras" if lang == "es" else "Figures"
    return ExportTable(
        "figures",
        title,
        columns,
        [tuple(_cell(row, name, lang) for name in names) for row in told],
        ("figure", "period", "dimension", "code"),
        notes,
    )


def definitions(rows: Iterable[Mapping[str, Any]], lang: str) -> ExportTable:
    """Return the table of definitions from rows of the view `figure_definition`. `lang`: `en` or `es`."""
    names = ("figure", "title", "counts", "unit", "nature", "reader", "definition", "valid_from")
    types = {"definition": ColumnType.INTEGER, "valid_from": ColumnType.DATE}
    columns = [TableColumn(name, types.get(name, ColumnType.STRING)) for name in names]
    told = [
        tuple(row[f"{name}_{lang}"] if name in {"title", "counts"} else row[name] for name in names) for row in rows
    ]
    return ExportTable("definitions", "Notas" if lang == "es" else "Notes", columns, told, ("figure",))


def _cell(row: Mapping[str, Any], name: str, lang: str) -> CellValue:
    match name:
        case "title":
            found: CellValue = row[f"title_{lang}"]
        case "label":
            found = (
                str(getattr(label(row["figure"], row["dimension"], row["code"], row["last_day"]), lang))
                if row["dimension"]
                else ""
            )
        case "marks_in_words":
            found = row[f"marks_{lang}"]
        case "unit":
            found = declaration_terms.word(declaration_terms.UNITS, row["unit"], lang)
        case _:
            found = row[name]
    return found
