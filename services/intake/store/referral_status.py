"""Referrals that intake may show to one agency, read by a SQL function in the referral service's schema."""

from dataclasses import dataclass
from typing import Any, Final

import orjson

from services.runtime.postgres import Connection

_STANDING: Final = "SELECT * FROM referral.standing_for($1, $2)"


@dataclass(frozen=True, slots=True)
class ReferralView:
    """A referral as one agency may see it. `moves`: the agency's own moves, as the keys of `ReferralMove`."""

    referral: str
    person: str | None
    case: str | None
    sender: str | None
    receiver: str | None
    holder: str | None
    state: str | None
    urgency: str | None
    service_types: tuple[str, ...]
    decided_n: int
    moves: tuple[dict[str, Any], ...]


async def read_referral_view(connection: Connection, referral: str, agency: str) -> ReferralView | None:
    """Return the referral as the agency may see it; None if it does not exist or the agency may see nothing of it.

    The SQL function returns moves that name another person than the referral's in a last row of their own.
    """
    rows = await connection.fetch(_STANDING, referral, agency)
    if not rows:
        return None
    said = dict(rows[0])
    case = said.pop("case_id")
    moves = tuple(move for row in rows for move in orjson.loads(row["moves"]))
    return ReferralView(**{**said, "case": case, "service_types": tuple(said["service_types"]), "moves": moves})
