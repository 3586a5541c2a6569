"""The application: the route table, and what holds for every answer."""

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.report.questions import FiguresKeepChanging
from services.reporting.read.grid import NothingCounted
from services.runtime.errors import Retryable
from services.web.account_turns import TooManyAtOnce
from services.web.api import (
    clerk,
    figure,
    freshness,
    logout,
    measures,
    operator,
    pages,
    prevention,
    provider,
    report,
    sign_in,
    why,
)
from services.web.api.data import routes
from services.web.api.data.answer import NotWorkedOut, StaleCursor
from services.web.api.dependencies import NotAllowed, NotConfirmed, NotFromHere, NotSignedIn, Parts, within
from services.web.api.figure_question import NoFigure, NoPage, NotProved, WrongQuestion, only_known
from services.web.api.officer import case_moves, cases, inbox, referrals
from services.web.api.officer import findings as agency_findings
from services.web.api.page import page
from services.web.api.problem import problem
from services.web.api.request_bounds import RequestBounds
from services.web.api.route import Route
from services.web.domain.roles import Part
from services.web.provider import BACK

_STATIC: Final = Path(__file__).resolve().parents[1] / "static"
_FONT: Final = str(files("fontpkg_atkinson_hyperlegible") / "files")
_DATA: Final = "/v1/"
_FORMS: Final = frozenset({408, 413})
"""Statuses of a form that came too slowly, or is too large."""


PAGES: Final = (
    Route("GET", "/", pages.home, Part.HOME),
    Route("GET", "/figures", pages.figures, Part.FIGURES),
    Route("GET", "/figures/{number}", figure.figure, Part.FIGURES),
    Route("POST", "/figures/{number}/known", figure.ask_known, Part.FIGURES),
    Route("GET", "/figures/{number}/why", why.why, Part.FIGURES),
    Route("POST", "/figures/{number}/why", why.ask_why, Part.FIGURES),
    Route("GET", "/measures", measures.measures, Part.MEASURES),
    Route("GET", "/grid", pages.grid, Part.GRID),
    Route("GET", "/findings", pages.findings, Part.FINDINGS),
    Route("GET", "/prevention", prevention.prevention, Part.PREVENTION),
    Route("GET", "/report", report.years, Part.REPORT),
    Route("GET", "/report/{year}", report.report, Part.REPORT),
    Route("GET", "/report/{year}/{form}", report.file, Part.REPORT),
    Route("GET", "/services", operator.services, Part.SERVICES),
    Route("GET", "/sheets", clerk.sheets, Part.SHEETS),
    Route("POST", "/sheets", clerk.check, Part.SHEETS),
    Route("GET", "/sheets/empty/{type}", clerk.empty, Part.SHEETS),
    Route("GET", "/sheets/checked/{token}", clerk.result, Part.SHEETS),
    Route("POST", "/sheets/checked/{token}", clerk.send, Part.SHEETS),
    Route("GET", "/sheets/checked/{token}/errors", clerk.given_back, Part.SHEETS),
    Route("GET", "/receipts", clerk.receipts, Part.RECEIPTS),
    Route("GET", "/refusals", clerk.refusals, Part.REFUSALS),
    Route("GET", "/inbox", inbox.inbox, Part.INBOX),
    Route("POST", "/inbox", inbox.mark, Part.INBOX),
    Route("POST", "/acknowledgements", referrals.acknowledge, Part.REFERRALS),
    Route("GET", "/referrals", referrals.listed, Part.REFERRALS),
    Route("GET", "/referrals/{referral}", referrals.one, Part.REFERRALS),
    Route("POST", "/referrals/{referral}", referrals.move, Part.REFERRALS),
    Route("GET", "/referral-counts", referrals.matrix, Part.MATRIX),
    Route("GET", "/cases", cases.listed, Part.CASES),
    Route("GET", "/cases/{case}", cases.one, Part.CASES),
    Route("POST", "/cases/{case}/referrals", case_moves.refer, Part.CASES),
    Route("POST", "/cases/{case}/consents", case_moves.consent, Part.CASES),
    Route("POST", "/cases/{case}/determinations", case_moves.determine, Part.CASES),
    Route("POST", "/cases/{case}/withdrawals", case_moves.withdraw, Part.CASES),
    Route("POST", "/prove", cases.prove, Part.CASES),
    Route("GET", "/agency-findings", agency_findings.listed, Part.AGENCY_FINDINGS),
    Route("GET", "/agency-findings/{finding}", agency_findings.one, Part.AGENCY_FINDINGS),
    Route("POST", "/agency-findings/{finding}", agency_findings.rule, Part.AGENCY_FINDINGS),
    Route("GET", "/password", sign_in.password_page),
    Route("POST", "/password", sign_in.password),
    Route("POST", "/sign-out", sign_in.sign_out),
    Route("GET", "/live", freshness.live),
)
"""Pages that need a session."""

OPEN: Final = (
    Route("GET", "/sign-in", sign_in.sign_in_page),
    Route("POST", "/sign-in", sign_in.sign_in),
    Route("GET", provider.BEGIN, provider.begin),
    Route("GET", BACK, provider.back),
    Route("POST", logout.ENDED, logout.ended),
    Route("GET", "/link/{token}", sign_in.link_page),
    Route("POST", "/link/{token}", sign_in.link),
)
"""Pages without a session."""

_DESCRIPTION: Final = (
    "Figures of the Anti-Trafficking in Persons Council, counted from events. Every answer says how far it is "
    "complete. Texts are in English or Spanish by `Accept-Language`, or by the parameter `lang`. An answer has an "
    "`ETag` that changes when any figure may have changed."
)

_HEADERS: Final = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


def application(parts: Parts) -> ASGIApp:
    """Give what is served."""
    app = _application()
    app.state.parts = parts
    return SecurityHeaders(RequestBounds(app, parts.turns, parts.forms), secure=parts.secure)


def described() -> dict[str, Any]:
    """Give the OpenAPI description of the data."""
    return _application().openapi()


def _application() -> FastAPI:
    app = FastAPI(
        title="A-TIPs Council: figures",
        description=_DESCRIPTION,
        version="1",
        openapi_url="/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    for route in OPEN:
        app.add_api_route(route.path, route.endpoint, methods=[route.method], include_in_schema=False)
    routes.add(app)
    for route in PAGES:
        app.add_api_route(
            route.path,
            route.endpoint,
            methods=[route.method],
            include_in_schema=False,
            dependencies=[Depends(within(route.part)), Depends(only_known)],
        )
    app.mount("/static/font", StaticFiles(directory=_FONT))
    app.mount("/static", StaticFiles(directory=_STATIC))
    for error, answer in _ANSWERS.items():
        app.add_exception_handler(error, answer)
    return app


def _to_sign_in(request: Request, _: Exception) -> Response:
    if request.url.path.startswith(_DATA):
        return problem(request, 401, "sign_in_first")
    return RedirectResponse("/sign-in", status_code=303)


def _to_provider(request: Request, _: Exception) -> Response:
    """Ask the provider whether the person may still enter; the page opens afterwards."""
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(provider.begin_address(asked, quiet="1"), status_code=303)


def _refused(status: int, name: str, text: str = "") -> Callable[[Request, Exception], Response]:
    def answer(request: Request, _: Exception) -> Response:
        if request.url.path.startswith(_DATA):
            return problem(request, status, name, text)
        return page(request, "problem.html", status=status, name=name, text=text)

    return answer


def _wrong_question(request: Request, error: WrongQuestion) -> Response:
    if request.url.path.startswith(_DATA):
        return problem(request, 400, "wrong_parameter", parameter=error.parameter)
    return page(request, "problem.html", status=400, name="wrong_question", text="wrong_question_text")


def _busy(request: Request, error: TooManyAtOnce) -> Response:
    answer = _refused(429, "account_busy", "account_busy_text")(request, error)
    answer.headers["retry-after"] = "1"
    return answer


def _by_http(request: Request, error: HTTPException) -> Response:
    """Answer what no route answers: an address that there is not, a method that it does not have, a form too large."""
    if error.status_code in _FORMS:
        answer = _refused(error.status_code, "form_not_taken", "form_not_taken_text")(request, error)
    else:
        known = error.status_code if error.status_code == 405 else 404  # noqa: PLR2004 - as HTTP numbers it
        answer = _refused(known, "not_found", "not_found_text")(request, error)
    answer.headers.update(error.headers or {})
    return answer


_ANSWERS: Final[dict[type[Exception], Callable[[Request, Any], Response]]] = {
    NotSignedIn: _to_sign_in,
    NotConfirmed: _to_provider,
    NotAllowed: _refused(403, "forbidden"),
    NotProved: _refused(403, "prove_first", "prove_first_text"),
    NotFromHere: _refused(403, "stale_form"),
    TooManyAtOnce: _busy,
    WrongQuestion: _wrong_question,
    NoPage: _refused(404, "not_found", "not_found_text"),
    NoFigure: _refused(404, "not_found", "not_found_text"),
    StaleCursor: _refused(409, "stale_cursor"),
    NotWorkedOut: _refused(409, "not_worked_out"),
    HTTPException: _by_http,
    RequestValidationError: _refused(400, "not_found", "not_found_text"),
    NothingCounted: _refused(503, "away", "away_text"),
    Retryable: _refused(503, "away", "away_text"),
    FiguresKeepChanging: _refused(503, "away", "away_text"),
}


class SecurityHeaders:
    """Adds the headers that every answer has."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self._app = app
        named = _HEADERS | ({"strict-transport-security": "max-age=31536000"} if secure else {})
        self._headers = [(name.encode(), value.encode()) for name, value in named.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [*message["headers"], *self._headers]
                if not any(name.lower() == b"cache-control" for name, _ in kept):
                    static = scope["path"].startswith("/static/")
                    kept.append((b"cache-control", b"max-age=3600" if static else b"no-store"))
                message["headers"] = kept
            await send(message)

        await self._app(scope, receive, sending)
