"""The events behind a figure, found by folding the ledger: nothing is kept of which event stands behind which cell."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from schemas.ids import from_bits
from schemas.topics import Deployment
from services.reporting.domain.algebra import CellKey, Dims, added
from services.reporting.domain.entity import Entity, extended, known, unknown
from services.reporting.domain.evidence import Beside, Evidence, Question, beside, evidence
from services.reporting.domain.figure import Reader
from services.reporting.domain.readers import contribution, read
from services.reporting.domain.reading import Reading
from services.reporting.domain.row import Row
from services.reporting.scan import by_entity, of_topic
from services.reporting.telling import Told, happened, told
from services.runtime.postgres import Connection, translated

_ROWS_N: Final = "SELECT count(*) FROM ledger WHERE topic = $1"


@dataclass(frozen=True, slots=True)
class Behind:
    """One event behind a figure, under the entity that it counts for.

    `first` is the event as it was first told, where that stands under the entity; `ways` the corrections in force.
    """

    entity: str
    evidence: Evidence
    first: Told
    ways: tuple[Told, ...]

    def plain(self) -> dict[str, Any]:
        """What programs are given of it: what holds now, and by which corrections."""
        content, first = self.evidence.effect.content, self.first.plain()
        return {
            **first,
            "type": content.type,
            "register_number": content.sourcerecord or first["register_number"],
            **happened(content),
            "entity": self.entity,
            "amounts": [_amount(dims, amount) for dims, amount in sorted(self.evidence.amounts.items())],
            "corrections": [way.plain() for way in self.ways],
        }


@dataclass(slots=True)
class Answer:
    """A figure as asked for, and the events behind it, those of one entity together.

    `beside`: the events that are not in the amount, because of their time or because nobody counted.
    """

    question: Question
    readings: list[Reading] = field(default_factory=list)
    beside: list[tuple[Beside, Behind]] = field(default_factory=list)
    highest: int = 0
    events: list[Behind] = field(default_factory=list)
    withheld: int = 0


async def why(
    connection: Connection,
    deployment: Deployment,
    question: Question,
    known_at: int | None,
    advanced: Callable[[int, int], None],
) -> Answer:
    """Fold every entity of the figure's kind, as known at a number or now, and explain those that contribute.

    Behind a figure of the registry there is no event.
    """
    answer, cells, done, kind = Answer(question), dict[CellKey, int](), 0, question.figure.entity
    if kind is None:
        answer.readings = read(question.figure, cells, question.period, question.by)
        return answer
    topic = list(deployment.logs.values()).index(kind)
    with translated():
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            total = int(await connection.fetchval(_ROWS_N, topic))
            async for rows in by_entity(of_topic(connection, topic)):
                name = from_bits(kind, rows[0].entity)
                _explain(answer, cells, _as_known(name, rows, known_at))
                done += len(rows)
                advanced(done, total)
    answer.readings = read(question.figure, cells, question.period, question.by)
    return answer


def _as_known(name: str, rows: Sequence[Row], known_at: int | None) -> Entity:
    return extended(unknown(name), rows) if known_at is None else known(name, rows, known_at)


def _explain(answer: Answer, cells: dict[CellKey, int], entity: Entity) -> None:
    question = answer.question
    answer.withheld += entity.parked is not None
    added(cells, entity.cells)
    contributes = contribution(question.figure, entity.cells, question.period, question.by) and (
        question.figure.reader is not Reader.MAXIMUM or _is_highest(answer, entity)
    )
    readings = read(question.figure, entity.cells, question.period, question.by)
    left_out = any(getattr(reading, what) for reading in readings for what in Beside)
    if not contributes and not left_out:
        return
    told_of = {each.ref: each for each in map(told, entity.rows.values())}
    events = [each.event for each in told_of.values() if each.event is not None]
    if contributes:
        answer.events += [_of(entity.id, each, told_of) for each in evidence(question, entity.id, events)]
    if left_out:
        found = beside(question, entity.id, events)
        answer.beside += [(what, _of(entity.id, each, told_of)) for what, each in found]


def _of(entity_id: str, each: Evidence, told_of: Mapping[str, Told]) -> Behind:
    ways = tuple(told_of[way.ref] for way in each.effect.way)
    return Behind(entity_id, each, told_of.get(each.effect.root) or ways[0], ways)


def _is_highest(answer: Answer, entity: Entity) -> bool:
    """Whether nobody seen so far stands higher; whoever stands lower is no reason for a maximum."""
    question = answer.question
    level = max(each.amount for each in read(question.figure, entity.cells, question.period, question.by))
    if level > answer.highest:
        answer.events.clear()
        answer.highest = level
    return level == answer.highest


def _amount(dims: Dims, amount: int) -> dict[str, Any]:
    return {"dimensions": dict(dims), "amount": amount}
