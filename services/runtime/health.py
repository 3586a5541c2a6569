"""`/livez`, `/readyz` and `/metrics` on a port of their own; not ready is said with the reasons, as codes."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from math import inf
from typing import Final

import asyncpg
import uvicorn
from prometheus_client import generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.runtime.clock import Apart, Clock, agree_now
from services.runtime.errors import Retryable
from services.runtime.metrics import REGISTRY
from services.runtime.postgres import acquired

# How long an answer of the broker is waited for, how long it spares asking again, and how old the last one may be: a
# slow one, or a broker that is started again, must not take a service out of use.
_ANSWER_SECONDS: Final = 2.0
_SPARED_SECONDS: Final = 2.0
_HEARD_SECONDS: Final = 15.0

_SHUT: Final = "SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean"


# Gives None when all is well, else a short reason without data.
Check = Callable[[], Awaitable[str | None]]


def app(checks: Mapping[str, Check]) -> Starlette:
    """Build the application; `/readyz` is 503 while any check gives a reason."""

    async def livez(_: Request) -> Response:
        return JSONResponse({"alive": True})

    async def readyz(_: Request) -> Response:
        told = await asyncio.gather(*(check() for check in checks.values()))
        reasons = {name: reason for name, reason in zip(checks, told, strict=True) if reason is not None}
        return JSONResponse({"ready": not reasons, "reasons": reasons}, status_code=503 if reasons else 200)

    async def metrics(_: Request) -> Response:
        return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)

    return Starlette(routes=[Route("/livez", livez), Route("/readyz", readyz), Route("/metrics", metrics)])


@asynccontextmanager
async def serving(host: str, port: int, checks: Mapping[str, Check]) -> AsyncIterator[None]:
    """Serve while the body runs; port 0 serves nothing."""
    if not port:
        yield
        return
    config = uvicorn.Config(app(checks), host=host, port=port, log_config=None, access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    # Signals belong to the process, which stops the server by leaving this block.
    task = asyncio.create_task(server._serve())  # noqa: SLF001 - `serve` would install signal handlers of its own
    try:
        yield
    finally:
        server.should_exit = True
        with suppress(asyncio.CancelledError):
            await task


def database(pool: asyncpg.Pool) -> Check:
    """Check that the database answers within two seconds, and may be written."""

    async def check() -> str | None:
        try:
            async with asyncio.timeout(2), acquired(pool) as connection:
                shut = await connection.fetchval(_SHUT)
        except (Retryable, TimeoutError):
            return "no database"
        return "a read-only database" if shut else None

    return check


def clock(pool: asyncpg.Pool, own: Clock) -> Check:
    """Check that the machine's time is the database's: else nothing is accepted, and nothing said to be late."""

    async def check() -> str | None:
        try:
            async with asyncio.timeout(2), acquired(pool) as connection:
                await agree_now(connection, own, own.now())
        except Apart:
            return "not the database's time"
        except (Retryable, TimeoutError):
            return None  # which `database` says
        return None

    return check


def broker(answers: Callable[[float], Awaitable[bool]]) -> Check:
    """Check that the broker has answered of late: it is asked when somebody asks us, and then now and again only.

    `answers` waits at most so many seconds for it to.
    """
    asking = asyncio.Lock()
    asked_at = heard_at = -inf

    async def check() -> str | None:
        nonlocal asked_at, heard_at
        now = asyncio.get_running_loop().time
        async with asking:
            if now() - asked_at > _SPARED_SECONDS:
                heard_at = now() if await answers(_ANSWER_SECONDS) else heard_at
                asked_at = now()
        return None if now() - heard_at < _HEARD_SECONDS else "no broker"

    return check
