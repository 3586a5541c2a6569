"""Answers of intake's door over HTTPS: receipts and problems, or the error that says what must be done."""

from collections.abc import Mapping
from typing import Any, Final

import httpx2

from services.client.receipt import Later, NotLetIn, NotTheDoor, Receipt

PROBLEM: Final = "application/problem+json"
_SHUT: Final = frozenset({401, 403})
_TOO_OFTEN: Final = 429
_LATER: Final = frozenset({408, _TOO_OFTEN})
_FIRST_FAULT: Final = 500
_STATUSES: Final = ("accepted", "duplicate", "refused")


def refusal(answer: httpx2.Response) -> dict[str, Any] | None:
    """Give the receipt that a problem has in it: that of an event which was judged and refused."""
    if answer.headers.get("content-type") != PROBLEM:
        return None
    found: dict[str, Any] | None = _said(answer).get("receipt")
    return found


def receipts_in(answer: httpx2.Response, said: Mapping[str, Any]) -> list[Receipt]:
    """Read the receipts that an answer says. Raises `NotTheDoor`."""
    found = said.get("receipts")
    if not isinstance(found, list):
        raise another(answer)
    return [receipt_in(answer, each) for each in found]


def receipt_in(answer: httpx2.Response, said: object) -> Receipt:
    """Read one receipt of an answer. Raises `NotTheDoor`."""
    if not isinstance(said, dict) or said.get("status") not in _STATUSES:
        raise another(answer)
    return Receipt.read(said)


def _said(answer: httpx2.Response) -> dict[str, Any]:
    """Give the JSON object that an answer is."""
    try:
        found = answer.json()
    except ValueError:
        raise another(answer) from None
    if not isinstance(found, dict):
        raise another(answer)
    return found


def another(answer: httpx2.Response) -> NotTheDoor:
    """Give the error for an answer that this client does not understand."""
    return NotTheDoor(f"HTTP {answer.status_code}: what answers there and this client do not go together")


def answered(answer: httpx2.Response) -> dict[str, Any]:
    """Give what a good answer says; raises by what must be done about any other, of which only the code is told."""
    if answer.is_success:
        return _said(answer)
    if answer.status_code in _SHUT:
        message = f"HTTP {answer.status_code}"
        raise NotLetIn(message)
    if answer.status_code in _LATER or answer.status_code >= _FIRST_FAULT:
        message = f"HTTP {answer.status_code}"
        seconds = _seconds(answer.headers.get("retry-after"))
        raise Later(message, seconds, too_often=answer.status_code == _TOO_OFTEN)
    raise another(answer)


def _seconds(text: str | None) -> float | None:
    """Read Retry-After where it is a number of seconds, as this door's is."""
    return float(text) if text is not None and text.isascii() and text.isdecimal() else None
