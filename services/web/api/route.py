"""The form of a route."""

from collections.abc import Callable
from enum import Enum
from typing import Any, NamedTuple

from pydantic import BaseModel

from services.web.domain.roles import Part


class Amounts(Enum):
    """The amounts in a route's answer, of those who may open its part."""

    NONE = "none"
    EXACT = "exact"
    """Each look is noted first. A token needs the right to exact amounts."""
    BY_RIGHT = "by_right"
    """Exact and noted, or to a token without the right those that the role `me_read` sees."""


class Route(NamedTuple):
    """A route: method, path, what answers it, and the part that it belongs to; None: open for every session.

    `also`: another part whose roles may open it too.
    `model`: shape of its JSON; a route of data without one gives CSV.
    `amounts`: what it gives of the figures.
    """

    method: str
    path: str
    endpoint: Callable[..., Any]
    part: Part | None = None
    also: Part | None = None
    model: type[BaseModel] | None = None
    amounts: Amounts = Amounts.NONE
