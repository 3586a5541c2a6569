"""Protection of figures that are parts of others: who subtracts parts from their whole finds no small number.

Within a year the smallest part is hidden until what is not told is large enough. Quarters of a whole and its
parts are a table in two ways, by figure and by quarter: all of a year are told, or those of the parts are hidden, and
those of the whole beside a part that is told for the year.
"""

from collections.abc import Iterator
from typing import Final

from services.reporting.values.row import ValueKey
from services.reporting.values.sight import ExactValues, FigureSum, Sight, SightRules, Sights

_QUARTERS: Final = 4


def protect_sums(values: ExactValues, found: Sights, rules: SightRules) -> None:
    """Hide parts of sums, again and again until nothing more has to be hidden: a figure stands in several sums."""
    years = sorted({key.period for key in values if "-" not in key.period})
    places = [_SumOfYear(values, found, rules, each, year) for each in rules.sums for year in years]
    changed = True
    while changed:
        changed = False
        for place in places:
            changed = place.hide() or changed


class _SumOfYear:
    """A sum in one year and its quarters."""

    def __init__(self, values: ExactValues, found: Sights, rules: SightRules, of: FigureSum, year: str) -> None:
        self._values, self._found, self._rules = values, found, rules
        self._of, self._year = of, year

    def hide(self) -> bool:
        """Hide what must be, and say whether that was anything."""
        hidden = list(self._in_year())
        if hidden or not self._quarters_are_safe():
            hidden += [key for each in self._quarters() for key in self._parts(each) if self._can_be_hidden(key)]
            if self._tells_a_part():
                wholes = [ValueKey(self._of.whole, each) for each in self._quarters()]
                hidden += [key for key in wholes if self._found.get(key) is Sight.SHOWN and self._can_be_hidden(key)]
        for key in hidden:
            self._found[key] = Sight.HIDDEN
        return bool(hidden)

    def _parts(self, period: str) -> list[ValueKey]:
        keys = (ValueKey(part, period) for part in self._of.parts)
        return [key for key in keys if key in self._found and self._found[key] is not Sight.MISSING]

    def _can_be_hidden(self, key: ValueKey) -> bool:
        """Whether the value is not hidden yet, and the policy does not tell it exactly."""
        told = key.figure in self._rules.open or ("-" not in key.period and (key.figure, "") in self._rules.yearly)
        return not told and self._found[key] is not Sight.HIDDEN

    def _in_year(self) -> Iterator[ValueKey]:
        """Give the parts to hide in the year."""
        parts = self._parts(self._year)
        free = sorted(filter(self._can_be_hidden, parts), key=lambda key: (self._amount(key), key))
        shown = [key for key in free if self._found[key] is Sight.SHOWN]
        if not self._safe(self._year):
            yield from shown[:1]
        if self._bands_are_narrow(parts):
            yield from (key for key in free if self._found[key] is Sight.BAND)

    def _safe(self, period: str) -> bool:
        """Whether nobody who subtracts the parts that are shown finds a small number."""
        whole, parts = ValueKey(self._of.whole, period), self._parts(period)
        shown = [key for key in parts if self._found[key] is Sight.SHOWN]
        if not shown or whole not in self._found:
            return True
        if self._of.complete and len(shown) == len(parts):
            return self._found[whole] is Sight.SHOWN  # else the parts would give it away
        if self._found[whole] is not Sight.SHOWN:
            return True
        rest = self._amount(whole) - sum(map(self._amount, shown))
        return (rest >= self._rules.smallest or rest < 0) and not (self._of.complete and len(shown) == len(parts) - 1)

    def _bands_are_narrow(self, parts: list[ValueKey]) -> bool:
        """Whether the ends of bands tell that something is not nought: a whole of 8 in two bands is 4 and 4."""
        whole, end = ValueKey(self._of.whole, self._year), self._rules.smallest - 1
        if self._found.get(whole) is not Sight.SHOWN:
            return False
        bands = [key for key in parts if self._found[key] is Sight.BAND]
        others = sum(self._amount(key) for key in parts if self._found[key] is Sight.SHOWN)
        rest = self._amount(whole) - others
        if len(self._of.parts) == 1:
            return any(self._outside_is_small(key) for key in bands)
        loose = not self._of.complete or any(self._found[key] is Sight.HIDDEN for key in parts)
        return not loose and bool(bands) and (len(bands) - 1) * end < rest

    def _outside_is_small(self, part: ValueKey) -> bool:
        """Whether few of the whole are not in a part, in the year or in a quarter of which the whole is shown."""
        for period in (self._year, *self._quarters()):
            whole, own = ValueKey(self._of.whole, period), part._replace(period=period)
            known = self._found.get(whole) is Sight.SHOWN and own in self._found
            if known and 0 <= self._amount(whole) - self._amount(own) < self._rules.smallest:
                return True
        return False

    def _quarters(self) -> list[str]:
        return [f"{self._year}-Q{number}" for number in range(1, _QUARTERS + 1)]

    def _tells_a_part(self) -> bool:
        """Whether a part is shown for the year: beside quarters of the whole it bounds those of the part.

        A part that the policy tells exactly bounds them anyway.
        """
        parts = [key for key in self._parts(self._year) if (key.figure, "") not in self._rules.yearly]
        return any(self._found[key] is Sight.SHOWN for key in parts)

    def _quarters_are_safe(self) -> bool:
        """Whether all quarters of the whole and its parts are shown, and none tells a small number."""
        for quarter in self._quarters():
            whole, parts = ValueKey(self._of.whole, quarter), self._parts(quarter)
            if (
                self._found.get(whole, Sight.SHOWN) is not Sight.SHOWN
                or any(self._found[key] is not Sight.SHOWN for key in parts)
                or not self._safe(quarter)
            ):
                return False
        return True

    def _amount(self, key: ValueKey) -> float:
        return self._values[key].value or 0
