"""A batch of event copies: copies that are stored already are left out, and each entity is decided about on its own.

A mistake in one decision, or an event of an unknown type, delays no other entity.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Generic, Protocol, TypeVar
from uuid import UUID

import structlog

from schemas.ids import Kind, is_id
from schemas.service_decisions import Entered, Outgoing
from schemas.topics import Deployment
from services.runtime import metrics, tracing
from services.runtime.deciding.event_copy_rows import CopyRow, copy_row_of, decode_row, rows_by_entity
from services.runtime.fenced_positions import TopicPart
from services.runtime.outbox import Message
from services.runtime.postgres import Connection
from services.runtime.record import Record

D = TypeVar("D")

FAILURES: Final = (ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)
"""Exceptions of a mistake in one decision: its entity is held. Any other exception stops the process."""

_LOOK: Final = b"bz.atips.access.viewed.v1"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Service:
    """A deciding service: the name of its author, the kind of entity it decides about, the source of its events."""

    author: str
    kind: Kind
    source: str

    def topics(self, deployment: Deployment) -> dict[str, int]:
        """Return the name of the log topic that the service reads, with its partition count."""
        return {deployment.log(self.kind): deployment.partitions}


class CopyStore(Protocol):
    """Port to the stored copies. All methods but `rows` run in the caller's transaction on `connection`."""

    async def rows(self, entities: Collection[str]) -> list[CopyRow]:
        """Return every committed row of these entities, in the order of the log."""
        ...

    async def append(self, connection: Connection, rows: Sequence[CopyRow]) -> None:
        """Add rows. A row that is stored already stays as it is."""

    async def mark_decided(
        self, connection: Connection, entities: Collection[str], unread: Collection[tuple[str, UUID]]
    ) -> None:
        """Mark the rows of these entities as decided about, except rows with a (source, id) in `unread`."""

    async def store_held_entities(
        self, connection: Connection, entities: Collection[str], held: Mapping[str, int]
    ) -> None:
        """Store which of `entities` wait for a newer version of the service: those in `held`, each with its partition.

        The others do not wait any more.
        """

    async def held_entities(self, connection: Connection, parts: Collection[int]) -> list[str]:
        """Return the entities of these partitions about which a newer version of the service must decide."""
        ...

    async def add_messages(self, connection: Connection, messages: Sequence[Message]) -> None:
        """Add messages to the outbox, in the caller's transaction."""


@dataclass(frozen=True, slots=True)
class ArrivedBatch:
    """A batch as it was read: its entities, the rows that are new, and all rows of each entity in the log's order."""

    entities: frozenset[str]
    new: list[CopyRow]
    by_entity: Mapping[str, Sequence[CopyRow]]


@dataclass(slots=True)
class Prepared(Generic[D]):
    """Changes that one batch will write: new rows, and a decision for each entity that could be decided about."""

    now: datetime
    rows: list[CopyRow] = field(default_factory=list)
    outcomes: dict[str, D] = field(default_factory=dict)
    undecided: list[str] = field(default_factory=list)
    """Entities without a decision, because code raised one of `FAILURES`."""
    unread: list[tuple[str, UUID]] = field(default_factory=list)
    """(source, id) of rows that this version cannot read. They stay undecided until a version that can read them."""
    held: dict[str, int] = field(default_factory=dict)
    """Partition of each entity that has undecided rows."""
    began: int = field(default_factory=tracing.begin)
    """Time in ns at which the batch began, for traces; 0 if nothing is traced."""

    def traced(self) -> None:
        """Add a trace span "decide" for each new row. Call it after the batch is committed."""
        tracing.done("decide", (row.payload for row in self.rows), self.began)


class Stateless:
    """Base class of a handler that caches nothing, with a `reset` that does nothing."""

    async def reset(self, assigned: frozenset[TopicPart]) -> None:
        """Do nothing: the handler caches nothing."""


async def read_arrived_copies(records: Sequence[Record], kind: Kind, store: CopyStore) -> ArrivedBatch:
    """Read the copies of a batch, and every stored row of their entities.

    Events of looks (`access.viewed`) are left out. No decision depends on them, and each would cause its entity to be
    decided about again, with ever more rows. Records that intake did not write are left out, too, and logged.
    """
    rows = [row for record in records if not _is_look(record) and (row := _row(record, kind)) is not None]
    entities = {row.entity for row in rows}
    kept = await store.rows(entities) if entities else []
    stored = {(row.entity, row.source, row.id) for row in kept}
    new = [row for row in rows if (row.entity, row.source, row.id) not in stored]
    return ArrivedBatch(frozenset(entities), new, rows_by_entity((*kept, *new)))


def decide_about_entities(
    batch: ArrivedBatch, now: datetime, decide: Callable[[str, Sequence[Entered], Sequence[Entered]], D]
) -> Prepared[D]:
    """Decide about each entity with a new row.

    `decide` gets the entity's id, the events decided about before, and the new ones, in the log's order. A row of
    an unknown type or version is held, and a newer version of the service decides about it (`read_held_entities`).
    An entity whose decision raises one of `FAILURES` is held too, and is listed in `undecided`.
    """
    prepared: Prepared[D] = Prepared(now, batch.new)
    for entity in sorted({row.entity for row in batch.new}):
        rows = batch.by_entity[entity]
        past = [found for row in rows if row.decided and (found := decode_row(row)) is not None]
        new = [(row, decode_row(row)) for row in rows if not row.decided]
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


async def read_held_entities(
    store: CopyStore, connection: Connection, partitions: Collection[TopicPart]
) -> ArrivedBatch:
    """Read the entities about which an earlier version could not decide. `new` has the rows that can be read now."""
    entities = await store.held_entities(connection, [part for _, part in partitions])
    rows = rows_by_entity(await store.rows(entities)) if entities else {}
    new = [row for of in rows.values() for row in of if not row.decided and decode_row(row) is not None]
    return ArrivedBatch(frozenset(row.entity for row in new), new, rows)


def last_accepted_at(rows: Sequence[CopyRow]) -> datetime:
    """Return the time at which the last of `rows` was accepted. Decisions about held rows are made as of this time."""
    return datetime.fromtimestamp(max(row.accepted_at for row in rows) / 1000, UTC)


def outbox_messages(deployment: Deployment, author: str, outgoing: Iterable[Outgoing]) -> list[Message]:
    """Return outbox messages of events: to the service's inbound topic, or to the delivery topic of the agency `to`.

    A message to an agency that is not in this deployment is left out.
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
    """Return the row of a copy; None, and an error in the log, for a record that intake did not write."""
    row = copy_row_of(record)
    if row is None or not is_id(row.entity, kind):
        log.error("no copy of intake's", topic=record.topic, partition=record.partition, offset=record.offset)
        return None
    return row
