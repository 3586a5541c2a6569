"""Error responses of data routes as RFC 9457 problems, in the reader's language."""

from fastapi import Request
from fastapi.responses import JSONResponse

from services.web.api.dependencies import language
from services.web.api.page import word


def problem(request: Request, status: int, name: str, text: str = "", **more: str | None) -> JSONResponse:
    """Return a problem response. `name` and `text` are names in `WORDS`, of its title and its detail."""
    lang = language(request)
    body = {"type": "about:blank", "title": word(lang, name), "status": status}
    if text:
        body["detail"] = word(lang, text)
    headers = {"content-language": lang.value, "vary": "Accept-Language"}
    if status == 401:  # noqa: PLR2004 - as HTTP numbers it
        headers["www-authenticate"] = "Bearer"
    return JSONResponse(body | more, status, headers, media_type="application/problem+json")
