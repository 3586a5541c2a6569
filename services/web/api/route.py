"""The form of a route."""

from collections.abc import Callable
from typing import Any, NamedTuple

from pydantic import BaseModel

from services.web.domain.roles import Part


class Route(NamedTuple):
    """A route: method, path, what answers it, and the part that it belongs to; None: open for every session.

    `also`: another part whose roles may open it too.
    `model`: shape of its JSON; a route of data without one gives CSV.
    """

    method: str
    path: str
    endpoint: Callable[..., Any]
    part: Part | None = None
    also: Part | None = None
    model: type[BaseModel] | None = None
