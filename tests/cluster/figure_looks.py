"""Looks at the figures twice a second and says of each look whether it was right: a line of JSON each.

Run with the code of one version in its path. It judges the looks at which figures of that version are served. The cells
must be the fold of the ledger's rows up to where they have counted. All is read in one snapshot.
"""

import asyncio
import json
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from schemas.ids import ENTITY_KINDS, from_bits
from schemas.times import Period
from services.reporting.domain.cells.cells_from_items import CellKey, add_changes
from services.reporting.domain.ledger.entity import Entity, empty_entity, with_rows
from services.reporting.domain.ledger.event_row import LedgerRow
from services.reporting.figure_version import figure_version
from services.reporting.read import queries

PAUSE_SECONDS = 0.5
_ROWS = """
SELECT l.n, l.topic, l.part, l.off, l.ent, s.name, l.id, l.primary_copy, l.accepted_at, l.payload
FROM reporting.ledger AS l JOIN reporting.source AS s USING (src)
JOIN reporting.figure_version AS f ON f.topic = l.topic AND f.part = l.part AND l.off < f.next_offset
WHERE f.version = (SELECT version FROM reporting.served) ORDER BY l.topic, l.part, l.ent, l.off
"""
_CELLS = """
SELECT topic, part, figure, on_from, on_to, again, dims, amount
FROM reporting.cell JOIN reporting.served USING (version)
"""
_STATUS = (
    "SELECT version, complete_to, withheld, (SELECT last_n FROM intake.line) AS given FROM reporting.figure_status"
)

Entities = dict[tuple[int, int, UUID], list[LedgerRow]]


class Looker:
    """Looks of one version; entities whose rows have not changed are folded once."""

    def __init__(self) -> None:
        self._folded: dict[tuple[int, int, UUID], Entity] = {}

    async def look(self, connection: Any) -> dict[str, object]:  # noqa: ANN401 - a connection of whichever kind
        """Give what was seen; `right` is None where another version's figures are served."""
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            status = await connection.fetchrow(_STATUS)
            if status is None:
                return {"version": None}
            found: dict[str, object] = dict(status) | {"right": None}
            if status["version"] == figure_version():
                rows = await connection.fetch(_ROWS)
                cells = await connection.fetch(_CELLS)
                found["right"] = self._wanted(rows) == _found(cells)
        report = await queries.figures(connection, Period.parse("2024"), numbers=("O27a", "O9", "O1a"))
        return found | {"figures": {each.number: each.amount for each in report.figures}}

    def _wanted(self, records: list[asyncpg.Record]) -> dict[CellKey, int]:
        entities: Entities = {}
        for record in records:
            row = LedgerRow(*record)
            entities.setdefault((row.topic, row.part, row.entity), []).append(row)
        wanted: dict[CellKey, int] = {}
        for key, rows in entities.items():
            known = self._folded.get(key)
            if known is None or len(known.rows) != len(rows):
                known = with_rows(empty_entity(from_bits(ENTITY_KINDS[key[0]], key[2])), rows)
                self._folded[key] = known
            add_changes(wanted, known.cells)
        return wanted


def _found(cells: list[asyncpg.Record]) -> dict[CellKey, int]:
    found: dict[CellKey, int] = {}
    for cell in cells:
        dims = tuple(sorted(json.loads(cell["dims"]).items()))
        add_changes(
            found, {CellKey(cell["figure"], cell["on_from"], cell["on_to"], cell["again"], dims): cell["amount"]}
        )
    return found


async def main(dsn: str) -> None:
    """Look until the process is ended."""
    connection = await asyncpg.connect(dsn)
    looker, ended = Looker(), asyncio.Event()
    while not ended.is_set():
        seen = {"at": time.time()} | await looker.look(connection)
        sys.stdout.write(json.dumps(seen) + "\n")
        sys.stdout.flush()
        with suppress(TimeoutError):
            await asyncio.wait_for(ended.wait(), PAUSE_SECONDS)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]).read_text(encoding="utf-8").strip()))
