"""Refusals of data as RFC 9457 has them, in the reader's language."""

from fastapi import Request
from fastapi.responses import JSONResponse

from services.web.api.dependencies import language
from services.web.api.page import word


def problem(request: Request, status: int, name: str, text: str = "", **more: str | None) -> JSONResponse:
    """Give the refusal whose title and text have these names among the words of the pages."""
    lang = language(request)
    body = {"type": "about:blank", "title": word(lang, name), "status": status}
    if text:
        body["detail"] = word(lang, text)
    headers = {"content-language": lang.value, "vary": "Accept-Language"}
    if status == 401:  # noqa: PLR2004 - as HTTP numbers it
        headers["www-authenticate"] = "Bearer"
    return JSONResponse(body | more, status, headers, media_type="application/problem+json")
