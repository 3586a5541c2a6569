"""Repetition of a step at start while the database or the broker does not answer."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from services.runtime import metrics
from services.runtime.errors import Retryable

_BACKOFF_SECONDS: Final = 0.5

log = structlog.get_logger()


async def retry_until_ready(step: Callable[[], Awaitable[None]], stop: asyncio.Event) -> None:
    """Run `step` until it raises no `Retryable`, every half second, or `stop` is set. Raises its other errors."""
    told = False
    while not stop.is_set():
        try:
            await step()
        except Retryable as error:
            metrics.RETRIES.inc()
            if not told:  # not one line a second
                log.warning("retrying", error=type(error).__name__, reason=str(error))
            told = True
            await asyncio.sleep(_BACKOFF_SECONDS)
        else:
            return
