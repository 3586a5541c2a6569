"""Texts about receipts and verdicts of intake: the status of an event."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from services.presentation.bilingual_text import Words

STATUSES: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "accepted": Words("accepted", "aceptado"),
        "duplicate": Words("duplicate", "duplicado"),
        "refused": Words("refused", "rechazado"),
        "unconfirmed": Words("unconfirmed", "sin confirmar"),
    }
)
"""Text of each status of a receipt or verdict."""

WHOLE: Final = Words("the whole", "todo el mensaje")
"""Text instead of the JSON pointer, for a mistake that has none."""


def status_text(status: str, lang: str) -> str:
    """Return the text of a status; an unknown status, from a later version, is its own text."""
    found = STATUSES.get(status)
    return status if found is None else found.of(lang)


_REPAIRED: Final = Words(
    "An event of this id was accepted later, as no. {n}: nothing is missing.",
    "Un evento con este id se aceptó después, con el n.º {n}: no falta nada.",
)
_COPY: Final = Words(
    "An event of this id was accepted before, as no. {n}, and still counts: this copy changes nothing. If it should "
    "change that event, send a correction: a sheet with --correct, or event.corrected with a new id.",
    "Un evento con este id se aceptó antes, con el n.º {n}, y sigue valiendo: esta copia no cambia nada. Si debía "
    "cambiar ese evento, envíe una corrección: una hoja con --correct, o event.corrected con un id nuevo.",
)


def accepted_event_text(n: int | None, accepted_n: int | None, lang: str) -> str:
    """Return a sentence about the accepted event that has the id of a refused one; empty if there is none.

    `n`: sequence number of the refusal. `accepted_n`: that of the accepted event; None if none was accepted. The text
    says whether the refused event was repaired later, or is a copy that changes nothing.
    """
    if accepted_n is None:
        return ""
    return (_REPAIRED if n is not None and accepted_n > n else _COPY).of(lang).format(n=accepted_n)
