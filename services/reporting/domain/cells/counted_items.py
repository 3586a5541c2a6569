"""Items that entities count for figures, and the cells computed from these items.

The changes of items are added up over a batch of events before cells are computed. This saves work, because most
entities count equal items and one item is counted in many cells.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, takewhile
from operator import eq
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from services.reporting.domain.cells.cells_from_items import CellKey, contributions
from services.reporting.domain.declaration.counting_each_thing import EachCounted, EachInView
from services.reporting.domain.declaration.entity_state_part import EntityState, Part
from services.reporting.domain.declaration.figure import MEMBER, Counted, Figure
from services.reporting.domain.figures.all_entity_parts import PARTS

Items: TypeAlias = tuple[Counted, ...]
"""Items of one entity that one `Counting` counts."""
_View: TypeAlias = Callable[[Any], Any]
Things: TypeAlias = Callable[[Any], Sequence[Any]]
"""Function that returns the things to count in the value that a view of a state returned."""
How: TypeAlias = Callable[[Any], Iterable[Counted]]
"""Function that returns the items which one thing counts."""


@dataclass(frozen=True, slots=True, eq=False)
class Counting:
    """One way of counting a thing, and the figures that use it. These figures differ only in their breakdowns."""

    distinct: bool
    figures: tuple[Figure[Any], ...]

    def groups(self, items: Items) -> Iterable[Items]:
        """Return the items of one entity in groups, so that each cell's amount is a sum over groups.

        Each item is a group, but a distinct figure needs all of an entity's items together, or all of one member's.
        """
        if not self.distinct:
            return zip(items)
        return _by_member(items) if self.figures[0].over == MEMBER else (items,)


def _by_member(items: Items) -> Iterable[Items]:
    """Return the items of each member. Every breakdown distinguishes members, so no cell counts two of them."""
    found: dict[tuple[str, ...] | None, list[Counted]] = defaultdict(list)
    for item in items:
        found[dict(item.said).get(MEMBER)].append(item)
    return map(tuple, found.values())


def _itself(held: object) -> tuple[object, ...]:
    return (held,)


def _whole(held: object) -> object:
    """Return the state itself, as the view of a figure that needs no view."""
    return held


def _asked(figure: Figure[Any]) -> tuple[_View, Things, How]:
    """Return the three functions of a figure: view of a state, things in the view, items of one thing."""
    match figure.counted:
        case EachInView(view=view, things=things, counted=counted):
            return view, things, counted
        case EachCounted(things=things, counted=counted):
            return _whole, things, counted
        case counted:
            return _whole, _itself, counted


_Group: TypeAlias = tuple[Things, tuple[tuple[Counting, How], ...]]
"""Function that finds the things of one sort, and pairs of (way of counting, function that returns a thing's items)."""


def _groups(part: Part[Any]) -> tuple[tuple[_View, tuple[_Group, ...]], ...]:
    """Return pairs of (view of the part's state, groups of the things that are found in that view)."""
    views: dict[_View, dict[Things, dict[tuple[How, bool], list[Figure[Any]]]]] = {}
    for figure in (*part.figures, *part.beside):
        view, things, how = _asked(figure)
        ways = views.setdefault(view, {}).setdefault(things, {})
        ways.setdefault((how, figure.distinct), []).append(figure)
    return tuple(
        (
            view,
            tuple(
                (things, tuple((Counting(distinct, tuple(each)), how) for (how, distinct), each in ways.items()))
                for things, ways in found.items()
            ),
        )
        for view, found in views.items()
    )


_GROUPS: Final = MappingProxyType({part.name: _groups(part) for part in PARTS})

_FEW: Final = 4
"""Largest number of items of one entity whose cells are cached. More are rare, and would make the cache too large."""

CountedItems: TypeAlias = Mapping[Counting, Items]
"""Items of one part of an entity, by way of counting."""

Counts: TypeAlias = Mapping[str, CountedItems]
"""Items of all parts of an entity, by the part's name."""

NOTHING: Final[Counts] = MappingProxyType({})
_NONE: Final[CountedItems] = {}


def counts(state: EntityState, before: EntityState, known: Counts) -> Counts:
    """Return the counted items of `state`, by part. `known` holds the items of the earlier state `before`.

    A part that is equal in both states is not counted again: its items are taken from `known`.
    """
    if state is before:
        return known
    found: dict[str, CountedItems] = {}
    for name, held in state.items():
        was = before.get(name)
        # Comparing two parts is cheaper than counting again.
        found[name] = known[name] if was is held or was == held else _counted(name, held, known.get(name, _NONE))
    return found


def _counted(name: str, held: object, known: CountedItems) -> CountedItems:
    """Return the items of a part in the state `held`. `known` holds the items of its earlier state."""
    found: dict[Counting, Items] = {}
    for view, groups in _GROUPS[name]:
        seen = view(held)
        for things_of, countings in groups:
            things = things_of(seen)
            if things:
                _count(found, things, countings, known)
    return found or _NONE


def _count(
    found: dict[Counting, Items],
    things: Sequence[Any],
    countings: Iterable[tuple[Counting, How]],
    known: CountedItems,
) -> None:
    """Add to `found` the items of things of one sort, for each way of counting them."""
    only = things[0] if len(things) == 1 else None  # as mostly
    for counting, how in countings:
        items = tuple(chain.from_iterable(map(how, things)) if only is None else how(only))
        if not items:
            continue
        if counting.distinct and len(items) > 1:  # equal items, from several statements, count once
            items = tuple(dict.fromkeys(items))
        was = known.get(counting)
        # An event changes few figures of a part. Comparing items is cheaper than hashing them.
        found[counting] = _first_like(items) if was is None or was != items else was


# Entities with equal items share one tuple of them. Most entities have equal items, and items are most of their memory.
@lru_cache(maxsize=16_384)
def _first_like(items: Items) -> Items:
    return items


class Tally:
    """Changes in the number of entities that count each group of items (`Counting.groups`), over many entities."""

    __slots__ = ("_more",)

    def __init__(self) -> None:
        self._more: dict[Counting, dict[Items, int]] = defaultdict(lambda: defaultdict(int))

    def __len__(self) -> int:
        return sum(map(len, self._more.values()))

    def add(self, before: Counts, after: Counts) -> None:
        """Replace the items of one entity: those of `before` count one less, those of `after` one more."""
        for name, now in after.items():
            then = before.get(name, _NONE)
            if then is not now:
                self._change(then, now)
        for name in before.keys() - after.keys():
            self._change(before[name], _NONE)

    def _change(self, then: CountedItems, now: CountedItems) -> None:
        for counting, items in now.items():
            was = then.get(counting)
            if was is None:
                self._more_of(counting, counting.groups(items), 1)
            elif was is not items:
                self._replace(counting, tuple(counting.groups(was)), tuple(counting.groups(items)))
        if then:
            for counting in then.keys() - now.keys():
                self._more_of(counting, counting.groups(then[counting]), -1)

    def _replace(self, counting: Counting, was: Sequence[Items], now: Sequence[Items]) -> None:
        same = sum(takewhile(bool, map(eq, was, now)))  # mostly all of `was`: items are added at the end
        self._more_of(counting, was[same:], -1)
        self._more_of(counting, now[same:], 1)

    def _more_of(self, counting: Counting, groups: Iterable[Items], number: int) -> None:
        more = self._more[counting]
        for group in groups:
            more[group] += number

    def cells(self) -> dict[CellKey, int]:
        """Return the amounts that these changes add to cells. Amounts of 0 are left out."""
        found: dict[CellKey, int] = defaultdict(int)
        for counting, changes in self._more.items():
            for items, more in changes.items():
                if more:
                    for key, amount in (cached_cells if len(items) <= _FEW else _amounts)(counting, items):
                        found[key] += more * amount
        return {key: amount for key, amount in found.items() if amount}


def _amounts(counting: Counting, items: Items) -> tuple[tuple[CellKey, int], ...]:
    return tuple([each for figure in counting.figures for each in contributions(figure, items)])


# Items that an entity no longer counts were counted a moment ago, and other entities count equal items.
@lru_cache(maxsize=8_192)
def cached_cells(counting: Counting, items: Items) -> tuple[tuple[CellKey, int], ...]:
    """Return (cell, amount) of a few items, for all figures of a way of counting. A cell may occur several times."""
    return _amounts(counting, items)


def cells_from(counted_by: Counts) -> dict[CellKey, int]:
    """Compute the cells of one entity, for all figures, from its items."""
    tally = Tally()
    tally.add(NOTHING, counted_by)
    return tally.cells()


def cells(state: EntityState) -> dict[CellKey, int]:
    """Compute the cells of one entity, for all figures, from its state."""
    return cells_from(counts(state, {}, NOTHING))
