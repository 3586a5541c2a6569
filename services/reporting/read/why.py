"""Search for the events behind a figure. It folds the ledger, because cells do not record the events they came from."""

from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from schemas.ids import Kind, from_bits
from schemas.topics import Deployment
from services.reporting.domain.cells.cells_from_items import GROUP, CellKey, Cells, Dims, add_changes
from services.reporting.domain.declaration.figure import MEMBER, Reader
from services.reporting.domain.figures.all_figures import GROUPS
from services.reporting.domain.ledger.entity import Entity, empty_entity, entity_known_at, with_rows
from services.reporting.domain.ledger.event_row import LedgerRow
from services.reporting.domain.read.amounts_from_cells import contribution, leading, read
from services.reporting.domain.read.cohort_reader import memberships
from services.reporting.domain.read.evidence import (
    BesideReason,
    Evidence,
    Question,
    events_beside_amount,
    evidence,
    repeating_events,
)
from services.reporting.ledger_by_entity import group_by_entity, rows_of_topic
from services.reporting.read.event_summary import LedgerEvent, summarise_event
from services.reporting.read.why_answer import EventBehind, WhyAnswer
from services.runtime.postgres import Connection, translate_driver_errors

_ROWS_N: Final = "SELECT count(*) FROM ledger WHERE topic = $1"
_TOLD: Final = """
SELECT DISTINCT ON (name, id) n, topic, part, off, ent, name, id, primary_copy, accepted_at, payload
FROM ledger JOIN source USING (src) JOIN unnest($1::text[], $2::uuid[]) AS wanted (name, id) USING (name, id)
WHERE $3::bigint IS NULL OR n <= $3
"""


async def why(
    connection: Connection,
    deployment: Deployment,
    question: Question,
    known_at: int | None,
    advanced: Callable[[int, int], None],
) -> WhyAnswer:
    """Find the events behind a figure: fold all entities of its kind and keep the events of those that contribute.

    `known_at`: the event number up to which events count; None for all. `advanced` is called with (rows done, rows in
    all). A figure of the registry of agencies has no events. Raises `Retryable` if the database does not answer.
    """
    answer, cells, kind = WhyAnswer(question), dict[CellKey, int](), question.figure.entity
    if kind is None:
        answer.readings = question.readings(cells)
        return answer
    scan = _Scan(connection, deployment, known_at, advanced)
    with translate_driver_errors():
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            began = await _groups_began(scan, question)
            answer.question = question = replace(question, groups=_added_up(each.cells for each in began))
            async for entity in scan.entities(kind):
                _explain(answer, cells, entity)
            if question.figure.reader in {Reader.LARGEST, Reader.LATEST}:
                _keep_leading(answer, leading(question.figure, cells, question.period, question.by))
            for each in began:
                _explain_group(answer, each)
            await _look_elsewhere(connection, answer, known_at)
    answer.readings = question.readings(cells)
    return answer


@dataclass(frozen=True, slots=True)
class _Scan:
    """Scan of the ledger's entities, each folded from its events up to `known_at`."""

    connection: Connection
    deployment: Deployment
    known_at: int | None
    advanced: Callable[[int, int], None]

    async def entities(self, kind: Kind) -> AsyncIterator[Entity]:
        """Yield each entity of a kind. The caller must have opened a transaction, because it reads through a cursor."""
        topic, done = list(self.deployment.logs.values()).index(kind), 0
        total = int(await self.connection.fetchval(_ROWS_N, topic))
        async for rows in group_by_entity(rows_of_topic(self.connection, topic)):
            yield _as_known(from_bits(kind, rows[0].entity), rows, self.known_at)
            done += len(rows)
            self.advanced(done, total)


async def _groups_began(scan: _Scan, question: Question) -> list[Entity]:
    """Return the entities that may have begun a group of the cohort in the period, such as cases opened in it.

    The list is empty for a figure without groups.
    """
    group, found = GROUPS.get(question.figure.number), list[Entity]()
    if group is not None and group.entity is not None:
        async for entity in scan.entities(group.entity):
            if any(not each.empty for each in read(group, entity.cells, question.period, group.breakdowns[0])):
                found.append(entity)
    return found


def _added_up(every: Iterable[Cells]) -> Cells:
    total: dict[CellKey, int] = {}
    for cells in every:
        add_changes(total, {key: amount for key, amount in cells.items() if key.figure.endswith(GROUP)})
    return total


def _explain_group(answer: WhyAnswer, entity: Entity) -> None:
    """Add to the answer the events by which a group began, such as the opening of a case of counted victims.

    Only groups with a counted member are added. Their events have no amounts, because the members are what is counted.
    """
    question = answer.question
    group = GROUPS[question.figure.number]
    began = contribution(group, entity.cells, question.period, group.breakdowns[0])
    if any(dict(dims)[MEMBER] in answer.groups for dims in began):
        told_of = {each.ref: each for each in map(summarise_event, entity.rows.values())}
        events = [each.event for each in told_of.values() if each.event is not None]
        asked = Question(group, question.period, group.breakdowns[0])
        for each in evidence(asked, entity.id, events):
            answer.events.append(_of(entity.id, replace(each, amounts={}), told_of))


async def _look_elsewhere(connection: Connection, answer: WhyAnswer, known_at: int | None) -> None:
    """Set `first` of events whose original is stored under another entity, because a correction moved the fact."""
    refs = sorted({behind.evidence.effect.root for behind in answer.shown if behind.first is None})
    if not refs:
        return
    names, ids = zip(*(ref.rsplit("/", 1) for ref in refs), strict=True)
    rows = await connection.fetch(_TOLD, names, ids, known_at)
    told_of = {each.ref: each for each in (summarise_event(LedgerRow(*row)) for row in rows)}

    def found(behind: EventBehind) -> EventBehind:
        return replace(behind, first=behind.first or told_of.get(behind.evidence.effect.root))

    answer.events = [found(behind) for behind in answer.events]
    answer.further = [found(behind) for behind in answer.further]
    answer.beside = [(what, found(behind)) for what, behind in answer.beside]


def _as_known(name: str, rows: Sequence[LedgerRow], known_at: int | None) -> Entity:
    return with_rows(empty_entity(name), rows) if known_at is None else entity_known_at(name, rows, known_at)


def _explain(answer: WhyAnswer, cells: dict[CellKey, int], entity: Entity) -> None:
    question = answer.question
    answer.withheld += entity.parked is not None
    add_changes(cells, entity.cells)
    contributes = question.contribution(entity.cells) and (
        question.figure.reader is not Reader.MAXIMUM or _is_highest(answer, entity)
    )
    readings = question.readings(entity.cells)
    left_out = any(getattr(reading, what) for reading in readings for what in BesideReason)
    if not contributes and not left_out:
        return
    told_of = {each.ref: each for each in map(summarise_event, entity.rows.values())}
    events = [each.event for each in told_of.values() if each.event is not None]
    if contributes:
        held = memberships(question.figure, entity.cells, question.period, question.by)
        answer.groups |= {group for group, _ in held}
        behind = evidence(question, entity.id, events)
        again = repeating_events(question, entity.id, events, behind)
        answer.events += [_of(entity.id, each, told_of) for each in behind]
        answer.further += [_of(entity.id, each, told_of) for each in again]
    if left_out:
        found = events_beside_amount(question, entity.id, events)
        answer.beside += [(what, _of(entity.id, each, told_of)) for what, each in found]


def _of(entity_id: str, each: Evidence, told_of: Mapping[str, LedgerEvent]) -> EventBehind:
    ways = tuple(told_of[way.ref] for way in each.effect.way)
    return EventBehind(entity_id, each, told_of.get(each.effect.root), ways)


def _is_highest(answer: WhyAnswer, entity: Entity) -> bool:
    """Whether an entity has the highest level so far. A new highest level removes the events of the entities before."""
    question = answer.question
    level = max(each.amount for each in read(question.figure, entity.cells, question.period, question.by))
    if level > answer.highest:
        answer.events.clear()
        answer.further.clear()
        answer.highest = level
    return level == answer.highest


def _keep_leading(answer: WhyAnswer, lead: frozenset[Dims]) -> None:
    """Keep only events of entities that contribute to the largest amounts; `lead`: the dimensions of these amounts."""
    brought: dict[tuple[str, Dims], int] = defaultdict(int)
    for each in answer.events:
        for dims, amount in each.evidence.amounts.items():
            brought[each.entity, dims] += amount
    behind = {entity for (entity, dims), amount in brought.items() if amount and dims in lead}
    kept = []
    for each in answer.events:
        before = each.evidence.amounts
        amounts = {dims: amount for dims, amount in before.items() if dims in lead}
        if each.entity in behind and (amounts or not before):
            kept.append(replace(each, evidence=replace(each.evidence, amounts=amounts)))
    answer.events = kept
    answer.further = [each for each in answer.further if each.entity in behind]
