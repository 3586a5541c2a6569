"""Table `told_value`: amounts of values when they were shown anew, for the gathering of late facts.

Only reporting reads it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Final

from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.values.late_fact_protection import DisplayMoment, ToldBefore, ToldHistory, amount_to_store
from services.reporting.values.stored_value import ValueKey
from services.reporting.values.value_display_rules import ExactValues, ShownValue, ValueDisplay
from services.runtime.postgres import Connection

_TOLD: Final = """
SELECT figure, period, dimension, code, amount, whole, known_at, definition FROM told_value ORDER BY seq
"""
_REVISION: Final = "SELECT max(revision) FROM told_value"
_COLUMNS: Final = ("figure", "period", "dimension", "code", "amount", "whole", "definition", "revision", "known_at")
_FORGET: Final = "DELETE FROM told_value"
_SHOWN: Final = "SELECT figure, period, dimension, code, value, shown, status, known_at FROM protected_value"


async def read_shown_amounts(connection: Connection) -> ToldHistory:
    """Return the stored amounts of values by the present definitions of their figures, the earliest first."""
    found: dict[ValueKey, list[ToldBefore]] = defaultdict(list)
    for *key, amount, whole, known_at, definition in await connection.fetch(_TOLD):
        of = ValueKey(*key)
        if of.figure in FIGURES and FIGURES[of.figure].version == definition:
            found[of].append(ToldBefore(amount, whole, known_at))
    return found


async def last_revision(connection: Connection) -> int | None:
    """Return the policy's revision when values were shown anew the last time; None if the table is empty."""
    found: int | None = await connection.fetchval(_REVISION)
    return found


async def store_shown_amounts(
    connection: Connection, keys: Iterable[ValueKey], values: ExactValues, at: DisplayMoment
) -> None:
    """Store the amounts of the values `keys`, which are shown anew."""
    rows = [
        (*key, told.amount, told.whole, FIGURES[key.figure].version, at.revision, at.known_at)
        for key in sorted(keys)
        for told in [amount_to_store(key, values)]
    ]
    await connection.copy_records_to_table("told_value", columns=_COLUMNS, records=rows)


async def delete_shown_amounts(connection: Connection) -> None:
    """Delete all amounts that were stored when values were shown. Call it when late facts are no longer gathered."""
    await connection.execute(_FORGET)


async def shown_before(connection: Connection, periods: Collection[str], band: str) -> dict[ValueKey, ShownValue]:
    """Return the values that `me_read` sees at present, of the periods `periods`. `band`: text of a small whole."""
    found = {}
    for figure, period, dimension, code, value, shown, status, known_at in await connection.fetch(_SHOWN):
        if period in periods:
            display = _display(status, shown, band)
            found[ValueKey(figure, period, dimension, code)] = ShownValue(display, value, known_at)
    return found


def _display(status: str, shown: str, band: str) -> ValueDisplay:
    if status == "shown":
        return ValueDisplay.SHOWN
    if status == "not_available":
        return ValueDisplay.MISSING
    return ValueDisplay.BAND if shown == band else ValueDisplay.HIDDEN
