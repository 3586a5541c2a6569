"""Errors of cells, beside the errors of events. No message repeats a cell's text."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal, TypeAlias

from schemas.errors import Reason

DOUBT: Final = "?"
"""Mark at the end of a doubtful cell in a returned file; alone in a cell that could not be read."""


class SheetRule(StrEnum):
    """Rules of cells and rows, beside the rules of events (`Reason`)."""

    AMBIGUOUS = "ambiguous"
    """The cell can be read in two ways."""
    NO_SUCH_DAY = "no_such_day"
    """The cell has the form of a date, and the calendar has no such day, month or time."""
    DAY_NUMBER = "day_number"
    """The cell holds the number by which a spreadsheet keeps a day, such as 45448, in place of the day."""
    UNREADABLE = "unreadable"
    """The cell shows an error, a formula without a result, or part of a merged cell, which is not its own content."""
    NO_HEADING = "no_heading"
    """A cell has no heading, so that its column, or that of the cells before it, is unknown."""
    GIVEN_TWICE = "given_twice"
    """The own number and the id of one person or thing are both given."""
    UNLIKE_PRECISION = "unlike_precision"
    """The two ends of a time span differ in precision, such as a day and a month."""
    CHANGED = "changed"
    """The row was published before under its own number, with other content."""
    RETRACTED = "retracted"
    """The record of this own number was taken back. A record that is sent under it again does not count."""
    NOTHING_SENT = "nothing_sent"
    """The row takes a record back, and the agency sent no record of this own number from a sheet."""
    RECORDED_TOO_EARLY = "recorded_too_early"
    """The row takes a record back, and states an earlier day of recording than a correction of that record."""


SheetCause: TypeAlias = Reason | SheetRule
Lang: TypeAlias = Literal["en", "es"]
"""Language of a sheet. Where None is allowed, it means both languages side by side."""


class WrongCell(ValueError):
    """Raised for a cell that cannot be read. `why` is the rule that it breaks."""

    def __init__(self, why: SheetCause) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, slots=True)
class RefusedCell:
    """Error in a row of a sheet: the column of the wrong cell, and the rule that it breaks.

    `column` is None if the error concerns the whole row. `permitted`: codes that this agency may write in the column;
    empty if the codes are the same for all agencies. `near`: codes most similar to an unknown code in the cell.
    """

    column: str | None
    why: SheetCause
    permitted: tuple[str, ...] = ()
    near: tuple[str, ...] = ()


_WRONG_FORM: Final = (
    "is not written as the template explains for this column",
    "no está escrito como la plantilla explica para esta columna",
)
_PUBLISHED_BEFORE: Final = ("published before with other content", "ya publicado con otro contenido")
SENTENCES: Final[dict[SheetCause, tuple[str, str]]] = {
    SheetRule.AMBIGUOUS: ("can be read in two ways", "se puede leer de dos maneras"),
    SheetRule.NO_SUCH_DAY: (
        "is not in the calendar: the day stands before the month",
        "no está en el calendario: el día va antes del mes",
    ),
    SheetRule.DAY_NUMBER: (
        "is a spreadsheet's number of a day",
        "es el número con que la hoja de cálculo guarda un día",
    ),
    SheetRule.UNREADABLE: (
        "is an error, a formula without a result, or merged with another cell",
        "es un error, una fórmula sin resultado o una celda combinada con otra",
    ),
    SheetRule.NO_HEADING: (
        "a cell has no heading above it: put text that holds the separator in quotation marks",
        "una celda no tiene encabezado: ponga entre comillas el texto que contenga el separador",
    ),
    SheetRule.GIVEN_TWICE: (
        "own number and id are both given: leave one empty",
        "se dan a la vez el número propio y el identificador: deje uno vacío",
    ),
    SheetRule.UNLIKE_PRECISION: (
        "both ends need the same precision: two days, two months or two years",
        "ambos extremos deben tener la misma precisión: dos días, dos meses o dos años",
    ),
    SheetRule.CHANGED: _PUBLISHED_BEFORE,
    SheetRule.RETRACTED: ("the record of this number was taken back", "el registro de este número fue retirado"),
    SheetRule.NOTHING_SENT: (
        "no record of this number was sent from a sheet, so there is nothing to take back",
        "desde una hoja no se envió ningún registro de este número, así que no hay nada que retirar",
    ),
    SheetRule.RECORDED_TOO_EARLY: (
        "lies before the day on which the record that you take back was last recorded",
        "es anterior al último día de registro de lo que se retira",
    ),
    Reason.MISSING_FIELD: ("must be filled in", "es obligatorio"),
    Reason.WRONG_FORM: _WRONG_FORM,
    Reason.WRONG_TYPE: _WRONG_FORM,
    Reason.OUT_OF_RANGE: ("is too small or too large", "es demasiado pequeño o demasiado grande"),
    Reason.TOO_MANY: ("has too many items", "tiene demasiados elementos"),
    Reason.BAD_ID: ("is not an id of this kind", "no es un identificador de este tipo"),
    Reason.UNKNOWN_CODE: ("is not in the list", "no está en la lista"),
    Reason.UNKNOWN_AGENCY: ("is not an agency", "no es una institución"),
    Reason.UNKNOWN_TYPE: ("is not a type of event", "no es un tipo de evento"),
    Reason.REPEATED_ITEM: ("is given twice", "está repetido"),
    Reason.CONTRADICTORY_CODES: ("contradicts another cell or itself", "contradice a otra celda o a sí mismo"),
    Reason.TIME_SPAN_REVERSED: ("ends before it begins", "termina antes de empezar"),
    Reason.TIME_IN_FUTURE: ("lies in the future", "está en el futuro"),
    Reason.COUNT_WITHOUT_BASIS: ("needs to say what was counted", "debe decir qué se contó"),
    Reason.COUNT_OR_PERSONS: (
        "needs a count or the persons, and not both",
        "necesita una cantidad o las personas, y no ambas",
    ),
    Reason.AGENCY_MISMATCH: (
        "names another agency where your own belongs",
        "nombra a otra institución donde va la suya",
    ),
    Reason.NOT_AN_AUTHOR: ("may not be published by this agency", "esta institución no lo puede publicar"),
    Reason.TEXT_TOO_LONG: ("has a text that is too long", "tiene un texto demasiado largo"),
    Reason.JUDGING_TOOK_TOO_LONG: (
        "was refused, because checking it took too long",
        "se rechazó, porque se tardó demasiado en comprobarlo",
    ),
    Reason.TOO_MANY_RELATED: (
        "is linked with too many events or ids: ask the Council",
        "está vinculado con demasiados eventos o identificadores: consulte al Consejo",
    ),
    Reason.ID_ALREADY_USED: _PUBLISHED_BEFORE,
}


def sentence(why: SheetCause, permitted: tuple[str, ...] = (), lang: Lang | None = None) -> str:
    """Return a broken rule as text with the permitted codes, followed by the rule's code in parentheses.

    `lang`: None gives both languages side by side. A rule without a text is its code alone.
    """
    found = SENTENCES.get(why)
    if found is None:
        return why.value
    codes = ", ".join(permitted)
    en, es = (f"{found[0]}, only {codes}", f"{found[1]}, solo {codes}") if codes else found
    said = f"{en} / {es}" if lang is None else {"en": en, "es": es}[lang]
    return f"{said} ({why.value})"
