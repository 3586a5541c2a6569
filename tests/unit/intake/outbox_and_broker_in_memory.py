"""An outbox and a broker in memory for the relay's tests, and the faults that they can be told to have."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import orjson

from services.intake.domain.acceptance_line import Reach
from services.intake.domain.outbox_rows import AcceptedRow, Backlog, LateCopyRow, Pointer, RefusedRow, RepeatRow
from services.intake.domain.relay_records import PROGRESS_KEY, RelayRecord
from services.runtime.errors import Fenced, Halt

BATCH = 3


async def until(condition: Callable[[], bool], seconds: float = 5) -> None:
    """Wait until the condition holds."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - what is waited for knows no event
            await asyncio.sleep(0.001)


@dataclass
class Tables:
    """PostgreSQL's content, which outlives every relay."""

    accepted: list[AcceptedRow] = field(default_factory=list)
    late: list[LateCopyRow] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)
    repeated: list[RepeatRow] = field(default_factory=list)
    pointer: Pointer = field(default_factory=lambda: Pointer(0, 0, 0, {}))
    holder: object = None
    wake: Callable[[Reach | None], None] = lambda _: None
    kept: int = 0
    asked: int = 0

    def outbox(self) -> "MemoryOutbox":
        """Give what a relay sees of them."""
        return MemoryOutbox(self)

    @asynccontextmanager
    async def opened(self, wake: Callable[[Reach | None], None]) -> AsyncIterator["MemoryOutbox"]:
        """Connect."""
        outbox = self.outbox()
        self.wake = wake
        try:
            yield outbox
        finally:
            if self.holder is outbox:
                self.holder = None


class MemoryOutbox:
    """The port's promises over `Tables`, in batches of three numbers."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def try_lock(self) -> bool:
        tables = self._tables
        tables.asked += 1
        if tables.holder is None:
            tables.holder = self
        return tables.holder is self

    async def take_over(self) -> Pointer:
        self._tables.pointer = replace(self._tables.pointer, epoch=self._tables.pointer.epoch + 1)
        return self._tables.pointer

    async def line_end(self) -> int:
        numbers = [row.n for row in self._tables.accepted] + [row.n for row in self._tables.refused]
        return max(numbers, default=0)

    async def read(self, pointer: Pointer) -> Backlog:
        tables = self._tables
        tables.asked += 1
        last = min(await self.line_end(), pointer.last_n + BATCH)
        last_repeat = min(max((row.seq for row in tables.repeated), default=0), pointer.last_repeat + BATCH)
        return Backlog(
            last,
            last_repeat,
            tuple(row for row in tables.accepted if pointer.last_n < row.n <= last),
            tuple(row for row in tables.late if pointer.last_n < row.caused_by <= last),
            tuple(row for row in tables.refused if pointer.last_n < row.n <= last),
            tuple(row for row in tables.repeated if pointer.last_repeat < row.seq <= last_repeat),
        )

    async def keep_session_alive(self) -> None:
        self._tables.kept += 1

    async def advance(self, before: Pointer, after: Pointer) -> None:
        if self._tables.pointer != before:
            msg = "another relay moves the pointer"
            raise Fenced(msg)
        self._tables.pointer = after


class Broker:
    """Keeps every record; `faults` are raised by the next sends, whose records are written all the same."""

    def __init__(self) -> None:
        self.records: list[RelayRecord] = []
        self.faults: list[Exception] = []
        self.away = False
        self.unanswered = 0
        self.watch: Callable[[str], None] = lambda _: None

    def send(
        self, topic: str, key: bytes | None, value: bytes, headers: Sequence[tuple[str, bytes]]
    ) -> "asyncio.Future[tuple[int, int]]":
        future: asyncio.Future[tuple[int, int]] = asyncio.get_running_loop().create_future()
        self.watch(topic)
        if self.away:
            self.unanswered += 1
            return future
        offset = sum(record.topic == topic for record in self.records)
        self.records.append(RelayRecord(topic, key, value, tuple(headers)))
        if self.faults:
            future.set_exception(self.faults.pop(0))
        else:
            future.set_result((0, offset))
        return future

    def send_all(self, records: Sequence[RelayRecord]) -> "asyncio.Future[list[tuple[int, int]]]":
        sent = [self.send(each.topic, each.key, each.value, each.headers) for each in records]

        async def everything() -> list[tuple[int, int]]:
            await asyncio.wait(sent)
            failures = [failure for each in sent if (failure := each.exception()) is not None]
            for failure in sorted(failures, key=lambda error: not isinstance(error, Halt)):
                raise failure
            return [each.result() for each in sent]

        return asyncio.ensure_future(everything())

    def said(self) -> int:
        """Give the last `n` of progress; -1 before any."""
        records = [record for record in self.records if record.key == PROGRESS_KEY]
        return int(orjson.loads(records[-1].value)["n"]) if records else -1

    def on(self, topic: str) -> list[RelayRecord]:
        return [record for record in self.records if record.topic == topic]
