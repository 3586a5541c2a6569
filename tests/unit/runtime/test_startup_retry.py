"""A start waits for servers that are away. A stop, or a fault that time cannot repair, ends the wait."""

import asyncio

import pytest
from structlog.testing import capture_logs

from services.runtime import startup_retry
from services.runtime.errors import Halt, Retryable
from services.runtime.startup_retry import retry_until_ready


class Step:
    """Fails as often as it is told to, and counts."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.tried = 0

    async def __call__(self) -> None:
        self.tried += 1
        if self.failures:
            raise self.failures.pop(0)


@pytest.fixture(autouse=True)
def _fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(startup_retry, "_BACKOFF_SECONDS", 0.001)


async def test_it_is_tried_until_it_is_done_and_no_more() -> None:
    step = Step(Retryable("away"), Retryable("away"))
    with capture_logs() as logs:
        await retry_until_ready(step, asyncio.Event())
    assert step.tried == 3
    assert [(line["event"], line["reason"]) for line in logs] == [("retrying", "away")]


async def test_what_no_time_repairs_is_not_tried_again() -> None:
    step = Step(Halt("lost"))
    with pytest.raises(Halt):
        await retry_until_ready(step, asyncio.Event())
    assert step.tried == 1


async def test_a_stop_ends_the_waiting_and_comes_through_between_two_attempts() -> None:
    stop, tried = asyncio.Event(), 0

    async def away() -> None:
        nonlocal tried
        tried += 1
        assert tried < 1_000, "nobody else has a turn"
        asyncio.get_running_loop().call_soon(stop.set)
        msg = "away"
        raise Retryable(msg)

    async with asyncio.timeout(5):
        await retry_until_ready(away, stop)
