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
    """Give the text of a status; an unknown status, from a later version, is its own text."""
    found = STATUSES.get(status)
    return status if found is None else found.of(lang)
