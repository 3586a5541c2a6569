"""The ASGI application: routes, error answers, security headers and bounds of requests."""

from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from fastapi import Depends, FastAPI
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from services.web.api.data import routes
from services.web.api.dependencies import Parts, role_check_of
from services.web.api.error_answers import ANSWERS
from services.web.api.figure_question import only_known
from services.web.api.request_bounds import RequestBounds
from services.web.api.route_table import OPEN, PAGES
from services.web.api.security_headers import SecurityHeaders

_STATIC: Final = Path(__file__).resolve().parents[1] / "static"
_FONT: Final = str(files("fontpkg_atkinson_hyperlegible") / "files")


_DESCRIPTION: Final = (
    "Figures of the Anti-Trafficking in Persons Council, counted from events. Every answer says how far it is "
    "complete. Texts are in English or Spanish by `Accept-Language`, or by the parameter `lang`. An answer has an "
    "`ETag` that changes when any figure may have changed."
)


def application(parts: Parts) -> ASGIApp:
    """Build the ASGI application of pages and data routes, with security headers and limits of requests."""
    app = _application()
    app.state.parts = parts
    return SecurityHeaders(RequestBounds(app, parts.forms), secure=parts.secure)


def openapi_description() -> dict[str, Any]:
    """Return the OpenAPI description of the data routes."""
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
            dependencies=[Depends(role_check_of(route)), Depends(only_known)],
        )
    app.mount("/static/font", StaticFiles(directory=_FONT))
    app.mount("/static", StaticFiles(directory=_STATIC))
    for error, answer in ANSWERS.items():
        app.add_exception_handler(error, answer)
    return app
