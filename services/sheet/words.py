"""Explanations of each column and its cells, in English and Spanish."""

from typing import Final, NamedTuple

from schemas.meanings import ENVELOPE, Meaning
from services.sheet.cell import (
    JOINT,
    NOTHING,
    Cell,
    Choice,
    Day,
    Flag,
    Id,
    Moment,
    Number,
    OwnNumber,
    Pair,
    PartDate,
    Registered,
)
from services.sheet.column import OCCURRED, OCCURRED_TO, Column


class Words(NamedTuple):
    """A phrase in both languages."""

    en: str
    es: str


_WHEN: Final = Words(
    "31/12/2024, 2024-12-31, 2024-12 (a month), 2024 (a year), 2024-12-31 20:15; empty: nobody knows",
    "31/12/2024, 2024-12-31, 2024-12 (un mes), 2024 (un año), 2024-12-31 20:15; vacío: nadie lo sabe",
)
_HOW: Final[tuple[tuple[type[Cell], Words], ...]] = (
    (Choice, Words("a code or its label", "un código o su etiqueta")),
    (Number, Words("a whole number", "un número entero")),
    (Flag, Words("yes or no", "sí o no")),
    (Day, Words("a day: 31/12/2024 or 2024-12-31", "un día: 31/12/2024 o 2024-12-31")),
    (
        PartDate,
        Words(
            "a day, a month or a year: 31/12/2024, 2024-12 or 2024",
            "un día, un mes o un año: 31/12/2024, 2024-12 o 2024",
        ),
    ),
    (Moment, Words("31/12/2024, or 2024-12-31 20:15", "31/12/2024, o 2024-12-31 20:15")),
    (Registered, Words("letters, digits and . / -, never a name", "letras, cifras y . / -, nunca un nombre")),
    (OwnNumber, Words("your own number of it, never a name", "su propio número, nunca un nombre")),
    (Id, Words("an id as the system gave it", "un identificador dado por el sistema")),
    (Pair, Words("name=value", "nombre=valor")),
)
_TEXT: Final = Words("as it stands", "tal como está")
_JOINED: Final = Words(f"several joined by {JOINT}", f"varios unidos por {JOINT}")
_NOTHING: Final = Words(f"{NOTHING[0]} where there were none", f"{NOTHING[1]} si no hubo")


def meaning(column: Column) -> Meaning:
    """Give the meaning of a column, in both languages."""
    return ENVELOPE[column.name] if column.around else column.meaning


def how(column: Column) -> Words:
    """Say how the cells of a column are filled in."""
    if column.around and column.name in {OCCURRED.name, OCCURRED_TO.name}:
        return _WHEN
    said = [next((words for kind, words in _HOW if isinstance(column.cell, kind)), _TEXT)]
    said += [_JOINED] * column.many + [_NOTHING] * column.empty_speaks
    return Words("; ".join(each.en for each in said), "; ".join(each.es for each in said))
