"""Gathering of late facts: values stay as they were shown, and the amounts of values that are shown anew are stored."""

import asyncio

from services.reporting.values.late_fact_protection import (
    DisplayMoment,
    are_late_facts_gathered,
    audited,
    values_for_reader,
    values_to_show_anew,
    with_releases,
)
from services.reporting.values.released import totals_told_outside
from services.reporting.values.rows_for_sql_tables import ReaderView
from services.reporting.values.shown_amount_history import (
    last_revision,
    read_shown_amounts,
    shown_before,
    store_shown_amounts,
)
from services.reporting.values.stored_value import ValueKey
from services.reporting.values.value_display_rules import ExactValues, ShownValue, ShownValues
from services.runtime.postgres import Connection


async def gather_late_facts(
    connection: Connection, values: ExactValues, now: ShownValues, view: ReaderView, at: DisplayMoment
) -> dict[ValueKey, ShownValue]:
    """Return the values as `me_read` sees them, and store the amounts of those that are shown anew.

    `now`: the values as they would be shown if late facts were not gathered. If `at.revision` is above the stored one,
    all values are shown anew. The audit of `view` is repeated with the amounts that stand.
    """
    rules, periods = view.rules, {key.period for key in now}
    own = {key: each for key, each in values.items() if key.period in periods}
    last = await last_revision(connection)
    if last is not None and at.revision > last:
        anew = {key for key in own if are_late_facts_gathered(key, rules)}
    else:
        told = with_releases(await read_shown_amounts(connection), await totals_told_outside(connection))
        anew = await asyncio.to_thread(values_to_show_anew, own, told, rules)
    before = await shown_before(connection, periods, rules.band)
    await store_shown_amounts(connection, anew, own, at)
    found = values_for_reader(now, before, anew, rules, at)
    return found if view.audit is None else await asyncio.to_thread(audited, found, now, own, rules, view.audit)
