"""What entities count, and the cells that follow from it.

What an event changes in what an entity counts is added up over a batch before it becomes cells: most entities count
the same things, and a thing stands in many cells.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from services.reporting.domain.algebra import CellKey, contributions
from services.reporting.domain.each import Each
from services.reporting.domain.figure import Counted, Figure
from services.reporting.domain.part import Part, State
from services.reporting.domain.parts import PARTS

Items: TypeAlias = tuple[Counted, ...]
Things: TypeAlias = Callable[[Any], Sequence[Any]]
How: TypeAlias = Callable[[Any], Iterable[Counted]]


@dataclass(frozen=True, slots=True, eq=False)
class Counting:
    """One way of counting a thing, and the figures that are counted so and differ in their breakdowns alone."""

    counted: How
    distinct: bool
    figures: tuple[Figure[Any], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """All ways of counting the same things of a part."""

    things: Things
    countings: tuple[Counting, ...]

    def counted(self, held: object) -> tuple[Items, ...]:
        """What each of them counts, in their order; nothing at all where none counts anything."""
        things = self.things(held)
        if not things:
            return ()
        found = tuple([_shared([item for thing in things for item in each.counted(thing)]) for each in self.countings])
        return found if any(found) else ()


def _shared(items: list[Counted]) -> Items:
    """What is counted, in one copy for all entities that count the same: most do, and it is most of an entity."""
    return _first_like(tuple(items)) if items else ()


@lru_cache(maxsize=16_384)
def _first_like(items: Items) -> Items:
    return items


def _itself(held: object) -> tuple[object, ...]:
    return (held,)


def _groups(part: Part[Any]) -> tuple[Group, ...]:
    found: dict[Things, dict[tuple[How, bool], list[Figure[Any]]]] = {}
    for figure in part.figures:
        how = figure.counted if isinstance(figure.counted, Each) else Each(_itself, figure.counted)
        found.setdefault(how.things, {}).setdefault((how.counted, figure.distinct), []).append(figure)
    return tuple(
        Group(things, tuple(Counting(counted, distinct, tuple(each)) for (counted, distinct), each in ways.items()))
        for things, ways in found.items()
    )


_GROUPS: Final[Mapping[str, tuple[Group, ...]]] = MappingProxyType({part.name: _groups(part) for part in PARTS})

Counts: TypeAlias = Mapping[str, tuple[tuple[Items, ...], ...]]
"""What an entity's parts count, by their names: for each group, and in it for each way of counting, in their order."""

NOTHING: Final[Counts] = MappingProxyType({})


def counts(state: State, before: State, known: Counts) -> Counts:
    """What a state counts; `known` is what `before` counted, kept for parts that are equal."""
    if state is before:
        return known
    return {
        name: known[name] if _same(before.get(name), held) else tuple([group.counted(held) for group in _GROUPS[name]])
        for name, held in state.items()
    }


def _same(before: object, held: object) -> bool:
    """Equal parts count the same; to see that they are equal is cheaper than to count again."""
    return before is held or before == held


class Tally:
    """How many more entities, or fewer, count each thing than did: of a distinct figure all that one counts."""

    __slots__ = ("_more",)

    def __init__(self) -> None:
        self._more: dict[Counting, dict[Items, int]] = defaultdict(lambda: defaultdict(int))

    def __len__(self) -> int:
        return sum(map(len, self._more.values()))

    def add(self, before: Counts, after: Counts) -> None:
        """Count an entity as it is instead of as it was."""
        for name in {**before, **after}:
            then, now = before.get(name), after.get(name)
            if then is now:
                continue
            groups = _GROUPS[name]
            nothing = ((),) * len(groups)
            for group, was, is_now in zip(groups, then or nothing, now or nothing, strict=True):
                if was != is_now:
                    self._change(group, was, is_now)

    def _change(self, group: Group, then: tuple[Items, ...], now: tuple[Items, ...]) -> None:
        nothing = ((),) * len(group.countings)
        for counting, was, is_now in zip(group.countings, then or nothing, now or nothing, strict=True):
            if was == is_now:
                continue
            more = self._more[counting]
            if counting.distinct:
                more[was] -= 1
                more[is_now] += 1
                continue
            same = _alike(was, is_now)
            for item in was[same:]:
                more[item,] -= 1
            for item in is_now[same:]:
                more[item,] += 1

    def cells(self) -> dict[CellKey, int]:
        """What must be added to cells for it."""
        found: dict[CellKey, int] = defaultdict(int)
        for counting, changes in self._more.items():
            for items, more in changes.items():
                if more and items:
                    for figure in counting.figures:
                        for key, amount in contributions(figure, items):
                            found[key] += more * amount
        return {key: amount for key, amount in found.items() if amount}


def _alike(left: tuple[Counted, ...], right: tuple[Counted, ...]) -> int:
    """How many the two have in common from the first on; most often something is added behind."""
    return next(
        (at for at, (one, other) in enumerate(zip(left, right, strict=False)) if one != other),
        min(len(left), len(right)),
    )


def cells_from(counted_by: Counts) -> dict[CellKey, int]:
    """The cells of one entity for all figures of its kind."""
    tally = Tally()
    tally.add(NOTHING, counted_by)
    return tally.cells()


def cells(state: State) -> dict[CellKey, int]:
    """The same from its state."""
    return cells_from(counts(state, {}, NOTHING))
