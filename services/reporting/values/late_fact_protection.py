"""Late facts: which shown values change, and which stay as they were shown.

A reader who recorded an earlier value can subtract it from a later one. The difference must not be a small number: of a
value, of the rest of its whole, or of the rest of a sum. Therefore one late person changes no shown value.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from services.reporting.values.stored_value import ExactValue, ValueKey
from services.reporting.values.value_display_rules import (
    SEVERAL,
    DisplayRules,
    ExactValues,
    ShownValue,
    ShownValues,
    ValueDisplay,
    ValueDisplays,
)


class ToldBefore(NamedTuple):
    """An amount at the time when its value was shown anew. `known_at`: number of events counted then.

    `whole`: the amount of its whole (`_whole_of`) then; None if it had none.
    """

    amount: float
    whole: float | None = None
    known_at: int = 0

    @property
    def outside(self) -> float | None:
        """Return the whole minus the amount; None without a whole."""
        return None if self.whole is None else self.whole - self.amount


ToldHistory: TypeAlias = Mapping[ValueKey, Sequence[ToldBefore]]
"""For each value, the amounts at each time when it was shown anew; the last one last."""


def are_late_facts_gathered(key: ValueKey, rules: DisplayRules) -> bool:
    """Whether late facts are gathered for a value before it changes.

    They are if it counts persons at risk and the policy does not show it exactly. A rate is False, because it follows
    from the values that it is computed from. A breakdown of a quarter, and one that `rules` hides, are False, because
    they are never shown.
    """
    if key.figure in rules.open or key.figure in rules.parts_of_rates:
        return False
    if rules.hides_breakdown(key.figure, key.dimension):
        return False
    if _quarterly(key):
        return not key.dimension
    return (key.figure, key.dimension) not in rules.yearly


def amount_to_store(key: ValueKey, values: ExactValues, known_at: int = 0) -> ToldBefore:
    """Return the amount of a value in the form in which it is stored when the value is shown anew."""
    whole = _whole_of(key)
    of_whole = None if whole is None or whole not in values else _amount(whole, values)
    return ToldBefore(_amount(key, values), of_whole, known_at)


def with_releases(history: ToldHistory, released: ToldHistory) -> ToldHistory:
    """Return the history with the amounts that public releases show of its values.

    A reader subtracts a release from a later value too. A value's own amounts stay last, because it is shown anew if it
    differs from the last of them.
    """
    return {key: [*released.get(key, ()), *told] for key, told in history.items()}


def values_to_show_anew(values: ExactValues, history: ToldHistory, rules: DisplayRules) -> set[ValueKey]:
    """Return the values that are shown anew now: for the first time, or because they have changed by enough.

    All other values stay as they were shown.
    """
    movement = _Movement(values, history, rules)
    found = movement.large()
    while held := {*movement.held_by_tables(found), *movement.held_by_sums(found)}:
        found -= held
    return found


class _Movement:
    """Changes of values since each time that they were shown anew."""

    def __init__(self, values: ExactValues, history: ToldHistory, rules: DisplayRules) -> None:
        self._values, self._history, self._rules = values, history, rules
        self._tables: dict[tuple[str, ...], dict[int, float | None]] = defaultdict(dict)
        for key, told in history.items():
            if key.dimension:
                self._tables[key[:3]] |= {each.known_at: each.whole for each in told}

    def large(self) -> set[ValueKey]:
        """Return the values that were never shown, or that have changed by enough since every earlier showing.

        Enough: neither the amount nor the rest of its whole has changed by so little that it may be few persons.
        Only values for which `waits` is True are returned.
        """
        gone = {key for key in self._history if key.dimension and _whole_of(key) in self._values}
        return {
            key for key in {*self._values, *gone} if are_late_facts_gathered(key, self._rules) and self._is_large(key)
        }

    def held_by_tables(self, found: Collection[ValueKey]) -> Iterator[ValueKey]:
        """Yield values that must stay as they were: rows or quarters, if the rest of their whole changed by few."""
        tables: dict[tuple[str, ...], list[ValueKey]] = defaultdict(list)
        for key in found:
            if _whole_of(key) is not None and self._before(key):
                tables[key.figure, key.period[:4], key.dimension].append(key)
        for parts in tables.values():
            whole = amount_to_store(parts[0], self._values).whole
            for told in self._together(parts):
                then = next(iter(told.values())).whole
                if whole is not None and then is not None and self._few(whole - then - self._since(told), parts[0]):
                    yield self._least(told)

    def held_by_sums(self, found: Collection[ValueKey]) -> Iterator[ValueKey]:
        """Yield values that must stay as they were: parts of a figure, if the rest of the figure changed by few."""
        periods = sorted({key.period for key in self._values})
        for each in self._rules.sums:
            for period in periods:
                parts = [key for part in each.parts if (key := ValueKey(part, period)) in found and self._before(key)]
                whole = ValueKey(each.whole, period)
                if whole in found:
                    yield from self._held_beside(whole, parts)
                elif each.complete and len(parts) == len(each.parts) and self._few(sum(map(self._moved, parts)), whole):
                    yield self._least(parts)

    def _held_beside(self, whole: ValueKey, parts: Collection[ValueKey]) -> Iterator[ValueKey]:
        for told in self._together([whole, *parts]):
            of_whole = {key: each for key, each in told.items() if key == whole}
            of_parts = {key: each for key, each in told.items() if key != whole}
            if of_whole and of_parts and self._few(self._since(of_whole) - self._since(of_parts), whole):
                yield self._least(of_parts)

    def _together(self, keys: Iterable[ValueKey]) -> Iterator[Mapping[ValueKey, ToldBefore]]:
        """Yield the amounts of these values that were shown at one time, for each such time."""
        times: dict[int, dict[ValueKey, ToldBefore]] = defaultdict(dict)
        for key in keys:
            for each in self._before(key):
                times[each.known_at][key] = each
        yield from times.values()

    def _since(self, told: Mapping[ValueKey, ToldBefore]) -> float:
        """Return the sum of the changes of values since they were shown."""
        return sum(_amount(key, self._values) - each.amount for key, each in told.items())

    def _is_large(self, key: ValueKey) -> bool:
        before = self._before(key)
        if not before:
            return True
        now = amount_to_store(key, self._values)
        moved = [now.amount - each.amount for each in before]
        outside = [
            now.outside - each.outside for each in before if now.outside is not None and each.outside is not None
        ]
        return bool(moved[-1]) and not any(self._few(each, key) for each in (*moved, *outside))

    def _before(self, key: ValueKey) -> Sequence[ToldBefore]:
        """Return the amounts of a value at each time when it was shown anew.

        A row without an amount at a time when its table was shown counts as shown with 0.
        """
        told = self._history.get(key)
        if told is None:
            return [ToldBefore(0, whole, then) for then, whole in sorted(self._tables.get(key[:3], {}).items())]
        return told

    def _moved(self, key: ValueKey) -> float:
        return _amount(key, self._values) - self._before(key)[-1].amount

    def _few(self, moved: float, key: ValueKey) -> bool:
        """Whether a change may be that of few persons. One person can change a figure of services by several."""
        each = SEVERAL if key.figure in self._rules.several else 1
        return 0 < abs(moved) < self._rules.smallest * each

    def _least(self, parts: Iterable[ValueKey]) -> ValueKey:
        return min(parts, key=lambda key: (abs(self._moved(key)), key))


class DisplayMoment(NamedTuple):
    """State when values are shown: the policy's revision, and the number of events that are counted.

    `narrowed`: a release was sent, or the policy changed, since the values were shown the last time.
    """

    revision: int
    known_at: int
    narrowed: bool = False


def values_for_reader(
    now: ShownValues, before: ShownValues, anew: Collection[ValueKey], rules: DisplayRules, at: DisplayMoment
) -> dict[ValueKey, ShownValue]:
    """Return the values as a reader sees them: those in `anew` as they are now, and all others as they were before.

    `now`: the values if late facts were not gathered. `before`: the values as shown the last time. A value that would
    be hidden now is hidden if its whole is shown anew, or if `at.narrowed`.
    """
    above = {part: {of.whole for of in rules.sums if part in of.parts} for each in rules.sums for part in each.parts}
    found: dict[ValueKey, ShownValue] = {}
    for key in {**before, **now}:
        shown = now.get(key)
        if are_late_facts_gathered(key, rules):
            wholes = {_whole_of(key), *(key._replace(figure=each) for each in above.get(key.figure, ()))}
            closer = at.narrowed or not wholes.isdisjoint(anew)
            if key not in anew and (_is_shown(shown) or not closer):
                shown = before.get(key)
            elif shown is not None:
                shown = shown._replace(known_at=at.known_at)
        if shown is not None:
            # Since when a hidden value stands would tell that it moved, and the others beside it did not.
            found[key] = shown._replace(known_at=None) if shown.display is ValueDisplay.HIDDEN else shown
    return _with_rates(found, now, rules)


def audited(
    shown: ShownValues,
    now: ShownValues,
    values: ExactValues,
    rules: DisplayRules,
    audit: Callable[[ExactValues, ValueDisplays], None],
) -> dict[ValueKey, ShownValue]:
    """Return the values of `standing` without those that `audit` hides, and rates of the others.

    `now` and `values`: as for `standing` and `told_anew`. The audit takes each shown amount for that of its value. The
    value may have moved since, but a reader subtracts the shown amount from a release.
    """
    amounts = {key: _as_shown(each, shown.get(key), rules) for key, each in values.items()}
    sights = {key: shown[key].display if key in shown else ValueDisplay.OMITTED for key in values}
    audit(amounts, sights)
    found: dict[ValueKey, ShownValue] = {}
    for key, each in shown.items():
        display = sights.get(key, each.display)
        if display is not ValueDisplay.OMITTED:
            found[key] = each if display is each.display else ShownValue(display)
    return _with_rates(found, now, rules)


def _as_shown(exact: ExactValue, shown: ShownValue | None, rules: DisplayRules) -> ExactValue:
    """Return a value with its shown amount, or with the nearest one in its shown band."""
    if shown is not None and shown.display is ValueDisplay.SHOWN:
        return exact._replace(value=shown.value)
    if shown is not None and shown.display is ValueDisplay.BAND:
        return exact._replace(value=min(exact.value or 0, rules.smallest - 1))
    return exact


def _with_rates(found: ShownValues, now: ShownValues, rules: DisplayRules) -> dict[ValueKey, ShownValue]:
    """Return the values with all rates computed from them. `now`: as for `standing`."""
    rates = {key: each.display for key, each in now.items() if key.figure in rules.parts_of_rates}
    return {**found, **{key: _rate(key, display, found, rules) for key, display in rates.items()}}


def _rate(key: ValueKey, now: ValueDisplay, shown: ShownValues, rules: DisplayRules) -> ShownValue:
    """Return a rate computed from the shown values, so that it discloses nothing more than they do.

    `now`: the way in which the rate would be shown if late facts were not gathered.
    """
    parts = [shown.get(key._replace(figure=number)) for number in rules.parts_of_rates[key.figure]]
    told = [
        each.value
        for each in parts
        if each is not None and each.display is ValueDisplay.SHOWN and each.value is not None
    ]
    known_at = min((each.known_at for each in parts if each is not None and each.known_at is not None), default=None)
    if len(told) < len(parts):
        missing = any(each is not None and each.display is ValueDisplay.MISSING for each in parts)
        return ShownValue(ValueDisplay.MISSING if missing else ValueDisplay.HIDDEN, None, known_at)
    part, whole = told[:2]
    if not whole or now is ValueDisplay.MISSING:
        return ShownValue(ValueDisplay.MISSING, None, known_at)
    counts = [part, whole, *([] if key.figure in rules.of_unlike else [whole - part])]
    if min(each for each in counts if each) < rules.fewest_of_a_rate:
        return ShownValue(ValueDisplay.HIDDEN, None, known_at)
    return ShownValue(ValueDisplay.SHOWN, part / whole, known_at)


def _is_shown(value: ShownValue | None) -> bool:
    return value is not None and value.display is ValueDisplay.SHOWN


def _whole_of(key: ValueKey) -> ValueKey | None:
    """Return the value of which `key` is a part: for a row its figure, for a quarter its year. None for a year."""
    if key.dimension:
        return key._replace(dimension="", code="")
    if _quarterly(key):
        return key._replace(period=key.period.partition("-")[0])
    return None


def _quarterly(key: ValueKey) -> bool:
    return "-" in key.period


def _amount(key: ValueKey, values: ExactValues) -> float:
    """Return the number of things that a value counts: a median's durations, or the value itself; 0 without a value."""
    each = values.get(key)
    if each is None:
        return 0
    return (each.value or 0) if each.counted is None else each.counted
