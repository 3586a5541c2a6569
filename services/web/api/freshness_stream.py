"""Freshness of the figures as server-sent events. A page says that newer figures exist; it never changes a number."""

import json
from collections.abc import AsyncIterator
from typing import Final

from fastapi import Request
from fastapi.responses import StreamingResponse

from services.web.api.dependencies import parts

_KEEP_ALIVE_SECONDS: Final = 15.0
_LONGEST: Final = 240
"""Messages after which a stream ends. The browser then opens a new one, so that its session is checked again."""


async def live(request: Request) -> StreamingResponse:
    """Stream complete_to, waiting and refused as JSON, at each change and at least every 15 s."""
    return StreamingResponse(_messages(request), media_type="text/event-stream", headers={"cache-control": "no-store"})


async def _messages(request: Request) -> AsyncIterator[str]:
    sent = 0
    async for fresh in parts(request).figures.changes(_KEEP_ALIVE_SECONDS):
        if sent >= _LONGEST or await request.is_disconnected():
            return
        said = {"complete_to": fresh.complete_to, "waiting": fresh.waiting, "refused": fresh.refused}
        yield f"data: {json.dumps(said)}\n\n"
        sent += 1
