"""A client's way to an application in this process: a command in a thread asks as over HTTP, and no port is opened."""

import asyncio
from dataclasses import dataclass

import httpx2
from starlette.types import ASGIApp
from typing_extensions import override


@dataclass(frozen=True, slots=True)
class _Way:
    app: ASGIApp
    loop: asyncio.AbstractEventLoop


class Bridge(httpx2.BaseTransport):
    """Hands requests of a thread to an application that runs on an event loop."""

    def __init__(self, app: ASGIApp, loop: asyncio.AbstractEventLoop) -> None:
        self._way = _Way(app, loop)

    @override
    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        return asyncio.run_coroutine_threadsafe(self._asked(request), self._way.loop).result(30)

    async def _asked(self, request: httpx2.Request) -> httpx2.Response:
        transport = httpx2.ASGITransport(self._way.app)
        asked = httpx2.Request(request.method, request.url, headers=request.headers, content=request.read())
        answer = await transport.handle_async_request(asked)
        body = await answer.aread()
        return httpx2.Response(answer.status_code, headers=answer.headers, content=body)
