"""Protection of figures that are parts of others: the shown parts, subtracted from their whole, give no small number.

Within a year, the smallest part is hidden until the hidden rest is large enough. The quarters of a whole and its parts
form a table with sums by figure and by quarter. If these sums are not all safe, the parts' quarters are hidden, and
also the whole's quarters if a part is shown for the year.
"""

from collections.abc import Iterator
from typing import Final

from services.reporting.values.stored_value import ValueKey
from services.reporting.values.value_display_rules import (
    DisplayRules,
    ExactValues,
    FigureSum,
    ValueDisplay,
    ValueDisplays,
)

_QUARTERS: Final = 4


def protect_sums(values: ExactValues, found: ValueDisplays, rules: DisplayRules) -> None:
    """Set values in `found` to `HIDDEN` until every sum of `rules` is safe.

    Each sum is checked repeatedly, because a figure is in several sums. Quarters are periods of their own too: before
    their year has ended, no sum of a year protects them.
    """
    periods = sorted({key.period for key in values})
    places = [_SumOfPeriod(values, found, rules, each, period) for each in rules.sums for period in periods]
    changed = True
    while changed:
        changed = False
        for place in places:
            changed = place.hide() or changed


class _SumOfPeriod:
    """A figure's sum in one year and in the year's quarters, or in one quarter, which has no quarters."""

    def __init__(
        self, values: ExactValues, found: ValueDisplays, rules: DisplayRules, of: FigureSum, period: str
    ) -> None:
        self._values, self._found, self._rules = values, found, rules
        self._of, self._period = of, period

    def hide(self) -> bool:
        """Take one step to protect this sum: hide the values that this step finds. Return whether it hid any.

        The sum may still be unsafe afterwards. `protect_sums` repeats the step until nothing changes.
        """
        hidden = list(self._in_period())
        if hidden or not self._quarters_are_safe():
            hidden += [key for each in self._quarters() for key in self._parts(each) if self._can_be_hidden(key)]
            if self._tells_a_part():
                wholes = [ValueKey(self._of.whole, each) for each in self._quarters()]
                hidden += [
                    key for key in wholes if self._found.get(key) is ValueDisplay.SHOWN and self._can_be_hidden(key)
                ]
        for key in hidden:
            self._found[key] = ValueDisplay.HIDDEN
        return bool(hidden)

    def _parts(self, period: str) -> list[ValueKey]:
        keys = (ValueKey(part, period) for part in self._of.parts)
        return [key for key in keys if key in self._found and self._found[key] is not ValueDisplay.MISSING]

    def _can_be_hidden(self, key: ValueKey) -> bool:
        """Whether the value is not hidden yet, and is not one that the policy shows exactly."""
        told = key.figure in self._rules.open or ("-" not in key.period and (key.figure, "") in self._rules.yearly)
        return not told and self._found[key] is not ValueDisplay.HIDDEN

    def _in_period(self) -> Iterator[ValueKey]:
        """Yield the parts to hide for the year."""
        parts = self._parts(self._period)
        free = sorted(filter(self._can_be_hidden, parts), key=lambda key: (self._amount(key), key))
        shown = [key for key in free if self._found[key] is ValueDisplay.SHOWN]
        if not self._safe(self._period):
            yield from shown[:1]
        if self._bands_are_narrow(parts):
            yield from (key for key in free if self._found[key] is ValueDisplay.BAND)

    def _safe(self, period: str) -> bool:
        """Whether a reader who subtracts the shown parts of a period from the whole gets no small number."""
        whole, parts = ValueKey(self._of.whole, period), self._parts(period)
        shown = [key for key in parts if self._found[key] is ValueDisplay.SHOWN]
        if not shown or whole not in self._found:
            return True
        if self._of.complete and len(shown) == len(parts):
            return self._found[whole] is ValueDisplay.SHOWN  # else the whole would be the sum of its parts
        if self._found[whole] is not ValueDisplay.SHOWN:
            return True
        rest = self._amount(whole) - sum(map(self._amount, shown))
        return (rest >= self._rules.smallest or rest < 0) and not (self._of.complete and len(shown) == len(parts) - 1)

    def _bands_are_narrow(self, parts: list[ValueKey]) -> bool:
        """Whether a shown whole tells more of a part than its band, or would do so for another amount in the band.

        Example: if a whole of 8 has two parts shown as the band 0-4, both parts must be 4. The amounts behind bands do
        not decide, since a reader who knows this rule would learn them from what is hidden.
        """
        whole, end = ValueKey(self._of.whole, self._period), self._rules.smallest - 1
        if self._found.get(whole) is not ValueDisplay.SHOWN:
            return False
        bands = [key for key in parts if self._found[key] is ValueDisplay.BAND]
        others = sum(self._amount(key) for key in parts if self._found[key] is ValueDisplay.SHOWN)
        rest = self._amount(whole) - others
        if len(self._of.parts) == 1:
            return any(self._outside_may_be_small(key) for key in bands)
        loose = not self._of.complete or any(self._found[key] is ValueDisplay.HIDDEN for key in parts)
        return not loose and bool(bands) and (len(bands) - 1) * end <= rest

    def _outside_may_be_small(self, part: ValueKey) -> bool:
        """Whether the whole minus the upper end of a part's band is a small number, in the year or in a quarter.

        Only periods count in which the whole is shown.
        """
        for period in (self._period, *self._quarters()):
            whole, own = ValueKey(self._of.whole, period), part._replace(period=period)
            known = self._found.get(whole) is ValueDisplay.SHOWN and own in self._found
            if known and self._amount(whole) < 2 * self._rules.smallest - 1:
                return True
        return False

    def _quarters(self) -> list[str]:
        return [f"{self._period}-Q{number}" for number in range(1, _QUARTERS + 1)]

    def _tells_a_part(self) -> bool:
        """Whether a part is shown for the year. Then quarters of the whole would bound the part's hidden quarters.

        Parts that the policy shows exactly for a year are ignored, because they bound their quarters anyway.
        """
        parts = [key for key in self._parts(self._period) if (key.figure, "") not in self._rules.yearly]
        return any(self._found[key] is ValueDisplay.SHOWN for key in parts)

    def _quarters_are_safe(self) -> bool:
        """Whether all quarters of the whole and its parts are shown, and no quarter discloses a small number."""
        for quarter in self._quarters():
            whole, parts = ValueKey(self._of.whole, quarter), self._parts(quarter)
            if (
                self._found.get(whole, ValueDisplay.SHOWN) is not ValueDisplay.SHOWN
                or any(self._found[key] is not ValueDisplay.SHOWN for key in parts)
                or not self._safe(quarter)
            ):
                return False
        return True

    def _amount(self, key: ValueKey) -> float:
        return self._values[key].value or 0
