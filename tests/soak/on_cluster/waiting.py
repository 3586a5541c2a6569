"""Waiting while a fault lasts. The time itself may be what is tried, as with a broker that is frozen for a minute."""

import time
from collections.abc import Callable

from tests.cluster.deployment import wait_for


def hold(seconds: float, meanwhile: Callable[[], object] | None = None) -> None:
    """Wait so many seconds, and call `meanwhile` again and again until then."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if meanwhile is not None:
            meanwhile()
        time.sleep(0.1)


def wait_until(condition: Callable[[], bool], what: str, seconds: float = 60.0) -> float:
    """Wait until the condition is true, and return the seconds that it took. Raises `Late`."""
    began = time.monotonic()
    wait_for(lambda: condition() or None, what, seconds)
    return time.monotonic() - began
