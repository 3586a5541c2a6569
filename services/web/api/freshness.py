"""Freshness as server-sent events. A page says that there is something newer; it never changes a number by itself."""

import json
from collections.abc import AsyncIterator
from typing import Final

from fastapi import Request
from fastapi.responses import StreamingResponse

from services.web.api.dependencies import parts

_KEEP_ALIVE_SECONDS: Final = 15.0
_LONGEST: Final = 240
"""Messages after which a stream ends; the browser opens the next one and so shows its session again."""


async def live(request: Request) -> StreamingResponse:
    """Stream how far the figures are complete."""
    return StreamingResponse(_messages(request), media_type="text/event-stream", headers={"cache-control": "no-store"})


async def _messages(request: Request) -> AsyncIterator[str]:
    sent = 0
    async for fresh in parts(request).figures.changes(_KEEP_ALIVE_SECONDS):
        if sent >= _LONGEST or await request.is_disconnected():
            return
        said = {"complete_to": fresh.complete_to, "waiting": fresh.waiting, "refused": fresh.refused}
        yield f"data: {json.dumps(said)}\n\n"
        sent += 1
