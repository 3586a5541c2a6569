"""Protection of exact values for `me_read`: no reader can compute a small number or a 0 from sums.

A year is the sum of its quarters, and a whole that of a breakdown's rows. Parts of a sum are hidden until several are
hidden and their sum is large enough, so that each may be 0. Only a shown whole is in several sums, so all sums are safe
if each one is. A median counts as its durations: two medians may tell on which side one more duration lies.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable

from services.reporting.values.figure_sum_suppression import protect_sums
from services.reporting.values.received_things import disclosing_things
from services.reporting.values.stored_value import ExactValue, ValueKey
from services.reporting.values.value_display_rules import (
    SEVERAL,
    DisplayRules,
    ExactValues,
    ValueDisplay,
    ValueDisplays,
)


def decide_displays(
    values: ExactValues, rules: DisplayRules, audit: Callable[[ExactValues, ValueDisplays], None] | None = None
) -> ValueDisplays:
    """Return the way in which each value is shown.

    `audit`: function that hides further values in its second argument. After it, rates of hidden parts are hidden.
    """
    disclosing: set[ValueKey] = set()
    while True:
        found = _decide(values, rules, audit, disclosing)
        more = disclosing_things(values, found, rules) - disclosing
        if not more:
            return found
        disclosing |= more


def _decide(
    values: ExactValues,
    rules: DisplayRules,
    audit: Callable[[ExactValues, ValueDisplays], None] | None,
    disclosing: Collection[ValueKey],
) -> ValueDisplays:
    """Return the way in which each value is shown if the values `disclosing` are not shown."""
    found = {key: _alone(key, each, rules) for key, each in values.items()}
    found |= {key: ValueDisplay.HIDDEN for key in disclosing if found[key] is not ValueDisplay.MISSING}
    wholes = [key for key in values if not key.dimension and key.figure not in rules.open]
    for key in wholes:
        if not _quarterly(key):
            _protect_quarters(key, values, found, rules)
    protect_sums(values, found, rules)
    _protect_rows(values, found, rules)
    if audit is not None:
        audit(values, found)
    for key in wholes:
        parts = {found.get(key._replace(figure=part)) for part in rules.parts_of_rates.get(key.figure, ())}
        if parts - {ValueDisplay.SHOWN}:  # a rate of nobody looks like one of few
            found[key] = ValueDisplay.MISSING if ValueDisplay.MISSING in parts else ValueDisplay.HIDDEN
    return found


def _alone(key: ValueKey, exact: ExactValue, rules: DisplayRules) -> ValueDisplay:
    """Return the way in which a value is shown if other values are ignored. A median of 0 durations is hidden too."""
    exactly = rules.shows_exactly(key)
    if key.figure in rules.uncounted and not exactly:
        return ValueDisplay.HIDDEN
    of_nobody = exact.value is None and key.figure in rules.parts_of_rates
    if exact.counted is not None and not of_nobody:
        return ValueDisplay.SHOWN if exact.counted >= rules.fewest_of_a_rate else ValueDisplay.HIDDEN
    if exact.value is None:
        return ValueDisplay.MISSING
    if key.figure in rules.ten_each and exact.value < rules.smallest * SEVERAL and not exactly:
        return ValueDisplay.HIDDEN
    return ValueDisplay.SHOWN if exactly or exact.value >= rules.smallest else ValueDisplay.BAND


def _quarterly(key: ValueKey) -> bool:
    return "-" in key.period


def _protect_quarters(year: ValueKey, values: ExactValues, found: ValueDisplays, rules: DisplayRules) -> None:
    """Hide quarters of a year: all if the year is not shown, otherwise as few as needed, the last ones first.

    Readers saw the earlier quarters before the year had ended.
    """
    quarters = sorted(
        key for number in range(1, 5) if (key := year._replace(period=f"{year.period}-Q{number}")) in values
    )
    if year.figure in rules.parts_of_rates or found[year] is ValueDisplay.MISSING:
        return
    shown = [key for key in quarters if found[key] is ValueDisplay.SHOWN]
    if found[year] is not ValueDisplay.SHOWN:
        shown = []
    elif len(shown) < len(quarters):
        shown = _told(values, (year, quarters), shown, rules, by=lambda key: (0.0, key.period))
    for key in set(quarters) - set(shown):
        if found[key] is not ValueDisplay.MISSING:
            found[key] = ValueDisplay.HIDDEN


def _protect_rows(values: ExactValues, found: ValueDisplays, rules: DisplayRules) -> None:
    """Omit rows of breakdowns: all rows of quarters and of a whole that is not shown; otherwise as few as needed.

    All rows of a figure that is part of another figure are omitted too. Both figures' rows would form a table with sums
    in two directions, which this protection does not check. All rows of `rules.pooled` are omitted. A release tells
    their sum over several years as it is then, and the difference from earlier rows may be one late person. So are all
    rows of `rules.doubled`: two breakdowns of one figure, subtracted from each other, may give a small row.
    """
    tables: dict[tuple[ValueKey, str], list[ValueKey]] = defaultdict(list)
    for key in values:
        if key.dimension and key.figure not in rules.open:
            tables[ValueKey(key.figure, key.period), key.dimension].append(key)
    parts = {part for each in rules.sums for part in each.parts}
    for (whole, dimension), rows in tables.items():
        if not _quarterly(whole) and (whole.figure, dimension) in rules.yearly:
            continue
        shown: list[ValueKey] = []
        if (
            not rules.hides_breakdown(whole.figure, dimension)
            and not _quarterly(whole)
            and found.get(whole) is ValueDisplay.SHOWN
            and whole.figure not in parts
        ):
            amount, least = _amount(values[whole]), _least(values[whole], rules)
            large = [key for key in rows if found[key] is ValueDisplay.SHOWN and amount - _amount(values[key]) >= least]
            shown = _told(values, (whole, rows), large, rules, by=lambda key: (-_amount(values[key]), key.code))
        for key in set(rows) - set(shown):
            found[key] = ValueDisplay.OMITTED


def _amount(exact: ExactValue) -> float:
    """Return the number of things that a value counts: for a median, its durations."""
    return (exact.value or 0) if exact.counted is None else exact.counted


def _least(exact: ExactValue, rules: DisplayRules) -> int:
    """Return the least number of things that a value and the rest of its whole must count to be shown."""
    return rules.smallest if exact.counted is None else rules.fewest_of_a_rate


def _told(
    values: ExactValues,
    total: tuple[ValueKey, Iterable[ValueKey]],
    shown: Iterable[ValueKey],
    rules: DisplayRules,
    *,
    by: Callable[[ValueKey], tuple[float, str]],
) -> list[ValueKey]:
    """Return the parts of a whole that may be shown: `shown`, sorted by `by`, without the last ones while unsafe.

    `total`: the whole and all its parts. It is safe if several parts are hidden and their sum is at least `_least`. If
    parts overlap, a reader cannot subtract: then it is enough that two parts are hidden, or that nothing is left.
    """
    whole, parts = total[0], list(total[1])
    amount, least = _amount(values[whole]), _least(values[whole], rules)
    overlap = sum(_amount(values[key]) for key in parts) > amount
    told = sorted(shown, key=by)
    while told:
        rest = amount - sum(_amount(values[key]) for key in told)
        left = len(parts) - len(told)
        several = (
            left > 1 or bool(whole.dimension) or any(key.dimension for key in parts)
        )  # further codes may have an amount of 0
        if several and (rest >= least or (overlap and (rest <= 0 or left > 1))):
            break
        told.pop()
    return told
