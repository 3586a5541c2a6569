"""Refused events of an agency, grouped by reason, with advice for a clerk."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from schemas.errors import Reason
from services.client.receipt_and_errors import Refusal
from services.intake.api.problem_titles import WORDS
from services.presentation.bilingual_text import Words
from services.sheet.row import SYSTEM

SHOWN: Final = 20
"""Largest number of entries that a page lists for each reason, the earliest first."""

_AGAIN: Final = Words(
    "Correct the row in your sheet and send the sheet again. The corrected row takes the place of the refused one.",
    "Corrija la fila en su hoja y envíe la hoja otra vez. La fila corregida reemplaza a la rechazada.",
)
_BY_SYSTEM: Final = Words(
    "A program sent it in a form that is no event. Tell whoever runs that program.",
    "Un programa lo envió en una forma que no es un evento. Avise a quien lo administra.",
)
_ADVICE: Final[Mapping[str, Words]] = MappingProxyType(
    {
        Reason.ID_ALREADY_USED: Words(
            "The record was sent before with another content. If it has changed, write 2 under revision, or 3 where 2 "
            "is refused too. If not, nothing is missing: ask your operator to close the entry.",
            "El registro ya se envió con otro contenido. Si cambió, escriba 2 en revisión, o 3 si el 2 también se "
            "rechaza. Si no, no falta nada: pida a quien opera el sistema que cierre la entrada.",
        ),
        Reason.NOT_AN_AUTHOR: Words(
            "Your agency does not report this, or not with this value. The agency whose record it is reports it.",
            "Su institución no informa de esto, o no con este valor. Lo informa la institución a la que corresponde.",
        ),
        Reason.AGENCY_MISMATCH: Words(
            "The row names another agency where your own belongs. Correct it and send the sheet again.",
            "La fila nombra a otra institución donde va la suya. Corríjala y envíe la hoja otra vez.",
        ),
        Reason.SOURCE_NOT_ENROLLED: Words(
            "Ask the Council to enrol the system, then ask your operator to send the entry again.",
            "Pida al Consejo que inscriba el sistema y después a quien opera que reenvíe la entrada.",
        ),
        Reason.TIME_IN_FUTURE: Words(
            "Check the dates of the row, and the clock of the computer.",
            "Revise las fechas de la fila y el reloj de la computadora.",
        ),
        Reason.JUDGING_TOOK_TOO_LONG: Words(
            "Ask your operator to send the entry again.", "Pida a quien opera el sistema que reenvíe la entrada."
        ),
        Reason.TOO_MANY_RELATED: Words(
            "So much was said about one person, case, activity or event that more is not taken. Ask the Council.",
            "Se dijo tanto sobre una persona, caso, actividad o evento que no se acepta más. Consulte al Consejo.",
        ),
        Reason.LOST_BEFORE_SENT: Words("Send the sheet again.", "Envíe la hoja otra vez."),
        **dict.fromkeys(
            (Reason.NOT_JSON, Reason.NOT_AN_OBJECT, Reason.NOT_UTF8, Reason.BYTE_ORDER_MARK, Reason.DUPLICATE_KEY),
            _BY_SYSTEM,
        ),
    }
)

_AGAIN_BY_PROGRAM: Final = Words(
    "Sent by a program: tell whoever runs it. It sends the corrected event again with the same id. The corrected event "
    "takes the place of the refused one.",
    "Enviado por un programa: avise a quien lo administra. El programa envía otra vez el evento corregido con el mismo "
    "identificador. El evento corregido reemplaza al rechazado.",
)
_ADVICE_BY_PROGRAM: Final[Mapping[str, Words]] = MappingProxyType(
    {
        Reason.ID_ALREADY_USED: Words(
            "Sent by a program: an event with this id was accepted before with another content. If it has changed, the "
            "program sends a correction. If it is another event, the program gives it a new id. Then ask your operator "
            "to close the entry.",
            "Enviado por un programa: antes se aceptó un evento con este identificador y otro contenido. Si cambió, el "
            "programa envía una corrección. Si es otro evento, el programa le da un identificador nuevo. Después pida "
            "a quien opera el sistema que cierre la entrada.",
        ),
        Reason.AGENCY_MISMATCH: Words(
            "Sent by a program: the event names another agency where your own belongs. Tell whoever runs the program.",
            "Enviado por un programa: el evento nombra a otra institución donde va la suya. Avise a quien administra "
            "el programa.",
        ),
        Reason.TIME_IN_FUTURE: Words(
            "Sent by a program: check the dates of the event, and the clock of the program's computer.",
            "Enviado por un programa: revise las fechas del evento y el reloj de la computadora del programa.",
        ),
        Reason.LOST_BEFORE_SENT: Words(
            "Sent by a program: it sends the event again.", "Enviado por un programa: el programa lo envía otra vez."
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Group:
    """Open entries with one reason, and advice for each form in which they were sent: rows of a sheet, or events."""

    reason: str
    advice: Sequence[Words]
    entries: Sequence[Refusal]

    @property
    def not_delivered(self) -> int:
        """Number of entries whose receiver still waits for the event."""
        return sum(each.not_delivered for each in self.entries)


def grouped(entries: Iterable[Refusal]) -> list[Group]:
    """Group entries by reason. Groups with more entries that a receiver waits for come first, then larger groups."""
    found: dict[str, list[Refusal]] = {}
    for each in entries:
        found.setdefault(each.reason, []).append(each)
    groups = [Group(reason, _advised(reason, of), tuple(of)) for reason, of in found.items()]
    return sorted(groups, key=lambda group: (-group.not_delivered, -len(group.entries), group.reason))


def _advised(reason: str, entries: Iterable[Refusal]) -> list[Words]:
    """Return the advice for the forms in which the entries were sent, without repeats, that for sheets first."""
    forms = {each.source is not None and each.source.endswith(f"/{SYSTEM}") for each in entries}
    by_program = _ADVICE_BY_PROGRAM.get(reason, _ADVICE.get(reason, _AGAIN_BY_PROGRAM))
    said = {True: _ADVICE.get(reason, _AGAIN), False: by_program}
    return list(dict.fromkeys(said[form] for form in sorted(forms, reverse=True)))


def reason_sentence(reason: str, lang: str) -> str:
    """Return a reason's sentence in a language; its code if this version does not know it."""
    try:
        words = WORDS[Reason(reason)]
    except ValueError:
        return reason
    return words.es if lang == "es" else words.en
