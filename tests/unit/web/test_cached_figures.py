"""Questions that the pages ask the database all the time, and how often."""

from dataclasses import dataclass
from typing import Any

from services.web.cached_figures import RestingCount


@dataclass
class SlowDatabase:
    """A database that takes its time for a count, and counts one more each time."""

    takes: float
    now: float = 100.0
    asked: int = 0

    async def fetchval(self, _query: str) -> int:
        self.asked += 1
        self.now += self.takes
        return self.asked


async def polled(database: Any, seconds: int) -> list[int]:  # noqa: ANN401 - stands for a connection
    """Ask once a second for so long."""
    count, found = RestingCount(lambda: database.now), []
    end = database.now + seconds
    while database.now < end:
        found.append(await count.on(database))
        database.now += 1.0
    return found


async def test_a_count_that_takes_long_is_asked_for_seldom() -> None:
    slow = SlowDatabase(takes=2.0)
    found = await polled(slow, 420)
    assert slow.asked * slow.takes <= 420 / 20, "a twentieth of the time at most"
    assert found[-1] == slow.asked > 5, "and not forgotten"


async def test_a_quick_count_is_that_of_each_second() -> None:
    quick = SlowDatabase(takes=0.001)
    assert await polled(quick, 10) == list(range(1, 11))
