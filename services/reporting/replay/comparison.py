"""What a finished fold comes to: cells against cells, withheld against withheld, and the two digests."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from services.reporting.domain.algebra import CellKey
from services.reporting.domain.entity import Place
from services.reporting.replay import shadow
from services.reporting.replay.digest import digest, from_bytes, total
from services.reporting.replay.report import Difference, Withheld
from services.runtime.postgres import Connection

Cells: TypeAlias = Mapping[Place, Mapping[CellKey, int]]

_STATES: Final = """
SELECT topic, part, coalesce(digest, '') AS digest, coalesce(live_digest, '') AS live_digest
FROM replay_part FULL JOIN (SELECT DISTINCT topic, part FROM replay_cell) AS counted USING (topic, part)
ORDER BY topic, part
"""
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


@dataclass(frozen=True, slots=True)
class Compared:
    """What differs, and the digest of every entity's state and every cell, in hex: the replay's and live's."""

    different: tuple[Difference, ...]
    withheld: tuple[Withheld, ...]
    digest: str
    live_digest: str


async def compared(connection: Connection) -> Compared:
    """Hold all cells against each other, one partition's at a time, and who is withheld."""
    different: list[Difference] = []
    ours, theirs = [], []
    for row in await connection.fetch(_STATES):
        place = row["topic"], row["part"]
        live = {place: await shadow.cells_of(connection, place, live=True)}
        replayed = {place: await shadow.cells_of(connection, place, live=False)}
        different += differences(live, replayed)
        ours += [from_bytes(row["digest"]), of_cells(replayed)]
        theirs += [from_bytes(row["live_digest"]), of_cells(live)]
    withheld = tuple(
        Withheld(row["topic"], row["ent"], row["live"], row["replayed"]) for row in await connection.fetch(_WITHHELD)
    )
    return Compared(tuple(different), withheld, f"{total(ours):064x}", f"{total(theirs):064x}")
