"""HTTP application of `/livez`, `/readyz` and `/metrics`, and the readiness checks that services share."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from math import inf
from typing import Final

import asyncpg
from prometheus_client import generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.runtime.clock import Clock, ClocksDiffer, check_database_clock
from services.runtime.errors import Retryable
from services.runtime.metrics import CHECK_FAILING, REGISTRY
from services.runtime.postgres import borrow_connection

# Times of the check of the broker. One slow answer, or a restart of the broker, must not take a service out of use.
_ANSWER_SECONDS: Final = 2.0  # that the broker has to answer
_WAITED_SECONDS: Final = 1.0  # that one check waits for the answer
_SPARED_SECONDS: Final = 2.0  # for which an answer spares the next query
_HEARD_SECONDS: Final = 15.0  # that the last answer may be old

_DATABASE_SECONDS: Final = 1.0
"""Seconds that a check waits for the database: less than a probe's deadline, so that the reason can be reported."""

_SHUT: Final = "SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean"


# A readiness check: returns None if it passes, else a short reason without data.
Check = Callable[[], Awaitable[str | None]]


def app(checks: Mapping[str, Check], silent: Callable[[], float | None] = lambda: None) -> Starlette:
    """Return the application. `/readyz` answers 503 while any of `checks` returns a reason.

    `silent`: returns the seconds for which the service's event loop has been blocked if they are too many, otherwise
    None. While they are too many, `/livez` answers 503.
    """

    async def livez(_: Request) -> Response:
        seconds = silent()
        if seconds is None:
            return JSONResponse({"alive": True})
        return JSONResponse({"alive": False, "silent_seconds": round(seconds)}, status_code=503)

    async def failing() -> dict[str, str]:
        told = await asyncio.gather(*(check() for check in checks.values()))
        return {name: reason for name, reason in zip(checks, told, strict=True) if reason is not None}

    async def readyz(_: Request) -> Response:
        reasons = await failing()
        return JSONResponse({"ready": not reasons, "reasons": reasons}, status_code=503 if reasons else 200)

    async def metrics(_: Request) -> Response:
        reasons = await failing()
        for name in checks:
            CHECK_FAILING.labels(name).set(name in reasons)
        return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)

    return Starlette(routes=[Route("/livez", livez), Route("/readyz", readyz), Route("/metrics", metrics)])


def database(pool: asyncpg.Pool) -> Check:
    """Return the check that the database answers within a second and can be written."""

    async def check() -> str | None:
        try:
            async with asyncio.timeout(_DATABASE_SECONDS), borrow_connection(pool) as connection:
                shut = await connection.fetchval(_SHUT)
        except (Retryable, TimeoutError):
            return "no database"
        return "a read-only database" if shut else None

    return check


def clock(pool: asyncpg.Pool, own: Clock) -> Check:
    """Return the check that the machine's time agrees with the database's. It passes if the database is away.

    While the times differ, no event is accepted and no deadline is published.
    """

    async def check() -> str | None:
        try:
            async with asyncio.timeout(_DATABASE_SECONDS), borrow_connection(pool) as connection:
                await check_database_clock(connection, own, own.now())
        except ClocksDiffer:
            return "not the database's time"
        except (Retryable, TimeoutError):
            return None  # the check `database` reports that
        return None

    return check


def broker(answers: Callable[[float], Awaitable[bool]]) -> Check:
    """Return the check that the broker has answered within the last 15 s.

    The check itself asks the broker, every 2 s at most. `answers(seconds)`: whether it answers within that time.
    """
    asking: asyncio.Task[None] | None = None
    asked_at = heard_at = -inf

    async def ask() -> None:
        nonlocal asked_at, heard_at
        now = asyncio.get_running_loop().time
        heard_at = now() if await answers(_ANSWER_SECONDS) else heard_at
        asked_at = now()

    async def check() -> str | None:
        nonlocal asking
        now = asyncio.get_running_loop().time
        if asking is not None and asking.done():
            asking = None
        if asking is None and now() - asked_at > _SPARED_SECONDS:
            asking = asyncio.create_task(ask())
        if asking is not None and (await asyncio.wait([asking], timeout=_WAITED_SECONDS))[0]:
            asking.result()
        return None if now() - heard_at < _HEARD_SECONDS else "no broker"

    return check
