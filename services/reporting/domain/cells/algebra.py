"""Cells from what a state counts: amounts with dates, from which any period's figure is a sum.

An entity that counts once in any period is written as +1 for each span that matters and -1 for each two neighbours. The
spans that lie within a period are always neighbours, so their sum is 1 if there is any and 0 if there is none. What
became of a fact by a period's end comes with a span to the day of that change, and goes with one to the next.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise, product, repeat
from typing import Any, Final, TypeAlias, TypeVar

from msgspec import Struct

from services.reporting.domain.declaration.figure import (
    ABSENT,
    BETWEEN,
    MEMBER,
    NEVER,
    PERSON,
    SCOPE,
    Counted,
    Days,
    Figure,
    Reader,
)

UNKNOWN: Final = "?"
"""Put behind a figure's number: the cells that count facts whose amount nobody counted."""

TWICE: Final = "~"
"""Put behind a figure's number: the cells of amounts that may be counted twice, each of them in the figure as well."""

OPEN: Final = "+"
"""Put behind a figure's number: the cells that count what is under way, on the days on which it surely is."""

MARKS: Final = UNKNOWN + TWICE + OPEN

GROUP: Final = "@"
"""Put behind the number of a figure of a cohort: the cells that say when each group began (`cohorts`)."""

_DAY: Final = timedelta(days=1)

_MARK_BYTES: Final = 12
"""Two persons of 10^9 have one mark with a chance of one in 10^11."""

_K = TypeVar("_K")

Dims: TypeAlias = tuple[tuple[str, str], ...]


class CellKey(Struct, frozen=True, cache_hash=True):
    """The key of a cell: figure, first and last day, dimensions sorted by name.

    `again` marks what a staircase takes back, and what comes and goes after the fact: its span is no doubt about when.
    """

    figure: str
    on_from: date
    on_to: date
    again: bool
    dims: Dims


Cells: TypeAlias = Mapping[CellKey, int]


def minimal(spans: Iterable[Days]) -> list[Days]:
    """The spans that hold no other span, in order; both their ends then rise from one to the next."""
    kept: list[Days] = []
    for span in sorted(set(spans), key=_by_last):
        if not kept or span.first > kept[-1].first:
            kept.append(span)
    return kept


def _by_last(days: Days) -> tuple[date, int]:
    return days.last, -days.first.toordinal()


def staircase(spans: Iterable[Days]) -> Iterator[tuple[Days, int]]:
    """Spans and amounts whose sum over those within any period is 1 if a given span lies within it, else 0."""
    steps = minimal(spans)
    for step in steps:
        yield step, 1
    for step, following in pairwise(steps):
        yield Days(step.first, following.last), -1


def maximal(spells: Iterable[Days]) -> list[Days]:
    """The spells that lie within no other spell, in order; both their ends then rise from one to the next."""
    kept: list[Days] = []
    for spell in sorted(set(spells), key=lambda days: (days.first, -days.last.toordinal())):
        if not kept or spell.last > kept[-1].last:
            kept.append(spell)
    return kept


def ladder(spells: Iterable[Days]) -> Iterator[tuple[Days, int]]:
    """Spells and amounts whose sum over those in force within any period is 1 if a given spell is, else 0.

    What is taken back is in force where both neighbours are: from the later one's first day to the earlier one's last.
    """
    rungs = maximal(spells)
    for rung in rungs:
        yield rung, 1
    for rung, following in pairwise(rungs):
        yield Days(following.first, rung.last), -1


def as_of(span: Days, asof: Days | None) -> Iterator[tuple[Days, int, bool]]:
    """Spans, amounts and marks that sum to 1 in periods that hold the span and end on a day of `asof`, else to 0."""
    if asof is None:
        yield span, 1, False
    elif asof.last >= span.last:
        comes = max(span.last, asof.first)
        yield Days(span.first, comes), 1, comes > span.last
        if asof.last != NEVER:
            yield Days(span.first, asof.last + _DAY), -1, True


def once(figure: Figure[Any], items: Sequence[Counted]) -> Iterator[tuple[Days, int, bool]]:
    """The dates, amounts and marks of an entity that counts once in any period, however many facts it has."""
    if len(items) == 1 and items[0].asof is None:  # as most are: one step, nothing to take back
        yield items[0].when or figure.undated, 1, False
        return
    dated: dict[Days | None, list[Days]] = defaultdict(list)
    for item in items:
        if item.when is not None:
            dated[item.asof].append(item.when)
    if not dated:
        yield figure.undated, 1, False
    for asof, spans in dated.items():
        if figure.reader in {Reader.RUNNING_SUM, Reader.ACTIVE, Reader.COHORT}:
            yield from ((days, amount, amount < 0) for days, amount in ladder(spans))
            continue
        for step, sign in staircase(spans):
            for days, amount, again in as_of(step, asof):
                yield days, sign * amount, again or sign < 0


def cells_of(figure: Figure[Any], counted: Iterable[Counted]) -> dict[CellKey, int]:
    """The cells of one entity for one figure, for every breakdown that the figure declares; none of them zero."""
    cells: dict[CellKey, int] = {}
    for key, amount in contributions(figure, tuple(counted)):
        cells[key] = cells.get(key, 0) + amount
    return {key: amount for key, amount in cells.items() if amount}


def contributions(figure: Figure[Any], items: Sequence[Counted]) -> Iterator[tuple[CellKey, int]]:
    """Yield every (cell, amount) of one entity for one figure. Equal cells are not merged yet."""
    return _together(figure, items) if figure.distinct else _each(figure, items)


def _each(figure: Figure[Any], items: Iterable[Counted]) -> Iterator[tuple[CellKey, int]]:
    for item in items:
        every = every_dims(figure, item.said)
        for number, (first, last), amount, again in _amounts(figure, item):
            for dims in every:
                yield CellKey(number, first, last, again, dims), amount


def _together(figure: Figure[Any], items: Sequence[Counted]) -> Iterator[tuple[CellKey, int]]:
    # Most breakdowns group the same items: what those come to is worked out once.
    known: dict[tuple[int, ...], list[tuple[Days, int, bool]]] = {}
    for dims, positions in _grouped(figure, items):
        group = tuple(positions)
        if group not in known:
            known[group] = _summed(once(figure, [items[position] for position in group]))
        for (first, last), amount, again in known[group]:
            yield CellKey(figure.number, first, last, again, dims), amount


def _summed(steps: Iterable[tuple[Days, int, bool]]) -> list[tuple[Days, int, bool]]:
    """Add up the amounts of equal spans, and drop those that come to zero."""
    sums: dict[tuple[Days, bool], int] = defaultdict(int)
    for days, amount, again in steps:
        sums[days, again] += amount
    return [(days, amount, again) for (days, again), amount in sums.items() if amount]


def _grouped(figure: Figure[Any], items: Sequence[Counted]) -> Iterable[tuple[Dims, Sequence[int]]]:
    """The dimensions of the cells with the positions of the items that stand in them."""
    if len(items) == 1:  # as most have
        return zip(every_dims(figure, items[0].said), repeat((0,)))
    groups: dict[Dims, list[int]] = defaultdict(list)
    for position, item in enumerate(items):
        for dims in every_dims(figure, item.said):
            groups[dims].append(position)
    return groups.items()


def _amounts(figure: Figure[Any], item: Counted) -> Iterator[tuple[str, Days, int, bool]]:
    """The marked numbers, dates and amounts of one item, and whether each takes something back."""
    mark = OPEN if item.under_way else "" if item.amount is not None else UNKNOWN
    amount = item.amount if item.amount is not None else 1
    for days, sign, again in as_of(item.when or figure.undated, item.asof if item.when else None):
        yield figure.number + mark, days, sign * amount, again
        if item.twice and item.amount is not None:
            yield figure.number + TWICE, days, sign * amount, again


def diff(before: Mapping[_K, int], after: Mapping[_K, int]) -> dict[_K, int]:
    """Give the amounts that turn `before` into `after` when they are added; none is zero."""
    if not before:
        return dict(after)
    changes = {key: after.get(key, 0) - amount for key, amount in before.items()}
    changes |= {key: amount for key, amount in after.items() if key not in before}
    return {key: amount for key, amount in changes.items() if amount}


def added(cells: dict[CellKey, int], changes: Cells) -> None:
    """Add changes into a dict of cells in place, dropping what becomes zero."""
    for key, amount in changes.items():
        total = cells.get(key, 0) + amount
        if total:
            cells[key] = total
        else:
            cells.pop(key, None)


# Whatever changes about a person, the person's marks stay.
@lru_cache(maxsize=32_768)
def marked(person: str, names: tuple[str, ...]) -> str:
    """A mark that stands for a person in the cells of one breakdown, so that two breakdowns cannot be joined by it."""
    if person == ABSENT:
        return ABSENT
    return blake2b(person.encode(), digest_size=_MARK_BYTES, salt=_salt(names)).hexdigest()


def _cell_value(name: str, said: str, names: tuple[str, ...]) -> str:
    if name == SCOPE:
        scope, between, person = said.rpartition(BETWEEN)
        return scope + between + marked(person, names) if person and between else said
    if name not in {PERSON, MEMBER}:
        return said
    return BETWEEN.join(marked(each, names) for each in said.split(BETWEEN))


@lru_cache(maxsize=1_024)
def _salt(names: tuple[str, ...]) -> bytes:
    return blake2b(",".join(names).encode(), digest_size=blake2b.SALT_SIZE).digest()


@lru_cache(maxsize=16_384)
def every_dims(figure: Figure[Any], said: tuple[tuple[str, tuple[str, ...]], ...]) -> tuple[Dims, ...]:
    """The dimensions of a figure's cells that a thing stands in; one with several values in one of each."""
    known = dict(said)
    found: list[Dims] = []
    for names in figure.kept:
        values = [
            [(name, _cell_value(name, each, names)) for each in dict.fromkeys(known.get(name) or (ABSENT,))]
            for name in names
        ]
        found += product(*values)
    return tuple(found)
