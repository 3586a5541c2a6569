"""Bodies of requests: bytes in memory at once, of all together, and bodies of one agency that are still coming."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from starlette.requests import Request
from starlette.types import Scope

from services.intake.api.problem import Problem
from services.intake.api.problem_titles import HttpRule

_IN_SCOPE: Final = "atips.held"
_RETRY_SECONDS: Final = 1.0


class BodyMemory:
    """The bytes that requests hold. A request holds its body until it is answered.

    Whoever sends a body slowly keeps a connection and a request at work. One agency does so with `bodies_per_agency`
    requests at most, from however many addresses: the rest of both is left to other agencies.
    """

    def __init__(self, most: int, bodies_per_agency: int) -> None:
        self._most = most
        self._bodies_per_agency = bodies_per_agency
        self._coming: Counter[str] = Counter()
        self.total = 0

    @contextmanager
    def coming(self, agency: str) -> Iterator[None]:
        """Count a body while it comes. Raises `Problem` where too many of the agency's are under way."""
        if self._coming[agency] >= self._bodies_per_agency:
            raise Problem(HttpRule.TOO_OFTEN, retry_after=_RETRY_SECONDS, close=True)
        self._coming[agency] += 1
        try:
            yield
        finally:
            self._coming[agency] -= 1

    def add(self, request: Request, size: int) -> None:
        """Count more bytes of a request's body. Raises `Problem` where all requests together hold too many."""
        if self.total + size > self._most:
            raise Problem(HttpRule.CANNOT_PROMISE, retry_after=_RETRY_SECONDS, close=True)
        self.total += size
        request.scope[_IN_SCOPE] = request.scope.get(_IN_SCOPE, 0) + size

    def release(self, scope: Scope) -> None:
        """Count the bytes of a request no longer."""
        self.total -= scope.pop(_IN_SCOPE, 0)
