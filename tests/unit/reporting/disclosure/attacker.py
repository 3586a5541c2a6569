"""An outsider with a linear program of its own. It knows what releases show and what the figures mean, and no code.

It assumes that no amount changed between releases, as far as what is shown allows. Its model has one variable for each
year and value, and nothing else: totals and pools are sums. The product's has cells with relations between them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import ceil, floor
from typing import Any, Final, NamedTuple, TypeAlias

import highspy

NEAR: Final = 1e-5
MOST: Final = 5_000

Variable: TypeAlias = Any
"""A variable or a sum of the library, which types neither."""

World: TypeAlias = dict[tuple[int, str, str], Variable]
"""The library's variable for each year, dimension and value, as of one release."""


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row as it is printed: years, the value of the breakdown (None: the whole), and what stands there."""

    first: int
    last: int
    by: str | None
    value: str | None
    low: int
    high: int


class WantedAmount(NamedTuple):
    """An amount that the attacker wants: by release, years, dimension and value. `outside`: all but that row."""

    release: int
    first: int
    last: int
    by: str
    value: str
    outside: bool = False


@dataclass(slots=True)
class Attacker:
    """Knows one figure: its breakdowns with their values, and what each release shows of it."""

    breakdowns: Mapping[str, Sequence[str]]
    years: Sequence[int]
    releases: list[tuple[int, list[ShownRow]]] = field(default_factory=list)

    def see(self, year: int, shown: Iterable[ShownRow]) -> None:
        """Take what a release of a year shows."""
        self.releases.append((year, list(shown)))

    def bounds(self, wanted: Iterable[WantedAmount]) -> list[tuple[int, int]]:
        """Give the least and the most that amounts can be."""
        model, worlds = self._model()
        return [self._bound(model, self._target(worlds[each.release], each)) for each in wanted]

    def moves(self, between: tuple[int, int], rows: Iterable[tuple[int, int, str, str]]) -> list[tuple[int, int]]:
        """Give the least and the most by which rows can have moved from one release to another.

        Each row is given by its first and last year, dimension and value. Nothing is assumed of what changed.
        """
        model, worlds = self._model(stable=False)
        before, after = (worlds[each] for each in between)
        found = []
        for first, last, by, value in rows:
            target = sum(after[year, by, value] - before[year, by, value] for year in range(first, last + 1))
            found.append(self._bound(model, target))
        return found

    def _target(self, world: World, each: WantedAmount) -> Variable:
        span = range(each.first, each.last + 1)
        amount = sum(world[year, each.by, each.value] for year in span)
        return self._sum(world, span, each.by) - amount if each.outside else amount

    @staticmethod
    def _bound(model: highspy.Highs, target: Variable) -> tuple[int, int]:
        return ceil(_value(model, target, 1) - NEAR), floor(_value(model, target, -1) + NEAR)

    def _model(self, *, stable: bool = True) -> tuple[highspy.Highs, list[World]]:
        model = highspy.Highs()  # type: ignore[no-untyped-call] # the library types all but this
        model.setOptionValue("output_flag", False)
        worlds = [self._world(model, year, shown) for year, shown in self.releases]
        if stable:
            assume_few_changes(model, pairwise(worlds))
        return model, worlds

    def _world(self, model: highspy.Highs, year: int, shown: Iterable[ShownRow]) -> World:
        own = [each for each in self.years if each <= year]
        world = {
            (each, by, value): model.addVariable(lb=0, ub=MOST)
            for each in own
            for by, values in self.breakdowns.items()
            for value in values
        }
        first, *others = self.breakdowns
        for each in own:
            for by in others:  # everybody stands once in each breakdown
                model.addConstr(self._sum(world, [each], first) == self._sum(world, [each], by))
        for row in shown:
            span = [each for each in own if row.first <= each <= row.last]
            if row.by is None or row.value is None:
                amount = self._sum(world, span, first)
            else:
                amount = sum(world[each, row.by, row.value] for each in span)
            model.addConstr(amount >= row.low)
            model.addConstr(amount <= row.high)
        return world

    def _sum(self, world: World, years: Iterable[int], by: str) -> Variable:
        return sum(world[each, by, value] for each in years for value in self.breakdowns[by])


def assume_few_changes(model: highspy.Highs, pairs: Iterable[tuple[World, World]]) -> None:
    """Let the amounts of each pair of worlds differ by no more in sum than what is shown demands."""
    moved = []
    for before, after in pairs:
        for key in before.keys() & after.keys():
            change = model.addVariable(lb=0, ub=MOST)
            model.addConstr(change >= after[key] - before[key])
            model.addConstr(change >= before[key] - after[key])
            moved.append(change)
    if moved:
        model.minimize(sum(moved))
        assert model.getModelStatus() == highspy.HighsModelStatus.kOptimal
        model.addConstr(sum(moved) <= ceil(model.getObjectiveValue() - NEAR))


def _value(model: highspy.Highs, target: Variable, sign: int) -> float:
    model.minimize(sign * target)
    assert model.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return sign * float(model.getObjectiveValue())
