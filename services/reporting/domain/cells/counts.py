"""Amounts that entities contribute to figures, and the cells that follow.

What an event changes in what an entity counts is added up over a batch before it becomes cells: most entities count
the same things, and a thing stands in many cells.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from services.reporting.domain.cells.algebra import CellKey, contributions
from services.reporting.domain.declaration.count_each import EachCounted, EachInView
from services.reporting.domain.declaration.figure import Counted, Figure
from services.reporting.domain.declaration.part import EntityState, Part
from services.reporting.domain.figures.parts import PARTS

Items: TypeAlias = tuple[Counted, ...]
_View: TypeAlias = Callable[[Any], Any]
Things: TypeAlias = Callable[[Any], Sequence[Any]]
How: TypeAlias = Callable[[Any], Iterable[Counted]]


@dataclass(frozen=True, slots=True, eq=False)
class Counting:
    """One way of counting a thing, and the figures that are counted so and differ in their breakdowns alone."""

    distinct: bool
    figures: tuple[Figure[Any], ...]


def _itself(held: object) -> tuple[object, ...]:
    return (held,)


def _whole(held: object) -> object:
    """Give the view of a state that is the state."""
    return held


def _asked(figure: Figure[Any]) -> tuple[_View, Things, How]:
    """Give the view of a state that a figure asks, the things in it, and how one of them is counted."""
    match figure.counted:
        case EachInView(view=view, things=things, counted=counted):
            return view, things, counted
        case EachCounted(things=things, counted=counted):
            return _whole, things, counted
        case counted:
            return _whole, _itself, counted


_Group: TypeAlias = tuple[Things, tuple[tuple[Counting, How], ...]]
"""Things of one sort, with all ways of counting them."""


def _groups(part: Part[Any]) -> tuple[tuple[_View, tuple[_Group, ...]], ...]:
    """Give the things of a part, by the view in which they are found."""
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
"""Of so many things together the cells are remembered: more are rare, and memory would grow with the largest entity."""

CountedItems: TypeAlias = Mapping[Counting, Items]
"""Items of one part, by each of its ways of counting."""

Counts: TypeAlias = Mapping[str, CountedItems]
"""Items of an entity's parts, by the parts' names."""

NOTHING: Final[Counts] = MappingProxyType({})
_NONE: Final[CountedItems] = {}


def counts(state: EntityState, before: EntityState, known: Counts) -> Counts:
    """Give a state's items. `known`: the items of the state `before`, which are reused where the parts are equal."""
    if state is before:
        return known
    found: dict[str, CountedItems] = {}
    for name, held in state.items():
        was = before.get(name)
        # To see that two parts are equal is cheaper than to count again.
        found[name] = known[name] if was is held or was == held else _counted(name, held)
    return found


def _counted(name: str, held: object) -> CountedItems:
    found: dict[Counting, Items] = {}
    for view, groups in _GROUPS[name]:
        seen = view(held)
        for things_of, countings in groups:
            things = things_of(seen)
            if things:
                _count(found, things, countings)
    return found or _NONE


def _count(found: dict[Counting, Items], things: Sequence[Any], countings: Iterable[tuple[Counting, How]]) -> None:
    """Count things of one sort in all of their ways of counting."""
    only = things[0] if len(things) == 1 else None  # as mostly
    for counting, how in countings:
        items = tuple(chain.from_iterable(map(how, things)) if only is None else how(only))
        if not items:
            continue
        if counting.distinct and len(items) > 1:  # what was said of it by several is one thing
            items = tuple(dict.fromkeys(items))
        found[counting] = _first_like(items)


# One copy for all entities that count the same: most do, and it is most of an entity.
@lru_cache(maxsize=16_384)
def _first_like(items: Items) -> Items:
    return items


class Tally:
    """The change in each count, by thing. Of a distinct figure a thing is everything that one entity counts."""

    __slots__ = ("_more",)

    def __init__(self) -> None:
        self._more: dict[Counting, dict[Items, int]] = defaultdict(lambda: defaultdict(int))

    def __len__(self) -> int:
        return sum(map(len, self._more.values()))

    def add(self, before: Counts, after: Counts) -> None:
        """Count an entity as it is now in place of as it was."""
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
                self._more_of(counting, items, 1)
            elif was is not items:
                self._replace(counting, was, items)
        if then:
            for counting in then.keys() - now.keys():
                self._more_of(counting, then[counting], -1)

    def _replace(self, counting: Counting, was: Items, items: Items) -> None:
        same = len(was)
        if counting.distinct or was != items[:same]:
            self._more_of(counting, was, -1)
            self._more_of(counting, items, 1)
        else:  # most often something is added behind
            self._more_of(counting, items[same:], 1)

    def _more_of(self, counting: Counting, items: Items, number: int) -> None:
        more = self._more[counting]
        if counting.distinct:
            more[items] += number
        else:
            for item in items:
                more[item,] += number

    def cells(self) -> dict[CellKey, int]:
        """Give the amounts to add to the cells."""
        found: dict[CellKey, int] = defaultdict(int)
        for counting, changes in self._more.items():
            for items, more in changes.items():
                if more:
                    for key, amount in (remembered if len(items) <= _FEW else _amounts)(counting, items):
                        found[key] += more * amount
        return {key: amount for key, amount in found.items() if amount}


def _amounts(counting: Counting, items: Items) -> tuple[tuple[CellKey, int], ...]:
    return tuple([each for figure in counting.figures for each in contributions(figure, items)])


# What an entity no longer counts it counted a moment ago, and others count the same.
@lru_cache(maxsize=8_192)
def remembered(counting: Counting, items: Items) -> tuple[tuple[CellKey, int], ...]:
    """Give the cells of a few things of one counting, for all its figures. A cell may come several times."""
    return _amounts(counting, items)


def cells_from(counted_by: Counts) -> dict[CellKey, int]:
    """Give the cells of one entity for all figures of its kind."""
    tally = Tally()
    tally.add(NOTHING, counted_by)
    return tally.cells()


def cells(state: EntityState) -> dict[CellKey, int]:
    """Give the cells of an entity from its state."""
    return cells_from(counts(state, {}, NOTHING))
