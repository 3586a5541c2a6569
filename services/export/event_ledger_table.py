"""The ledger as an export table for auditors: each event's time of acceptance, source and hash.

Neither payload nor type is in it: types by source and day would be exact numbers of persons.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from services.export.table import ColumnType, ExportTable, TableColumn

_COLUMNS: Final = (
    TableColumn("n", ColumnType.INTEGER, said="Number of the event, in the order of acceptance."),
    TableColumn("accepted_at", ColumnType.DATETIME, said="When it was accepted."),
    TableColumn("source", said="System of the agency that published it."),
    TableColumn("event_id", said="Id of the event."),
    TableColumn("copies", ColumnType.INTEGER, said="Entities under which the ledger holds it."),
    TableColumn("bytes", ColumnType.INTEGER, said="Size of the event."),
    TableColumn("sha256", said="SHA-256 of the event’s bytes, in hex."),
)


def events(rows: Iterable[Mapping[str, Any]]) -> ExportTable:
    """Return the table of `rows`, one for each event. Each row must have the columns of `_COLUMNS` as keys."""
    told = [tuple(row[column.name] for column in _COLUMNS) for row in rows]
    notes = (
        "One row for each event that the ledger holds, without its type, its payload and the entities it is about.",
    )
    return ExportTable("events", "Events", _COLUMNS, told, ("n", "source", "event_id"), notes)
