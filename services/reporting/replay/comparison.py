"""What a finished fold comes to: cells against cells, withheld against withheld, and the two digests."""

from collections.abc import Mapping
from typing import Final, TypeAlias

from services.reporting.domain.algebra import CellKey
from services.reporting.domain.entity import Place
from services.reporting.replay import shadow
from services.reporting.replay.digest import digest, from_bytes, total
from services.reporting.replay.report import Difference, Withheld
from services.runtime.postgres import Connection

Cells: TypeAlias = Mapping[Place, Mapping[CellKey, int]]

_STATES: Final = "SELECT digest, live_digest FROM replay_part"
_WITHHELD: Final = """
SELECT topic, ent, live.cause AS live, replayed.cause AS replayed
FROM (SELECT * FROM replay_parked WHERE live) AS live
FULL JOIN (SELECT * FROM replay_parked WHERE NOT live) AS replayed USING (topic, part, ent)
WHERE (live.cause, live.n) IS DISTINCT FROM (replayed.cause, replayed.n) ORDER BY topic, ent
"""


def differences(live: Cells, replayed: Cells) -> tuple[Difference, ...]:
    """Every cell on which they do not agree; an absent one is zero."""
    found = []
    for place in sorted(live.keys() | replayed.keys()):
        ours, theirs = replayed.get(place, {}), live.get(place, {})
        found += [
            Difference(place, key, theirs.get(key, 0), ours.get(key, 0))
            for key in sorted(ours.keys() | theirs.keys())
            if theirs.get(key, 0) != ours.get(key, 0)
        ]
    return tuple(found)


def of_cells(cells: Cells) -> int:
    """The digest of cells."""
    return total(digest((place, key, amount)) for place, each in cells.items() for key, amount in each.items())


async def digests(connection: Connection, live: Cells, replayed: Cells) -> tuple[str, str]:
    """The replay's digest and live's, in hex, over every entity's state and every cell."""
    states = await connection.fetch(_STATES)
    ours = total((*(from_bytes(row["digest"]) for row in states), of_cells(replayed)))
    theirs = total((*(from_bytes(row["live_digest"]) for row in states), of_cells(live)))
    return f"{ours:064x}", f"{theirs:064x}"


async def compared(connection: Connection) -> tuple[Cells, Cells, tuple[Withheld, ...]]:
    """Live's cells, the replay's, and the entities that only one withholds, or for another reason."""
    withheld = tuple(
        Withheld(row["topic"], row["ent"], row["live"], row["replayed"]) for row in await connection.fetch(_WITHHELD)
    )
    return await shadow.cells(connection, live=True), await shadow.cells(connection, live=False), withheld
