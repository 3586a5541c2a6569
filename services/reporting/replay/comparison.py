"""What a finished fold comes to: cells against cells, withheld against withheld, and the two digests."""

from dataclasses import dataclass, field
from typing import Final

from services.reporting.domain.algebra import CellKey
from services.reporting.domain.row import Place
from services.reporting.replay import shadow
from services.reporting.replay.digest import digest, from_bytes, total
from services.reporting.replay.report import Difference, Withheld
from services.runtime.postgres import Connection

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


@dataclass(slots=True)
class Balance:
    """Cells held against each other one by one: which differ, and the digests of those of either side."""

    different: list[Difference] = field(default_factory=list)
    live: int = 0
    replayed: int = 0

    def take(self, place: Place, key: CellKey, live: int, replayed: int) -> None:
        """Take in one cell; 0 where a side has none."""
        if live:
            self.live = total((self.live, digest((place, key, live))))
        if replayed:
            self.replayed = total((self.replayed, digest((place, key, replayed))))
        if live != replayed:
            self.different.append(Difference(place, key, live, replayed))


@dataclass(frozen=True, slots=True)
class Compared:
    """What differs, and the digest of every entity's state and every cell, in hex: the replay's and live's."""

    different: tuple[Difference, ...]
    withheld: tuple[Withheld, ...]
    digest: str
    live_digest: str


async def compared(connection: Connection) -> Compared:
    """Hold all cells against each other, one after the other, and who is withheld."""
    balance = Balance()
    async with connection.transaction():
        for row in await connection.fetch(_STATES):
            place = row["topic"], row["part"]
            balance.replayed = total((balance.replayed, from_bytes(row["digest"])))
            balance.live = total((balance.live, from_bytes(row["live_digest"])))
            async for key, live, replayed in shadow.cells(connection, place):
                balance.take(place, key, live, replayed)
        withheld = tuple(
            Withheld(row["topic"], row["ent"], row["live"], row["replayed"])
            for row in await connection.fetch(_WITHHELD)
        )
    return Compared(tuple(balance.different), withheld, f"{balance.replayed:064x}", f"{balance.live:064x}")
