"""An outsider who knows how many durations ended in each year, and each median that releases have shown.

Its model has a variable for each single duration. The product's has numbers of durations within ranges.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import highspy

from tests.unit.reporting.disclosure.attacker import Variable

LONGEST: Final = 400
"""No duration is longer, in days."""


@dataclass(slots=True)
class MedianAttacker:
    """Knows the number of durations by year, and sees medians of several years, each with its bounds."""

    counts: Mapping[int, int]
    seen: list[tuple[Sequence[int], int, int]] = field(default_factory=list)

    def see(self, years: Sequence[int], low: int, high: int) -> None:
        """Take a median that a release shows: it lies between the bounds, both inclusive."""
        self.seen.append((years, low, high))

    def most(self, year: int, bound: int, *, longer: bool) -> int:
        """Give how many durations of a year can be longer than `bound`, or at most as long."""
        model = highspy.Highs()  # type: ignore[no-untyped-call] # the library types all but this
        model.setOptionValue("output_flag", False)
        durations = {
            each: [model.addIntegral(lb=0, ub=LONGEST) for _ in range(count)] for each, count in self.counts.items()
        }
        for years, low, high in self.seen:
            own = [duration for each in years for duration in durations[each]]
            rank = (len(own) + 1) // 2
            model.addConstr(sum(_is_at_most(model, each, high) for each in own) >= rank)
            if low > 0:
                model.addConstr(sum(_is_at_most(model, each, low - 1) for each in own) <= rank - 1)
        wanted = sum(_is_at_most(model, each, bound) for each in durations[year])
        model.minimize(wanted if longer else -wanted)
        assert model.getModelStatus() == highspy.HighsModelStatus.kOptimal
        found = round(model.getObjectiveValue())
        return self.counts[year] - found if longer else -found


def _is_at_most(model: highspy.Highs, duration: Variable, bound: int) -> Variable:
    """Add a variable that is 1 if a duration is at most a bound, and 0 if it is longer."""
    found = model.addBinary()
    model.addConstr(duration + (LONGEST - bound) * found <= LONGEST)
    model.addConstr(duration + (bound + 1) * found >= bound + 1)
    return found
