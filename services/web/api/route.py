"""The declaration of a route."""

from collections.abc import Callable
from enum import Enum
from typing import Any, NamedTuple

from pydantic import BaseModel

from services.web.domain.roles import Part


class Amounts(Enum):
    """Kinds of amounts of figures in a route's response."""

    NONE = "none"
    EXACT = "exact"
    """Exact amounts. The look is logged first, and a token needs the right to exact amounts."""
    BY_RIGHT = "by_right"
    """Exact amounts as for EXACT; others get protected ones: a token without the right, a role that sees no figures."""


class Route(NamedTuple):
    """A route: method, path, endpoint, and the part of the pages to which it belongs.

    `part`: only roles that may open this part get an answer; None lets every session in.

    `also`: a second part whose roles may open it too.
    `model`: pydantic model of its JSON; a data route without one answers with CSV.
    `amounts`: kind of amounts of figures in its response.
    """

    method: str
    path: str
    endpoint: Callable[..., Any]
    part: Part | None = None
    also: Part | None = None
    model: type[BaseModel] | None = None
    amounts: Amounts = Amounts.NONE
