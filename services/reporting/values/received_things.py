"""Protection of persons by what they received: things that are shown tell that somebody received them.

Of three persons a reader sees the band 0-4. Beside it, seven services would tell that there is a person. So things are
shown only where their persons are shown, and else they are hidden, however many they are.
"""

from services.reporting.values.stored_value import ValueKey
from services.reporting.values.value_display_rules import (
    DisplayRules,
    ExactValues,
    ReceivedThings,
    ValueDisplay,
    ValueDisplays,
)


def disclosing_things(values: ExactValues, found: ValueDisplays, rules: DisplayRules) -> set[ValueKey]:
    """Return the values of things that must not be shown, because their persons are not shown in the same period.

    Values that the policy shows exactly are left out.
    """
    of_figure = {each.things: each for each in rules.received}
    return {
        key
        for key in values
        if (received := of_figure.get(key.figure)) is not None
        and not rules.shows_exactly(key)
        and not _persons_are_shown(key, received, found)
    }


def _persons_are_shown(key: ValueKey, received: ReceivedThings, found: ValueDisplays) -> bool:
    """Whether a value of things tells of no persons whose number is not shown."""
    if key.dimension and key.dimension == received.told_apart_by:
        return all(found.get(ValueKey(each, key.period)) is ValueDisplay.SHOWN for each in received.persons)
    row = received.row if received.row is not None and not key.dimension else key[2:]
    return any(found.get(ValueKey(each, key.period, *row)) is ValueDisplay.SHOWN for each in received.persons)
