"""The ASGI application: its routes, its error answers, and the headers of every answer."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple, cast

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from schemas.errors import Reason
from services.intake.api import (
    events,
    inbox,
    openapi_document,
    openapi_operations,
    own_number_ids,
    quarantine,
    receipts,
    referral_status,
    schemas_and_codes,
)
from services.intake.api.body_memory import BodyMemory
from services.intake.api.dependencies import Parts
from services.intake.api.problem import ALWAYS, ErrorPlace, Problem, response
from services.intake.api.problem_titles import HttpRule
from services.intake.api.rate_limits import Share
from services.runtime import metrics
from services.runtime.errors import Retryable

RETRY_SECONDS: Final = 5.0
"""Seconds in `Retry-After` of an answer 503 to a `Retryable` or `TimeoutError`."""


class Route(NamedTuple):
    """A route: method, path, the function that answers it, and the status of success."""

    method: str
    path: str
    endpoint: Callable[..., Any]
    status: int = 200


ROUTES: Final = (
    Route("POST", "/v1/events", events.submit, 202),
    Route("GET", "/v1/receipts", receipts.since),
    Route("GET", "/v1/receipts/{id}", receipts.of_event),
    Route("GET", "/v1/quarantine", quarantine.refused),
    Route("GET", "/v1/referrals/{id}", referral_status.one),
    Route("GET", "/v1/inbox", inbox.messages),
    Route("POST", "/v1/identities", own_number_ids.identify),
    Route("POST", "/v1/identities/batch", own_number_ids.identify_batch),
    Route("GET", "/v1/schemas", schemas_and_codes.types),
    Route("GET", "/v1/schemas/{type}", schemas_and_codes.schema),
    Route("GET", "/v1/codes", schemas_and_codes.lists),
    Route("GET", "/v1/codes/{list}", schemas_and_codes.codes),
)


def application(parts: Parts) -> ASGIApp:
    """Return the ASGI application. Errors are answered as problems (RFC 9457) without any value of the request."""
    app = build_routes((parts.callers.share, *parts.shares, parts.strangers.share))
    app.state.parts = parts
    return Guard(app, parts.limits.in_flight, parts.held)


def build_routes(shares: Sequence[Share] = ()) -> FastAPI:
    """Return the application's routes and OpenAPI document, without the `Parts` that the routes need to answer.

    `shares`: the limits that the document states.
    """
    app = FastAPI(
        title="A-TIPs event pipeline: intake",
        openapi_url="/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        dependencies=[Depends(_only_known)],
    )
    for route in ROUTES:
        app.add_api_route(
            route.path,
            route.endpoint,
            methods=[route.method],
            status_code=route.status,
            response_model_exclude_none=True,
            operation_id=route.endpoint.__name__,
            **openapi_operations.route_description(route.endpoint),
        )
    app.openapi = lambda: openapi_document.build_document(app, shares)  # type: ignore[method-assign] # as FastAPI's own documentation does
    for error, turned in _PROBLEMS.items():
        app.add_exception_handler(error, _answering(turned))
    return app


async def _only_known(request: Request) -> None:
    """Raise `Problem` for an unknown or repeated query parameter.

    With `dry_run` misspelt, or given twice with different values, events would be accepted although nobody wanted it.
    """
    known = {parameter.alias for parameter in request.scope["route"].dependant.query_params}
    often = Counter(name for name, _ in request.query_params.multi_items())
    if often.keys() - known:
        raise Problem(HttpRule.PARAMETER, (ErrorPlace(rule=Reason.UNKNOWN_FIELD.value),))
    if twice := sorted(name for name, times in often.items() if times > 1):
        raise Problem(
            HttpRule.PARAMETER, tuple(ErrorPlace(rule=Reason.DUPLICATE_KEY.value, parameter=name) for name in twice)
        )


def _parameter(error: Exception) -> Problem:
    """Return a problem with the names of the parameters that cannot be parsed. The names are intake's own."""
    found = cast("RequestValidationError", error).errors()
    names = {str(each["loc"][1]) for each in found if len(each["loc"]) > 1}
    return Problem(
        HttpRule.PARAMETER, tuple(ErrorPlace(rule=Reason.WRONG_FORM.value, parameter=name) for name in sorted(names))
    )


def _no_route(error: Exception) -> Problem:
    found = cast("HTTPException", error)
    allow = (found.headers or {}).get("Allow")
    return Problem(HttpRule.NOT_FOUND if allow is None else HttpRule.METHOD_NOT_ALLOWED, allow=allow)


_PROBLEMS: Final[dict[type[Exception], Callable[[Exception], Problem]]] = {
    Problem: lambda error: cast("Problem", error),
    RequestValidationError: _parameter,
    HTTPException: _no_route,
    Retryable: lambda _: Problem(HttpRule.CANNOT_PROMISE, retry_after=RETRY_SECONDS),
    TimeoutError: lambda _: Problem(HttpRule.CANNOT_PROMISE, retry_after=RETRY_SECONDS),
    Exception: lambda _: Problem(HttpRule.FAULT),
}


def _answering(turned: Callable[[Exception], Problem]) -> Callable[[Request, Exception], Response]:
    return lambda request, error: response(request, turned(error))


class Guard:
    """Outermost ASGI application. It limits requests in flight, counts answers, and adds the headers `ALWAYS`.

    `most`: requests in flight at once; a further one is answered with 503. `held`: released after each answer.
    """

    def __init__(self, app: ASGIApp, most: int, held: BodyMemory) -> None:
        self._app = app
        self._held = held
        self._most = most
        self._in_flight = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request. Other kinds of connection, such as WebSocket, are ignored."""
        if scope["type"] != "http":
            return

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *ALWAYS]
                path = getattr(scope.get("route"), "path", "")
                metrics.ANSWERS.labels(path, str(message["status"])).inc()
            await send(message)

        if self._in_flight >= self._most:
            busy = response(Request(scope), Problem(HttpRule.CANNOT_PROMISE, retry_after=1, close=True))
            await busy(scope, receive, counted)
            return
        self._in_flight += 1
        try:
            await self._app(scope, receive, counted)
        finally:
            self._in_flight -= 1
            self._held.release(scope)
