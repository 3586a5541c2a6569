"""Hints about refused lines, by the rule that they broke, in English and Spanish."""

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from schemas.errors import Reason
from services.presentation.bilingual_text import Words
from services.sheet.cell_errors import SheetRule

_HINTS: Final[Mapping[str | None, Words]] = {
    SheetRule.AMBIGUOUS: Words(
        "What can be read in two ways is not guessed at. Write it as text: 2024-04 for a month, 2024-04-01 for a day, "
        "24/5 for a number. In a file given back, a cell that is right need only lose its question mark.",
        "Lo que se puede leer de dos maneras no se adivina. Escríbalo como texto: 2024-04 para un mes, 2024-04-01 para "
        "un día, 24/5 para un número. En un archivo devuelto, a una celda correcta solo hay que quitarle el signo de "
        "interrogación.",
    ),
    SheetRule.UNREADABLE: Words(
        "Write what is meant into each cell itself: no formula, and no cell for several rows.",
        "Escriba el dato en cada celda: sin fórmulas y sin celdas combinadas.",
    ),
    SheetRule.CHANGED: Words(
        "A changed row is not sent. Publish it in place of what was published before: --correct. Of several rows of "
        "one number only the one of the last revision can be.",
        "Una fila que cambió no se envía. Publíquela en lugar de lo publicado antes: --correct. De varias filas de un "
        "mismo número solo se puede con la de la última revisión.",
    ),
    Reason.NOT_JSON: Words(
        "Each event is one line of JSON. An event that is indented over several lines goes alone into a file. "
        "atips examples --out events.jsonl shows how lines look.",
        "Cada evento es una línea de JSON. Un evento escrito en varias líneas va solo en un archivo. "
        "atips examples --out events.jsonl muestra cómo son las líneas.",
    ),
    Reason.ID_ALREADY_USED: Words(
        "A row was published before with another content: from another machine, or by a publish that was stopped. "
        "Publish the sheet as it was then from here once, or write the next number under revision: 2, or 3 where 2 is "
        "refused too.",
        "Una fila se publicó antes con otro contenido: desde otra máquina, o en un envío interrumpido. Publique una "
        "vez desde aquí la hoja como estaba entonces, o escriba el número siguiente en la columna de revisión: 2, o 3 "
        "si también se rechaza el 2.",
    ),
}

_OF_EVENTS: Final[Mapping[str | None, Words]] = {
    Reason.ID_ALREADY_USED: Words(
        "An event with this id was accepted before, with another content. If it is another event, give it a new id. "
        "If the event has changed, send a correction with a new id, which names it in supersedes.",
        "Antes se aceptó un evento con este número y otro contenido. Si es otro evento, dele un número nuevo. Si el "
        "evento cambió, envíe una corrección con un número nuevo, que lo nombre en supersedes.",
    ),
}
"""Hints for files of events; they replace the hints of `_HINTS`, which are for rows of a sheet."""


def hints(reasons: Collection[str | None], *, of_sheet: bool) -> Iterator[Words]:
    """Yield a hint for each of the reasons that has one. `of_sheet`: the lines are rows of a sheet."""
    found = _HINTS if of_sheet else {**_HINTS, **_OF_EVENTS}
    yield from (hint for why, hint in found.items() if why in reasons)
