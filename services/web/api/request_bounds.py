"""Limits of size, time and media type for forms, and the end of an account's running request when it was answered.

A form is read before its sender is known: without these limits a stranger could fill memory and disk, or keep the
process busy.
"""

import asyncio
from dataclasses import dataclass
from typing import Final

from fastapi import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

TURN: Final = "atips.turn"
"""Key in a request's ASGI scope: a function that ends its count in an `AccountRequestLimit`."""
UPLOADS: Final = "/sheets"
"""Path of uploads, whose bodies have other limits."""
_WITHOUT_A_BODY: Final = frozenset({"GET", "HEAD"})
_MULTIPART: Final = b"multipart/"
"""Media types of forms with files. Their sender names a charset, and some of Python's take seconds for 64 KiB."""
_CLOSE: Final = {"connection": "close"}


@dataclass(frozen=True, slots=True)
class FormLimits:
    """Limits of a form's body: bytes, and seconds until it is complete. See `services/web/settings.py`."""

    size: int = 64 * 1024
    seconds: float = 10.0


class RequestBounds:
    """ASGI middleware that limits the bodies of forms, and calls the scope's function `TURN` after the response."""

    def __init__(self, app: ASGIApp, limits: FormLimits) -> None:
        self._app = app
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI request. The body is limited unless the request has none, or is an upload."""
        is_form = scope["type"] == "http" and scope["method"] not in _WITHOUT_A_BODY and scope["path"] != UPLOADS
        if is_form:
            receive = _refuse_media_type if _is_multipart(scope) else _Bounded(receive, self._limits)
        try:
            await self._app(scope, receive, send)
        finally:
            if (give_back := scope.pop(TURN, None)) is not None:
                give_back()


def _is_multipart(scope: Scope) -> bool:
    named = (value for name, value in scope["headers"] if name.lower() == b"content-type")
    return any(value.strip().lower().startswith(_MULTIPART) for value in named)


async def _refuse_media_type() -> Message:
    """ASGI `receive` callable of a form whose body is not read. Raises `HTTPException` (415)."""
    raise HTTPException(415, headers=_CLOSE)


class _Bounded:
    """ASGI `receive` callable that passes on a form's body and checks its size and time."""

    def __init__(self, receive: Receive, limits: FormLimits) -> None:
        self._receive = receive
        self._limits = limits
        self._ends_at = asyncio.get_running_loop().time() + limits.seconds
        self._size = 0
        self._whole = False

    async def __call__(self) -> Message:
        """Return the next message. Raises `HTTPException`: 413 for a form that is too large, 408 for a slow one."""
        if self._whole:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._ends_at):
                message = await self._receive()
        except TimeoutError:
            raise HTTPException(408, headers=_CLOSE) from None
        self._size += len(message.get("body", b""))
        if self._size > self._limits.size:
            raise HTTPException(413, headers=_CLOSE)
        self._whole = not message.get("more_body", False)
        return message
