"""Time limit of an answer: one budget of seconds for everything that a request waits for, except its own body."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Final, TypeVar

from starlette.requests import Request

T = TypeVar("T")

_IN_SCOPE: Final = "atips.budget"
_abandoned: Final[set[asyncio.Task[Any]]] = set()


class WaitBudget:
    """Seconds that a request may still wait. Time spent on reading its own body is not charged."""

    def __init__(self, seconds: float) -> None:
        self._left = seconds

    async def within(self, work: Coroutine[Any, Any, T]) -> T:
        """Return the result of `work`, and subtract its duration from the budget.

        Raises `TimeoutError` when the budget is used up. Then `work` is cancelled without waiting for its end, because
        a database that is frozen acknowledges no cancellation.
        """
        now = asyncio.get_running_loop().time
        begun, task = now(), asyncio.create_task(work)
        try:
            done, _ = await asyncio.wait([task], timeout=self._left)
        except asyncio.CancelledError:
            _abandon(task)
            raise
        self._left = max(self._left - (now() - begun), 0.0)
        if not done:
            _abandon(task)
            raise TimeoutError
        return task.result()


def budget_of(request: Request, seconds: float) -> WaitBudget:
    """Return the budget of a request. Its first call sets the budget to `seconds`; later calls ignore `seconds`."""
    found: WaitBudget = request.scope.setdefault(_IN_SCOPE, WaitBudget(seconds))
    return found


def _abandon(task: "asyncio.Task[Any]") -> None:
    task.cancel()
    _abandoned.add(task)
    task.add_done_callback(_forgotten)


def _forgotten(task: "asyncio.Task[Any]") -> None:
    _abandoned.discard(task)
    if not task.cancelled():
        task.exception()  # marks the error as retrieved, as nobody awaits the task any more
