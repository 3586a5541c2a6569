"""Judging on a thread of its own, so that hostile bytes do not delay HTTP answers and health checks.

Submissions from Kafka and from HTTP take turns. The cost of a submission is the thread's own processor time, so that a
busy machine does not lead to refusals. A submission that exceeds the budget twice is refused, even if it is valid.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import Final

from schemas import codec
from schemas.errors import Reason
from services.intake.domain import json_batch
from services.intake.domain.judge import judge
from services.intake.domain.submission import Inbound, Judged, RefusedSubmission
from services.intake.domain.systems import SYSTEMS, Systems

BUDGET_SECONDS: Final = 0.25
"""Default limit of processor seconds for judging one submission. A usual one takes 0.0001 s. The worst one within the
limits of an event takes 0.01 s.
"""

# After so many submissions or bytes the other source has its turn: some milliseconds of work.
_TURN: Final = 32
_TURN_BYTES: Final = 256 * 1024


class JudgingThread:
    """The one thread that judges submissions from Kafka and HTTP. `systems`: returns the systems that may publish."""

    def __init__(
        self, budget_seconds: float = BUDGET_SECONDS, systems: Callable[[], Systems] = lambda: SYSTEMS
    ) -> None:
        self._budget = budget_seconds
        self._systems = systems
        ready = partial(codec.make_ready, strict=True)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="judging", initializer=ready)

    async def judge(self, inbounds: Sequence[Inbound], now: datetime) -> tuple[Judged, ...]:
        """Return the judgement of each submission, in their order. No judgement depends on another one."""
        loop = asyncio.get_running_loop()
        judged: list[Judged] = []
        begin = 0
        while begin < len(inbounds):
            end = _turn(inbounds, begin)
            judged += await loop.run_in_executor(self._thread, self._judged, inbounds[begin:end], now)
            begin = end
        return tuple(judged)

    async def split(self, raw: bytes) -> tuple[bytes, ...]:
        """Split the body of an HTTP batch into its events, unjudged. Raises `BadMessage`."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, json_batch.elements, raw)

    def close(self) -> None:
        """Wait until nothing is being judged, then end the thread."""
        self._thread.shutdown()

    def _judged(self, inbounds: Sequence[Inbound], now: datetime) -> list[Judged]:
        systems = self._systems()
        return [self._within_budget(inbound, now, systems) for inbound in inbounds]

    def _within_budget(self, inbound: Inbound, now: datetime, systems: Systems) -> Judged:
        for _ in range(2):  # one high cost may be ours: a cache that is filled, or garbage that is collected
            begun = time.thread_time()
            judged = judge(inbound, now, systems)
            if time.thread_time() - begun <= self._budget:
                return judged
        return too_slow_refusal(inbound)


def too_slow_refusal(inbound: Inbound) -> RefusedSubmission:
    """Return the refusal of a submission whose judgement or acceptance takes too long. Its content is not read."""
    return RefusedSubmission(inbound, Reason.JUDGING_TOOK_TOO_LONG, "")


def _turn(inbounds: Sequence[Inbound], begin: int) -> int:
    """Return the exclusive end index, in `inbounds`, of the turn that begins at index `begin`."""
    size = 0
    for number in range(begin, min(begin + _TURN, len(inbounds))):
        size += len(inbounds[number].value or b"")
        if size > _TURN_BYTES:
            return number + 1
    return min(begin + _TURN, len(inbounds))
