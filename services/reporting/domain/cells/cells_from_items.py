"""Cells: amounts with a first and last day. A figure of any period is a sum of cells.

An entity that counts once in any period gets +1 for each of its spans that holds no other. It gets -1 for each two
neighbours. Spans within a period are always neighbours, so the sum is 1 if there is any, else 0. A fact that counts
only in periods that end on certain days (`Counted.asof`) gets +1 from the first such day, -1 after the last.
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
"""Suffix of a figure's number in the keys of cells that count facts whose amount nobody counted."""

TWICE: Final = "~"
"""Suffix of a figure's number in the keys of cells whose amounts may be counted twice. The figure's own cells include
these amounts."""

OPEN: Final = "+"
"""Suffix of a figure's number in the keys of cells that count things under way, on the days on which that is sure."""

MARKS: Final = UNKNOWN + TWICE + OPEN
"""The suffixes `UNKNOWN`, `TWICE` and `OPEN` in one text, for `str.rstrip` on the number in a cell's key."""

GROUP: Final = "@"
"""Suffix of the number of a figure with the reader COHORT, in the keys of cells that hold when each group began
(`read.cohort_reader`)."""

_DAY: Final = timedelta(days=1)

_MARK_BYTES: Final = 12
"""Bytes of the hash of a person's id. Among 10^9 persons, two have equal hashes with a chance of about 1 in 10^11."""

_HASHED: Final = frozenset({PERSON, MEMBER, SCOPE})
"""Dimensions whose values cells hold as hashes."""

_K = TypeVar("_K")

Dims: TypeAlias = tuple[tuple[str, str], ...]
"""Dimensions of a cell: pairs of a name and a value, sorted by name."""


class CellKey(Struct, frozen=True, cache_hash=True, gc=False):
    """The key of a cell: number of the figure with its suffix, first and last day (both included), dimensions by name.

    `again`: the cell takes back an amount of other cells, or its span ends later than the days of the fact. Such a span
    does not mean that the date of the fact is uncertain, so the cell is not counted as undated or cut.
    """

    figure: str
    on_from: date
    on_to: date
    again: bool
    dims: Dims


Cells: TypeAlias = Mapping[CellKey, int]
"""Amounts of cells by key."""


def minimal(spans: Iterable[Days]) -> list[Days]:
    """Return those of `spans` that contain no other of them, sorted. First and last days rise from span to span."""
    kept: list[Days] = []
    for span in sorted(set(spans), key=_by_last):
        if not kept or span.first > kept[-1].first:
            kept.append(span)
    return kept


def _by_last(days: Days) -> tuple[date, int]:
    return days.last, -days.first.toordinal()


def once_within(spans: Iterable[Days]) -> Iterator[tuple[Days, int]]:
    """Yield (span, amount) so that the amounts of the yielded spans within a period add up to 1 or 0.

    The sum is 1 if the period contains at least one of `spans`, else 0.
    """
    steps = minimal(spans)
    for step in steps:
        yield step, 1
    for step, following in pairwise(steps):
        yield Days(step.first, following.last), -1


def maximal(spells: Iterable[Days]) -> list[Days]:
    """Return those of `spells` that lie within no other of them, sorted. First and last days both rise."""
    kept: list[Days] = []
    for spell in sorted(set(spells), key=lambda days: (days.first, -days.last.toordinal())):
        if not kept or spell.last > kept[-1].last:
            kept.append(spell)
    return kept


def once_in_force(spells: Iterable[Days]) -> Iterator[tuple[Days, int]]:
    """Yield pairs (days, amount) that count overlapping spells as one.

    Add the amounts of all pairs whose days overlap with a period. The sum is 1 if a spell overlaps with it, else 0.

    Each spell that lies within no other one has a pair with the amount 1. Of two such spells that follow each other, a
    period may overlap with both. So a pair with the amount -1 has the days from the first day of the later spell to the
    last day of the earlier one. If a gap lies between them, its first day lies after its last: only periods that
    contain both count it.
    """
    rungs = maximal(spells)
    for rung in rungs:
        yield rung, 1
    for rung, following in pairwise(rungs):
        yield Days(following.first, rung.last), -1


def as_of(span: Days, asof: Days | None) -> Iterator[tuple[Days, int, bool]]:
    """Yield (span, amount, again) so that the amounts of the yielded spans within a period add up to 1 or 0.

    The sum is 1 if the period contains `span` and ends on a day of `asof`, else 0.

    `asof` None: the period may end on any day. `again` is as in `CellKey`.
    """
    if asof is None:
        yield span, 1, False
    elif asof.last >= span.last:
        comes = max(span.last, asof.first)
        yield Days(span.first, comes), 1, comes > span.last
        if asof.last != NEVER:
            yield Days(span.first, asof.last + _DAY), -1, True


def once(figure: Figure[Any], items: Sequence[Counted]) -> Iterator[tuple[Days, int, bool]]:
    """Yield (days, amount, again) for an entity that counts once in any period, however many `items` it has.

    If no item has days, the only days are `figure.undated`. `again` is as in `CellKey`.
    """
    if len(items) == 1 and items[0].asof is None:  # the usual case: one cell, nothing to take back
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
            yield from ((days, amount, amount < 0) for days, amount in once_in_force(spans))
            continue
        for step, sign in once_within(spans):
            for days, amount, again in as_of(step, asof):
                yield days, sign * amount, again or sign < 0


def cells_of(figure: Figure[Any], counted: Iterable[Counted]) -> dict[CellKey, int]:
    """Return the amounts of one entity's cells for one figure, in every breakdown that the figure declares.

    Cells whose amounts add up to 0 are left out.
    """
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
    if len(items) == 1 and items[0].asof is None:  # the usual case: every breakdown has one cell with the same amount
        first, last = items[0].when or figure.undated
        for dims in every_dims(figure, items[0].said):
            yield CellKey(figure.number, first, last, again=False, dims=dims), 1
        return
    # Most breakdowns group the same items: the amounts of one group of items are computed once.
    known: dict[tuple[int, ...], list[tuple[Days, int, bool]]] = {}
    for dims, positions in _grouped(figure, items):
        group = tuple(positions)
        if group not in known:
            known[group] = _summed(once(figure, [items[position] for position in group]))
        for (first, last), amount, again in known[group]:
            yield CellKey(figure.number, first, last, again, dims), amount


def _summed(steps: Iterable[tuple[Days, int, bool]]) -> list[tuple[Days, int, bool]]:
    """Add up the amounts of equal spans and drop sums of zero."""
    sums: dict[tuple[Days, bool], int] = defaultdict(int)
    for days, amount, again in steps:
        sums[days, again] += amount
    return [(days, amount, again) for (days, again), amount in sums.items() if amount]


def _grouped(figure: Figure[Any], items: Sequence[Counted]) -> Iterable[tuple[Dims, Sequence[int]]]:
    """Return pairs of (dimensions of a cell, positions in `items` of the items that the cell counts)."""
    if len(items) == 1:  # the usual case
        return zip(every_dims(figure, items[0].said), repeat((0,)))
    groups: dict[Dims, list[int]] = defaultdict(list)
    for position, item in enumerate(items):
        for dims in every_dims(figure, item.said):
            groups[dims].append(position)
    return groups.items()


def _amounts(figure: Figure[Any], item: Counted) -> Iterator[tuple[str, Days, int, bool]]:
    """Yield (figure's number with suffix, days, amount, again) for one item of a figure that is not distinct."""
    mark = OPEN if item.under_way else "" if item.amount is not None else UNKNOWN
    amount = item.amount if item.amount is not None else 1
    for days, sign, again in as_of(item.when or figure.undated, item.asof if item.when else None):
        yield figure.number + mark, days, sign * amount, again
        if item.twice and item.amount is not None:
            yield figure.number + TWICE, days, sign * amount, again


def diff(before: Mapping[_K, int], after: Mapping[_K, int]) -> dict[_K, int]:
    """Return the amounts that, added to `before`, give `after`. Amounts of 0 are left out."""
    if not before:
        return dict(after)
    changes = {key: after.get(key, 0) - amount for key, amount in before.items()}
    changes |= {key: amount for key, amount in after.items() if key not in before}
    return {key: amount for key, amount in changes.items() if amount}


def add_changes(cells: dict[CellKey, int], changes: Cells) -> None:
    """Add `changes` to the dict `cells` in place, and remove cells that become zero."""
    for key, amount in changes.items():
        total = cells.get(key, 0) + amount
        if total:
            cells[key] = total
        else:
            cells.pop(key, None)


# The hashes of a person never change, so they are cached.
@lru_cache(maxsize=32_768)
def salted_person_hash(person: str, names: tuple[str, ...]) -> str:
    """Return a hash of a person's id, salted with the names of one breakdown. `ABSENT` is returned unchanged.

    The hashes of one person in two breakdowns differ, so cells of two breakdowns cannot be joined by them.
    """
    if person == ABSENT:
        return ABSENT
    return blake2b(person.encode(), digest_size=_MARK_BYTES, salt=_salt(names)).hexdigest()


# Several figures have equal breakdowns of one person.
@lru_cache(maxsize=32_768)
def _cell_value(name: str, said: str, names: tuple[str, ...]) -> str:
    if name == SCOPE:
        scope, between, person = said.rpartition(BETWEEN)
        return scope + between + salted_person_hash(person, names) if person and between else said
    return BETWEEN.join([salted_person_hash(each, names) for each in said.split(BETWEEN)])


@lru_cache(maxsize=1_024)
def _salt(names: tuple[str, ...]) -> bytes:
    return blake2b(",".join(names).encode(), digest_size=blake2b.SALT_SIZE).digest()


@lru_cache(maxsize=16_384)
def every_dims(figure: Figure[Any], said: tuple[tuple[str, tuple[str, ...]], ...]) -> tuple[Dims, ...]:
    """Return the dimensions of all cells of a figure that an item counts in, for every breakdown.

    `said`: the item's dimensions. An item with several values of a dimension counts in one cell for each value; one
    without a value counts under `ABSENT`.
    """
    known = dict(said)
    # Only hashes differ between breakdowns: pairs of other dimensions are made once for all of them.
    pairs = {name: [(name, each) for each in dict.fromkeys(known.get(name) or (ABSENT,))] for name in figure.dimensions}
    found: list[Dims] = []
    for names in figure.kept:
        found += product(*[_hashed(pairs[name], names) if name in _HASHED else pairs[name] for name in names])
    return tuple(found)


def _hashed(pairs: Sequence[tuple[str, str]], names: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(name, _cell_value(name, said, names)) for name, said in pairs]
