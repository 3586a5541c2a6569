"""Make the services' decisions again, entity by entity, in one of several processes, and compare them.

The rows come from the tables of a replay, sorted by entity, so memory grows with the largest entity only. Topics are
read only for records that came after the replay.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeAlias

from schemas.ids import ENTITY_KINDS, Kind, from_bits
from schemas.service_decisions import DecisionFault, Entered, RejudgedEntity
from services.case_tracker.domain import decision_check as case_tracker
from services.case_tracker.domain.events_and_messages import SOURCE as CASE_TRACKER
from services.referral.domain import decision_replay_check as referral
from services.referral.domain.events_and_messages import SOURCE as REFERRAL
from services.referral.settings import policy_of
from services.reporting.replay import run_results, run_state
from services.reporting.settings import Settings as ReportingSettings
from services.runtime import range_reader
from services.runtime.clock import clock
from services.runtime.deciding.event_copy_rows import CopyRow, copy_row_of, decode_row
from services.runtime.errors import Halt
from services.runtime.fenced_positions import TopicPart
from services.runtime.postgres import Connection
from services.runtime.source_code_hash import code_version

PATIENCE_SECONDS: Final = 10.0
"""Longest time, in all, that a process waits for decisions that a service has not published yet."""

_PAUSE_SECONDS: Final = 0.2
_BATCH: Final = 1_000
_HELD: Final = 20_000
"""Largest number of records kept in memory for entities whose decisions are waited for."""

# Keeps another replay from emptying the tables while they are read. A process that comes too late finds another run.
_LOCK: Final = "LOCK TABLE replay_run, replay_row IN ACCESS SHARE MODE"
_RUN: Final = "SELECT run FROM replay_run"
_ROWS: Final = """
SELECT ent, source, id, part, off, n, accepted_at, payload FROM replay_row
WHERE topic = $1 AND part = $2 AND off < $3 AND n > 0 ORDER BY ent, off
"""

Derive: TypeAlias = Callable[[str, Sequence[Entered], datetime], RejudgedEntity]
"""Function of (entity id, its events in order, now) that makes the entity's decisions again and compares them."""


class Settings(ReportingSettings):
    """Settings of the reporting service, which may read the whole log, and the referral service's policy file."""

    policy_file: Path | None = None


KINDS: Final[Mapping[str, Kind]] = {"referral": Kind.PERSON, "case_tracker": Kind.CASE}
"""Deciding services, and the kind of entity about which each decides."""


@dataclass(frozen=True, slots=True)
class DecidingService:
    """A deciding service: the source of its events, and the function that makes its decisions again."""

    source: str
    derive: Derive


def code_version_of(service: str) -> str:
    """Return the version of a deciding service's code, as its decisions name it."""
    return code_version("schemas", f"services.{service}.domain")


def services(policy_file: Path | None) -> Mapping[str, DecidingService]:
    """Return every deciding service by name. Raises `Halt`, which names the line, for a malformed policy."""
    policy = policy_of(policy_file)

    def of_person(person: str, log: Sequence[Entered], now: datetime) -> RejudgedEntity:
        return referral.rejudge_person(person, log, policy, now)

    def of_case(case: str, log: Sequence[Entered], _: datetime) -> RejudgedEntity:
        return case_tracker.rejudge_case(case, log)

    return {
        "referral": DecidingService(REFERRAL, of_person),
        "case_tracker": DecidingService(CASE_TRACKER, of_case),
    }


def shares(parts: Sequence[run_state.PartitionCourse]) -> list[tuple[str, run_state.PartitionCourse]]:
    """Return all pieces of the work: (service name, partition of its entities' topic as the replay read it)."""
    return [(name, part) for name, kind in KINDS.items() for part in parts if ENTITY_KINDS[part.place[0]] is kind]


class ShareJudging:
    """Compares the decisions of one process's share of the work. `say` is called with progress and results as dicts."""

    def __init__(self, settings: Settings, run: int, say: Callable[[Mapping[str, Any]], None]) -> None:
        self._settings = settings
        self._deployment = settings.deployment()
        self._clock = clock(settings.clock_file)
        self._run = run
        self._say = say
        self._patience = PATIENCE_SECONDS

    async def judge(self, which: int, of: int) -> None:
        """Compare each `of`-th piece of work from number `which` on. Raises `Halt` if the run's rows are gone."""
        async with run_results.connected(self._settings.postgres_dsn()) as connection:
            every = services(self._settings.policy_file)
            for name, part in shares(await run_state.read_partition_progress(connection))[which::of]:
                late = await self._judged(connection, name, every[name], part)
                await self._waited(name, every[name], part, late)

    async def _judged(
        self, connection: Connection, name: str, service: DecidingService, part: run_state.PartitionCourse
    ) -> dict[str, list[CopyRow]]:
        """Compare a partition as the replay read it; returns rows by entity where a decision is not published yet."""
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
        """Compare the entities of `late` again with newer records, until nothing is missing or the time is over.

        The first time all newer records count, then only the service's own: events of others would only require more
        decisions.
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
        """Return a partition's end offset, and its rows from offset `begin` on."""
        config, group = self._settings.kafka(), self._deployment.group("reporting")
        end = range_reader.read_end_offsets(config, group, [place])[place]
        with range_reader.Log(config, group, {place: (begin, end)}) as reader:
            rows: list[CopyRow] = []
            while not reader.done:
                rows += [row for record in reader.batch(_BATCH) if (row := copy_row_of(record)) is not None]
        return end, rows

    def _found(self, name: str, found: RejudgedEntity) -> None:
        for each in found.differing:
            what: dict[str, str | None] = {
                "entity": each.entity,
                "type": each.type,
                "event": each.event,
                "wrong": each.wrong,
            }
            what |= {"rule": each.rule, "code": each.code}
            self._say({"service": name, "different": what})
        if found.decisions or found.by_another_policy:
            spans = {code: [at.isoformat() for at in span] for code, span in found.code_spans.items()}
            told = {"judged": found.decisions, "by_another_policy": found.by_another_policy, "code_spans": spans}
            self._say({"service": name, **told})


async def _logs(
    connection: Connection, kind: Kind, part: run_state.PartitionCourse
) -> AsyncIterator[tuple[str, list[CopyRow]]]:
    """Yield (entity id, rows in order of offset) of a partition, up to the replay's end. Needs a transaction."""
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
    return [found for row in rows if (found := decode_row(row)) is not None]


def _lacks(found: RejudgedEntity) -> bool:
    return any(differing.wrong is DecisionFault.MISSING for differing in found.differing)
