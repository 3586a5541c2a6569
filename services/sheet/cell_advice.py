"""Advice about a wrong cell: its address, the rule in words, and how to write it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from schemas.errors import Reason
from services.sheet import column_explanations
from services.sheet.cell_errors import Lang, RefusedCell, SheetCause, SheetRule, sentence
from services.sheet.cell_kinds import Choice, OwnNumber
from services.sheet.column import OWN_NUMBER, Column, columns_of
from services.sheet.column_explanations import Phrase
from services.sheet.heading_texts import heading

_WRITE: Final = Phrase("Write: {how}.", "Escriba: {how}.")
_FEW: Final = 6
"""The most choices that are named one by one, in place of their list."""
_ONE_OF: Final = Phrase("One of: {all}.", "Una de: {all}.")
_DID_YOU_MEAN: Final = Phrase("Did you mean one of: {near}?", "¿Quiso decir uno de estos: {near}?")
# A sheet in CSV has no page of codes, so the command is named first.
_SEE_ALL: Final = Phrase(
    "See all: atips codes {name}; an empty sheet in XLSX has them on the page “codes”.",
    "Vea todos: atips codes {name}; una hoja vacía en XLSX los tiene en la página «códigos».",
)
_PAGE: Final = Phrase(
    "An empty sheet in XLSX has the list on the page “codes”.",
    "Una hoja vacía en XLSX tiene la lista en la página «códigos».",
)

_HOW: Final = frozenset(
    {
        SheetRule.AMBIGUOUS,
        SheetRule.NO_SUCH_DAY,
        Reason.WRONG_FORM,
        Reason.WRONG_TYPE,
        Reason.BAD_ID,
        Reason.MISSING_FIELD,
        Reason.OUT_OF_RANGE,
    }
)
"""Rules for which the advice is the column's own explanation."""

_REVISION: Final = Phrase(
    "If the record has changed, write 2 under revision, or 3 where 2 is refused too. If not, undo the change.",
    "Si el registro cambió, escriba 2 en revisión, o 3 si el 2 también se rechaza. Si no, deshaga el cambio.",
)
_ADVICE: Final[Mapping[SheetCause, Phrase]] = {
    SheetRule.UNREADABLE: Phrase(
        "Write the value itself into the cell: no formula, and no cell for several rows.",
        "Escriba el valor mismo en la celda: sin fórmula y sin celda para varias filas.",
    ),
    SheetRule.DAY_NUMBER: Phrase(
        "Give the cell the format of a date, or write the day: 31/12/2024.",
        "Dé a la celda el formato de fecha, o escriba el día: 31/12/2024.",
    ),
    SheetRule.NO_HEADING: Phrase(
        "Delete what stands right of the last heading.", "Borre lo que está a la derecha del último encabezado."
    ),
    SheetRule.GIVEN_TWICE: Phrase("Keep one of the two cells.", "Deje una de las dos celdas."),
    SheetRule.UNLIKE_PRECISION: Phrase("Write two days, or two months.", "Escriba dos días o dos meses."),
    SheetRule.CHANGED: _REVISION,
    SheetRule.RETRACTED: Phrase(
        "Delete the row. If the record is right after all, give it another own number.",
        "Borre la fila. Si el registro era correcto, dele otro número de registro.",
    ),
    SheetRule.NOTHING_SENT: Phrase(
        "Write the number under which the record was sent. A record that was not sent needs no row.",
        "Escriba el número con que se envió el registro. Un registro que no se envió no necesita fila.",
    ),
    SheetRule.RECORDED_TOO_EARLY: Phrase(
        "Write the day on which you found out that the record is wrong.",
        "Escriba el día en que supo que el registro es erróneo.",
    ),
    Reason.ID_ALREADY_USED: _REVISION,
    Reason.TIME_IN_FUTURE: Phrase("Check the date.", "Revise la fecha."),
    Reason.TIME_SPAN_REVERSED: Phrase("Check both dates.", "Revise ambas fechas."),
    Reason.COUNT_WITHOUT_BASIS: Phrase("Fill in what the count counts.", "Indique qué cuenta la cantidad."),
    Reason.COUNT_OR_PERSONS: Phrase(
        "Fill in one of the two cells and leave the other empty.", "Llene una de las dos celdas y deje vacía la otra."
    ),
    Reason.NOT_AN_AUTHOR: Phrase(
        "Write what is permitted, or leave the record to the agency whose it is.",
        "Escriba lo permitido o deje el registro a la institución a la que corresponde.",
    ),
    Reason.AGENCY_MISMATCH: Phrase("Name your own agency.", "Indique su propia institución."),
    Reason.TEXT_TOO_LONG: Phrase("Shorten it.", "Acórtelo."),
    Reason.TOO_MANY: Phrase("Take some items away.", "Quite algunos elementos."),
    Reason.CONTRADICTORY_CODES: Phrase("Keep what is true.", "Deje lo que corresponde."),
    Reason.JUDGING_TOOK_TOO_LONG: Phrase(
        "Ask your operator to send the entry again.", "Pida a quien opera el sistema que reenvíe la entrada."
    ),
    Reason.TOO_MANY_RELATED: Phrase("Ask the Council.", "Consulte al Consejo."),
}
_NUMBER_TWICE: Final = Phrase("Give each row a number of its own.", "Dé a cada fila un número propio.")
_ITEM_TWICE: Final = Phrase("Take the repetition away.", "Quite la repetición.")
_ONE_OF_TWO: Final = Phrase(
    "Write your own number of it here, or its id in the other column.",
    "Escriba aquí su propio número, o su identificador en la otra columna.",
)


@dataclass(frozen=True, slots=True)
class CellAdvice:
    """Texts about a wrong cell, in one language or in both side by side. `advice` is empty if the rule says enough."""

    address: str
    heading: str
    rule: str
    advice: str

    def sentence(self) -> str:
        """Return address, heading, rule and advice as one text, for the column of errors."""
        return " ".join(filter(None, (f"{self.address} {self.heading}: {self.rule}.", self.advice)))


def advice_on_cell(wrong: RefusedCell, event_type: str, address: str, lang: Lang | None) -> CellAdvice:
    """Return the texts about a wrong cell of a type's sheet. `address`: the cell, or its row's number."""
    column = None if wrong.column is None else columns_of(event_type).get(wrong.column)
    named = {"en": "row", "es": "fila", None: "row"}[lang] if column is None else heading(column, lang)
    advice = [
        " ".join(_text(each, language) for each in _steps(wrong, column, language)) for language in _languages(lang)
    ]
    said = " / ".join(filter(None, advice))
    return CellAdvice(address, named, sentence(wrong.why, wrong.permitted, lang), said)


def _languages(lang: Lang | None) -> tuple[Lang, ...]:
    return ("en", "es") if lang is None else (lang,)


def _text(words_of: Phrase, lang: Lang) -> str:
    return words_of.es if lang == "es" else words_of.en


def _steps(wrong: RefusedCell, column: Column | None, lang: Lang) -> list[Phrase]:
    if column is not None and wrong.why is Reason.UNKNOWN_CODE and isinstance(column.cell, Choice):
        return _of_list(column.cell, wrong.near, lang)
    if wrong.why is Reason.REPEATED_ITEM:
        return [_NUMBER_TWICE if column is OWN_NUMBER else _ITEM_TWICE]
    if column is not None and wrong.why is Reason.MISSING_FIELD and isinstance(column.cell, OwnNumber):
        return [_ONE_OF_TWO]
    if column is not None and wrong.why in {*_HOW, Reason.UNKNOWN_CODE}:
        how = column_explanations.filling_instruction(column)
        return [Phrase(*(text.format(how=said) for text, said in zip(_WRITE, how, strict=True)))]
    found = _ADVICE.get(wrong.why)
    return [] if found is None else [found]


def _of_list(cell: Choice, near: tuple[str, ...], lang: Lang) -> list[Phrase]:
    """Return advice about a code: all codes of a short list, else the nearest codes and where to find the list."""
    if len(cell.labels) <= _FEW:
        every = ", ".join(cell.label(code, lang) for code in cell.labels)
        return [Phrase(*(text.format(all=every) for text in _ONE_OF))]
    labels = ", ".join(cell.label(code, lang) for code in near)
    found = [Phrase(*(text.format(near=labels) for text in _DID_YOU_MEAN))] if near else []
    return [*found, Phrase(*(text.format(name=cell.name) for text in _SEE_ALL)) if cell.name else _PAGE]
