"""Figures that differ between two event numbers, each with the events in between that changed it.

Both sides are stored editions. Only entities with events in between are folded again; no other can have changed.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeAlias

from schemas.envelope import Event
from schemas.ids import from_bits
from schemas.times import Period
from schemas.topics import Deployment
from services.reporting import ledger_by_entity
from services.reporting.domain.cells.cells_from_items import GROUP, Cells, Dims
from services.reporting.domain.declaration.figure import Figure, Reader
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.ledger.entity import entity_known_at
from services.reporting.domain.ledger.event_row import LedgerRow
from services.reporting.domain.read.amounts_from_cells import contribution, read
from services.reporting.domain.read.cohort_reader import groups_beginning_in_period, memberships
from services.reporting.domain.read.reading import Reading
from services.reporting.read import queries
from services.reporting.read.event_summary import LedgerEvent, summarise_event
from services.reporting.read.queries import Edition
from services.runtime.postgres import Connection, translate_driver_errors

_AT_ONCE: Final = 500

_Key: TypeAlias = tuple[str, Dims]
"""Key of a difference: the figure's number and the breakdown's values."""


@dataclass(frozen=True, slots=True)
class DifferenceQuestion:
    """The figures to compare. Without `numbers`: all that have the breakdown `by`."""

    period: Period
    by: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MovedEvent:
    """An event between both sides, and the ids of the entities whose contribution to the figure changed with it."""

    told: LedgerEvent
    entities: tuple[str, ...]

    @property
    def root(self) -> str:
        """Reference of the event that this event supersedes; its own reference if it supersedes none."""
        event = self.told.event
        return self.told.ref if event is None or event.supersedes is None else event.supersedes

    def plain(self) -> dict[str, Any]:
        """Return the event as a dict for JSON."""
        return {**self.told.plain(), "entities": list(self.entities)}


@dataclass(frozen=True, slots=True)
class FigureDifference:
    """A figure whose readings differ between both sides, for one combination of the breakdown's values."""

    before: Reading
    after: Reading
    events: tuple[MovedEvent, ...]
    hidden: int = 0
    """Number of further events that the reader may not see."""

    def kept(self, sees: Callable[[str, Event | None, str], bool]) -> "FigureDifference":
        """Return a copy with only the events that a reader may see. The others are added to `hidden`.

        `sees`: function of (the event's `root`, the event or None if it cannot be decoded, the id of the entity).
        """
        seen = []
        for each in self.events:
            under = tuple(name for name in each.entities if sees(each.root, each.told.event, name))
            if under:
                seen.append(MovedEvent(each.told, under))
        return replace(self, events=tuple(seen), hidden=self.hidden + len(self.events) - len(seen))


class _Events:
    """Collects, for each difference, the events by number and the entities whose contribution they changed."""

    def __init__(self) -> None:
        self._told: dict[int, LedgerEvent] = {}
        self._entities: dict[_Key, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))

    def add(self, key: _Key, entity_id: str, rows: Iterable[LedgerRow]) -> None:
        for row in rows:
            if row.n not in self._told:
                self._told[row.n] = summarise_event(row)
            self._entities[key][row.n].append(entity_id)

    def of(self, key: _Key) -> tuple[MovedEvent, ...]:
        return tuple(MovedEvent(self._told[n], tuple(names)) for n, names in sorted(self._entities[key].items()))


async def differences(
    connection: Connection,
    deployment: Deployment,
    sides: tuple[Edition, Edition],
    asked: DifferenceQuestion,
    advanced: Callable[[int, int], None],
) -> list[FigureDifference]:
    """Return the differences between two editions, in the order of `FIGURES`. `sides`: the earlier and the later one.

    `advanced` is called with (entities done, entities in all). Raises `NoEdition` and the errors of `queries.figures`.
    """
    before, after = [
        (await queries.figures(connection, asked.period, asked.by, asked.numbers, edition=side)).figures
        for side in sides
    ]
    changed = _changed(before, after)
    figures = {one.number: one.figure for one, _ in changed.values()}
    kinds, events = list(deployment.logs.values()), _Events()
    earlier, later = (side.known_at for side in sides)
    with translate_driver_errors():
        leads = {
            number: await queries.leading_of(connection, figure, asked.period, asked.by, sides)
            for number, figure in figures.items()
            if figure.reader in {Reader.LARGEST, Reader.LATEST}
        }
        cohorts = {
            number: await _cohort(connection, figure, asked, sides)
            for number, figure in figures.items()
            if figure.reader is Reader.COHORT
        }
        wanted = await ledger_by_entity.entities_between(connection, earlier, later) if changed else []
        for first in range(0, len(wanted), _AT_ONCE):
            for rows in await ledger_by_entity.rows_of_entities(connection, wanted[first : first + _AT_ONCE]):
                name = from_bits(kinds[rows[0].topic], rows[0].entity)
                then, now = entity_known_at(name, rows, earlier).cells, entity_known_at(name, rows, later).cells
                between = [row for row in rows if earlier < row.n <= later]
                for key in _moved(figures.values(), then, now, asked, cohorts):
                    if key in changed and _bears(changed[key], then, now, leads.get(key[0]), asked):
                        events.add(key, name, between)
            advanced(min(first + _AT_ONCE, len(wanted)), len(wanted))
    return [FigureDifference(*pair, events.of(key)) for key, pair in changed.items()]


def _changed(before: Sequence[Reading], after: Sequence[Reading]) -> dict[_Key, tuple[Reading, Reading]]:
    one, other = ({(each.number, _dims(each)): each for each in side} for side in (before, after))
    numbers = list(FIGURES)
    keys = sorted({**one, **other}, key=lambda key: (numbers.index(key[0]), key[1]))
    pairs = {key: (one.get(key) or _nothing(other[key]), other.get(key) or _nothing(one[key])) for key in keys}
    return {key: pair for key, pair in pairs.items() if pair[0] != pair[1]}


@dataclass(frozen=True, slots=True)
class _Cohort:
    """Cells of the beginnings of a cohort's groups, one mapping for each side.

    `values`: for each group's mark, the breakdown's values of its members.
    """

    sides: tuple[Cells, ...] = ({},)
    values: Mapping[str, set[Dims]] = field(default_factory=dict)


async def _cohort(
    connection: Connection, figure: Figure[Any], asked: DifferenceQuestion, sides: Iterable[Edition]
) -> _Cohort:
    beginnings, values = [], defaultdict[str, set[Dims]](set)
    for side in sides:
        beginnings.append(await queries.cells_of(connection, figure.number + GROUP, side))
        held = await queries.cells_of(connection, figure.number, side)
        for mark, dims in memberships(figure, held, asked.period, asked.by):
            values[mark].add(dims)
    return _Cohort(tuple(beginnings), values)


def _moved(
    figures: Iterable[Figure[Any]], then: Cells, now: Cells, asked: DifferenceQuestion, cohorts: Mapping[str, _Cohort]
) -> Iterator[_Key]:
    """Yield the key of each difference to which an entity's contribution has changed, each once."""
    for figure in figures:
        cohort, found = cohorts.get(figure.number, _Cohort()), set[Dims]()
        for groups in cohort.sides:
            before, after = _brought(figure, {**then, **groups}, asked), _brought(figure, {**now, **groups}, asked)
            found |= {dims for dims in {**before, **after} if before.get(dims) != after.get(dims)}
        one, other = (
            groups_beginning_in_period(figure, then, asked.period),
            groups_beginning_in_period(figure, now, asked.period),
        )
        for mark in {**one, **other}:
            if one.get(mark) != other.get(mark):
                found |= cohort.values.get(mark, set())
        yield from ((figure.number, dims) for dims in sorted(found))


def _bears(
    pair: tuple[Reading, Reading], then: Cells, now: Cells, lead: frozenset[Dims] | None, asked: DifferenceQuestion
) -> bool:
    """Whether an entity's change affects a difference. For a maximum, a change below the maximum does not."""
    figure, period = pair[0].figure, pair[0].period
    if lead is None and figure.reader is not Reader.MAXIMUM:
        return True
    own = [read(figure, cells, period)[0] for cells in (then, now)]
    if lead is None:
        highest = any(0 < mine.amount == side.amount for mine, side in zip(own, pair, strict=True))
    else:
        one, other = (contribution(figure, cells, period, asked.by) for cells in (then, now))
        highest = any(one.get(dims) != other.get(dims) for dims in lead)
    return highest or replace(own[0], amount=0) != replace(own[1], amount=0)


def _brought(figure: Figure[Any], cells: Cells, asked: DifferenceQuestion) -> dict[Dims, list[object]]:
    """Return an entity's contributions to a figure, both in the amount and beside it, by the breakdown's values."""
    brought: dict[Dims, list[object]] = defaultdict(list)
    for reading in read(figure, cells, asked.period, asked.by):
        if not reading.empty:
            brought[_dims(reading)].append(reading)
    for dims, amount in sorted(contribution(figure, cells, asked.period, asked.by).items()):
        brought[tuple(pair for pair in dims if pair[0] != figure.over)].append((dims, amount))
    return brought


def _dims(reading: Reading) -> Dims:
    return tuple(sorted(reading.dimensions.items()))


def _nothing(other: Reading) -> Reading:
    return Reading(other.figure, other.period, other.dimensions, 0)
