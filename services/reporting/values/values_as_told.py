"""Gathering of late facts: values stay as they were shown, and the amounts of values that are shown anew are stored."""

import asyncio

from services.reporting.values.late_fact_protection import Telling, standing, told_anew, waits
from services.reporting.values.stored_value import ValueKey
from services.reporting.values.told_before import history, last_revision, note_told, shown_before
from services.reporting.values.value_display_rules import ExactValues, ShownValue, ShownValues, SightRules
from services.runtime.postgres import Connection


async def gathered(
    connection: Connection, values: ExactValues, now: ShownValues, rules: SightRules, at: Telling
) -> dict[ValueKey, ShownValue]:
    """Return the values as `me_read` sees them, and store the amounts of those that are shown anew.

    `now`: the values as they would be shown if late facts were not gathered. If `at.revision` is above the stored one,
    all values are shown anew.
    """
    periods = {key.period for key in now}
    own = {key: each for key, each in values.items() if key.period in periods}
    last = await last_revision(connection)
    if last is not None and at.revision > last:
        anew = {key for key in own if waits(key, rules)}
    else:
        anew = await asyncio.to_thread(told_anew, own, await history(connection), rules)
    before = await shown_before(connection, periods, rules.band)
    await note_told(connection, anew, own, at)
    return standing(now, before, anew, rules, at)
