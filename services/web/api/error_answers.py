"""Responses to exceptions: a page for people, or an RFC 9457 problem in JSON for data routes."""

from collections.abc import Callable
from typing import Any, Final

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from services.report.queries import FiguresKeepChanging
from services.reporting.read.completeness_grid import NothingCounted
from services.runtime.errors import Retryable
from services.web.account_concurrent_request_limit import TooManyAtOnce
from services.web.api import provider_sign_in_routes
from services.web.api.data.answer import NotWorkedOut, StaleCursor
from services.web.api.dependencies import (
    FirstPageElsewhere,
    NotAllowed,
    NotConfirmed,
    NotExact,
    NotFromHere,
    NotSignedIn,
)
from services.web.api.figure_question import NoFigure, NoPage, NotProved, WrongQuestion
from services.web.api.page import page
from services.web.api.problem import problem

_DATA: Final = "/v1/"


_FORMS: Final = frozenset({408, 413, 415})
"""HTTP statuses of a form that came too slowly (408), is too large (413), or is of another media type (415)."""


def _to_sign_in(request: Request, _: Exception) -> Response:
    if request.url.path.startswith(_DATA):
        return problem(request, 401, "sign_in_first")
    return RedirectResponse("/sign-in", status_code=303)


def _to_first_page(_: Request, error: FirstPageElsewhere) -> Response:
    return RedirectResponse(error.address, status_code=303)


def _to_provider(request: Request, _: Exception) -> Response:
    """Redirect to the provider, which confirms the person; the requested page opens afterwards."""
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(provider_sign_in_routes.begin_address(asked, quiet="1"), status_code=303)


def _refused(status: int, name: str, text: str = "") -> Callable[[Request, Exception], Response]:
    def answer(request: Request, _: Exception) -> Response:
        if request.url.path.startswith(_DATA):
            return problem(request, status, name, text)
        return _problem_page(request, status, name, text)

    return answer


def _problem_page(request: Request, status: int, name: str, text: str) -> Response:
    """Return the error page. For a signed-in person it has the menu and the completeness of the figures."""
    session = getattr(request.state, "session", None)
    return page(request, "problem.html", session, status=status, look_again=_again(request), name=name, text=text)


def _again(request: Request) -> str | None:
    """Return "/" after a refused form, whose own address may not be a page; None for other requests."""
    return None if request.method in {"GET", "HEAD"} else "/"


def _wrong_question(request: Request, error: WrongQuestion) -> Response:
    if request.url.path.startswith(_DATA):
        return problem(request, 400, "wrong_parameter", parameter=error.parameter)
    return _problem_page(request, 400, "wrong_question", "wrong_question_text")


def _busy(request: Request, error: TooManyAtOnce) -> Response:
    answer = _refused(429, "account_busy", "account_busy_text")(request, error)
    answer.headers["retry-after"] = "1"
    return answer


def _by_http(request: Request, error: HTTPException) -> Response:
    """Respond to an unknown address (404), a wrong method (405), or a form that is not taken (`_FORMS`)."""
    if error.status_code in _FORMS:
        answer = _refused(error.status_code, "form_not_taken", "form_not_taken_text")(request, error)
    else:
        known = error.status_code if error.status_code == 405 else 404  # noqa: PLR2004 - as HTTP numbers it
        answer = _refused(known, "not_found", "not_found_text")(request, error)
    answer.headers.update(error.headers or {})
    return answer


ANSWERS: Final[dict[type[Exception], Callable[[Request, Any], Response]]] = {
    NotSignedIn: _to_sign_in,
    NotConfirmed: _to_provider,
    FirstPageElsewhere: _to_first_page,
    NotAllowed: _refused(403, "forbidden", "forbidden_text"),
    NotExact: _refused(403, "not_exact", "not_exact_text"),
    NotProved: _refused(403, "prove_first", "prove_first_text"),
    NotFromHere: _refused(403, "stale_form"),
    TooManyAtOnce: _busy,
    WrongQuestion: _wrong_question,
    NoPage: _refused(404, "not_found", "not_found_text"),
    NoFigure: _refused(404, "not_found", "not_found_text"),
    StaleCursor: _refused(409, "stale_cursor"),
    NotWorkedOut: _refused(409, "not_worked_out", "not_worked_out_text"),
    HTTPException: _by_http,
    RequestValidationError: _refused(400, "not_found", "not_found_text"),
    NothingCounted: _refused(503, "nothing_counted", "nothing_counted_text"),
    Retryable: _refused(503, "away", "away_text"),
    FiguresKeepChanging: _refused(503, "away", "away_text"),
}
