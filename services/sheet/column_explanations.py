"""Explanations of each column and its cells, in English and Spanish."""

from typing import Final, NamedTuple

from schemas.meanings import ENVELOPE, Meaning
from services.sheet.cell_kinds import (
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
from services.sheet.column import COPUBLISHERS, OCCURRED, OCCURRED_TO, Column


class Phrase(NamedTuple):
    """A text in English and Spanish."""

    en: str
    es: str


_WHEN: Final = Phrase(
    "31/12/2024, 2024-12-31, 2024-12 (a month), 2024 (a year), 2024-12-31 20:15; empty: nobody knows",
    "31/12/2024, 2024-12-31, 2024-12 (un mes), 2024 (un año), 2024-12-31 20:15; vacío: nadie lo sabe",
)
_HOW: Final[tuple[tuple[type[Cell], Phrase], ...]] = (
    (Choice, Phrase("a code or its label", "un código o su etiqueta")),
    (Number, Phrase("a whole number", "un número entero")),
    (Flag, Phrase("yes or no", "sí o no")),
    (Day, Phrase("a day: 31/12/2024 or 2024-12-31", "un día: 31/12/2024 o 2024-12-31")),
    (
        PartDate,
        Phrase(
            "a day, a month or a year: 31/12/2024, 2024-12 or 2024",
            "un día, un mes o un año: 31/12/2024, 2024-12 o 2024",
        ),
    ),
    (Moment, Phrase("31/12/2024, or 2024-12-31 20:15", "31/12/2024, o 2024-12-31 20:15")),
    (Registered, Phrase("letters, digits and . / -, never a name", "letras, cifras y . / -, nunca un nombre")),
    (OwnNumber, Phrase("your own number of it, never a name", "su propio número, nunca un nombre")),
    (Id, Phrase("an id as the system gave it", "un identificador dado por el sistema")),
    (Pair, Phrase("name=value", "nombre=valor")),
)
_TEXT: Final = Phrase("as it stands", "tal como está")
_JOINED: Final = Phrase(f"several joined by {JOINT}", f"varios unidos por {JOINT}")
_COPUBLISHERS: Final = Meaning(
    f"Agencies that report the same fact, joined by {JOINT}.",
    f"Instituciones que informan del mismo hecho, separadas por {JOINT}.",
)
"""In an event they are joined by commas, and in a sheet like all that stands in one cell."""
_NOTHING: Final = Phrase(f"{NOTHING[0]} where there were none", f"{NOTHING[1]} si no hubo")


def meaning(column: Column) -> Meaning:
    """Return the meaning of a column, in English and Spanish."""
    if column.name == COPUBLISHERS.name and column.around:
        return _COPUBLISHERS
    return ENVELOPE[column.name] if column.around else column.meaning


def filling_instruction(column: Column) -> Phrase:
    """Return how the cells of a column are filled in."""
    if column.around and column.name in {OCCURRED.name, OCCURRED_TO.name}:
        return _WHEN
    said = [next((words for kind, words in _HOW if isinstance(column.cell, kind)), _TEXT)]
    said += [_JOINED] * column.many + [_NOTHING] * column.empty_speaks
    return Phrase("; ".join(each.en for each in said), "; ".join(each.es for each in said))
