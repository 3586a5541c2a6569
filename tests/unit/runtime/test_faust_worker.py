"""Faust's worker takes partitions over only where group, log and database tell of one past."""

from collections.abc import Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from services.runtime import faust_worker
from services.runtime.batch import Batches
from services.runtime.clock import SystemClock
from services.runtime.errors import Halt, Retryable
from services.runtime.faust_worker import FaustWorker
from services.runtime.postgres import Connection
from services.runtime.transaction import Position, TopicPart
from services.runtime.transport import Record

TOPIC = "atips.person.v1"
PLACE = (TOPIC, 0)
STORED = 100


class Quiet:
    """A handler that nothing reaches."""

    async def reset(self, assigned: frozenset[TopicPart]) -> None: ...

    async def take_over(self, connection: Connection, partitions: frozenset[TopicPart]) -> None: ...

    async def prepare(self, records: Sequence[Record], now: datetime) -> Sequence[Record]:
        raise NotImplementedError

    async def apply(self, prepared: Sequence[Record], connection: Connection) -> None: ...

    async def committed(self, prepared: Sequence[Record]) -> None: ...


class Broker:
    """What a broker says of the group and of the log's end; away at first, if it is told so."""

    def __init__(self, committed: dict[TopicPart, int], end: int) -> None:
        self._committed = committed
        self._end = end
        self.away = False

    async def committed(self, *_: object) -> dict[TopicPart, int]:
        return self._committed

    async def ended(self, *_: object) -> dict[TopicPart, int]:
        if self.away:
            self.away = False
            msg = "_TRANSPORT"
            raise Retryable(msg)
        return {PLACE: self._end}


def worker(monkeypatch: pytest.MonkeyPatch, broker: Broker) -> FaustWorker[Sequence[Record]]:
    """A worker of one partition, whose stored position is 100, before Faust is there."""

    async def taken(*_: object) -> dict[TopicPart, Position]:
        return {PLACE: Position(UUID(int=1), STORED, 2)}

    monkeypatch.setattr(Batches, "_take_over", taken)
    monkeypatch.setattr(faust_worker, "application", lambda *_: SimpleNamespace())
    monkeypatch.setattr(faust_worker, "committed", broker.committed)
    monkeypatch.setattr(faust_worker, "ended", broker.ended)
    nothing: Any = None
    return FaustWorker(
        config={},
        group="atips.referral",
        topics={TOPIC: 1},
        pool=nothing,
        handler=Quiet(),
        clock=SystemClock(),
        session_seconds=1.0,
    )


async def assigned(made: FaustWorker[Any]) -> bool:
    """Whether it owns the partition, once Faust has said that it does."""
    await made._assigned("a signal", {PLACE})
    return made._owning.is_set()


@pytest.mark.parametrize(("committed", "end"), [({}, STORED), ({PLACE: 40}, STORED + 1), ({PLACE: STORED}, STORED)])
async def test_it_goes_on_where_the_log_holds_what_was_read(
    monkeypatch: pytest.MonkeyPatch, committed: dict[TopicPart, int], end: int
) -> None:
    assert await assigned(worker(monkeypatch, Broker(committed, end)))


@pytest.mark.parametrize(
    ("committed", "end", "why"),
    [
        ({PLACE: 40}, STORED - 1, "outside the log"),
        ({}, 0, "outside the log"),
        ({PLACE: STORED + 1}, 200, "is committed up to 101"),
    ],
)
async def test_another_past_stops_it(
    monkeypatch: pytest.MonkeyPatch, committed: dict[TopicPart, int], end: int, why: str
) -> None:
    """On a log that was restored from an older copy, what is new lies below the position and would pass for seen."""
    made = worker(monkeypatch, Broker(committed, end))
    with pytest.raises(Halt, match=why):
        await assigned(made)
    assert not made._owning.is_set()


async def test_a_broker_that_is_away_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    broker = Broker({}, STORED)
    broker.away = True
    assert await assigned(worker(monkeypatch, broker))
    assert not broker.away
