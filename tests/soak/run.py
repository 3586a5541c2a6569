"""One soak: events by every agency, services killed while they flow, and everything that must hold at the end.

It stops waiting when nothing at all has moved for some time; how long the whole takes is nobody's business.
"""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from confluent_kafka.admin import AdminClient
from rich.table import Table

from infra.local import connection_settings
from infra.local.cluster import Cluster
from schemas.agencies import PUBLISHING
from services.runtime.postgres import Connection
from tests.soak import past_figures
from tests.soak.kills import Kill, due, planned
from tests.soak.progress_board import Board
from tests.soak.publishing import Published, publish
from tests.soak.replaying import replayed
from tests.soak.result_table import Stage, tabled
from tests.support.generator import PLAUSIBLE, History, Mix
from tests.support.pipeline import UNSHARED, Expired, Pipeline, Service
from tests.support.promises import positions

STALLED_SECONDS: Final = 180.0

_GAUGES: Final = """
SELECT (SELECT last_n FROM intake.line) AS numbered, (SELECT last_n FROM intake.relay) AS relayed,
    (SELECT coalesce(sum(next_offset), 0) FROM intake.position) AS judged,
    (SELECT coalesce(sum(next_offset), 0) FROM reporting.position)::bigint AS copies,
    (SELECT coalesce(max(complete_to), 0) FROM reporting.figure_status) AS complete,
    (SELECT coalesce(max(withheld), 0) FROM reporting.figure_status) AS withheld
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How much of what; the seed decides everything else."""

    events: int
    seed: int
    kills: int = 12
    workers: int = 2
    """How many share reporting's partitions."""
    questions: int = 10
    mix: Mix = PLAUSIBLE
    ahead: int | None = None
    """How many events may be published before they are counted: few, and batches are small; any number, if None."""


class Soak:
    """A pipeline of its own on a running cluster."""

    def __init__(self, pipeline: Pipeline, plan: Plan, board: Board) -> None:
        self.pipeline = pipeline
        self.plan = plan
        self._board = board
        self._left = planned(plan.seed, plan.events, plan.kills)
        self.killed: list[Kill] = []
        self.fenced = 0
        self._up: list[Service] = []
        self.published = Published()
        self._complete = 0
        self.moved = set[str]()
        self._over = False
        self.stages = {
            "published": Stage("submissions"),
            "intake": Stage("events"),
            "reporting": Stage("copies"),
            "replay": Stage("copies"),
            "editions": Stage("copies"),
            "oracle": Stage("answers"),
        }

    @classmethod
    async def make(cls, cluster: Cluster, admin: AdminClient, folder: Path, plan: Plan, board: Board) -> Self:
        """Make topics and a database; nothing runs yet."""
        pipeline = await Pipeline.make(cluster, admin, folder, agencies=PUBLISHING, partitions=4)
        # A long soak sends within minutes what agencies send in years.
        of_a_day = {"share_records_per_day", "share_entity_events_per_day"}
        pipeline.extra["intake"] = {name: value for name, value in UNSHARED.items() if name in of_a_day}
        return cls(pipeline, plan, board)

    def close(self) -> None:
        """End what still runs."""
        self.pipeline.close()

    async def flow(self) -> None:
        """Publish, kill, restart, and wait until every figure is complete to the last event."""
        self._up = [self.pipeline.start(service) for service in ("intake", *["reporting"] * self.plan.workers)]
        history = History(self.plan.seed, self.plan.mix)
        config = connection_settings.admin(self.pipeline.cluster.data_dir)
        publishing = asyncio.create_task(
            asyncio.to_thread(
                publish, config, self.pipeline.deployment, history.submissions(self.plan.events), self._noted
            )
        )
        connection = await self.pipeline.connect()
        try:
            await self._followed(connection, publishing)
        finally:
            self._over = True
            await connection.close()
            await publishing

    def _noted(self, published: Published) -> None:
        """Hear of each submission, on the publisher's thread, which waits here when it is too far ahead."""
        self.published = published
        while self.plan.ahead is not None and published.events.count > self._complete + self.plan.ahead:
            if self._over:
                break
            time.sleep(0.01)

    async def _followed(self, connection: Connection, publishing: "asyncio.Task[Published]") -> None:
        begun = moved = time.monotonic()
        before: tuple[int, ...] = ()
        while True:
            row = await connection.fetchrow(_GAUGES)
            found: dict[str, int] = {} if row is None else dict(row)
            now = time.monotonic()
            found["published"], self._complete = self.published.events.count, found["complete"]
            self._show(found, now - begun)
            if self._finished(found, publishing):
                break
            for kill in due(self._left, found):
                self._kill(kill, found)
            if tuple(found.values()) != before:
                before, moved = tuple(found.values()), now
            elif now - moved > STALLED_SECONDS:
                msg = f"nothing moved for {STALLED_SECONDS:.0f} s: {found}"
                raise Expired(msg)
            self._running()
            await asyncio.sleep(0.05)

    def _finished(self, found: dict[str, int], publishing: "asyncio.Task[Published]") -> bool:
        if not publishing.done() or self._left:
            return False
        whole = self.published.events.count
        return (
            found["judged"] >= self.published.submissions
            and min(found["numbered"], found["relayed"], found["complete"]) >= whole
        )

    def _show(self, found: dict[str, int], seconds: float) -> None:
        events = self.plan.events
        for gauge in ("published", "numbered", "relayed", "complete"):
            self._board.advanced(gauge, min(found[gauge], events), events)
        for name, done in (
            ("published", self.published.submissions),
            ("intake", found["relayed"]),
            ("reporting", found["copies"]),
        ):
            stage = self.stages[name]
            if done > stage.done:
                stage.done, stage.seconds = done, seconds

    def _kill(self, kill: Kill, found: dict[str, int]) -> None:
        running = [each for each in self._up if each.name == kill.service]
        service = running[kill.at % len(running)]
        service.kill()
        self._again(service)
        self.killed.append(kill)
        self._board.say(f"killed {kill.service} at {kill.gauge} {found[kill.gauge]}")

    def _again(self, service: Service) -> None:
        self._up[self._up.index(service)] = self.pipeline.start(service.name)

    def _running(self) -> None:
        """Note what the services use. One that was fenced off is started again, as a supervisor does; no other ends."""
        for service in list(self._up):
            if service.running:
                self.stages[service.name].usage.look(service.process.pid)
            elif '"Fenced"' in service.text():
                self.fenced += 1
                self._again(service)
                self._board.say(f"{service.name} was fenced off")
            else:
                msg = f"{service.name} ended by itself"
                raise Expired(msg)

    async def judged(self) -> list[str]:
        """Everything that does not hold, as sentences; call it when the events have flowed."""
        connection = await self.pipeline.connect()
        reader = await self.pipeline.connect("officer")
        try:
            return [
                *await self._taken_in(connection),
                *await positions(self.pipeline, connection),
                *await self._replayed(),
                *await self._answered(connection, reader),
            ]
        finally:
            await connection.close()
            await reader.close()

    async def _taken_in(self, connection: Connection) -> list[str]:
        """Nothing is refused, no number is missing, nobody is withheld."""
        row = await connection.fetchrow(_GAUGES)
        found: dict[str, Any] = {} if row is None else dict(row)
        sentences = [f"{found['withheld']} entities are withheld"] if found["withheld"] else []
        if self.published.failed:
            sentences.append(self.published.failed)
        numbers = await connection.fetchrow(
            "SELECT count(*) AS count, min(n) AS least, max(n) AS most FROM intake.inbox"
        )
        count = self.published.events.count
        if numbers is None or tuple(numbers) != (count, 1, count):
            sentences.append(f"the inbox does not have the numbers 1 to {count}, each once")
        if len(self.killed) != self.plan.kills:
            sentences.append(f"only {len(self.killed)} of {self.plan.kills} kills were done")
        return sentences

    async def _replayed(self) -> list[str]:
        found = await replayed(self.pipeline, self._board)
        self.stages["replay"] = Stage("copies", found.report.get("copies", 0), found.seconds, found.usage)
        return found.wrong(self.published.events.count)

    async def _answered(self, connection: Connection, reader: Connection) -> list[str]:
        questions = past_figures.asked(self.plan.seed, self.published.events.count, self.plan.questions)
        self.stages["editions"] = stage = Stage("copies", self.stages["reporting"].done)
        with _timed(stage):
            editions = await past_figures.editions(
                self.pipeline, [question.n for question in questions], self._telling("editions")
            )
        heard = await past_figures.inbox(connection, self._telling("hearing"))
        same = heard.fingerprint == self.published.events
        sentences = [] if same else ["what was accepted is not what was sent first, byte for byte"]
        self.stages["oracle"] = stage = Stage("answers", sum(len(question.periods) for question in questions))
        with _timed(stage):
            judged = await past_figures.judged(reader, heard, questions, editions, self._telling("oracle"))
        self.moved = judged.moved
        return [*sentences, *judged.sentences]

    def _telling(self, stage: str) -> past_figures.Told:
        return lambda done, total: self._board.advanced(stage, done, total)

    def table(self) -> Table:
        """Return a table of the work done, its speed and its cost."""
        happened = f"{len(self.killed)} killed, {self.fenced} fenced off"
        return tabled(f"{self.plan.events} events, seed {self.plan.seed}, {happened}", self.stages)


@contextmanager
def _timed(stage: Stage) -> Iterator[None]:
    begun = time.monotonic()
    yield
    stage.seconds = time.monotonic() - begun
