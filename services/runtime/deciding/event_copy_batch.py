"""A batch of copies: copies that are stored already are left out, and each entity is decided about on its own.

A mistake in one decision, or an event that is not known here, delays no other entity.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Generic, Protocol, TypeVar
from uuid import UUID

import structlog

from schemas.decision_parts import Entered, Outgoing
from schemas.ids import Kind, is_id
from schemas.topics import Deployment
from services.runtime import metrics, tracing
from services.runtime.deciding.row_conversion import CopyRow, by_entity, entered, row_of
from services.runtime.fenced_positions import TopicPart
from services.runtime.outbox import Message
from services.runtime.postgres import Connection
from services.runtime.record import Record

D = TypeVar("D")

FAILURES: Final = (ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)
"""Exceptions of a mistake in a decision. Anything else is no property of the entity, and stops the process."""

_LOOK: Final = b"bz.atips.access.viewed.v1"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Service:
    """A deciding service: its author's name, the kind of entity it decides about, the source of its events."""

    author: str
    kind: Kind
    source: str

    def topics(self, deployment: Deployment) -> dict[str, int]:
        """Give the topic that is read, with the partition count that it must have."""
        return {deployment.log(self.kind): deployment.partitions}


class CopyStore(Protocol):
    """Port to the stored copies. All but `rows` runs in the transaction that it is given."""

    async def rows(self, entities: Collection[str]) -> list[CopyRow]:
        """Every committed row of these entities, in the order of the log."""
        ...

    async def append(self, connection: Connection, rows: Sequence[CopyRow]) -> None:
        """Add rows; a row that is stored already is left as it is."""

    async def decided(
        self, connection: Connection, entities: Collection[str], unread: Collection[tuple[str, UUID]]
    ) -> None:
        """Mark all rows of these entities as decided about, but for those with an unread (source, id)."""

    async def hold(self, connection: Connection, entities: Collection[str], held: Mapping[str, int]) -> None:
        """Store which of `entities` are held (`held`: entity to partition); the other ones are held no longer."""

    async def held(self, connection: Connection, parts: Collection[int]) -> list[str]:
        """Give the entities of these partitions that are held."""
        ...

    async def say(self, connection: Connection, messages: Sequence[Message]) -> None:
        """Add messages to the outbox."""


@dataclass(frozen=True, slots=True)
class ArrivedBatch:
    """A batch as it was read: the entities, the rows that are new, and all rows of each entity in their order."""

    entities: frozenset[str]
    new: list[CopyRow]
    by_entity: Mapping[str, Sequence[CopyRow]]


@dataclass(slots=True)
class Prepared(Generic[D]):
    """The changes that one batch will write: new rows, and an outcome for each entity that could be decided about."""

    now: datetime
    rows: list[CopyRow] = field(default_factory=list)
    outcomes: dict[str, D] = field(default_factory=dict)
    undecided: list[str] = field(default_factory=list)
    """Entities that a mistake of ours keeps undecided."""
    unread: list[tuple[str, UUID]] = field(default_factory=list)
    """Source and id of new rows that this version cannot read: they stay undecided until a version comes that can."""
    held: dict[str, int] = field(default_factory=dict)
    """Entities with a row that stays undecided, each with its partition."""
    began: int = field(default_factory=tracing.begin)
    """Time in ns at which the batch began, for traces; 0 where nothing is traced."""

    def traced(self) -> None:
        """Add a trace span "decide" for each new row. Called once the batch is committed."""
        tracing.done("decide", (row.payload for row in self.rows), self.began)


class Stateless:
    """Base class of a handler that caches nothing: its `reset` does nothing."""

    async def reset(self, assigned: frozenset[TopicPart]) -> None:
        """Do nothing: nothing is cached."""


async def arrived(records: Sequence[Record], kind: Kind, store: CopyStore) -> ArrivedBatch:
    """Read the copies of a batch, and every stored row of the entities that they are about.

    Events of looks (`access.viewed`) are left out: no decision depends on them, and each would make its entity decided
    about again, among ever more rows.
    """
    rows = [row for record in records if not _is_look(record) and (row := _row(record, kind)) is not None]
    entities = {row.entity for row in rows}
    kept = await store.rows(entities) if entities else []
    stored = {(row.entity, row.source, row.id) for row in kept}
    new = [row for row in rows if (row.entity, row.source, row.id) not in stored]
    return ArrivedBatch(frozenset(entities), new, by_entity((*kept, *new)))


def decided(
    batch: ArrivedBatch, now: datetime, decide: Callable[[str, Sequence[Entered], Sequence[Entered]], D]
) -> Prepared[D]:
    """Decide about each entity with a new row; `decide` takes its id, the events decided about before, the new ones.

    A row of a type or version that is not known here is held: a newer version decides about it (`held`). An entity
    whose decision raises one of `FAILURES` is held too, and listed in `undecided`.
    """
    prepared: Prepared[D] = Prepared(now, batch.new)
    for entity in sorted({row.entity for row in batch.new}):
        rows = batch.by_entity[entity]
        past = [found for row in rows if row.decided and (found := entered(row)) is not None]
        new = [(row, entered(row)) for row in rows if not row.decided]
        unread = [row for row, found in new if found is None]
        if unread:
            log.error("held", n=unread[-1].n, count=len(unread))
            prepared.unread += [(row.source, row.id) for row in unread]
            prepared.held[entity] = unread[-1].part
            metrics.UNDECIDED.inc()
        try:
            prepared.outcomes[entity] = decide(entity, past, [found for _, found in new if found is not None])
        except FAILURES as error:
            log.error("undecided", n=rows[-1].n, error=type(error).__name__)  # noqa: TRY400 - its text may quote a row
            prepared.undecided.append(entity)
            prepared.held[entity] = rows[-1].part
            metrics.UNDECIDED.inc()
    return prepared


async def held(store: CopyStore, connection: Connection, partitions: Collection[TopicPart]) -> ArrivedBatch:
    """Read the held entities of these partitions with rows that this version can decide about: rows `new`, all rows."""
    entities = await store.held(connection, [part for _, part in partitions])
    rows = by_entity(await store.rows(entities)) if entities else {}
    new = [row for of in rows.values() for row in of if not row.decided and entered(row) is not None]
    return ArrivedBatch(frozenset(row.entity for row in new), new, rows)


def last_of(rows: Sequence[CopyRow]) -> datetime:
    """Give the time at which the last of these rows was accepted: held rows are decided about as of that time."""
    return datetime.fromtimestamp(max(row.accepted_at for row in rows) / 1000, UTC)


def messages(deployment: Deployment, author: str, outgoing: Iterable[Outgoing]) -> list[Message]:
    """Make the outbox messages: to the service's inbound topic, or where `to` names an agency to its delivery topic.

    A message to an agency that has no topic in this deployment is left out.
    """
    return [
        Message(
            each.id,
            deployment.inbound(author) if each.to is None else deployment.delivery(each.to),
            each.type,
            each.value,
        )
        for each in outgoing
        if each.to is None or each.to in deployment.agencies
    ]


def _is_look(record: Record) -> bool:
    return dict(record.headers).get("ce_type") == _LOOK


def _row(record: Record, kind: Kind) -> CopyRow | None:
    """Read a copy; None, and an error in the log, for a record that intake did not write."""
    row = row_of(record)
    if row is None or not is_id(row.entity, kind):
        log.error("no copy of intake's", topic=record.topic, partition=record.partition, offset=record.offset)
        return None
    return row
