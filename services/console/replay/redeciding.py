"""Make the services' decisions again, entity by entity, in one of several processes.

It reads what a replay has read, so that memory grows with the largest entity, and the topics only behind that.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeAlias

from schemas.decision_ids import DecisionFault, Entered, RejudgedEntity
from schemas.ids import ENTITY_KINDS, Kind, from_bits
from services.case_tracker.domain import decision_check as case_tracker
from services.case_tracker.domain.outbound import SOURCE as CASE_TRACKER
from services.referral.domain import decision_check as referral
from services.referral.domain.outbound import SOURCE as REFERRAL
from services.referral.settings import policy_of
from services.reporting.replay import run_state, run_tables
from services.reporting.settings import Settings as ReportingSettings
from services.runtime import offset_ranges
from services.runtime.clock import clock
from services.runtime.deciding.rows import CopyRow, entered, row_of
from services.runtime.errors import Halt
from services.runtime.fenced_positions import TopicPart
from services.runtime.postgres import Connection

PATIENCE_SECONDS: Final = 10.0
"""How long, in all, a process waits for what a service has not said yet."""

_PAUSE_SECONDS: Final = 0.2
_BATCH: Final = 1_000
_HELD: Final = 20_000
"""Copies, at most, of entities that are waited for."""

# Nothing empties the tables while they are read; who comes too late finds another run.
_LOCK: Final = "LOCK TABLE replay_run, replay_row IN ACCESS SHARE MODE"
_RUN: Final = "SELECT run FROM replay_run"
_ROWS: Final = """
SELECT ent, source, id, part, off, n, accepted_at, payload FROM replay_row
WHERE topic = $1 AND part = $2 AND off < $3 AND n > 0 ORDER BY ent, off
"""

Derive: TypeAlias = Callable[[str, Sequence[Entered], datetime], RejudgedEntity]
"""(entity, its log, now) to what comes of making its decisions again."""


class Settings(ReportingSettings):
    """reporting's, which may read the whole log, and the policy by which referral decides."""

    policy_file: Path | None = None


KINDS: Final[Mapping[str, Kind]] = {"referral": Kind.PERSON, "case_tracker": Kind.CASE}
"""The deciding services, and about which entities each decides."""


@dataclass(frozen=True, slots=True)
class DecidingService:
    """A deciding service: the name under which it publishes, and its pure decisions."""

    source: str
    derive: Derive


def services(policy_file: Path | None) -> Mapping[str, DecidingService]:
    """Every deciding service by its name; `Halt` names the line in which the policy is wrong."""
    policy = policy_of(policy_file)

    def of_person(person: str, log: Sequence[Entered], now: datetime) -> RejudgedEntity:
        return referral.judged(person, log, policy, now)

    def of_case(case: str, log: Sequence[Entered], _: datetime) -> RejudgedEntity:
        return case_tracker.judged(case, log)

    return {
        "referral": DecidingService(REFERRAL, of_person),
        "case_tracker": DecidingService(CASE_TRACKER, of_case),
    }


def shares(parts: Sequence[run_state.PartitionCourse]) -> list[tuple[str, run_state.PartitionCourse]]:
    """Give every share of the work: each service with each partition of its entities."""
    return [(name, part) for name, kind in KINDS.items() for part in parts if ENTITY_KINDS[part.place[0]] is kind]


class ShareJudging:
    """Makes the decisions of a share again. `say` is called with the results."""

    def __init__(self, settings: Settings, run: int, say: Callable[[Mapping[str, Any]], None]) -> None:
        self._settings = settings
        self._deployment = settings.deployment()
        self._clock = clock(settings.clock_file)
        self._run = run
        self._say = say
        self._patience = PATIENCE_SECONDS

    async def judge(self, which: int, of: int) -> None:
        """Do it; `Halt` where the rows of the run are gone."""
        async with run_tables.connected(self._settings.postgres_dsn()) as connection:
            every = services(self._settings.policy_file)
            for name, part in shares(await run_state.parts(connection))[which::of]:
                late = await self._judged(connection, name, every[name], part)
                await self._waited(name, every[name], part, late)

    async def _judged(
        self, connection: Connection, name: str, service: DecidingService, part: run_state.PartitionCourse
    ) -> dict[str, list[CopyRow]]:
        """Judge a partition as the replay has read it; gives the logs of whom something more should have been said."""
        late: dict[str, list[CopyRow]] = {}
        now, told, held = self._clock.now(), 0, 0
        async with connection.transaction():
            await connection.execute(_LOCK)
            if await connection.fetchval(_RUN) != self._run:
                msg = "another replay has begun"
                raise Halt(msg)
            async for entity, rows in _logs(connection, KINDS[name], part):
                found = service.derive(entity, _read(rows), now)
                if _lacks(found) and held < _HELD:
                    late[entity] = rows
                    held += len(rows)
                else:
                    self._found(name, found)
                told += len(rows)
                self._say({"more": len(rows)})
        self._say({"more": part.stop - told})
        return late

    async def _waited(
        self, name: str, service: DecidingService, part: run_state.PartitionCourse, late: dict[str, list[CopyRow]]
    ) -> None:
        """Judge those by all that the log holds by now, and then by what the service still says: it may be on its way.

        What others say meanwhile would only ask for more.
        """
        now, begin, sources = self._clock.now(), part.stop, frozenset[str]()
        place = list(self._deployment.logs)[part.place[0]], part.place[1]
        while late:
            begin, rows = await asyncio.to_thread(self._behind, place, begin)
            for row in rows:
                if row.entity in late and (not sources or row.source in sources):
                    late[row.entity].append(row)
            sources = frozenset({service.source})
            found = {entity: service.derive(entity, _read(log), now) for entity, log in late.items()}
            for entity, each in found.items():
                if not _lacks(each) or self._patience <= 0:
                    del late[entity]
                    self._found(name, each)
            if late:
                self._patience -= _PAUSE_SECONDS
                await asyncio.sleep(_PAUSE_SECONDS)

    def _behind(self, place: TopicPart, begin: int) -> tuple[int, list[CopyRow]]:
        """Give a partition's end offset, and its rows from an offset on."""
        config, group = self._settings.kafka(), self._deployment.group("reporting")
        end = offset_ranges.ends(config, group, [place])[place]
        with offset_ranges.Log(config, group, {place: (begin, end)}) as reader:
            rows: list[CopyRow] = []
            while not reader.done:
                rows += [row for record in reader.batch(_BATCH) if (row := row_of(record)) is not None]
        return end, rows

    def _found(self, name: str, found: RejudgedEntity) -> None:
        for each in found.differing:
            what = {"entity": each.entity, "type": each.type, "event": each.event, "wrong": each.wrong}
            self._say({"service": name, "different": what})
        if found.decisions or found.by_another_policy:
            told = {"judged": found.decisions, "by_another_policy": found.by_another_policy}
            self._say({"service": name, **told})


async def _logs(
    connection: Connection, kind: Kind, part: run_state.PartitionCourse
) -> AsyncIterator[tuple[str, list[CopyRow]]]:
    """The log of each entity of a partition, up to where the replay stopped; in a transaction."""
    bits, rows = None, list[CopyRow]()
    async for record in connection.cursor(_ROWS, *part.place, part.stop, prefetch=_BATCH):
        if rows and record["ent"] != bits:
            yield rows[0].entity, rows
            rows = []
        bits = record["ent"]
        _, source, event_id, number, off, n, accepted_at, payload = record
        rows.append(CopyRow(from_bits(kind, bits), source, event_id, number, off, n, accepted_at, payload))
    if rows:
        yield rows[0].entity, rows


def _read(rows: Sequence[CopyRow]) -> list[Entered]:
    return [found for row in rows if (found := entered(row)) is not None]


def _lacks(found: RejudgedEntity) -> bool:
    return any(differing.wrong is DecisionFault.MISSING for differing in found.differing)
