"""What is not there yet is waited for; what no time repairs, and a stop, end the waiting."""

import asyncio

import pytest

from services.runtime import patience
from services.runtime.errors import Halt, Retryable
from services.runtime.patience import patiently


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
    monkeypatch.setattr(patience, "_BACKOFF_SECONDS", 0.001)


async def test_it_is_tried_until_it_is_done_and_no_more() -> None:
    step = Step(Retryable("away"), Retryable("away"))
    await patiently(step, asyncio.Event())
    assert step.tried == 3


async def test_what_no_time_repairs_is_not_tried_again() -> None:
    step = Step(Halt("lost"))
    with pytest.raises(Halt):
        await patiently(step, asyncio.Event())
    assert step.tried == 1


async def test_a_stop_ends_the_waiting() -> None:
    stop = asyncio.Event()

    async def away() -> None:
        stop.set()
        msg = "away"
        raise Retryable(msg)

    async with asyncio.timeout(5):
        await patiently(away, stop)
