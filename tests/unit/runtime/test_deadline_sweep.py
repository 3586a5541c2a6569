"""The sweep goes on by itself: at once while much is due, and whatever time repairs is tried again."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs
from typing_extensions import override

from services.runtime import deadline_sweep, metrics
from services.runtime.clock import ClocksDiffer, SystemClock
from services.runtime.deadline_sweep import Sweeper
from services.runtime.errors import Halt, Retryable
from services.runtime.fenced_positions import TopicPart

NOW = datetime(2024, 3, 1, tzinfo=UTC)
PLACES = [("a.topic", 0), ("a.topic", 1)]


class Service:
    """A database, what is due in it, the log's ends and how far it is decided about; it says what it is asked."""

    def __init__(self, *due: int) -> None:
        self.due = list(due)
        self.reached: dict[TopicPart, int] = dict.fromkeys(PLACES, 0)
        self.end: dict[TopicPart, int] = dict.fromkeys(PLACES, 0)
        self.failures: list[Exception] = []
        self.asked: list[str] = []
        self.time = NOW
        self.stop = asyncio.Event()

    def now(self) -> datetime:
        self.asked.append("now")
        return NOW

    async def any_due(self, now: datetime) -> bool:
        assert now == NOW
        if not self.due:
            self.stop.set()
        return bool(self.due)

    async def ends(self) -> Mapping[TopicPart, int]:
        self.asked.append("ends")
        if self.failures:
            raise self.failures.pop(0)
        return self.end

    async def positions(self) -> Mapping[TopicPart, int]:
        return self.reached

    @asynccontextmanager
    async def acquire(self) -> AsyncIterator["Service"]:
        yield self

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        self.asked.append("begin")
        yield
        self.asked.append("commit")

    async def fetchval(self, _: str) -> datetime:
        return self.time

    async def sweep(self, connection: object, now: datetime, limit: int) -> int:
        assert (connection, now, limit) == (self, NOW, 100)
        self.asked.append("sweep")
        return self.due.pop(0)


def sweeper(service: Any, patience: float = 0.0) -> Sweeper:  # noqa: ANN401 - all that it needs
    return Sweeper(pool=service, store=service, decider=service, clock=service, ends=service.ends, patience=patience)


class Machine(SystemClock):
    """A machine on which it is NOW, whatever time it is."""

    @override
    def now(self) -> datetime:
        return NOW


async def swept(service: Service, monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    monkeypatch.setattr(deadline_sweep, "_SWEEP_SECONDS", seconds)
    async with asyncio.timeout(5):
        await sweeper(service).run(service.stop)


async def test_while_much_is_due_the_next_follows_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    service = Service(100, 100)
    await swept(service, monkeypatch, 300.0)
    assert service.due == []


async def test_when_little_was_due_it_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    service = Service(99, 1)
    asyncio.get_running_loop().call_later(0.05, service.stop.set)
    await swept(service, monkeypatch, 300.0)
    assert service.due == [1]


async def test_what_time_repairs_is_tried_again_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    service = Service(1)
    service.failures = [Retryable("_TRANSPORT")]
    with capture_logs() as logs:
        await swept(service, monkeypatch, 0.001)
    assert service.due == []
    assert [(line["event"], line.get("reason"), line.get("count")) for line in logs] == [
        ("sweep retrying", "_TRANSPORT", None),
        ("due", None, 1),
    ]


async def test_what_no_time_repairs_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    service = Service(1)
    service.failures = [Halt("TOPIC_AUTHORIZATION_FAILED")]
    with pytest.raises(Halt):
        await swept(service, monkeypatch, 0.001)


async def test_the_clock_is_read_before_the_log_s_ends_and_all_is_said_in_one_transaction() -> None:
    """Else what came in between, on the log already, could be told late."""
    service = Service(1)
    assert await sweeper(service).sweep() == 1
    assert service.asked == ["now", "ends", "begin", "sweep", "commit"]


async def test_what_was_answered_during_an_outage_is_judged_before_anybody_is_said_to_be_late(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As the log is read to its end at the start, although answers wait on the inbound topics."""
    service, now = Service(1), 1000.0
    patient = sweeper(service, 30.0)
    monkeypatch.setattr(deadline_sweep, "monotonic", lambda: now)
    assert await patient.sweep() == 0
    now += 29.0
    assert await patient.sweep() == 0
    service.due.clear()  # the answer was judged
    assert await patient.sweep() == 0
    service.due.append(2)
    now += 2.0
    assert [await patient.sweep(), service.due] == [0, [2]]
    now += 30.0
    assert await patient.sweep() == 2


async def test_an_outage_of_the_database_begins_the_wait_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    service = Service(1)
    patient = sweeper(service, 0.2)
    service.failures = [Retryable("_TRANSPORT")]
    monkeypatch.setattr(deadline_sweep, "_SWEEP_SECONDS", 0.001)
    begun = asyncio.get_running_loop().time()
    async with asyncio.timeout(5):
        await patient.run(service.stop)
    assert service.due == []
    assert asyncio.get_running_loop().time() - begun >= 0.4


@pytest.mark.parametrize(("end", "reached", "said"), [(5, 4, 0), (5, 5, 1), (5, 6, 1), (5, None, 0), (0, None, 1)])
async def test_every_partition_must_be_decided_about(end: int, reached: int | None, said: int) -> None:
    service = Service(1)
    service.end[PLACES[1]] = end
    service.reached = {PLACES[0]: 9} | ({} if reached is None else {PLACES[1]: reached})
    assert await sweeper(service).sweep() == said


async def test_nothing_is_said_to_be_late_by_a_clock_that_is_not_the_database_s() -> None:
    """A published statement stays when the clock is right again."""
    service: Any = Service(1)
    ahead = Sweeper(pool=service, store=service, decider=service, clock=Machine(), ends=service.ends)
    service.time = NOW - timedelta(days=1)
    with pytest.raises(ClocksDiffer):
        await ahead.sweep()
    assert service.due == [1]
    service.time = NOW
    assert await ahead.sweep() == 1


async def test_a_sweep_counts_once_nothing_is_due_unsaid() -> None:
    """The demo's clock moves on only then, so a sweep that waits for the log must not count."""
    service = Service(1)
    service.end[PLACES[1]], service.reached = 5, {PLACES[0]: 9, PLACES[1]: 4}
    counted = []
    for _ in range(3):
        begun = _sweeps()
        await sweeper(service).sweep()
        counted.append(_sweeps() - begun)
        service.reached[PLACES[1]] = 5
    assert counted == [0, 0, 1]


def _sweeps() -> float:
    value = metrics.REGISTRY.get_sample_value("atips_sweeps_total")
    assert value is not None
    return value
