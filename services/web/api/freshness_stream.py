"""Freshness of the figures as server-sent events. A page says that newer figures exist; it never changes a number."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Final

from fastapi import Request
from fastapi.responses import StreamingResponse

from services.runtime.errors import Retryable
from services.web.api.dependencies import own_session, parts

_KEEP_ALIVE_SECONDS: Final = 15.0
_CHECK_SECONDS: Final = 15.0
"""Shortest time between two looks whether the session goes on."""
_LONGEST: Final = 240
"""Messages after which a stream ends. The browser then opens a new one."""


async def live(request: Request) -> StreamingResponse:
    """Stream complete_to, waiting and refused as JSON, at each change and at least every 15 s, while the session lasts.

    A stream is no use of the session: a page that is left open does not keep it alive.
    """
    return StreamingResponse(_messages(request), media_type="text/event-stream", headers={"cache-control": "no-store"})


async def _messages(request: Request) -> AsyncIterator[str]:
    sent, clock = 0, asyncio.get_running_loop().time
    check_at = clock() + _CHECK_SECONDS
    async for fresh in parts(request).figures.changes(_KEEP_ALIVE_SECONDS):
        if sent >= _LONGEST or await request.is_disconnected():
            return
        if clock() >= check_at:
            if not await _goes_on(request):
                return
            check_at = clock() + _CHECK_SECONDS
        said = {"complete_to": fresh.complete_to, "waiting": fresh.waiting, "refused": fresh.refused}
        yield f"data: {json.dumps(said)}\n\n"
        sent += 1


async def _goes_on(request: Request) -> bool:
    """Whether the request's session has neither ended nor been ended; True while the database is away."""
    needed = parts(request)
    try:
        return await needed.store.peek_session(own_session(request), needed.now()) is not None
    except Retryable:
        return True
