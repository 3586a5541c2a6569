"""What entities count, and the cells that follow from it.

What an event changes in what an entity counts is added up over a batch before it becomes cells: most entities count
the same things, and a thing stands in many cells.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from services.reporting.domain.algebra import CellKey, contributions
from services.reporting.domain.figure import Counted, Figure
from services.reporting.domain.part import Part, State
from services.reporting.domain.parts import PARTS


@dataclass(frozen=True, slots=True, eq=False)
class Counting:
    """One way of counting in a part, and the figures that are counted so and differ in their breakdowns alone."""

    counted: Callable[[Any], Iterable[Counted]]
    distinct: bool
    figures: tuple[Figure[Any], ...]


def _countings(part: Part[Any]) -> tuple[Counting, ...]:
    found: dict[tuple[object, bool], list[Figure[Any]]] = {}
    for figure in part.figures:
        found.setdefault((figure.counted, figure.distinct), []).append(figure)
    return tuple(Counting(each[0].counted, each[0].distinct, tuple(each)) for each in found.values())


_COUNTINGS: Final[Mapping[str, tuple[Counting, ...]]] = MappingProxyType(
    {part.name: _countings(part) for part in PARTS}
)
_EMPTY: Final = MappingProxyType({name: ((),) * len(countings) for name, countings in _COUNTINGS.items()})

Counts: TypeAlias = Mapping[str, tuple[tuple[Counted, ...], ...]]
"""What an entity's parts count, by their names: for each way of counting in the part, in its order."""

NOTHING: Final[Counts] = MappingProxyType({})


def counts(state: State, before: State, known: Counts) -> Counts:
    """What a state counts; `known` is what `before` counted, kept for parts that are equal."""
    if state is before:
        return known
    return {
        name: known[name]
        if _same(before.get(name), held)
        else tuple([tuple(each.counted(held)) for each in _COUNTINGS[name]])
        for name, held in state.items()
    }


def _same(before: object, held: object) -> bool:
    """Equal parts count the same; to see that they are equal is cheaper than to count again."""
    return before is held or before == held


class Tally:
    """How many more entities, or fewer, count each thing than did: of a distinct figure all that one counts."""

    __slots__ = ("_more",)

    def __init__(self) -> None:
        self._more: dict[tuple[Counting, tuple[Counted, ...]], int] = defaultdict(int)

    def __len__(self) -> int:
        return len(self._more)

    def add(self, before: Counts, after: Counts) -> None:
        """Count an entity as it is instead of as it was."""
        more = self._more
        for name in before.keys() | after.keys():
            then, now = before.get(name, _EMPTY[name]), after.get(name, _EMPTY[name])
            if then is now:
                continue
            for counting, was, is_now in zip(_COUNTINGS[name], then, now, strict=True):
                if was == is_now:
                    continue
                if counting.distinct:
                    more[counting, was] -= 1
                    more[counting, is_now] += 1
                else:
                    for item in was:
                        more[counting, (item,)] -= 1
                    for item in is_now:
                        more[counting, (item,)] += 1

    def cells(self) -> dict[CellKey, int]:
        """What must be added to cells for it."""
        found: dict[CellKey, int] = defaultdict(int)
        for (counting, items), more in self._more.items():
            if more and items:
                for figure in counting.figures:
                    for key, amount in contributions(figure, items):
                        found[key] += more * amount
        return {key: amount for key, amount in found.items() if amount}


def cells_from(counted_by: Counts) -> dict[CellKey, int]:
    """The cells of one entity for all figures of its kind."""
    tally = Tally()
    tally.add(NOTHING, counted_by)
    return tally.cells()


def cells(state: State) -> dict[CellKey, int]:
    """The same from its state."""
    return cells_from(counts(state, {}, NOTHING))
