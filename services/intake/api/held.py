"""Bytes of bodies that are held in memory at once, of all requests together."""

from typing import Final

from starlette.requests import Request
from starlette.types import Scope

from services.intake.api.problem import Problem
from services.intake.api.words import Rule

_IN_SCOPE: Final = "atips.held"
_RETRY_SECONDS: Final = 1.0


class Held:
    """The bytes that requests hold. A request holds its body until it is answered."""

    def __init__(self, most: int) -> None:
        self._most = most
        self.total = 0

    def add(self, request: Request, size: int) -> None:
        """Count more bytes of a request's body. Raises `Problem` where all requests together hold too many."""
        if self.total + size > self._most:
            raise Problem(Rule.CANNOT_PROMISE, retry_after=_RETRY_SECONDS, close=True)
        self.total += size
        request.scope[_IN_SCOPE] = request.scope.get(_IN_SCOPE, 0) + size

    def release(self, scope: Scope) -> None:
        """Count the bytes of a request no longer."""
        self.total -= scope.pop(_IN_SCOPE, 0)
