"""How long work waits while something is broken: each delay is from the moment a thing is due until it is done.

An inbound record is due when its broker acknowledged it, a number is due when intake gave it.
"""

import asyncio
import subprocess
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import inf
from typing import Any, Final

import asyncpg
from typing_extensions import override

from tests.cluster.checkers import connected
from tests.cluster.container_engine import EngineError, say
from tests.cluster.deployment import Deployment, Late
from tests.cluster.publishing import PATIENCE_SECONDS, Offices

_LOST: Final = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
    TimeoutError,
    subprocess.SubprocessError,
    EngineError,
    Late,
)

_LINE: Final = """
SELECT (SELECT last_n FROM intake.line) AS given,
    (SELECT coalesce(max(complete_to), 0) FROM reporting.figure_status) AS complete
"""
_LOG: Final = "SELECT topic, part, off + 1 AS reached FROM intake.relay_offset"
_POSITIONS: Final = "SELECT topic, part, next_offset AS reached FROM {schema}.position"
_LATELY: Final = 1_000
_NEW: Final = "SELECT n, source, id::text AS id FROM intake.inbox WHERE n > $1 ORDER BY n"


@dataclass(slots=True)
class Waiting:
    """Marks that somebody must reach, each with the time at which it was set, and the longest that one waited."""

    marks: deque[tuple[float, int]] = field(default_factory=deque)
    longest: float = 0.0
    last: int = -1

    def take(self, now: float, mark: int, reached: int) -> None:
        """Note that the mark stands at `mark` now, and that `reached` is done."""
        if mark > self.last:
            self.last = mark
            self.marks.append((now, mark))
        while self.marks and self.marks[0][1] <= reached:
            self.longest = max(self.longest, now - self.marks.popleft()[0])

    def at_end(self, now: float) -> float:
        """Give the longest wait, of what still waits too."""
        return max(self.longest, now - self.marks[0][0] if self.marks else 0.0)


@dataclass(slots=True)
class Delays:
    """The longest delay, in seconds, of each kind of work, and the longest time without an acknowledgement."""

    judged: float = 0.0
    counted: float = 0.0
    referral: float = 0.0
    case_tracker: float = 0.0
    over_http: float = 0.0
    over_kafka: float = 0.0

    @override
    def __str__(self) -> str:
        return ", ".join(f"{name} {getattr(self, name):.1f} s" for name in self.__slots__)

    @property
    def worst(self) -> float:
        """The longest of all."""
        return max(float(getattr(self, name)) for name in self.__slots__)


class Watch:
    """Samples the tables of the primary from a thread of its own, whichever database that is."""

    def __init__(self, deployment: Deployment, offices: Offices) -> None:
        self._deployment = deployment
        self._offices = offices
        self._stop = threading.Event()
        self._counted = Waiting()
        self._places: dict[tuple[str, str, int], Waiting] = {}
        self._judged = 0.0
        self._seen: set[tuple[str, str]] = set()
        self._last_n = 0
        self._since = inf
        """Since when it samples: earlier acknowledgements may be judged already."""

    def run(self) -> None:
        """Sample until it is told to stop."""
        asyncio.run(self._run())

    def end(self) -> Delays:
        """Stop, and give what was measured."""
        self._stop.set()
        now = time.monotonic()
        late = [now - at for key, at in self._acked().items() if key not in self._seen]
        by_service = {
            service: max((each.at_end(now) for (of, *_), each in self._places.items() if of == service), default=0.0)
            for service in ("referral", "case_tracker")
        }
        return Delays(
            judged=max([self._judged, *late]),
            counted=self._counted.at_end(now),
            **by_service,
            over_http=self._offices.over_http.longest,
            over_kafka=self._offices.over_kafka.longest,
        )

    async def _run(self) -> None:
        while not self._stop.is_set():
            try:
                async with connected(self._deployment) as connection:
                    if not self._last_n:
                        self._last_n = await connection.fetchval("SELECT last_n FROM intake.line")
                        # An acknowledgement may be noticed after its event was judged.
                        lately = await connection.fetch(_NEW, self._last_n - _LATELY)
                        self._seen.update((each["source"], each["id"]) for each in lately)
                        self._since = time.monotonic()
                    while not self._stop.is_set():
                        await asyncio.wait_for(self._sample(connection), 5)
                        await asyncio.sleep(0.1)
            except _LOST:
                await asyncio.sleep(0.1)

    async def _sample(self, connection: Any) -> None:  # noqa: ANN401 - asyncpg's, without types of rows
        row = await connection.fetchrow(_LINE)
        ends = _by_place(await connection.fetch(_LOG))
        new = await connection.fetch(_NEW, self._last_n)
        positions = {
            service: _by_place(await connection.fetch(_POSITIONS.format(schema=service)))
            for service in ("referral", "case_tracker")
        }
        now = time.monotonic()
        self._counted.take(now, row["given"], row["complete"])
        for service, found in positions.items():
            for place in ends.keys() & found.keys():
                self._places.setdefault((service, *place), Waiting()).take(now, ends[place], found[place])
        acked = self._acked()
        for each in new:
            key = (each["source"], each["id"])
            self._last_n = each["n"]
            self._seen.add(key)
            if key in acked:
                self._judged = max(self._judged, now - acked[key])

    def _acked(self) -> Mapping[tuple[str, str], float]:
        return {key: at for key, at in dict(self._offices.over_kafka.at).items() if at >= self._since}


def _by_place(rows: Any) -> dict[tuple[str, int], int]:  # noqa: ANN401 - asyncpg's records
    return {(row["topic"], row["part"]): row["reached"] for row in rows}


@contextmanager
def watched(deployment: Deployment, offices: Offices, patience: float = PATIENCE_SECONDS) -> Iterator[Delays]:
    """Publish at both doors while the body runs, and fill in the delays when it has ended.

    `patience`: seconds for which an office tries to have an event acknowledged.
    """
    found = Delays()
    offices.over_kafka.at.clear()
    watch = Watch(deployment, offices)
    thread = threading.Thread(target=watch.run)
    thread.start()
    try:
        with offices.publishing(patience=patience):
            yield found
            for name in found.__slots__:
                setattr(found, name, getattr(watch.end(), name))
    finally:
        watch.end()
        thread.join()


@contextmanager
def measured(deployment: Deployment, offices: Offices, what: str) -> Iterator[Delays]:
    """Publish at both doors while the body runs; fill in and print the delays when it has ended."""
    with watched(deployment, offices) as found:
        yield found
    say(f"{what}: {found}")
