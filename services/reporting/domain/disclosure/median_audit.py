"""Audit of medians: an outsider must not know on which side of a shown median the durations of one year lie.

The outsider is assumed to know how many durations ended in each year, and each median that a release has shown.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from services.reporting.domain.disclosure.constraint_system import (
    LinearSystem,
    Solver,
    assume_fewest_changes,
    sum_in_world,
    world_with_smallest,
)


@dataclass(frozen=True, slots=True)
class PooledMedian:
    """Median of the durations of several years, as one release shows it.

    `low`, `high`: bounds of the exact median, both inclusive, because a release shows it rounded. `years`: number of
    each duration, by year. Of these an outsider knows only how many durations each year has.
    """

    low: int
    high: int
    years: Mapping[int, Mapping[int, int]]

    @property
    def rank(self) -> int:
        """Rank of the median among all durations, counted from 1: the shortest that half of them do not exceed."""
        return (sum(self.in_year(year) for year in self.years) + 1) // 2

    def in_year(self, year: int) -> int:
        """Return how many durations ended in a year."""
        return sum(self.years[year].values())


_Ranges: TypeAlias = Mapping[int, Sequence[int]]
"""By year, variables for the numbers of durations in each range, from the shortest range to the longest."""


def medians_disclose(medians: Sequence[PooledMedian], narrowest: int, solver: Solver) -> bool:
    """Whether an outsider who holds all these medians of one figure knows too much of a year's durations.

    `medians`: in the order of their releases. It is too much if fewer than `narrowest` durations of a year can lie on
    one side of a bound of some median. If a year has fewer, all of them must be possible there; and never more than one
    median alone lets possible. Raises `Unsolved` if the solver gives no answer.
    """
    bounds = sorted({bound for each in medians for bound in (each.low, each.high + 1)})
    system = LinearSystem()
    known = [_known(system, each, bounds) for each in medians]
    assume_fewest_changes(system, _same_ranges(known), solver)
    worlds: list[Sequence[int]] = []
    for side, reach in _sides(medians, known, narrowest):
        against = dict.fromkeys(side, -1)
        if all(sum_in_world(against, world) > -reach for world in worlds):
            worlds.append(world_with_smallest(system, against, solver))
            if sum_in_world(against, worlds[-1]) > -reach:
                return True
    return False


def _known(system: LinearSystem, median: PooledMedian, bounds: Sequence[int]) -> _Ranges:
    """Add what an outsider knows from one median to the system, and return its variables.

    `bounds`: least duration of each range but the first.
    """
    ranges = {year: [system.variable() for _ in range(len(bounds) + 1)] for year in median.years}
    for year, places in ranges.items():
        system.add(dict.fromkeys(places, 1), median.in_year(year), median.in_year(year))
    shorter, not_longer = (
        [place for places in ranges.values() for place in places[: bounds.index(bound) + 1]]
        for bound in (median.low, median.high + 1)
    )
    system.add(dict.fromkeys(shorter, 1), None, median.rank - 1)
    system.add(dict.fromkeys(not_longer, 1), median.rank, None)
    return ranges


def _same_ranges(known: Sequence[_Ranges]) -> Iterator[tuple[int, int]]:
    """Yield the variables of one year and range in a release and in the next release that has the year."""
    for year in sorted({year for ranges in known for year in ranges}):
        for one, other in pairwise([ranges[year] for ranges in known if year in ranges]):
            yield from zip(one, other, strict=True)


def _sides(
    medians: Sequence[PooledMedian], known: Sequence[_Ranges], narrowest: int
) -> Iterator[tuple[Sequence[int], int]]:
    """Yield the variables of a year on one side of a bound, and how many durations must be possible there."""
    for median, ranges in zip(medians, known, strict=True):
        for year, places in ranges.items():
            reach = min(narrowest, median.in_year(year), median.rank - 1)
            for bound in range(1, len(places)):
                yield places[:bound], reach
                yield places[bound:], reach
