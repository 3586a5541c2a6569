"""Parsing of intake's answers over HTTPS into receipts and problems; another answer raises an error of the client."""

import ssl
from collections.abc import Mapping
from typing import Any, Final

import httpx2

from services.client.receipt_and_errors import Later, NotLetIn, NotTheDoor, Receipt

PROBLEM: Final = "application/problem+json"
NOT_VALID: Final = "the certificate there is not valid here: look at this computer's clock first"
_SHUT: Final = frozenset({401, 403})
_TOO_OFTEN: Final = 429
_LATER: Final = frozenset({408, _TOO_OFTEN})
_FIRST_FAULT: Final = 500
_STATUSES: Final = ("accepted", "duplicate", "refused")


def refusal(answer: httpx2.Response) -> dict[str, Any] | None:
    """Return the receipt of a refused event as a dict, from a problem answer; None if the answer has none."""
    if answer.headers.get("content-type") != PROBLEM:
        return None
    found: dict[str, Any] | None = _said(answer).get("receipt")
    return found


def receipts_in(answer: httpx2.Response, said: Mapping[str, Any]) -> list[Receipt]:
    """Return the receipts in an answer's body, in order. Raises `NotTheDoor` if it has no list of receipts."""
    found = said.get("receipts")
    if not isinstance(found, list):
        raise unexpected_answer(answer)
    return [receipt_in(answer, each) for each in found]


def receipt_in(answer: httpx2.Response, said: object) -> Receipt:
    """Return one receipt of an answer. Raises `NotTheDoor` if it is no receipt."""
    if not isinstance(said, dict) or said.get("status") not in _STATUSES:
        raise unexpected_answer(answer)
    return Receipt.read(said)


def _said(answer: httpx2.Response) -> dict[str, Any]:
    """Return the body of an answer, which must be a JSON object. Raises `NotTheDoor` for another body."""
    try:
        found = answer.json()
    except ValueError:
        raise unexpected_answer(answer) from None
    if not isinstance(found, dict):
        raise unexpected_answer(answer)
    return found


def unanswered(error: httpx2.TransportError) -> Later | NotTheDoor:
    """Return the error for a request that got no answer: intake is away, or its certificate is not valid here."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return NotTheDoor(f"{NOT_VALID} ({cause.verify_message})")
        cause = cause.__cause__ or cause.__context__
    return Later(type(error).__name__)


def unexpected_answer(answer: httpx2.Response) -> NotTheDoor:
    """Return the error for an answer that this client does not understand."""
    return NotTheDoor(f"HTTP {answer.status_code}: what answers there and this client do not go together")


def body_of_success(answer: httpx2.Response) -> dict[str, Any]:
    """Return the body of a successful answer as a dict. Raises errors whose texts have only the status.

    They are `NotLetIn` (401, 403), `Later` (408, 429, 5xx), and `NotTheDoor` for any other answer.
    """
    if answer.is_success:
        return _said(answer)
    if answer.status_code in _SHUT:
        message = f"HTTP {answer.status_code}"
        raise NotLetIn(message)
    if answer.status_code in _LATER or answer.status_code >= _FIRST_FAULT:
        message = f"HTTP {answer.status_code}"
        seconds = _seconds(answer.headers.get("retry-after"))
        raise Later(message, seconds, too_often=answer.status_code == _TOO_OFTEN)
    raise unexpected_answer(answer)


def _seconds(text: str | None) -> float | None:
    """Return the value of Retry-After in seconds; None if it has another form."""
    return float(text) if text is not None and text.isascii() and text.isdecimal() else None
