"""Words about receipts and verdicts: the outcome of an event, and why intake refused it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from services.presentation.words import Words

STATUSES: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "accepted": Words("accepted", "aceptado"),
        "duplicate": Words("duplicate", "duplicado"),
        "refused": Words("refused", "rechazado"),
        "unconfirmed": Words("unconfirmed", "sin confirmar"),
    }
)
"""By the status of a receipt or verdict."""

WHOLE: Final = Words("the whole", "todo el mensaje")
"""The place of a mistake that has no pointer."""


def status_text(status: str, lang: str) -> str:
    """Give a status in words. A status of a later version is shown as its code."""
    found = STATUSES.get(status)
    return status if found is None else found.of(lang)
