"""Comparison of replay and live after all partitions are folded: cells, withheld entities and two digests."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from services.reporting.domain.ledger.event_row import LogPartition
from services.reporting.replay import run_results
from services.reporting.replay.digest import digest, from_bytes, total
from services.reporting.replay.report import CellDifference, Withheld
from services.runtime.postgres import Connection

_DIGESTS: Final = "SELECT digest, live_digest FROM replay_part"
_WITHHELD: Final = """
SELECT topic, ent, live.cause || CASE WHEN live.cause = replayed.cause THEN ' of event ' || live.n ELSE '' END,
    replayed.cause || CASE WHEN live.cause = replayed.cause THEN ' of event ' || replayed.n ELSE '' END
FROM (SELECT * FROM replay_parked WHERE live) AS live
FULL JOIN (SELECT * FROM replay_parked WHERE NOT live) AS replayed USING (topic, part, ent)
WHERE (live.cause, live.n) IS DISTINCT FROM (replayed.cause, replayed.n) ORDER BY topic, ent
"""


@dataclass(frozen=True, slots=True)
class Compared:
    """Cells and withheld entities that differ, and the digests of all states and cells of replay and live, in hex."""

    different: tuple[CellDifference, ...]
    withheld: tuple[Withheld, ...]
    digest: str
    live_digest: str


async def partition_cell_digests(connection: Connection, place: LogPartition) -> tuple[int, int]:
    """Return the digests of a partition's cells: (the replay's, live's). The caller must have opened a transaction."""
    replayed, live = 0, 0
    async for key, of_live, of_replay in run_results.compared_cell_amounts(connection, place):
        of_cell = digest((place, key, of_replay))
        replayed += of_cell if of_replay else 0
        live += (of_cell if of_live == of_replay else digest((place, key, of_live))) if of_live else 0
    return total((replayed,)), total((live,))


async def compare_live_with_replay(connection: Connection, past: Iterable[LogPartition]) -> Compared:
    """Compare all cells and withheld entities, and add up the partitions' digests.

    `past`: partitions whose digests do not include cells yet; a replay up to a time in the past adds them here.
    """
    async with connection.transaction():
        different = [CellDifference(*each) async for each in run_results.differing_cells(connection)]
        withheld = [Withheld(*row) for row in await connection.fetch(_WITHHELD)]
        digests = [(from_bytes(row[0]), from_bytes(row[1])) for row in await connection.fetch(_DIGESTS)]
        digests += [await partition_cell_digests(connection, place) for place in past]
    replayed, live = map(total, zip(*digests, strict=True))
    return Compared(tuple(different), tuple(withheld), f"{replayed:064x}", f"{live:064x}")
