"""Texts for the list of waiting tasks: what an agency must do, and spans of time."""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from services.presentation.bilingual_text import Words

KINDS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "answer": Words("Accept or reject the referral", "Aceptar o rechazar la remisión"),
        "start": Words("Start the work", "Iniciar el trabajo"),
        "silence": Words("Say how the work goes on", "Informar cómo avanza el trabajo"),
        "resumption": Words("Go on with the work", "Reanudar el trabajo"),
        "next_attempt": Words("Refer the person again", "Remitir de nuevo a la persona"),
        "first_referral": Words("Send the first referral", "Enviar la primera remisión"),
        "missing_move": Words(
            "Report the move that is missing before the last one", "Informar el paso que falta antes del último"
        ),
        "acknowledgement": Words(
            "Stop, and acknowledge that consent was withdrawn", "Detenerse y acusar recibo del retiro de consentimiento"
        ),
    }
)
"""Text of what the agency must do, by the kind of the task."""


MISSING_MOVE: Final = "missing_move"
MISSING_MOVE_TEXT: Final = Words(
    "A move of a referral came, and the one before it has not.", "Llegó un paso de una remisión y falta el anterior."
)


def kind_text(kind: str, lang: str) -> str:
    """Return the text of what the agency must do; an unknown kind, from a later version, is its own text."""
    found = KINDS.get(kind)
    return kind if found is None else found.of(lang)


def span(of: timedelta) -> str:
    """Format a span of time in its two largest units: 45 min, 3 h 20 min, 2 d 4 h."""
    minutes = int(of.total_seconds() // 60)
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    if hours:
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    return f"{rest} min"
