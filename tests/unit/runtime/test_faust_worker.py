"""Faust's worker takes partitions over only where group, log and database tell of one past."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from contextlib import aclosing
from datetime import datetime
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import faust
import pytest
from faust.events import Event
from faust.types.tuples import TP, ConsumerMessage

from services.runtime import faust_worker
from services.runtime.batch import Batches
from services.runtime.clock import SystemClock
from services.runtime.errors import Halt, Retryable
from services.runtime.faust_worker import FaustWorker
from services.runtime.fenced_positions import Position, TopicPart
from services.runtime.postgres import Connection
from services.runtime.record import Record

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
    """A broker's statements on the group and on the log's end. It is away at first, if told so."""

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
    monkeypatch.setattr(faust_worker, "committed_offsets", broker.committed)
    monkeypatch.setattr(faust_worker, "end_offsets", broker.ended)
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


async def test_what_it_handles_goes_by_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Deciding services say what is late, and leave out what has expired."""
    assert worker(monkeypatch, Broker({}, STORED))._batches._by_time


class Taken:
    """Records that an owner of the partition is given from an offset on, and those handled and acknowledged."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, first: int, *failures: Exception) -> None:
        self.handled: list[list[int]] = []
        self.acknowledged: list[int] = []
        self.went_back = 0
        self.failures = list(failures)
        self.made = worker(monkeypatch, Broker({}, STORED))
        self.events: list[Any] = [self._event(offset) for offset in range(first, first + 3)]
        monkeypatch.setattr(Batches, "run", self._run)
        monkeypatch.setattr(Batches, "return_to_stored_positions", self._go_back)

    def _event(self, offset: int) -> Any:  # noqa: ANN401 - as much of Faust's as is looked at
        headers = {"n": b"%d" % offset} if offset % 2 else [("n", b"%d" % offset)]
        message = SimpleNamespace(
            topic=TOPIC, partition=0, offset=offset, timestamp=1.5, key=b"k", value=b"v", headers=headers
        )
        return SimpleNamespace(message=message, ack=lambda: self.acknowledged.append(offset))

    async def _run(self, records: Sequence[Record]) -> None:
        self.handled.append([record.offset for record in records])
        assert all(record.headers == [("n", b"%d" % record.offset)] for record in records)
        assert {(record.timestamp_ms, record.key, record.value) for record in records} == {(1500, b"k", b"v")}
        assert not self.acknowledged
        if self.failures:
            raise self.failures.pop(0)

    async def _go_back(self, *_: object, **__: object) -> bool:
        self.went_back += 1
        return True

    async def handle(self) -> None:
        await assigned(self.made)
        await self.made._handled(self.events)


@pytest.mark.parametrize(("first", "handled"), [(100, [[100, 101, 102]]), (98, [[100]]), (97, [])])
async def test_what_was_seen_is_not_handled_again_and_acknowledged_all_the_same(
    monkeypatch: pytest.MonkeyPatch, first: int, handled: list[list[int]]
) -> None:
    taken = Taken(monkeypatch, first)
    await taken.handle()
    assert taken.handled == handled
    assert taken.acknowledged == [first, first + 1, first + 2]


async def test_what_time_repairs_is_handled_again_before_anything_is_acknowledged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    taken = Taken(monkeypatch, STORED, Retryable("away"))
    await taken.handle()
    assert (taken.handled, taken.went_back) == ([[100, 101, 102]] * 2, 1)
    assert taken.acknowledged == [100, 101, 102]


@pytest.mark.parametrize("leaves", ["_stop", "_owning"])
async def test_who_is_leaving_handles_and_acknowledges_nothing(monkeypatch: pytest.MonkeyPatch, leaves: str) -> None:
    taken = Taken(monkeypatch, STORED)
    await assigned(taken.made)
    if leaves == "_stop":
        taken.made._stop.set()
    else:
        taken.made._owning.clear()
    await taken.made._handled(taken.events)
    assert (taken.handled, taken.acknowledged) == ([], [])


async def test_what_cannot_be_handled_is_not_acknowledged(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = Taken(monkeypatch, STORED, Halt("a bug"))
    with pytest.raises(Halt, match="a bug"):
        await taken.handle()
    assert not taken.acknowledged


async def test_what_faust_reads_once_the_handler_has_raised_stays_unacknowledged() -> None:
    """It reads on while it is being stopped; an offset acknowledged then lies beyond what the database holds."""
    app = faust.App("atips.referral", web_enabled=False, autodiscover=False)
    cast("Any", app.topics)._acking_topics.add(TOPIC)
    app.flow_control.resume()
    acknowledged: dict[TP, list[int]] = defaultdict(list)
    app.consumer = cast(
        "Any",
        SimpleNamespace(
            _unacked_messages=set(),
            _committed_offset=defaultdict(lambda: None),
            _acked_index=defaultdict(set),
            _acked=acknowledged,
            _n_acked=0,
            _waiting_for_ack=None,
        ),
    )
    channel = app.topic(TOPIC, value_serializer="raw").clone_using_queue(app.FlowControlQueue(maxsize=60))
    for offset in range(60):
        headers: list[tuple[str, bytes]] = []
        message = ConsumerMessage(
            TOPIC, 0, offset, 0.0, 0, headers, b"k", b"v", None, generation_id=app.consumer_generation_id
        )
        message.incref()
        channel.queue.put_nowait(Event(app, b"k", b"v", headers, message))
    stream = app.stream(channel)
    async with aclosing(cast("Any", faust_worker._taken(stream, 20))) as taken:
        assert len(await anext(taken)) == 20
    async with asyncio.timeout(10):
        while not channel.queue.empty():  # noqa: ASYNC110 - Faust tells nobody
            await asyncio.sleep(0)
    await stream.stop()
    assert acknowledged == {}
