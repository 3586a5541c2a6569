"""Limits of request bodies: bytes of all bodies in memory, and number of incoming bodies of one agency."""

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
    """Counts the bytes of request bodies in memory; `most` is their limit. A body counts until its request is answered.

    A body that comes slowly keeps a connection and a request busy. Therefore one agency may have `bodies_per_agency`
    incoming bodies at once, from all its addresses together. `total`: bytes that are counted now.
    """

    def __init__(self, most: int, bodies_per_agency: int) -> None:
        self._most = most
        self._bodies_per_agency = bodies_per_agency
        self._coming: Counter[str] = Counter()
        self.total = 0

    @contextmanager
    def count_incoming_body(self, agency: str) -> Iterator[None]:
        """Count an incoming body of the agency while the `with` body runs. Raises `Problem` (429) beyond its limit."""
        if self._coming[agency] >= self._bodies_per_agency:
            raise Problem(HttpRule.TOO_OFTEN, retry_after=_RETRY_SECONDS, close=True)
        self._coming[agency] += 1
        try:
            yield
        finally:
            self._coming[agency] -= 1

    def add(self, request: Request, size: int) -> None:
        """Count `size` more bytes of a request's body. Raises `Problem` (503) beyond the limit of all requests."""
        if self.total + size > self._most:
            raise Problem(HttpRule.CANNOT_PROMISE, retry_after=_RETRY_SECONDS, close=True)
        self.total += size
        request.scope[_IN_SCOPE] = request.scope.get(_IN_SCOPE, 0) + size

    def release(self, scope: Scope) -> None:
        """Stop counting the bytes of a request's body; called after its answer."""
        self.total -= scope.pop(_IN_SCOPE, 0)
