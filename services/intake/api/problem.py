"""Errors of the HTTP API as problem details (RFC 9457). They name a rule and a place, never a value that was sent."""

from dataclasses import dataclass
from typing import Final

import orjson
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from schemas.writing_hints import how_written
from services.intake.api.problem_titles import WORDS, HttpRule, RefusalCause
from services.intake.api.rate_limits import Share
from services.intake.domain.receipt import Receipt, RefusedPlace

MEDIA_TYPE: Final = "application/problem+json"
ALWAYS: Final = ((b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff"))
"""Headers of every answer, as pairs (name, value) in bytes."""

_URN: Final = "urn:atips:problem:"


class ErrorPlace(RefusedPlace):
    """A broken rule and its place: a pointer into the body, or a query parameter."""

    parameter: str | None = None


class ProblemDetails(BaseModel):
    """Body of every error (RFC 9457): the rule's code, the places where it is broken, a refused event's receipt."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    type: str = Field(pattern=f"^{_URN}[a-z0-9_]+$")
    title: str
    """In English or Spanish, as `Accept-Language` prefers."""
    status: int = Field(ge=400, le=599)
    detail: str | None = None
    """How the refused field is written, what it may hold, and where to get a value, where the rule says too little."""
    rule: str
    errors: list[ErrorPlace] = Field(default_factory=list)
    limits: list[Share] | None = None
    """With `too_often`: the limits of the caller."""
    receipt: Receipt | None = None
    """Of an event that was refused: it is kept in quarantine under its number `n`, and may be repaired under its id."""


@dataclass
class Problem(Exception):
    """Error that a request is answered with. Any route may raise it. It holds no value of the request."""

    why: RefusalCause
    places: tuple[ErrorPlace, ...] = ()
    receipt: Receipt | None = None
    retry_after: float | None = None
    """Value of `Retry-After`, in seconds; `response` rounds it up to at least 1."""
    close: bool = False
    """Whether to close the connection: the rest of the body is not worth reading."""
    allow: str | None = None
    accept: str | None = None
    shares: tuple[Share, ...] = ()


def problem_at(why: RefusalCause, pointer: str) -> Problem:
    """Return the problem for a rule that is broken at one place of the body. `pointer`: JSON Pointer of the place."""
    return Problem(why, (ErrorPlace(rule=why.value, pointer=pointer),))


def problem_of_refusal(receipt: Receipt) -> Problem:
    """Return the problem for one refused event, with its receipt and the places of its mistakes."""
    why: RefusalCause = receipt.reason or HttpRule.FAULT
    told = receipt.errors or (RefusedPlace(rule=why.value, pointer=receipt.pointer or ""),)
    return Problem(why, tuple(ErrorPlace(**dict(each)) for each in told), receipt)


def response(request: Request, problem: Problem) -> Response:
    """Return the response for a problem, in the language that the request prefers."""
    words, language = WORDS[problem.why], preferred_language(request.headers.get("accept-language", ""))
    details = ProblemDetails(
        type=f"{_URN}{problem.why.value}",
        title=words.es if language == "es" else words.en,
        status=words.status,
        detail=_detail(problem, language),
        rule=problem.why.value,
        errors=list(problem.places),
        limits=list(problem.shares) or None,
        receipt=problem.receipt,
    )
    said = {
        "content-language": language,
        "vary": "accept-language",
        "retry-after": None if problem.retry_after is None else str(max(int(-(-problem.retry_after // 1)), 1)),
        "connection": "close" if problem.close else None,
        "allow": problem.allow,
        "accept": problem.accept,
        "www-authenticate": "Bearer" if problem.why is HttpRule.NO_KEY else None,
    }
    headers = {name: value for name, value in said.items() if value is not None}
    body = orjson.dumps(details.model_dump(mode="json", exclude_none=True))
    return Response(body, words.status, headers, MEDIA_TYPE)


def _detail(problem: Problem, language: str) -> str | None:
    """Return a hint how to write the first refused field that has such a hint, in `language`; None if none has."""
    for each in problem.places:
        form = each.detail or how_written(each.rule, each.pointer)
        if form is not None:
            return form.es if language == "es" else form.en
    return None


def preferred_language(accept: str) -> str:
    """Return `es` if an Accept-Language header prefers it to `en` (RFC 9110, 12.5.4), else `en`.

    An empty header gives `en`.
    """
    wanted: dict[str, float] = {}
    for choice in accept.split(","):
        tag, _, weight = choice.strip().lower().partition(";")
        language = tag.strip().partition("-")[0]
        if language in {"en", "es", "*"}:
            wanted[language] = max(wanted.get(language, 0.0), _weight(weight))
    anything = wanted.get("*", 0.0)
    return "es" if wanted.get("es", anything) > wanted.get("en", anything) else "en"


def _weight(text: str) -> float:
    name, _, value = text.strip().partition("=")
    try:
        return float(value) if name == "q" else 1.0
    except ValueError:
        return 0.0
