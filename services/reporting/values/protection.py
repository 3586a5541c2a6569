"""Protection of exact values for `me_read`: bands for one to four, and no sum that could narrow a band.

Two kinds of sums are known to a reader: the rows of a breakdown add up to its whole, and the quarters of a year to the
year. In each of them a hidden number must stay as wide as its band. Where it would not, another number is hidden.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import Enum
from itertools import chain
from math import inf
from typing import Final, NamedTuple

from services.reporting.values.row import ExactValue, ValueKey

SMALLEST_SHOWN: Final = 5
"""Numbers from one up to this one are hidden: few enough persons to be known to neighbours."""

FEWEST_OF_A_RATE: Final = 10
"""A rate or a median of fewer is hidden: it would give its counts back."""

BAND: Final = f"1-{SMALLEST_SHOWN - 1}"

_WIDTH: Final = 3
"""Least width of the interval in which a number lies that is hidden for another one's sake."""


class Sight(Enum):
    """How a value is shown."""

    SHOWN = "shown"
    BAND = "band"
    """A number from one to four, as the band."""
    HIDDEN = "hidden"
    """A larger number that would narrow a band, or a rate of few."""
    WITHHELD = "withheld"
    """Any number of a quarter whose year is in the band."""
    OMITTED = "omitted"
    """A row of a breakdown that would tell how a small whole is made up. There is no row of it."""
    MISSING = "missing"
    """Nobody counted, or nothing ended."""


_ANY: Final = frozenset({Sight.WITHHELD, Sight.OMITTED})
"""Sights of numbers that may be zero too."""


class _Sum(NamedTuple):
    """Keys whose values add up to the value of `whole`."""

    whole: ValueKey
    parts: tuple[ValueKey, ...]

    @property
    def all(self) -> tuple[ValueKey, ...]:
        return self.whole, *self.parts


def sights(values: Mapping[ValueKey, ExactValue], public: Collection[str] = ()) -> dict[ValueKey, Sight]:
    """Decide how each value is shown. Values of `public` figures are shown as they are."""
    found = {key: _alone(each, public=key.figure in public) for key, each in values.items()}
    protected = [key for key in values if key.figure not in public]
    for key in protected:
        if "-" in key.period and found.get(key._replace(period=key.period[:4])) is Sight.BAND:
            found[key] = Sight.OMITTED if key.dimension else Sight.WITHHELD
    for key in protected:
        if key.dimension and found.get(ValueKey(key.figure, key.period)) in {Sight.BAND, Sight.WITHHELD}:
            found[key] = Sight.OMITTED
    sums = [
        each for each in _sums({key: values[key] for key in protected}) if found[each.whole] not in {Sight.BAND, *_ANY}
    ]
    while any(_hide_more(each, values, found) for each in sums):
        pass
    return found


def _alone(exact: ExactValue, *, public: bool) -> Sight:
    """Give the sight of a value by itself."""
    if exact.value is None:
        return Sight.MISSING
    if public:
        return Sight.SHOWN
    if exact.counted is not None:
        return Sight.SHOWN if exact.counted >= FEWEST_OF_A_RATE else Sight.HIDDEN
    return Sight.BAND if 0 < exact.value < SMALLEST_SHOWN else Sight.SHOWN


def _sums(values: Mapping[ValueKey, ExactValue]) -> Iterator[_Sum]:
    """Yield the sums that hold: a whole with the rows of a breakdown, and a year with its quarters."""
    rows: dict[tuple[str, str, str], list[ValueKey]] = defaultdict(list)
    quarters: dict[ValueKey, list[ValueKey]] = defaultdict(list)
    for key in values:
        if key.dimension:
            rows[key.figure, key.period, key.dimension].append(key)
        if "-" in key.period:
            quarters[key._replace(period=key.period[:4])].append(key)
    wholes = ((ValueKey(figure, period), parts) for (figure, period, _), parts in rows.items())
    for whole, parts in chain(wholes, quarters.items()):
        if whole in values and _holds(values, whole, parts):
            yield _Sum(whole, tuple(sorted(parts)))


def _holds(values: Mapping[ValueKey, ExactValue], whole: ValueKey, parts: Sequence[ValueKey]) -> bool:
    known = [values[part].value for part in parts]
    return None not in known and values[whole].value == sum(each or 0 for each in known)


def _hide_more(each: _Sum, values: Mapping[ValueKey, ExactValue], found: dict[ValueKey, Sight]) -> bool:
    """Hide numbers of a sum until none that is hidden can be narrowed; say whether any was."""
    changed = False
    while _narrowed(each, values, found):
        shown = [key for key in each.parts if found[key] is Sight.SHOWN and values[key].value]
        if not shown and found[each.whole] is Sight.SHOWN:
            shown = [each.whole]
        if not shown:
            break
        found[min(shown, key=lambda key: (values[key].value or 0, key))] = Sight.HIDDEN
        changed = True
    return changed


def _narrowed(each: _Sum, values: Mapping[ValueKey, ExactValue], found: Mapping[ValueKey, Sight]) -> bool:
    bounds = {key: _bounds(found[key], values[key].value or 0) for key in each.all}
    low = sum(bounds[key][0] for key in each.parts)
    high = sum(bounds[key][1] for key in each.parts)
    for key in each.all:
        least, most = bounds[key]
        if least == most:
            continue
        if key == each.whole:
            implied = max(least, low), min(most, high)
        else:
            rest_low, rest_high = low - least, _less(high, most, each, bounds, key)
            implied = max(least, bounds[each.whole][0] - rest_high), min(most, bounds[each.whole][1] - rest_low)
        if found[key] is Sight.BAND and implied != (least, most):
            return True
        if found[key] is not Sight.BAND and implied[1] - implied[0] < _WIDTH:
            return True
    return False


def _less(high: float, most: float, each: _Sum, bounds: Mapping[ValueKey, tuple[float, float]], key: ValueKey) -> float:
    """Give the most that the other parts can be; infinities are added anew, for they cannot be taken away."""
    return high - most if high < inf else sum(bounds[part][1] for part in each.parts if part != key)


def _bounds(sight: Sight, value: float) -> tuple[float, float]:
    """Give the interval in which a reader knows a number to lie."""
    match sight:
        case Sight.BAND:
            return 1, SMALLEST_SHOWN - 1
        case Sight.HIDDEN:
            return SMALLEST_SHOWN, inf
        case Sight.WITHHELD | Sight.OMITTED:
            return 0, inf
        case _:
            return value, value
