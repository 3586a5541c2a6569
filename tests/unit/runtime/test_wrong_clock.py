"""Writes with a time of day wait while the clock differs from the database's, and are not lost."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from structlog.testing import capture_logs
from typing_extensions import override

from services.runtime import batch
from services.runtime.batch import Batches
from services.runtime.clock import ClocksDiffer, SystemClock
from services.runtime.errors import Unwritable
from services.runtime.postgres import Connection
from services.runtime.record import Record

TOPIC, HERE = "decided", ("decided", 0)


class Shifted(SystemClock):
    """The machine's clock, some time apart."""

    apart = timedelta()

    @override
    def now(self) -> datetime:
        return super().now() + self.apart


class Times:
    """Notes at which times it was asked to write."""

    def __init__(self) -> None:
        self.written: list[datetime] = []

    async def reset(self, _: object) -> None:
        """Nothing is cached."""

    async def take_over(self, *_: object) -> None:
        """Nothing is kept per partition."""

    async def prepare(self, _: Sequence[Record], now: datetime) -> datetime:
        return now

    async def apply(self, prepared: datetime, _: Connection) -> None:
        self.written.append(prepared)

    async def committed(self, prepared: datetime) -> None:
        """Nothing is to be told."""


def record(offset: int) -> Record:
    return Record(TOPIC, 0, offset, 0, b"", b"", ())


async def owning(pool: asyncpg.Pool, times: Times, clock: Shifted, *, by_time: bool) -> Batches[datetime]:
    async def describe(_: object) -> dict[str, tuple[UUID, int]]:
        return {TOPIC: (UUID(int=1), 1)}

    made = Batches[datetime](topics={TOPIC: 1}, pool=pool, handler=times, clock=clock, by_time=by_time)
    await made.begin(describe, asyncio.Event())
    await made.on_partitions_assigned(frozenset({HERE}))
    return made


@pytest.mark.parametrize("days", [40, -40])
async def test_it_waits_until_the_clock_is_the_database_s_again(
    pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    """Forty days ahead, whom a referral was sent to was never told of it: what was to be said had expired."""
    monkeypatch.setattr(batch, "_BACKOFF_SECONDS", (0.001,))
    times, clock = Times(), Shifted()
    made = await owning(pool, times, clock, by_time=True)
    clock.apart = timedelta(days=days)
    with pytest.raises(ClocksDiffer) as apart:
        await made.run([record(0)])
    with capture_logs() as logs:
        waiting = asyncio.create_task(made.return_to_stored_positions(apart.value))
        done, _ = await asyncio.wait([waiting], timeout=0.2)
        assert not done
        clock.apart = timedelta()
        assert await waiting
    assert len(logs) < 5, "nobody reads a line for each try"
    await made.run([record(0)])
    assert len(times.written) == 1
    assert abs(times.written[0] - SystemClock().now()) < timedelta(minutes=1)


async def test_a_process_with_a_wrong_clock_gives_up_and_waits_for_the_right_time(
    pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "_BACKOFF_SECONDS", (0.001,))
    monkeypatch.setattr(batch, "_GIVE_UP_SECONDS", 0.05)
    clock = Shifted()
    made = await owning(pool, Times(), clock, by_time=True)
    clock.apart = timedelta(days=1)
    with pytest.raises(ClocksDiffer) as apart:
        await made.run([record(0)])
    with pytest.raises(Unwritable) as unwritable:
        await made.return_to_stored_positions(apart.value)
    waiting = asyncio.create_task(made.wait_until_writable(unwritable.value))
    done, _ = await asyncio.wait([waiting], timeout=0.2)
    assert not done
    clock.apart = timedelta()
    await waiting


async def test_what_does_not_go_by_the_time_goes_on(pool: asyncpg.Pool) -> None:
    times, clock = Times(), Shifted()
    made = await owning(pool, times, clock, by_time=False)
    clock.apart = timedelta(days=40)
    moved: Any = await made.run([record(0)])
    assert moved == {HERE: 1}
    assert len(times.written) == 1
